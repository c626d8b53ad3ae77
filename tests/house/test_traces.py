from pathlib import Path

import pytest

from tests.house import traces
from tests.house.traces import EVERYWHERE, LOCK, PYTHON, found

HASH = "#"  # apart from the word that follows it, so that this file does not find itself


def test_the_project_leaves_no_traces():
    assert [str(finding) for finding in traces.check()] == []


@pytest.mark.parametrize(
    ("rules", "source"),
    [
        (EVERYWHERE, "index-url = https://" + "pypi" + ".org/simple"),
        (EVERYWHERE, "registry " + "npmjs" + ".org"),
        (EVERYWHERE, "see /wor" + "k/main"),
        (EVERYWHERE, "see /home" + "/ada/commonweal"),
        (PYTHON, f"x = 1  {HASH} noqa"),
        (PYTHON, f"x = 1  {HASH} type: ignore"),
        (PYTHON, f"if x:  {HASH} pragma: no cover\n    pass"),
        (LOCK, '"resolved": "https://a.example/b.tgz"'),
        (LOCK, "a @ file:///b"),
    ],
)
def test_a_trace_is_found(rules, source):
    (finding,) = found(Path("x"), f"\n{source}", rules)
    assert finding.line == 2


@pytest.mark.parametrize(
    ("rules", "source"),
    [
        (EVERYWHERE, "they work/rest, in ../work/ and /workers"),
        (PYTHON, f"x = 1  {HASH} noqa: T201"),
        (PYTHON, f"x = 1  {HASH} type: ignore[misc]"),
        (PYTHON, f"if x:  {HASH} pragma: no cover - needs a broken disk"),
        (LOCK, "granian==2.8.7 \\\n    --hash=sha256:00"),
    ],
)
def test_the_rest_is_left_alone(rules, source):
    assert list(found(Path("x"), source, rules)) == []
