import pytest

from tests.house import planted, supply
from tests.house.planted import chance, found

# Put together here, so that this file holds none.
PLANTED = [
    "-----BEGIN RSA " + "PRIVATE KEY-----",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "ghp_" + "a1B2" * 9,
    "glpat-" + "x1Y2" * 5,
    "xoxb-" + "123456789012",
    "sk_live_" + "a1b2c3d4e5f6g7h8",
    "AIza" + "a1B2c" * 7,
    "AC" + "0123456789abcdef" * 2,
    "eyJhbGciOiJIUz" + ".eyJzdWIiOiIxMj" + ".SflKxwRJSMeK",
    "postgresql://commonweal:" + "s3cretw0rd@db.internal/x",
    'SECRET_KEY = "' + 'q8Zr3LmX0vT7yWb2Nc5K"',
]


def test_no_file_holds_a_secret():
    assert [str(finding) for finding in planted.check()] == []


@pytest.mark.parametrize("text", PLANTED)
def test_a_planted_one_is_found_and_not_repeated(tmp_path, text):
    (finding,) = found(tmp_path / "a.py", f"# first\nx = '{text}'\n" if "=" not in text else f"\n{text}")
    assert finding.line == 2
    assert text not in finding.message


@pytest.mark.parametrize(
    "text",
    [
        'password = "a-long-and-plain-password"',
        'token = os.environ["TOKEN"]',
        "postgresql://user:password@host/x"[:10],
    ],
)
def test_words_are_none(tmp_path, text):
    assert list(found(tmp_path / "a.py", text)) == []


def test_what_is_allowed_is_named(monkeypatch):
    path = planted.ROOT / "docs" / "x.md"
    monkeypatch.setattr(planted, "ALLOWED", {"docs/x.md": ("IOSFODNN7",)})
    assert list(found(path, PLANTED[1])) == []
    assert list(found(path, PLANTED[2]))


def test_chance_is_measured_in_bits():
    assert chance("aaaa") == 0
    assert chance("abcd") == 2


def test_all_that_comes_from_others_is_locked_and_may_be_joined_with_ours():
    assert [str(finding) for finding in supply.check()] == []


HASH = "    --hash=sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a==1 \\\n" + HASH + "\nb==2\n", 3),
        ("a==1\nb==2 \\\n" + HASH, 1),
        ("a>=1 \\\n" + HASH, 1),
        ("a @ git+https://x.example/a \\\n" + HASH, 1),
    ],
)
def test_what_is_not_locked_is_found(tmp_path, source, line):
    assert [finding.line for finding in supply.loose(tmp_path / "x.lock", source)] == [line]


class Package:
    def __init__(self, **about):
        self.metadata = Metadata({"Name": "x", **about})


class Metadata(dict):
    def get_all(self, name):
        return [self[name]] if name in self else None


@pytest.mark.parametrize(
    ("about", "is_fine"),
    [
        ({"License-Expression": "MIT"}, True),
        ({"License-Expression": "BSD-3-Clause AND MIT"}, True),
        ({"License-Expression": "SSPL-1.0 OR MIT"}, True),
        ({"License-Expression": "SSPL-1.0 AND MIT"}, False),
        ({"Classifier": "License :: Other/Proprietary License"}, False),
        ({"License": "MIT\nfurther words"}, True),
        ({}, False),
        ({"Name": "commonweal"}, True),
    ],
)
def test_a_licence_that_does_not_go_with_ours_is_found(about, is_fine):
    assert (not list(supply.foreign(Package(**about)))) is is_fine
