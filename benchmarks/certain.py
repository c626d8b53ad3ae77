"""Play a week in which everybody asked says yes: what deciding early costs, held against knowing everything."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.week import BEGINS, Week
from commonweal.algorithms.matching.assigning.engine import assign
from commonweal.algorithms.matching.candidates import Pairs
from commonweal.algorithms.matching.committing import HourPrices, beats
from commonweal.algorithms.matching.instance import SLOTS, Array, Instance
from commonweal.algorithms.matching.rolling import Plan

EVERY = 6.0


@dataclass(slots=True, eq=False)
class Diary:
    """What is promised so far: hours and times left of each helper, points, and how long each ask waited for help."""

    week: Week
    left: Array = field(init=False)
    free: Array = field(init=False)
    value: int = 0
    waited: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = self.week.instance.helpers.capacity.astype(np.int64)
        self.free = self.week.instance.helpers.slots.copy()

    def first_part(self, ask: int, helper: int, now: float) -> int | None:
        """The first part of the week, not begun yet, that suits both."""
        both = (
            int(self.week.instance.asks.slots[ask]) & int(self.free[helper]) if self.left[helper] > 0 else 0
        )
        return next((part for part in range(SLOTS) if both >> part & 1 and BEGINS[part] >= now), None)

    def promise(self, ask: int, helper: int, part: int, weight: int) -> None:
        """It is settled."""
        self.left[helper] -= 1
        self.free[helper] &= ~np.uint64(1 << part)
        self.value += int(weight)
        self.waited.append(float(BEGINS[part] - self.week.comes[ask]))


def planned(instance: Instance, pairs: Pairs, *, late: bool = False) -> Plan:
    """The best plan, begun from an assignment: sooner done than one path for each ask."""
    return Plan.of(instance, pairs, late=late, given=assign(instance, pairs))


def at_once(week: Week, rank: Callable[[slice], Array]) -> Diary:
    """Each ask, as it comes, to the candidate who ranks highest of those with a rank above nought and time."""
    diary = Diary(week)
    for ask, comes in enumerate(week.comes.tolist()):
        row = week.row(ask)
        ranks, helpers, weights = rank(row), week.pairs.helper[row], week.pairs.weight[row]
        for at in np.argsort(-ranks, kind="stable").tolist():
            part = diary.first_part(ask, int(helpers[at]), comes) if ranks[at] > 0 else None
            if part is not None:
                diary.promise(ask, int(helpers[at]), part, weights[at])
                break
    return diary


def nearest(week: Week) -> Diary:
    """The nearest helper, first come."""
    return at_once(week, lambda row: 1 / (1.0 + week.pairs.metres[row]))


def best_score(week: Week) -> Diary:
    """The highest weight, first come."""
    return at_once(week, lambda row: week.pairs.weight[row])


def by_prices(week: Week, last_week: Week) -> Diary:
    """First come, but only where the weight beats the price of the helper's hour as last week left it."""
    helpers = week.instance.helpers
    worth = planned(last_week.instance, last_week.pairs).worth()
    area = _areas(week)
    prices = HourPrices.learn(worth, area, helpers.categories, helpers.slots)
    # Half of a helper's own price, half of that of their kind: one week says little of one person.
    own = (worth + prices.of(area, helpers.categories, helpers.slots)) // 2

    def rank(row: slice) -> Array:
        price = own[week.pairs.helper[row]]
        return np.where(beats(week.pairs.weight[row], price), week.pairs.weight[row] - price, 0)

    return at_once(week, rank)


def _areas(week: Week) -> Array:
    """The area that most of the asks lie in which a helper could meet; 0 for who could meet none."""
    area = week.instance.asks.area[week.pairs.ask]
    counts = np.zeros((len(week.instance.helpers), int(area.max(initial=0)) + 1), np.int64)
    np.add.at(counts, (week.pairs.helper, area), 1)
    most: Array = counts.argmax(1)
    return most


def batches(week: Week, every: float = EVERY) -> Diary:
    """Every six hours the best there is for what came in them, settled at once."""
    diary, asks = Diary(week), week.instance.asks
    for now in np.arange(every, BEGINS[-1] + every, every):
        came = np.flatnonzero((week.comes > now - every) & (week.comes <= now))
        part_left = np.uint64(sum(1 << part for part in range(SLOTS) if BEGINS[part] >= now))
        plan = Plan.of(*_only(week, diary, came, asks.slots[came] & part_left))
        settled = plan.matches()
        for at, helper, part, weight in zip(
            settled.ask, settled.helper, settled.slot, settled.weight, strict=True
        ):
            diary.promise(int(came[at]), int(helper), int(part), int(weight))
    return diary


def _only(week: Week, diary: Diary, chosen: Array, slots: Array) -> tuple[Instance, Pairs]:
    """These asks, in the order in which they came, at what the diary has left."""
    counts = np.diff(week.pairs.indptr)[chosen]
    where = np.flatnonzero(np.isin(week.pairs.ask, chosen))
    sides = {name: getattr(week.pairs, name)[where] for name in ("helper", "weight", "metres")}
    pairs = replace(week.pairs, indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), **sides)
    helpers = replace(
        week.instance.helpers,
        slots=diary.free,
        capacity=diary.left.astype(week.instance.helpers.capacity.dtype),
    )
    asks = replace(week.instance.asks.take(chosen), slots=slots)
    return replace(week.instance, asks=asks, helpers=helpers), pairs


def rolling(week: Week, last_week: Week | None, *, late: bool = True) -> Diary:
    """Our way: suggestions that move until their hour comes, and last week's asks in place of those still to come."""
    diary, asks = Diary(week), week.instance.asks
    nobody = np.zeros(0, np.int64)
    stand_ins = last_week or week
    start = (
        (stand_ins.instance, stand_ins.pairs)
        if last_week
        else _only(week, diary, nobody, nobody.astype(np.uint64))
    )
    plan = planned(*start, late=late)
    first, come, gone = plan.asks, 0, 0
    for part, now in enumerate(BEGINS.tolist()):
        while come < len(asks) and week.comes[come] <= now:
            row = week.row(come)
            plan.arrive(
                helpers=week.pairs.helper[row], weights=week.pairs.weight[row], slots=int(asks.slots[come])
            )
            come += 1
        while gone < first and stand_ins.comes[gone] <= now:
            plan.withdraw(gone)
            gone += 1
        settled = plan.matches()
        for at in np.flatnonzero((settled.slot == part) & (settled.ask >= first)).tolist():
            ask = int(settled.ask[at])
            plan.freeze(ask)
            diary.promise(ask - first, int(settled.helper[at]), part, int(settled.weight[at]))
        plan.time_passes(sum(1 << later for later in range(part + 1, SLOTS)))
    return diary
