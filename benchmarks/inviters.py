"""Ways of inviting people, ours and simpler ones, for the played weeks of `benchmarks.invited`."""

from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.invited import AWAKE, Policy, World, play
from benchmarks.week import BEGINS, HOURS, Week
from commonweal.algorithms.matching.candidates import Pairs
from commonweal.algorithms.matching.committing import last_moment
from commonweal.algorithms.matching.instance import SLOTS, Array, Instance
from commonweal.algorithms.matching.rolling import Plan
from commonweal.algorithms.pacing import PRIOR, Candidate, Chances, Circumstances, Pace, cover
from commonweal.algorithms.pacing.learning import Answer, learn

NEAREST = 10


class Everyone(Policy):
    """Everyone who could, as soon as it comes."""

    def choose(self, ask: int) -> list[int]:
        """All that are left."""
        return self.world.could(ask)


class NearestTen(Policy):
    """The nearest ten, once."""

    def choose(self, ask: int) -> list[int]:
        """The first ten by distance; whoever among them has no time any more isn't replaced."""
        week = self.world.week
        row = range(week.row(ask).start, week.row(ask).stop)
        ten = sorted(row, key=lambda pair: (week.pairs.metres[pair], pair))[:NEAREST]
        return [pair for pair in ten if not self.world.asked[pair] and self.world.part_of(pair) is not None]


class NearestFirst(Policy):
    """One at a time, the nearest first."""

    def choose(self, ask: int) -> list[int]:
        """The next by distance, when nobody is being waited for."""
        world = self.world
        return (
            []
            if world.waiting[ask]
            else sorted(world.could(ask), key=lambda pair: (world.week.pairs.metres[pair], pair))[:1]
        )


class BestScore(Policy):
    """One at a time, the highest weight first."""

    def choose(self, ask: int) -> list[int]:
        """The next by weight; the rows are in that order."""
        return [] if self.world.waiting[ask] else self.world.could(ask)[:1]


class Batches(Policy):
    """Every six hours the best assignment for all that is open; each is invited to what it says."""

    EVERY = 6

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.now: dict[int, int] = {}

    def hour_begins(self) -> None:
        """Solve anew."""
        world = self.world
        self.now = {}
        if world.hour % self.EVERY or world.hour % 24 not in AWAKE:
            return
        asks = [ask for ask in np.flatnonzero(world.state == 1).tolist() if not world.waiting[ask]]
        rows = [world.could(ask) for ask in asks]
        plan = Plan.of(*what_is_left(world, np.array(asks, np.int64), rows))
        matches = plan.matches()
        for at, helper in zip(matches.ask.tolist(), matches.helper.tolist(), strict=True):
            pair = next(pair for pair in rows[at] if world.week.pairs.helper[pair] == helper)
            self.now[asks[at]] = pair

    def choose(self, ask: int) -> list[int]:
        """What the last solve said."""
        return [self.now.pop(ask)] if ask in self.now else []


def what_is_left(world: World, asks: Array, rows: list[list[int]]) -> tuple[Instance, Pairs]:
    """The open asks, with the pairs that are left of each."""
    week, parts = world.week, sum(1 << part for part in range(SLOTS) if BEGINS[part] > world.hour)
    where = np.array([pair for row in rows for pair in row], np.int64)
    sides = {name: getattr(week.pairs, name)[where] for name in ("helper", "weight", "metres")}
    pairs = replace(week.pairs, indptr=np.cumsum([0] + [len(row) for row in rows]), **sides)
    left = world.left.astype(week.instance.helpers.capacity.dtype)
    helpers = replace(week.instance.helpers, slots=world.free & np.uint64(parts), capacity=left)
    return replace(week.instance, asks=week.instance.asks.take(asks), helpers=helpers), pairs


class Ours(Policy):
    """Plan for all, wait for the last responsible moment, then ask as few as make a yes sure enough."""

    SURE, MOST, A_WEEK, REST_H = 0.3, 2, 10, 14.0
    ANSWER_H = 12.0

    def __init__(self, world: World, *, last_week: Week | None = None, chances: Chances = PRIOR) -> None:
        super().__init__(world)
        self.chances, self.stand_ins = chances, last_week
        start = what_is_left(world, np.zeros(0, np.int64), [])
        if last_week is not None:
            # Last week's asks stand where this week's will come, worth as much as the chance of a yes leaves of them.
            weight = (last_week.pairs.weight * chances.rate).astype(np.int32)
            start = last_week.instance, replace(last_week.pairs, weight=weight)
        self.plan = Plan.of(*start, late=True)
        self.first, self.gone = self.plan.asks, 0
        self.said: dict[int, tuple[int, int]] = {}
        self.told: list[Answer] = []
        self.sent: dict[int, Circumstances] = {}

    def about(self, pair: int) -> Circumstances:
        """What is known of one invitation before it is sent."""
        world = self.world
        helper = int(world.week.pairs.helper[pair])
        yes, answered = self.said.get(helper, (0, 0))
        pings = world.pings[helper]
        return Circumstances(
            metres=int(world.week.pairs.metres[pair]),
            hour=world.hour % 24,
            weekday=min(world.hour // 24, 6),
            pings_week=world.recent(helper),
            hours_since=float(world.hour - pings[-1]) if pings else None,
            said_yes=yes,
            answered=answered,
        )

    def comes(self, ask: int) -> None:
        """Into the plan, each candidate at what they are worth times the chance that they say yes."""
        row, pairs = self.world.week.row(ask), self.world.week.pairs
        chance = np.array([self.chances.chance(self.about(pair)) for pair in range(row.start, row.stop)])
        weights = np.maximum(pairs.weight[row] * chance, 1).astype(np.int64)
        slots = int(self.world.week.instance.asks.slots[ask])
        index, _ = self.plan.arrive(helpers=pairs.helper[row], weights=weights, slots=slots)
        assert index == self.first + ask

    def answered(self, pair: int, part: int | None) -> None:
        """A promise stands; a no is for good."""
        ask, helper = self.first + int(self.world.of[pair]), int(self.world.week.pairs.helper[pair])
        said, answered = self.said.get(helper, (0, 0))
        self.said[helper] = said + (part is not None), answered + 1
        self.told.append(
            Answer(person=str(helper), at=self.world.hour, about=self.sent.pop(pair), yes=part is not None)
        )
        if part is None:
            self.plan.refuse(ask, helper)
            return
        self.plan.promise(ask, helper, part)

    def missed(self, pair: int) -> None:
        """Somebody else has to come."""
        self.plan.drop_out(self.first + int(self.world.of[pair]), int(self.world.week.pairs.helper[pair]))

    def over(self, ask: int) -> None:
        """Out of the plan."""
        self.plan.withdraw(self.first + ask)

    def hour_begins(self) -> None:
        """Last week's asks of this hour make room; parts that have begun are over."""
        hour = self.world.hour
        while (
            self.stand_ins is not None and self.gone < self.first and self.stand_ins.comes[self.gone] <= hour
        ):
            self.plan.withdraw(self.gone)
            self.gone += 1
        if hour in BEGINS:
            self.plan.time_passes(sum(1 << part for part in range(SLOTS) if BEGINS[part] > hour))

    def choose(self, ask: int) -> list[int]:
        """As few as make it sure enough, from the last responsible moment on."""
        world = self.world
        could = world.could(ask)
        if not could:
            return []
        row = world.week.row(ask)
        waiting = [p for p in range(row.start, row.stop) if p in self.sent]
        circumstances = {pair: self.about(pair) for pair in could}
        chances = {pair: self.chances.chance(circumstances[pair]) for pair in could}
        slots = int(world.week.instance.asks.slots[ask])
        begin = last_moment(
            deadline_h=float(BEGINS[slots.bit_length() - 1]),
            answer_h=self.ANSWER_H,
            chance=max(chances.values()),
            others=len(could) - 1,
            sure=0.95,
        )
        if world.hour < begin:
            return []
        worth = self.plan.worth()
        choice = cover(
            [self.candidate(pair, chances[pair], worth) for pair in could],
            target=self.SURE,
            most=self.MOST,
            rules=Pace(waiting=tuple(self.chances.chance(self.sent[pair]) for pair in waiting)),
        )
        chosen = [int(key) for key in choice.asked]
        self.sent |= {pair: circumstances[pair] for pair in chosen}
        return chosen

    def candidate(self, pair: int, chance: float, worth: Array) -> Candidate:
        """One who could be invited, with what else they could be worth this week."""
        helper = int(self.world.week.pairs.helper[pair])
        pings = self.world.pings[helper]
        since = float(self.world.hour - pings[-1]) if pings else float(HOURS)
        return Candidate(
            key=str(pair),
            chance=chance,
            value=float(self.world.week.pairs.weight[pair]),
            price=float(worth[helper]),
            left=self.A_WEEK - self.world.recent(helper),
            free_in_h=max(self.REST_H - since, 0.0),
        )


POLICIES: dict[str, type[Any]] = {
    "everyone at once": Everyone,
    "nearest ten": NearestTen,
    "nearest first": NearestFirst,
    "best score first": BestScore,
    "batches of 6 h": Batches,
}


def ours(week: Week, last_week: Week) -> World:
    """Our policy, with what one week of it taught: whom it invited, and what they said."""
    before = Ours(World(last_week))
    play(before.world, before)
    policy = Ours(World(week), last_week=last_week, chances=learn(before.told))
    policy.said = before.said
    return play(policy.world, policy)
