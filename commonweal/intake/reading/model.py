"""What was understood of a message: each thing with how sure that is, and the words it came from."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from commonweal.intake.found import Found

__all__ = ["Found", "Reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A message as far as it was understood; None for what it does not say.

    ``is_offer`` is whether somebody offers rather than asks. ``category`` and ``area`` are ids of the network's own.
    ``danger`` is a word for what kind of danger to life it sounds like; whatever else was found, a person reads such a
    message at once. ``urgency`` is that of Ask.Urgency, ``place`` the words of a street or a place, ``cell`` its coarse
    cell where the network's gazetteer knows it, ``span`` from when to when, in UTC.
    """

    language: Found[str]
    is_offer: Found[bool]
    category: Found[uuid.UUID] | None = None
    danger: Found[str] | None = None
    urgency: Found[int] | None = None
    people: Found[int] | None = None
    area: Found[uuid.UUID] | None = None
    place: Found[str] | None = None
    cell: tuple[int, int] | None = None
    span: Found[tuple[datetime, datetime]] | None = None
    called: Found[str] | None = None
