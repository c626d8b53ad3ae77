"""Ways of inviting people, ours and simpler ones, for the played weeks of `benchmarks.invited`."""

from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.invited import AWAKE, Policy, World, play
from benchmarks.week import AWAY_H, BEGINS, Week
from commonweal.algorithms.matching.candidates import Pairs
from commonweal.algorithms.matching.instance import SLOTS, Array, Instance
from commonweal.algorithms.matching.rolling import Plan
from commonweal.algorithms.pacing import (
    PRIOR,
    Candidate,
    Chances,
    Circumstances,
    Pace,
    at_least,
    cover,
    in_time,
)
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
    """Begin at once and go on one by one: of those who may be asked, whoever is likeliest to say yes while it is of
    use; nobody of whom little is to be hoped. What is known is learnt from earlier weeks."""

    SURE, MOST, LEAST = 0.6, 1, 0.1
    A_WEEK, REST_H = 10, 14.0
    TURN_H, ANSWER_H = 8.0, 3.0

    def __init__(self, world: World, *, before: "Ours | None" = None, chances: Chances = PRIOR) -> None:
        super().__init__(world)
        self.chances = chances
        self.said: dict[int, tuple[int, int]] = dict(before.said) if before else {}
        self.done: set[tuple[int, int]] = set(before.done) if before else set()
        self.told: list[Answer] = list(before.told) if before else []
        self.sent: dict[int, tuple[Circumstances, float]] = {}
        slots = world.week.instance.asks.slots.tolist()
        self.deadline = [float(BEGINS[int(bits).bit_length() - 1]) for bits in slots]

    def about(self, pair: int) -> Circumstances:
        """What is known of one invitation before it is sent."""
        world = self.world
        helper = int(world.week.pairs.helper[pair])
        yes, answered = self.said.get(helper, (0, 0))
        pings = world.pings[helper]
        return Circumstances(
            metres=int(world.week.pairs.metres[pair]),
            knows_kind=(helper, self.kind(pair)) in self.done,
            hour=world.hour % 24,
            weekday=min(world.hour // 24, 6),
            pings_week=world.recent(helper),
            hours_since=float(world.hour - pings[-1]) if pings else None,
            said_yes=yes,
            answered=answered,
        )

    def kind(self, pair: int) -> int:
        """The category of what they would be asked for."""
        return int(self.world.week.instance.asks.category[self.world.of[pair]])

    def answered(self, pair: int, part: int | None, *, yes: bool) -> None:
        """Who said yes is willing, also where it came too late."""
        helper, (about, _) = int(self.world.week.pairs.helper[pair]), self.sent.pop(pair)
        said, answered = self.said.get(helper, (0, 0))
        self.said[helper] = said + yes, answered + 1
        if yes:
            self.done.add((helper, self.kind(pair)))
        self.told.append(Answer(person=str(helper), at=self.world.hour, about=about, yes=yes))

    def choose(self, ask: int) -> list[int]:
        """As few as make it sure enough that one of those asked in the rounds that are left says yes."""
        world = self.world
        row = world.week.row(ask)
        waiting = tuple(self.sent[pair][1] for pair in range(row.start, row.stop) if pair in self.sent)
        rounds = max((self.deadline[ask] - world.hour) / self.TURN_H, 1.0)
        target = 1 - (1 - self.SURE) ** (1 / rounds)
        if waiting and at_least(1, waiting) >= target:
            return []
        ready = [pair for pair in world.could(ask) if self.may_be_asked(pair)]
        known = {pair: self.about(pair) for pair in ready}
        everybody = {str(pair): self.candidate(pair, self.chance(pair, known[pair])) for pair in ready}
        choice = cover(everybody.values(), target=target, most=self.MOST, rules=Pace(waiting=waiting))
        chosen = [int(key) for key in choice.asked if everybody[key].says_yes >= self.LEAST]
        self.sent |= {pair: (known[pair], everybody[str(pair)].says_yes) for pair in chosen}
        return chosen

    def chance(self, pair: int, about: Circumstances) -> float:
        """How likely they say yes, as far as it is known."""
        return self.chances.chance(about)

    def may_be_asked(self, pair: int) -> bool:
        """Whether they have rested, and not been asked too often this week."""
        helper = int(self.world.week.pairs.helper[pair])
        pings = self.world.pings[helper]
        rested = not pings or self.world.hour - pings[-1] >= self.REST_H
        return rested and self.world.recent(helper) < self.A_WEEK

    def candidate(self, pair: int, chance: float) -> Candidate:
        """One who could be invited."""
        begins = BEGINS[self.world.last_part_of(pair)]
        left = float(begins) - self.world.hour - 1
        return Candidate(
            key=str(pair), chance=chance, in_time=in_time(left, answer_hours=self.ANSWER_H),
            value=float(self.world.week.pairs.weight[pair]),
        )  # fmt: skip


class Told(Ours):
    """The same, if it knew how willing everybody is and how fast people recover: what better learning could bring."""

    def chance(self, pair: int, about: Circumstances) -> float:
        """As the simulation has it; only whether they have recovered is not known, but how likely that is."""
        since = float("inf") if about.hours_since is None else about.hours_since
        return float(self.world.week.chance[pair] * -np.expm1(-since / AWAY_H))


POLICIES: dict[str, type[Any]] = {
    "everyone at once": Everyone,
    "nearest ten": NearestTen,
    "nearest first": NearestFirst,
    "best score first": BestScore,
    "batches of 6 h": Batches,
    "ours, told every chance": Told,
}


def ours(month: list[Week]) -> World:
    """Our policy in the first of these weeks, with what the others taught: whom it invited, and what they said."""
    policy, chances = None, PRIOR
    for week in [*month[1:], month[0]]:
        policy = Ours(World(week), before=policy, chances=chances)
        play(policy.world, policy)
        chances = learn(policy.told)
    assert policy is not None
    return policy.world
