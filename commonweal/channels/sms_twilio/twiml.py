"""Answers in the other side's own XML: every word in it is escaped."""

from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

# The voice that reads each of our languages aloud; the others are read as English.
VOICES = {
    "en": {"language": "en-US"},
    "es": {"language": "es-MX"},
    "ar": {"language": "arb", "voice": "Polly.Zeina"},
}


def answer(root: Element | None = None) -> HttpResponse:
    """The answer; an empty one says that nothing is to be done."""
    said = tostring(Element("Response") if root is None else root, encoding="unicode")
    return HttpResponse(
        f'<?xml version="1.0" encoding="UTF-8"?>{said}', content_type="text/xml; charset=utf-8"
    )


def say(within: Element, words: str, language: str) -> None:
    """Have these words read aloud."""
    SubElement(within, "Say", VOICES.get(language, VOICES["en"])).text = "".join(
        char for char in words if char.isprintable()
    )
