"""Turning pages by the last row seen, so that the thousandth page costs what the first does.

A list is ordered by ``(created_at, id)``, newest first, and a cursor names the row where the reader stands and which
way they go. It needs no signature: it holds nothing secret, selects nothing that its list does not hold anyway, and
anything that is not exactly a cursor is taken as the first page.
"""

import base64
import binascii
import re
import struct
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

M = TypeVar("M", bound=Model)
R = TypeVar("R")

_SHAPE = struct.Struct(">?q16s")
_TEXT = re.compile(r"[A-Za-z0-9_-]{34}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST = datetime(2000, 1, 1, tzinfo=UTC)
_MOST = datetime(2200, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The row at the edge of a page: its moment and id; ``back`` when the reader turns towards newer rows."""

    at: datetime
    id: uuid.UUID
    back: bool = False

    def encode(self) -> str:
        """The cursor as it stands in an address: 34 letters."""
        packed = _SHAPE.pack(self.back, (self.at - _EPOCH) // _MICROSECOND, self.id.bytes)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def decode(cls, text: object) -> "Cursor | None":
        """The cursor that was encoded so, or None (the first page) for anything else whatever."""
        if not isinstance(text, str) or not _TEXT.fullmatch(text):
            return None
        try:
            back, microseconds, id_ = _SHAPE.unpack(base64.urlsafe_b64decode(text + "=="))
            at = _EPOCH + microseconds * _MICROSECOND
        except (binascii.Error, OverflowError):
            return None
        cursor = cls(at=at, id=uuid.UUID(bytes=id_), back=back)
        return cursor if _LEAST <= at < _MOST and cursor.encode() == text else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[R]):
    """Some rows of a list, newest first, and the cursors of the pages beside it; empty where there is none."""

    rows: Sequence[R]
    next: str = ""
    previous: str = ""


def _moment_of(cursor: Cursor) -> Any:
    return cursor.at


def rows_after(
    rows: QuerySet[M],
    cursor: Cursor | None,
    limit: int,
    *,
    moment: str = "created_at",
    key: str = "id",
    value: Callable[[Cursor], Any] = _moment_of,
) -> list[M]:
    """Up to ``limit`` rows on from ``cursor``, nearest to it first: newest first, or oldest first when turning back.

    ``moment`` and ``key`` are the columns the list is ordered by; an index must hold them, both descending. ``value``
    is what a cursor says of the first of them, where that is no moment.
    """
    back = cursor is not None and cursor.back
    if cursor is not None:
        lookup = TupleGreaterThan if back else TupleLessThan
        rows = rows.filter(
            lookup(Tuple(F(moment), F(key)), (value(cursor), cursor.id)),
            # Says nothing new. Django writes the pair for SQLite as an OR, and by that no database finds its place.
            **{f"{moment}__{'gte' if back else 'lte'}": value(cursor)},
        )
    order = (moment, key) if back else (f"-{moment}", f"-{key}")
    return list(rows.order_by(*order)[:limit])


def edges(
    positions: Sequence[tuple[datetime, uuid.UUID]], *, cursor: Cursor | None, more: bool
) -> tuple[str, str]:
    """The cursors (next, previous) of a page that shows rows at ``positions``, newest first; empty where there is none.

    ``more`` says that rows are left in the direction the reader turned.
    """
    if not positions:
        return "", ""
    back = cursor is not None and cursor.back
    older, newer = (True, more) if back else (more, cursor is not None)
    (last_at, last_id), (first_at, first_id) = positions[-1], positions[0]
    return (
        Cursor(at=last_at, id=last_id).encode() if older else "",
        Cursor(at=first_at, id=first_id, back=True).encode() if newer else "",
    )


def page_of(rows: QuerySet[M], cursor: Cursor | None, limit: int) -> Page[M]:
    """One page of rows that have ``created_at`` and ``id``, newest first."""
    found = rows_after(rows, cursor, limit + 1)
    shown = found[:limit]
    if cursor is not None and cursor.back:
        shown.reverse()
    positions = [(row.created_at, row.pk) for row in shown]  # type: ignore[attr-defined]
    older, newer = edges(positions, cursor=cursor, more=len(found) > limit)
    return Page(rows=shown, next=older, previous=newer)
