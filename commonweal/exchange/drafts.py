"""What somebody filled in, before it is an ask or an offer; and who could meet an ask.

A draft is checked by the form or the importer that made it. It can wait as JSON, encrypted, until a code is typed.
"""

import uuid
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Self

Cell = tuple[int, int]


class _Draft:
    """Reading and writing a draft as JSON values."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """JSON values for every field: ids and moments as texts, tuples as lists."""
        return {entry.name: _plain(getattr(self, entry.name)) for entry in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The draft that ``to_json`` wrote."""
        known = {entry.name: str(entry.type) for entry in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: _read(value, known[name]) for name, value in values.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


def _read(value: Any, kind: str) -> Any:
    if value is None or not isinstance(value, str | list):
        return value
    if isinstance(value, list):
        return tuple(uuid.UUID(part) if "UUID" in kind else part for part in value)
    if "UUID" in kind:
        return uuid.UUID(value)
    return datetime.fromisoformat(value) if "datetime" in kind else value


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDraft(_Draft):
    """An ask as it was filled in; the fields are those of Ask. ``summary`` is a line that everyone may read.

    ``place`` is ``{"text": …, "lat": …, "lon": …}`` or empty, ``cell`` the coarse cell of it. ``repeat_days`` has a bit
    for each weekday (Monday is bit 0).
    """

    category: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    words: str = ""
    summary: str = ""
    people: int = 1
    hands: int = 1
    quantity: int = 0
    unit: str = ""
    area: uuid.UUID | None = None
    cell: Cell | None = None
    place: dict[str, Any] = field(default_factory=dict)
    destination: str = ""
    returns_at: datetime | None = None
    urgency: int = 1
    repeat_days: int = 0
    languages: tuple[str, ...] = ()
    language: str = "en"
    needs: tuple[str, ...] = ()
    wish: str = ""
    reached: str = ""
    called: str = ""
    contact_kind: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDraft(_Draft):
    """An offer as it was filled in; the fields are those of Offer, and ``per_week``, ``languages``, ``name`` and
    ``language`` those of the member, for whom the offer may be the first thing they do here.

    ``quantity`` is how many there are to give now; 0 means that nobody counts. ``slots`` is the bitmask of the week.
    """

    categories: tuple[uuid.UUID, ...]
    summary: str = ""
    words: str = ""
    radius_m: int = 2000
    slots: int = (1 << 42) - 1
    vehicle: str = "foot"
    carries: int = 1
    able: tuple[str, ...] = ()
    quantity: int = 0
    unit: str = ""
    area: uuid.UUID | None = None
    cell: Cell | None = None
    place: dict[str, Any] = field(default_factory=dict)
    per_week: int = 2
    languages: tuple[str, ...] = ()
    name: str = ""
    language: str = "en"
    is_public: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A member who could meet an ask, and why. ``meets_at``–``meets_until`` is a time that suits both.

    ``reasons`` are ``{"code": …, …}`` without personal content (reasons.py has the words). ``quantity`` is how many
    of a counted thing they could give (0: not counted).
    """

    member_id: uuid.UUID
    offer_id: uuid.UUID | None = None
    reasons: tuple[dict[str, Any], ...] = ()
    score: int = 0
    meets_at: datetime | None = None
    meets_until: datetime | None = None
    quantity: int = 0
