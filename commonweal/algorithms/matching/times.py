"""Time as members give it: the 42 parts of a week, and the first stretch that suits two people.

A part is three hours long; the six parts of a day begin at 6, 9, 12, 15, 18 and 21 o'clock, local time. The
night from 0 to 6 belongs to no part: nobody is asked for it by a program. Moments are whole minutes since 1970
(UTC), so that a length is a subtraction and a change of the clocks needs no care.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

PART_STARTS = (6, 9, 12, 15, 18, 21)
PART_HOURS = 3
PARTS_IN_DAY = len(PART_STARTS)
PARTS_IN_WEEK = 7 * PARTS_IN_DAY
HORIZON_DAYS = 28

Minutes = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a week, cut to a window: ``bit`` is weekday × 6 + part (Monday is 0), the rest is in minutes."""

    bit: int
    starts: int
    ends: int


def week_parts(starts: datetime, ends: datetime, zone: tzinfo) -> tuple[Part, ...]:
    """The parts of the week that a window touches, in order, each cut to the window.

    ``starts`` and ``ends`` are aware; ``zone`` is where people live. Looks at most 28 days ahead: every part of a
    week has come four times by then. Empty where the window lies in the night. Raises ValueError for a
    window without length or without a zone.
    """
    if starts.tzinfo is None or ends.tzinfo is None:
        raise ValueError("a moment without a zone cannot be placed in a week")
    first, last = math.ceil(starts.timestamp() / 60), math.floor(ends.timestamp() / 60)
    if ends <= starts:
        raise ValueError("a window ends after it starts")
    found: list[Part] = []
    day = starts.astimezone(zone).date()
    for offset in range(HORIZON_DAYS):
        for bit, begin, finish in _parts_of_day(datetime.combine(day + timedelta(days=offset), time(), zone)):
            if begin >= last:
                return tuple(found)
            part = Part(bit=bit, starts=max(begin, first), ends=min(finish, last))
            if part.ends > part.starts:
                found.append(part)
    return tuple(found)


def _parts_of_day(midnight: datetime) -> Iterator[tuple[int, int, int]]:
    """The six parts of a local day as (bit, first minute, last minute)."""
    for index, hour in enumerate(PART_STARTS):
        # Wall-clock arithmetic on an aware moment: 6 o'clock is 6 o'clock, whatever the clocks did at night.
        begin, finish = midnight + timedelta(hours=hour), midnight + timedelta(hours=hour + PART_HOURS)
        yield midnight.weekday() * PARTS_IN_DAY + index, _minute(begin), _minute(finish)


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def first_meeting(
    parts: Sequence[Part], *, slots: int, busy: Sequence[Minutes] = (), minutes: int = 30
) -> Minutes | None:
    """The first stretch of at least ``minutes`` in parts whose bit is set in ``slots``, outside all ``busy`` ones.

    Parts that follow one another count as one stretch. What is returned starts where the stretch starts and
    ends with the free piece in which it became long enough, so that people agree on a part of a day and not on
    a week. ``parts`` in order; ``busy`` are (from, until) in any order, overlapping or not. None where nothing
    suits. O(parts · busy).
    """
    start = end = None
    for part in parts:
        if not slots >> part.bit & 1:
            continue
        for begin, finish in _free(part, busy):
            if start is None or begin != end:
                start = begin
            end = finish
            if end - start >= minutes:
                return start, end
    return None


def _free(part: Part, busy: Sequence[Minutes]) -> Iterator[Minutes]:
    """What is left of a part when everything busy is taken out, in order."""
    begin = part.starts
    for taken_from, taken_until in sorted(busy):
        if taken_until <= begin or taken_from >= part.ends:
            continue
        if taken_from > begin:
            yield begin, taken_from
        begin = taken_until
    if begin < part.ends:
        yield begin, part.ends
