"""The open offers of a network as arrays, with what their members have agreed to in the days to come."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from commonweal.algorithms.matching.instance import NOBODY, Array, Helpers
from commonweal.exchange.models import Match
from commonweal.exchange.queries.planning import OfferRow
from commonweal.exchange.whens import week_of
from commonweal.matching.people import LONGEST_BUSY
from commonweal.matching.reading.asks import Numbering, capacity, flags, places
from commonweal.matching.reading.codes import GENDERS, VEHICLES
from commonweal.matching.reading.weeks import SPAN, Week, minutes
from commonweal.members.models import Member
from commonweal.networks.models import Network

HOUR = 60 * 60
EVERY_PART = (1 << 42) - 1
Agreed = tuple[uuid.UUID, str, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Given:
    """What members have agreed to: how often in the seven days, in either calendar week they touch, and when."""

    soon: Counter[uuid.UUID] = field(default_factory=Counter)
    this: Counter[uuid.UUID] = field(default_factory=Counter)
    following: Counter[uuid.UUID] = field(default_factory=Counter)
    busy: dict[uuid.UUID, int] = field(default_factory=lambda: defaultdict(int))


def agreed_to(rows: Iterable[Agreed], *, week: Week, at: datetime, network: Network) -> Given:
    """Count what members have agreed to. ``rows`` reach over both calendar weeks that the seven days touch."""
    given = Given()
    following = week_of(at, network.zone)[1]
    whole: list[uuid.UUID] = []
    stretches: list[tuple[datetime, datetime]] = []
    for member, state, starts, ends in rows:
        given.soon[member] += at <= starts < at + SPAN
        (given.following if starts >= following else given.this)[member] += 1
        if state == Match.State.ACCEPTED and ends - starts <= LONGEST_BUSY and ends > at:
            whole.append(member)
            stretches.append((starts, ends))
    taken = week.taken(minutes([one for one, _ in stretches]), minutes([one for _, one in stretches]))
    for member, bits in zip(whole, taken.tolist(), strict=True):
        given.busy[member] |= bits
    return given


def helper_arrays(
    rows: Sequence[OfferRow],
    numbering: Numbering,
    *,
    categories: Mapping[uuid.UUID, int],
    most: Mapping[uuid.UUID, int],
    free: Mapping[uuid.UUID, int],
    room: Mapping[uuid.UUID, int],
    at: datetime,
) -> Helpers:
    """These offers as they are at a moment. By offer: the bits of its ``categories``. By member: the ``most`` times a
    week, the bits of the parts of the week that are still ``free``, and the ``room`` that is left."""
    lat, lon = places([_cell(row) for row in rows])
    return Helpers.of(
        len(rows),
        lat=lat,
        lon=lon,
        radius_m=_whole([min(row.radius_m, 2**31 - 1) for row in rows]),
        categories=np.array([categories.get(row.id, 0) for row in rows], np.uint64),
        slots=np.array([row.slots & free.get(row.member, EVERY_PART) for row in rows], np.uint64),
        languages=np.array([numbering.languages(row.languages) for row in rows], np.uint64),
        able=np.array([numbering.needs(row.able) for row in rows], np.uint64),
        carries=_whole([row.carries for row in rows]),
        vehicle=_whole([VEHICLES[row.vehicle] for row in rows]),
        gender=_whole([GENDERS[row.goes_as] for row in rows]),
        vouched=_whole([row.vouched for row in rows]),
        capacity=_whole([capacity(room[row.member]) for row in rows]),
        per_week=_whole([capacity(most[row.member]) for row in rows]),
        rested_h=_whole([_rested(row, at) for row in rows]),
        resting=flags([row.state != Member.State.ACTIVE for row in rows]),
        person=_whole([numbering.persons[row.member] for row in rows]),
    )


def parts_still_free(
    most: Mapping[uuid.UUID, int], given: Given, *, week: Week, at: datetime, network: Network
) -> dict[uuid.UUID, int]:
    """The parts of the week that members have left, as bits; only of those who lack some.

    Out are the parts in which they have agreed to be somewhere, and those of a calendar week that is full.
    """
    following = int(week_of(at, network.zone)[1].timestamp()) // 60
    early = _mask(week.bit[week.begins < following]) & ~_mask(week.bit[week.begins >= following])
    late = _mask(week.bit[week.begins >= following])
    free: dict[uuid.UUID, int] = {}
    for member in {*given.busy, *given.this, *given.following}:
        limit = most.get(member, 0)
        gone = given.busy.get(member, 0)
        gone |= early if given.this[member] >= limit else 0
        gone |= late if given.following[member] >= limit else 0
        free[member] = EVERY_PART & ~gone
    return free


def _mask(bits: Array) -> int:
    mask = 0
    for bit in bits.tolist():
        mask |= 1 << bit
    return mask


def _cell(row: OfferRow) -> tuple[int | None, int | None]:
    """Where the offer starts from; where it doesn't say, where the member does."""
    if row.cell_y is not None and row.cell_x is not None:
        return row.cell_y, row.cell_x
    return row.home_y, row.home_x


def _rested(row: OfferRow, at: datetime) -> int:
    if row.asked_at is None:
        return NOBODY
    return max(int((at - row.asked_at).total_seconds() // HOUR), 0)


def _whole(numbers: list[int]) -> Array:
    return np.array(numbers, np.int64)
