"""Text fields take what people type and refuse what no keyboard makes."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from commonweal.base.forms import LineField, ProseField

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def clean(field, text, **about):
    return field(required=False, **about).clean(text)


@given(TEXTS)
def test_line_is_one_line_of_normal_text(text):
    line = clean(LineField, text)

    assert line == " ".join(line.split()) == unicodedata.normalize("NFC", line)
    assert not any(unicodedata.category(char) == "Cc" for char in line)
    assert clean(LineField, line) == line


@given(TEXTS)
def test_prose_keeps_its_lines_and_nothing_else_that_is_unseen(text):
    prose = clean(ProseField, text)

    assert not any(unicodedata.category(char) == "Cc" and char != "\n" for char in prose)
    assert prose == prose.strip()
    assert clean(ProseField, prose) == prose


def test_what_people_write_stays():
    assert clean(LineField, "  Soup,\tbread \n and  José ") == "Soup, bread and José"
    assert (
        clean(ProseField, "Second bell.\r\n\r\nDog bites.\rNot hard.")
        == "Second bell.\n\nDog bites.\nNot hard."
    )
    assert clean(LineField, "Jose\u0301") == "Jos\u00e9"
    assert clean(LineField, "شكراً 🙏🏽") == "شكراً 🙏🏽"


@pytest.mark.parametrize("field", [LineField, ProseField])
def test_no_letter_that_cannot_be_stored_gets_through(field):
    assert clean(field, "a\x00b\x07c") in {"ab c", "a b c"}
    with pytest.raises(ValidationError, match="could not be read"):
        clean(field, "half \ud83d")


@pytest.mark.parametrize("field", [LineField, ProseField])
def test_length_and_presence_are_asked_after_cleaning(field):
    assert clean(field, "  abc  ", max_length=3) == "abc"
    with pytest.raises(ValidationError, match="at most 3"):
        clean(field, "abcd", max_length=3)
    with pytest.raises(ValidationError, match="required"):
        field().clean(" \t\n ")
    assert clean(field, None) == ""
