"""What messages say: in every language, whole, plain."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from commonweal.messaging import writing
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.segments import segments
from commonweal.messaging.writing import Incomplete, write

LANGUAGES = [code for code, _ in settings.LANGUAGES]
WORDS: dict[str, Any] = {
    "answer_by": "2:30 pm",
    "asker": "Rosa & Sam",
    "code": "K7F-2QM",
    "emergency": "If a life is in danger, call 911 first.",
    "examples": "groceries, a ride & company",
    "helper": "Dee <3",
    "if_all": "If all three of you say yes",
    "lines": "K7F-2QM Groceries for two: wanted; a ride for Rosa, Tuesday 3 pm",
    "link": "https://example.org/a/Zx81?x=1&y=2",
    "minutes": 10,
    "name": "O'Neil",
    "open_at": "https://example.org/sign-in/link/Zx81/",
    "own_title": "A ride & back",
    "own_when": "Wednesday 9:00",
    "network": "Alder Street & Co",
    "phone": "+1 410-555-0100",
    "place": '12 Oak St, "blue" door',
    "reach": "rosa+help@example.org",
    "relayed": False,
    "reasons": "600 m away, speaks Spanish, free on Tuesday",
    "role": "Care-giver",
    "title": 'Groceries <for> two & a "chat"',
    "until": "Friday",
    "what": "Groceries for 4 people, Remington, this week",
    "when": "Tuesday, 24 November, 3–6 pm",
    "where": "Remington",
    "words": "Second bell; it's the <left> one",
}  # fmt: skip


def words_of(template):
    return {name: WORDS[name] for name in CATALOGUE[template].needs}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(CATALOGUE))
def test_message_reads_well(template, language):
    written = write(template, language, words_of(template), network=WORDS["network"])
    everything = "\n".join([written.subject, written.body, written.text])

    assert written.subject
    assert "\n" not in written.subject
    assert "\n" not in written.text
    assert len(written.subject) < 100
    assert not re.search(r"[{}%\x00]|&amp;|&lt;|&#|None|\[\]", everything)
    assert "\n\n\n" not in written.body
    assert written.body == written.body.strip() + "\n"
    if CATALOGUE[template].short:
        assert (written.subject, written.body) == ("Alder Street & Co", written.text + "\n")
    else:
        assert written.body.endswith("Alder Street & Co\n")


# A letter stays for ever, so it leads to the page; only a text message says what somebody without pages must know.
IN_TEXTS_ONLY = {"reach", "relayed"}


@pytest.mark.parametrize("template", [key for key, spec in CATALOGUE.items() if spec.needs & IN_TEXTS_ONLY])
def test_how_to_reach_the_other_side_stands_in_texts_only(template):
    known = words_of(template)
    shown = write(template, "en", known)
    assert WORDS["reach"] in shown.text
    assert WORDS["reach"] not in shown.body + shown.subject
    relayed = write(template, "en", {**known, "relayed": True}).text
    assert "Reply here" in relayed
    assert WORDS["reach"] not in relayed
    assert "Reply here" not in write(template, "en", {**known, "reach": ""}).text


@pytest.mark.parametrize("template", sorted(CATALOGUE))
def test_nothing_is_lost_or_escaped(template):
    """Everything a template is given is said, in the body as in no escaped form."""
    written = write(template, "en", words_of(template))

    for name in CATALOGUE[template].needs - IN_TEXTS_ONLY:
        assert str(WORDS[name]) in written.body, name
    if "link" in CATALOGUE[template].needs:
        assert WORDS["link"] in written.text


@pytest.mark.parametrize("name", ["where", "reasons"])
def test_what_is_not_known_leaves_no_trace(name):
    template = next(key for key, spec in CATALOGUE.items() if name in spec.needs)
    written = write(template, "en", {**words_of(template), name: ""})

    assert not re.search(r":\s*$", written.body.split("https://")[0].strip().splitlines()[0])
    assert {"where": "Where:", "reasons": "Why we"}[name] not in written.body
    assert "\n\n\n" not in written.body


# What GSM-7 does not have and a language is not written well without: its letters; where those make the text UCS-2
# anyway, a printer's quotes and dashes; and around what reads the other way the marks that keep it together.
PRINT = "“”’–«»"
OWN = {
    "en": "",
    "es": "áíóúÁÍÓÚ" + PRINT,
    "ar": "".join(map(chr, range(0x060C, 0x0670))) + PRINT + "\u2068\u2069",
}
MOST_PARTS = {"en": 2, "es": 3, "ar": 3}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", sorted(CATALOGUE))
def test_text_message_is_short_and_holds_no_stray_character(template, language):
    counted = segments(write(template, language, words_of(template), network=WORDS["network"]).text)

    assert set("".join(counted.foreign)) <= set(OWN[language])
    assert counted.parts <= MOST_PARTS[language]


def test_one_minute_is_one_minute():
    assert "one minute" in write("code", "en", {**words_of("code"), "minutes": 1}).body


def test_unknown_language_is_answered_in_the_installations_own():
    assert write("code", "xx", words_of("code")) == write("code", "en", words_of("code"))


def test_missing_name_is_noticed():
    with pytest.raises(Incomplete, match="title"):
        write("still_needed", "en", {"link": "https://example.org", "network": "Alder Street"})


def test_line_breaks_in_a_title_cannot_make_a_header():
    words = {**words_of("still_needed"), "title": "Groceries\r\nBcc: all@example.org"}

    assert write("still_needed", "en", words).subject == "Is it still needed? Groceries Bcc: all@example.org"


def test_every_file_belongs_to_a_template():
    files = {path.name for path in Path(writing.FOLDER, "messaging").iterdir()}

    assert files == {
        f"{key}.{form}.txt"
        for key, spec in CATALOGUE.items()
        for form in (("text",) if spec.short else ("subject", "body", "text"))
    }
