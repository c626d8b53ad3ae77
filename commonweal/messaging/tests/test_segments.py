"""How text messages are counted."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from commonweal.messaging.segments import plainly, segments

GSM, UCS = "GSM-7", "UCS-2"


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("", GSM, 1),
        ("a" * 160, GSM, 1),
        ("a" * 161, GSM, 2),
        ("a" * 306, GSM, 2),
        ("a" * 307, GSM, 3),
        ("€" * 80, GSM, 1),
        ("€" * 81, GSM, 2),
        ("й" * 70, UCS, 1),
        ("й" * 71, UCS, 2),
        ("й" * 134, UCS, 2),
        ("й" * 135, UCS, 3),
        ("😀" * 35, UCS, 1),
        ("😀" * 66, UCS, 2),
        ("😀" * 67, UCS, 3),  # 33 of them fill a part: half of the 34th has no room
        ("a" * 152 + "€" + "a" * 152, GSM, 3),  # the escape must not end a part
        ("a" * 153 + "€" + "a" * 151, GSM, 2),
        ("á" + "a" * 66 + "👨‍👩‍👧‍👦" + "a", UCS, 2),
        ("á" + "a" * 60 + "👨‍👩‍👧‍👦" + "a" * 62, UCS, 3),  # a family stays together
    ],
)  # fmt: skip
def test_parts(text, encoding, parts):
    counted = segments(text)

    assert (counted.encoding, counted.parts) == (encoding, parts)


@pytest.mark.parametrize("text", ["ñÑ", "è é ù ì ò à Ç", "ä ö ü ß Ä Ö Ü", "Ω Δ Φ", "^{}\\[~]|€", "\f\r\n"])
def test_what_gsm_7_has(text):
    assert segments(text).encoding == GSM


@pytest.mark.parametrize("text", [*"çáíóúâêîôëï’“”–—`\tłğ", "e\u0301"])
def test_what_gsm_7_has_not(text):
    assert segments(f"a{text}b").foreign == (text,)


def test_one_foreign_character_makes_everything_ucs_2():
    counted = segments("{It’s}")

    assert counted.message_bits == 6 * 16
    assert counted.foreign == ("’",)


def test_headers_are_counted_where_there_are_parts():
    one, two = segments("a" * 160), segments("a" * 161)

    assert one.total_bits == one.message_bits == 1120
    assert two.total_bits == two.message_bits + 2 * 48


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("नमस्ते", ("न", "म", "स्", "ते")),
        ("क्‍ष", ("क्‍", "ष")),
        ("🇭🇹", ("🇭🇹",)),
        ("👍🏽", ("👍🏽",)),
        ("1️⃣", ("1️⃣",)),
        ("각", ("각",)),
        ("שָׁלוֹם", ("שָׁ", "ל", "וֹ", "ם")),
    ],
)
def test_characters_are_those_that_people_see(text, characters):
    assert segments(text).foreign == characters


def test_accents_heaped_on_one_letter_go_over_as_many_parts_as_they_need():
    assert segments("e" + "\u0301" * 80).parts == 2
    assert segments("e" + "\u0301" * 133).parts == 2  # 134 units, exactly two parts
    assert segments("ñ" * 60 + "e" + "\u0301" * 500).parts == 9


@given(st.text(max_size=400))
def test_every_text_has_a_count_between_what_its_bits_and_torn_ends_allow(text):
    counted = segments(text)
    each = 7 if counted.encoding == GSM else 16

    assert counted.message_bits % each == 0
    if counted.message_bits <= 1120:
        assert counted.parts == 1
    else:
        assert counted.parts >= -(-counted.message_bits // 1072)
    # A character more never makes a text shorter.
    assert segments(text + "a").parts >= counted.parts


def test_printers_quotes_give_way_where_that_halves_the_cost():
    assert plainly("“Groceries” – it’s… soon") == '"Groceries" - it\'s... soon'
    assert plainly("3–6\u202fpm\u00ad") == "3-6 pm"


@pytest.mark.parametrize("text", ["“Sí” – mañana", "Ségolène Lê’s", "“مرحبا”", "plain [enough]"])
def test_letters_are_never_changed_and_quotes_stay_where_it_would_help_nothing(text):
    assert plainly(text) == text


def run(*words):
    out = StringIO()
    call_command("sms", "segments", *words, stdout=out)
    return out.getvalue()


def test_command_counts_one_text():
    assert run("Mañana sí").startswith("1 × UCS-2, 144 bits; not in GSM-7: í")
    assert json.loads(run("Hello", "--json")) == {
        "encoding": "GSM-7",
        "segments": 1,
        "totalBits": 35,
        "messageBits": 35,
        "nonGsm": [],
    }


def test_command_reads_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("a" * 161))

    assert run("-").startswith("2 × GSM-7")


def vectors(tmp_path, *, parts):
    path = tmp_path / "vectors.json"
    path.write_text(
        json.dumps([{"name": "short", "message": "Hi", "segments": parts, "encoding": "GSM-7"}]), "utf-8"
    )
    return str(path)


def test_command_agrees_with_a_file_of_vectors(tmp_path):
    assert run("--file", vectors(tmp_path, parts=1)).strip() == "1 of 1 vectors agree"
    assert json.loads(run("--file", vectors(tmp_path, parts=1), "--json"))["wrong"] == []


def test_command_names_what_disagrees(tmp_path):
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("sms", "segments", "--file", vectors(tmp_path, parts=2), stdout=out)

    assert ended.value.code == 1
    assert "short: {'segments': {'ours': 1, 'theirs': 2}}" in out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "holds no list"),
        ('{"message": "x"}', "holds no list"),
        ("[1]", "vector 1 has no message"),
        ('[{"message": 5}]', "vector 1 has no message"),
    ],
)
def test_command_refuses_what_is_no_file_of_vectors(tmp_path, content, words):
    path = tmp_path / "vectors.json"
    path.write_text(content, "utf-8")

    with pytest.raises(CommandError, match=words):
        run("--file", str(path))


def test_command_says_when_the_file_is_missing(tmp_path):
    with pytest.raises(CommandError, match="can't be read"):
        run("--file", str(tmp_path / "none.json"))
