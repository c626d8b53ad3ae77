"""The translations: nothing left out, nothing unsure, and every gap of a sentence still there."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

WEB = Path(__file__).parent.parent
TONGUES = ("ar", "es")
GAP = re.compile(r"%\(\w+\)\w*[sd]")


def catalog_of(tongue):
    with (WEB / f"locale/{tongue}/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=tongue)


def said_in_templates():
    """What the frame's own templates say, as far as it stands there in one piece."""
    for path in (WEB / "templates").rglob("*.html"):
        if not {"desk", "demo"} & set(path.parts):
            yield from re.findall(r"""\{% translate (?:"([^"]+)"|'([^']+)')""", path.read_text())


@pytest.mark.parametrize("tongue", TONGUES)
def test_everything_is_translated_and_sure(tongue):
    for message in catalog_of(tongue):
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("tongue", TONGUES)
def test_every_gap_of_a_sentence_is_still_there(tongue):
    for message in catalog_of(tongue):
        if not message.id:
            continue
        if isinstance(message.id, tuple):
            wanted = set(GAP.findall(message.id[1]))
            assert all(set(GAP.findall(text)) <= wanted for text in message.string), message.id
            assert wanted == set(GAP.findall(message.string[-1])), message.id
        else:
            assert sorted(GAP.findall(message.id)) == sorted(GAP.findall(message.string)), message.id


@pytest.mark.parametrize("tongue", TONGUES)
def test_the_frame_speaks_it(tongue):
    known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalog_of(tongue)}
    assert {first or second for first, second in said_in_templates()} - known == set()
