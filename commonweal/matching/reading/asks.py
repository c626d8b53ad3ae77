"""The asks of a network as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from commonweal.algorithms.matching.instance import MOST_CAPACITY, MOST_HANDS, NOBODY, Array, Asks
from commonweal.algorithms.places import COLUMNS_PER_DEGREE, ROWS_PER_DEGREE
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Offer
from commonweal.exchange.queries.planning import AskRow
from commonweal.matching.need import LOADS, QUARTER, RIDES_NEED, SHORTEST, TALK
from commonweal.matching.reading.codes import GENDERS, VEHICLES, Bits
from commonweal.matching.reading.weeks import Week, minutes
from commonweal.networks.models import Category
from commonweal.networks.policy import Policy

DAY = 24 * 60
MOST_WAITING = 32_767
RIDES = sum(1 << VEHICLES[vehicle] for vehicle in RIDES_NEED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """What stands for what in the arrays, on both sides."""

    categories: Mapping[Any, int]
    areas: Mapping[Any, int]
    languages: Bits
    needs: Bits
    persons: Mapping[Any, int]


def ask_arrays(
    rows: Sequence[AskRow], numbering: Numbering, *, week: Week, at: datetime, policy: Policy
) -> Asks:
    """These asks as they are at a moment; who asks and whom they prefer is filled in by the caller."""
    lat, lon = places([(row.cell_y, row.cell_x) for row in rows])
    begins, ends = windows(rows, at=at, policy=policy)
    hands = np.array([_hands(row) for row in rows], np.int64)
    waiting = (int(at.timestamp()) // 60 - minutes([row.created_at for row in rows])) // DAY
    rings = policy.mode == "invite"
    return Asks.of(
        len(rows),
        lat=lat,
        lon=lon,
        in_person=flags([row.nature != Category.Nature.LISTENING for row in rows]),
        within_m=_whole([policy.near_m if rings and row.state == State.NEAR else 0 for row in rows]),
        category=_whole([numbering.categories[row.category] for row in rows]),
        slots=week.touched(begins, ends),
        languages=_bits([numbering.languages(row.languages) for row in rows]),
        talk=flags([row.nature in TALK for row in rows]),
        needs=_bits([numbering.needs(row.needs) for row in rows]),
        load=_whole([int(LOADS.get(row.slug, Offer.Load.NOTHING)) for row in rows]),
        vehicles=_whole([RIDES if row.nature == Category.Nature.RIDE else 0 for row in rows]),
        gender=_whole([GENDERS[row.wish] for row in rows]),
        vouched=_whole([row.vouched for row in rows]),
        hands=hands,
        at_least=np.where(flags([row.pairs for row in rows]), hands, 1),
        urgency=_whole([row.urgency for row in rows]),
        waiting_d=np.clip(waiting, 0, MOST_WAITING),
        ahead=_whole([min(row.ahead, MOST_WAITING) for row in rows]),
        area=_whole([numbering.areas.get(row.area, NOBODY) for row in rows]),
        repeats=flags([bool(row.repeat_days) for row in rows]),
    )


def windows(rows: Sequence[AskRow], *, at: datetime, policy: Policy) -> tuple[Array, Array]:
    """When each ask may still happen, as (begins, ends) in minutes: what `need.window_of` says, for all at once."""
    begins, ends = minutes([row.starts_at for row in rows]), minutes([row.ends_at for row in rows])
    now = int(at.timestamp()) // 60
    urgent = np.array([row.urgency == 2 for row in rows], bool) | (ends - now <= DAY)
    answered = at + policy.span("answer_minutes"), at + policy.span("urgent_answer_minutes")
    calm, pressing = (_next_quarter(moment) for moment in answered)
    earliest = np.where(urgent, pressing, calm)
    earliest = np.where(earliest + SHORTEST // timedelta(minutes=1) <= ends, earliest, now)
    later = np.maximum(begins, earliest)
    return np.where(later < ends, later, begins), ends


def places(cells: Sequence[tuple[int | None, int | None]]) -> tuple[Array, Array]:
    """The middles of cells in degrees, (lat, lon); both NaN where a cell is not known."""
    known = [(y, x) if y is not None and x is not None else (np.nan, np.nan) for y, x in cells]
    grid = np.array(known, np.float64).reshape(-1, 2)
    return (grid[:, 0] + 0.5) / ROWS_PER_DEGREE, (grid[:, 1] + 0.5) / COLUMNS_PER_DEGREE


def _hands(row: AskRow) -> int:
    """How many helpers are still wanted; a counted thing is one handover as far as a plan is concerned."""
    return 1 if row.quantity else min(max(row.hands - row.hands_taken, 1), MOST_HANDS)


def _next_quarter(moment: datetime) -> int:
    whole = -(-int(np.ceil(moment.timestamp())) // 60)
    return -(-whole // QUARTER) * QUARTER


def _whole(numbers: list[int]) -> Array:
    return np.array(numbers, np.int64)


def _bits(masks: list[int]) -> Array:
    return np.array(masks, np.uint64)


def flags(said: list[bool]) -> Array:
    """Yes or no, as an array, of no rows too."""
    return np.array(said, np.bool_)


def capacity(room: int) -> int:
    """A number of times within what an instance holds."""
    return min(max(room, 0), MOST_CAPACITY)
