"""What was understood of a message, as the desk shows it: marked in its own words, and how sure that is, in words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commonweal.exchange.models import Ask
from commonweal.exchange.reasons import language_in_words
from commonweal.exchange.whens import when_met
from commonweal.intake.models import Draft
from commonweal.intake.reading.model import Found, Reading
from commonweal.networks.models import Network
from commonweal.networks.queries import areas_of, categories_of

SURE, LIKELY = 0.85, 0.6
# What is filled in of itself; what is less sure the dispatcher reads beside the form.
FILLED_IN = 0.5
LONGEST_WORDS = 600
LABELS: dict[str, str | Promise] = {
    "danger": gettext_lazy("Danger to life"),
    "category": gettext_lazy("What it is about"),
    "people": gettext_lazy("For how many"),
    "area": gettext_lazy("Area"),
    "place": gettext_lazy("Place"),
    "span": gettext_lazy("When"),
    "urgency": gettext_lazy("How soon"),
    "called": gettext_lazy("Name"),
    "language": gettext_lazy("Language"),
    "is_offer": gettext_lazy("Asks or offers"),
}
DANGERS: dict[str, str | Promise] = {
    "medical": gettext_lazy("somebody is badly ill or hurt"),
    "fire": gettext_lazy("fire"),
    "gas": gettext_lazy("gas or smoke"),
    "drowning": gettext_lazy("water, somebody may drown"),
    "trapped": gettext_lazy("somebody is trapped"),
    "violence": gettext_lazy("violence"),
    "suicide": gettext_lazy("somebody may take their life"),
}
# What to ask somebody who left a message, as far as it is missing, in their language.
QUESTIONS: dict[str, str | Promise] = {
    "category": gettext_lazy("What would help you?"),
    "area": gettext_lazy("Where is that, roughly?"),
    "people": gettext_lazy("For how many people is it?"),
    "span": gettext_lazy("When would it suit you?"),
    "called": gettext_lazy("What may we call you?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """One thing that was understood: what, its value in words, how sure, and from which words of the message."""

    name: str
    label: str
    value: str
    sureness: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of the message; ``label`` says what it was taken for, empty for the rest."""

    text: str
    label: str = ""


def understood(reading: Reading, network: Network) -> list[Understood]:
    """Everything that was understood, in the order in which the form asks for it."""
    rows = []
    for name, label in LABELS.items():
        found: Found[Any] | None = getattr(reading, name)
        value = _shown(name, found, network) if found else ""
        if found and value:
            rows.append(
                Understood(
                    name=name,
                    label=str(label),
                    value=value,
                    sureness=sureness(found.confidence),
                    words=found.words,
                )
            )
    return rows


def sureness(confidence: float) -> str:
    """How sure the program is, in a word."""
    if confidence >= SURE:
        return _("surely")
    return _("probably") if confidence >= LIKELY else _("perhaps")


def marked(text: str, rows: list[Understood]) -> list[Piece]:
    """The message in pieces, with what was understood marked where it stands; no word is marked twice."""
    spans: list[tuple[int, int, str]] = []
    for row in rows:
        for words in filter(None, row.words.split(" … ")):
            match = re.search(re.escape(words), text)
            if match and not any(match.start() < end and start < match.end() for start, end, _label in spans):
                spans.append((match.start(), match.end(), row.label))
    pieces, at = [], 0
    for start, end, label in sorted(spans):
        if start > at:
            pieces.append(Piece(text=text[at:start]))
        pieces.append(Piece(text=text[start:end], label=label))
        at = end
    if at < len(text):
        pieces.append(Piece(text=text[at:]))
    return pieces


def initial_of(draft: Draft, reading: Reading) -> dict[str, Any]:
    """The form of an ask, filled in with what was understood clearly enough."""
    network, inbound = draft.network, draft.inbound
    said: dict[str, Any] = {
        "words": inbound.text[:LONGEST_WORDS],
        "people": 1,
        "when": "soon",
    }
    category = next((one for one in categories_of(network) if _is(reading.category, one.pk)), None)
    area = next((one for one in areas_of(network) if _is(reading.area, one.pk)), None)
    if category and category.is_open:
        said["category"] = category.slug
    if area:
        said["area"] = area.slug
    for name, found in (("people", reading.people), ("street", reading.place), ("called", reading.called)):
        if found and found.confidence >= FILLED_IN:
            said[name] = found.value
    return {**said, **_when(reading, network), **_language(reading, network)}


def script(reading: Reading, network: Network) -> list[str]:
    """What to ask when calling back, only what is missing, in the language of whoever called."""
    with translation.override(reading.language.value or next(iter(network.languages), "en")):
        return [str(words) for name, words in QUESTIONS.items() if not _known(getattr(reading, name))]


def _known(found: Found[Any] | None) -> bool:
    return found is not None and found.confidence >= FILLED_IN


def _is(found: Found[Any] | None, key: Any) -> bool:
    return found is not None and found.confidence >= FILLED_IN and found.value == key


def _when(reading: Reading, network: Network) -> dict[str, Any]:
    if reading.span is None or reading.span.confidence < FILLED_IN:
        is_today = reading.urgency is not None and reading.urgency.value == Ask.Urgency.TODAY
        return {"when": "today"} if is_today else {}
    starts, ends = (moment.astimezone(network.zone) for moment in reading.span.value)
    if starts.date() != ends.date():
        return {}
    hours = {"from_time": starts.time().replace(second=0, microsecond=0), "until_time": ends.time()}
    is_whole = ends.time() >= time(22) and starts.time() <= time(6)
    return {
        "when": "day",
        "day": starts.date(),
        "part": "" if is_whole else "hours",
        **({} if is_whole else hours),
    }


def _language(reading: Reading, network: Network) -> dict[str, Any]:
    spoken = reading.language.value
    known = reading.language.confidence >= FILLED_IN and spoken in network.languages
    return {"languages": [spoken]} if known else {}


def _shown(name: str, found: Found[Any], network: Network) -> str:
    show: dict[str, Callable[[Any], str]] = {
        "danger": lambda value: str(DANGERS.get(value, value)),
        "category": lambda value: next((one.name for one in categories_of(network) if one.pk == value), ""),
        "area": lambda value: next((one.name for one in areas_of(network) if one.pk == value), ""),
        "span": lambda value: when_met(value[0], value[1], network),
        "urgency": lambda value: str(Ask.Urgency(value).label),
        "language": lambda value: language_in_words(value) if value else "",
        "is_offer": lambda value: _("offers something") if value else _("asks for something"),
    }
    return show[name](found.value) if name in show else str(found.value)
