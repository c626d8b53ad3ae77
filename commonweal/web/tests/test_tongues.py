"""The translations: nothing left out, nothing left over, nothing unsure, and every gap of a sentence still there."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

HOUSE = Path(__file__).parent.parent.parent
TONGUES = {"ar": 6, "es": 2}  # with their numbers of plural forms
GAP = re.compile(r"%\(\w+\)\w*[sd]|%[sd]|\{\w+\}")
CALLS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
WORDS = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
# What Django makes of the tags of a template before it looks for what they say.
SAID = re.compile(
    rf"\b(?P<call>gettext|ngettext|pgettext|npgettext|_)\({WORDS}(?:,\s*{WORDS})?(?:,\s*{WORDS})?"
)
# Words of offices and forms, which neighbours don't use with one another.
COLD = {
    "en": r"\buser|request|submit|successful",
    "es": r"usuari|solicit|\benví|\benvi[aeo]|exitosa|con éxito",
    "ar": r"مستخدم|بنجاح",
}
# Gaps that hold somebody's own words, in whatever script they wrote them.
OTHERS_WORDS = (
    *("asker", "code", "contact", "helper", "name", "names", "network", "own_title", "place"),
    *("reach", "text", "title", "what", "where", "who", "words"),
)
OPEN, CLOSE = "\u2066\u2067\u2068", "\u2069"


def catalogue_of(tongue):
    with (HOUSE / f"web/locale/{tongue}/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=tongue, abort_invalid=True)


def messages_of(tongue):
    """Every message with its words: the one, or all its plural forms."""
    for message in catalogue_of(tongue):
        if message.id:
            yield message, message.string if isinstance(message.string, tuple) else (message.string,)


def key(words, context=""):
    return context or "", words if isinstance(words, str) else words[0]


def said_in_programs():
    files = [path for path in HOUSE.rglob("*.py") if "tests" not in path.parts]
    for path in [*files, HOUSE.parent / "config/settings.py"]:
        for _line, words, _comments, context in extract_from_file("python", path, keywords=CALLS):
            if words:
                yield key(words, context)


def said_in_templates():
    for path in HOUSE.glob("*/templates/**/*.*"):
        for said in SAID.finditer(templatize(path.read_text())):
            words = [ast.literal_eval(one) for one in said.groups()[1:] if one]
            yield key(words[1], words[0]) if said["call"].endswith("pgettext") else key(words[0])


@pytest.mark.parametrize("tongue", TONGUES)
def test_all_that_is_said_is_in_the_catalogue_and_nothing_else(tongue):
    """Where this fails: makemessages, as docs/how-to/translate.md has it, then fill in what is new."""
    known = {key(message.id, message.context) for message, _words in messages_of(tongue)}
    said = {*said_in_programs(), *said_in_templates()}

    assert (said - known, known - said) == (set(), set())


@pytest.mark.parametrize(("tongue", "forms"), TONGUES.items())
def test_everything_is_translated_and_sure(tongue, forms):
    for message, words in messages_of(tongue):
        assert all(words), message.id
        assert not message.fuzzy, message.id
        assert len(words) == (forms if message.pluralizable else 1), message.id


@pytest.mark.parametrize("tongue", TONGUES)
def test_it_compiles_without_a_warning(tongue):
    catalogue = catalogue_of(tongue)

    assert [(message.id, errors) for message, errors in catalogue.check()] == []
    assert catalogue.num_plurals == TONGUES[tongue]
    assert not catalogue.obsolete


@pytest.mark.parametrize("tongue", TONGUES)
def test_every_gap_of_a_sentence_is_still_there(tongue):
    for message, words in messages_of(tongue):
        if message.pluralizable:
            wanted = set(GAP.findall(message.id[1]))
            assert all(set(GAP.findall(text)) <= wanted for text in words), message.id
            assert wanted == set(GAP.findall(words[-1])), message.id
        else:
            assert sorted(GAP.findall(message.id)) == sorted(GAP.findall(words[0])), message.id


@pytest.mark.parametrize("tongue", COLD)
def test_nobody_is_a_user_who_submits_a_request(tongue):
    for message, words in messages_of("es" if tongue == "en" else tongue):
        spoken = words if tongue != "en" else message.id if message.pluralizable else (message.id,)
        assert not [text for text in spoken if re.search(COLD[tongue], text, re.IGNORECASE)]


def test_others_words_keep_their_direction_in_arabic():
    """A name, a code or an address in Latin letters must not pull the words around it apart."""
    gap = re.compile(rf"(.?)(?:%\((?:{'|'.join(OTHERS_WORDS)})\)s|\{{(?:name|area)\}})(.?)")
    for message, words in messages_of("ar"):
        for text in words:
            assert all(before in OPEN and after == CLOSE for before, after in gap.findall(text)), message.id
            assert sum(map(text.count, OPEN)) == text.count(CLOSE), message.id
