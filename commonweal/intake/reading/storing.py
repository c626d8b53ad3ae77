"""A reading as JSON values, for the row that keeps it until a person has looked."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from commonweal.intake.reading.model import Found, Reading

_PLAIN = ("language", "is_offer", "danger", "urgency", "people", "place", "called")
_IDS = ("category", "area")


def to_json(reading: Reading) -> dict[str, Any]:
    """What was understood, in JSON values; what the message does not say is left out."""
    kept: dict[str, Any] = {}
    for name in (*_PLAIN, *_IDS, "span"):
        found = getattr(reading, name)
        if found is not None:
            kept[name] = {"value": _plain(found.value), "confidence": found.confidence, "words": found.words}
    if reading.cell:
        kept["cell"] = list(reading.cell)
    return kept


def from_json(kept: Mapping[str, Any]) -> Reading:
    """The reading that ``to_json`` wrote; one that was erased reads as nothing in no language."""
    found: dict[str, Any] = {
        "language": Found(value="", confidence=0.0),
        "is_offer": Found(value=False, confidence=0.0),
    }
    for name in _PLAIN:
        _put(found, kept, name, lambda value: value)
    for name in _IDS:
        _put(found, kept, name, uuid.UUID)
    _put(found, kept, "span", lambda value: tuple(datetime.fromisoformat(moment) for moment in value))
    if "cell" in kept:
        found["cell"] = tuple(kept["cell"])
    return Reading(**found)


def _put(found: dict[str, Any], kept: Mapping[str, Any], name: str, read: Callable[[Any], Any]) -> None:
    if entry := kept.get(name):
        found[name] = Found(value=read(entry["value"]), confidence=entry["confidence"], words=entry["words"])


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, tuple):
        return [moment.isoformat() for moment in value]
    return value
