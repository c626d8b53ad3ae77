"""What printed pages say, in each of the languages that stand on them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from commonweal.exchange.forms.when import WAYS
from commonweal.networks.languages import own_languages
from commonweal.networks.models import Category, Network

# Every week and on a day have to be written out; a sheet has a line for that.
TICKED = ("soon", "today", "day")


def tongues_of(network: Network) -> list[tuple[str, str]]:
    """The languages a network can print in, as code and name: its own that the program speaks, else all of those."""
    spoken = dict(settings.LANGUAGES)
    return [(code, str(spoken[code])) for code in own_languages(network) or spoken]


def poster_words(languages: Iterable[str]) -> list[dict[str, Any]]:
    """For a poster, language by language."""
    return [_in(language, _poster) for language in languages]


def sheet_words(languages: Iterable[str]) -> list[dict[str, Any]]:
    """For a sheet of asks, language by language."""
    return [_in(language, _sheet) for language in languages]


def kinds(categories: Sequence[Category], languages: Iterable[str]) -> list[dict[str, Any]]:
    """The categories of a sheet with their numbers, from 1 on: what is typed is the number."""
    return [
        {"number": number, "names": _said(languages, category)}
        for number, category in enumerate(categories, 1)
    ]


def ways(languages: Iterable[str]) -> list[dict[str, Any]]:
    """How soon it must be, as a sheet offers it."""
    named = dict(WAYS)
    return [
        {"key": str(number), "names": _said(languages, named[way])} for number, way in enumerate(TICKED, 1)
    ]


def _said(languages: Iterable[str], words: object) -> list[str]:
    """The same in each language, what is alike only once."""
    found = []
    for language in languages:
        with translation.override(language):
            found.append(str(words))
    return list(dict.fromkeys(found))


def _in(language: str, words: Any) -> dict[str, Any]:
    with translation.override(language):
        return {"lang": language, "rtl": translation.get_language_bidi(), **words()}


def _poster() -> dict[str, str]:
    return {
        "need": _("Need something?"),
        "can": _("Can you help?"),
        "how": _("Groceries, a ride, a repair, company: neighbours help one another. Ask or offer here."),
        "text": _("Text or call"),
        "scan": _("Or scan this with a phone"),
        "promise": _("No account, no papers, no reason needed. It costs nothing."),
    }


def _sheet() -> dict[str, str]:
    return {
        "lead": _("No account, no papers, no reason needed. Leave out what you like."),
        "sheet": _("Sheet"),
        "called": _("What may we call you?"),
        "reach": _("How can we reach you? Phone or e-mail"),
        "what": _("What is it?"),
        "words": _("In your own words"),
        "people": _("For how many people?"),
        "spoken": _("Languages you speak"),
        "where": _("Where? A street, or an area"),
        "when": _("When?"),
        "kept": _("This sheet is kept only until it is typed in, and then shredded."),
    }
