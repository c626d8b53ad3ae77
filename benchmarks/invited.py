"""Play a week in which people are invited, say yes, no or nothing, tire, and don't always come."""

from collections import defaultdict
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.week import BEGINS, HOURS, Week
from commonweal.algorithms.matching.instance import SLOTS, Array
from commonweal.algorithms.matching.rolling import Plan

AWAKE = range(8, 21)
SILENCE_H = 12


@dataclass(slots=True, eq=False)
class World:
    """What has happened so far. Nobody but the simulation reads ``week.chance``, ``luck``, ``silent`` and ``shows``.

    ``state`` of an ask: 0 not come yet, 1 open, 2 promised, 3 met, 4 over. ``asked`` (pairs): who has been invited to
    what; ``waiting`` (asks) how many have not answered; ``pings`` (helpers) the hours of each one's invitations.
    """

    week: Week
    hour: int = 0
    value: int = 0
    pings: list[list[int]] = field(init=False)
    waited: list[float] = field(default_factory=list)
    answers: list[tuple[int, int, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        n, m = len(self.week.comes), len(self.week.instance.helpers)
        self.state, self.waiting = np.zeros(n, np.int64), np.zeros(n, np.int64)
        self.asked = np.zeros(len(self.week.pairs.helper), bool)
        self.of = self.week.pairs.ask
        self.left = self.week.instance.helpers.capacity.astype(np.int64)
        self.free = self.week.instance.helpers.slots.copy()
        self.away_until = np.zeros(m, np.int64)
        self.pings = [[] for _ in range(m)]
        self.due: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        self.promised: dict[int, list[int]] = defaultdict(list)

    state: Array = field(init=False)
    waiting: Array = field(init=False)
    asked: Array = field(init=False)
    of: Array = field(init=False)
    left: Array = field(init=False)
    free: Array = field(init=False)
    away_until: Array = field(init=False)
    due: dict[int, list[tuple[int, bool]]] = field(init=False)
    promised: dict[int, list[int]] = field(init=False)

    def part_of(self, pair: int) -> int | None:
        """The first part of the week, not begun yet, in which these two could still meet."""
        ask, helper = int(self.of[pair]), int(self.week.pairs.helper[pair])
        both = (
            int(self.week.instance.asks.slots[ask]) & int(self.free[helper]) if self.left[helper] > 0 else 0
        )
        return next((part for part in range(SLOTS) if both >> part & 1 and BEGINS[part] > self.hour), None)

    def last_part_of(self, pair: int) -> int:
        """The last part of the week in which these two could meet, if there is one."""
        both = self.week.instance.asks.slots[self.of[pair]] & self.free[self.week.pairs.helper[pair]]
        return int(both).bit_length() - 1

    def could(self, ask: int) -> list[int]:
        """The pairs of an ask who have not been invited to it and still have a time for it."""
        row = self.week.row(ask)
        return [
            pair
            for pair in range(row.start, row.stop)
            if not self.asked[pair] and self.part_of(pair) is not None
        ]

    def recent(self, helper: int) -> int:
        """How often they were invited in the last seven days."""
        return sum(self.hour - at < HOURS for at in self.pings[helper])

    def invite(self, pair: int) -> None:
        """Ask somebody. Who has been asked is not to be had for a while, of random length: they don't even read it.

        The model of Manshadi and Rodilitz (arXiv 2002.08474): what comes meanwhile is silence, and doesn't lengthen it.
        """
        helper, ask, week = int(self.week.pairs.helper[pair]), int(self.of[pair]), self.week
        reads = self.hour >= self.away_until[helper]
        yes = bool(reads and week.luck[pair] < week.chance[pair])
        silent = not reads or (bool(week.silent[pair]) and not yes)
        takes = SILENCE_H if silent else 1 + int(week.answers_h[pair])
        if reads:
            self.away_until[helper] = self.hour + int(week.away_h[helper, len(self.pings[helper]) % 64])
        self.due[self.hour + takes].append((pair, yes))
        self.asked[pair] = True
        self.waiting[ask] += 1
        self.pings[helper].append(self.hour)

    def promise(self, pair: int, part: int) -> None:
        """The first who says yes has it."""
        helper, ask = int(self.week.pairs.helper[pair]), int(self.of[pair])
        self.left[helper] -= 1
        self.free[helper] &= ~np.uint64(1 << part)
        self.state[ask] = 2
        self.promised[part].append(pair)

    def happen(self, part: int) -> list[int]:
        """This part of the week begins: who promised comes, or doesn't. Returns the pairs of those who didn't."""
        missed = []
        for pair in self.promised.pop(part, []):
            ask = int(self.of[pair])
            if self.week.shows[pair]:
                self.state[ask] = 3
                self.value += int(self.week.pairs.weight[pair])
                self.waited.append(float(BEGINS[part] - self.week.comes[ask]))
            else:
                self.state[ask] = 1
                self.left[self.week.pairs.helper[pair]] += 1
                missed.append(pair)
        return missed


class Policy:
    """Whom to invite. Told what happens; says, each hour in which people are awake, which pairs to invite now."""

    def __init__(self, world: World) -> None:
        self.world = world

    def comes(self, ask: int) -> None:
        """A new ask."""

    def answered(self, pair: int, part: int | None, *, yes: bool) -> None:
        """A yes, to be met in this part of the week; or a no, or silence, or a ``yes`` that came too late: None."""

    def missed(self, pair: int) -> None:
        """Who had promised didn't come."""

    def over(self, ask: int) -> None:
        """The last part of the week in which it could be met has begun."""

    def hour_begins(self) -> None:
        """Time passes, day and night."""

    def choose(self, ask: int) -> list[int]:
        """The pairs to invite now to an open ask."""
        raise NotImplementedError


def play(world: World, policy: Policy) -> World:
    """Let the week pass, hour by hour."""
    week = world.week
    last_part = [int(slots).bit_length() - 1 for slots in week.instance.asks.slots.tolist()]
    over_at: dict[int, list[int]] = defaultdict(list)
    for ask, part in enumerate(last_part):
        over_at[int(BEGINS[part])].append(ask)
    come = 0
    for world.hour in range(HOURS):
        _answers(world, policy)
        _appointments(world, policy)
        for ask in over_at.pop(world.hour, []):
            if world.state[ask] == 1:
                world.state[ask] = 4
                policy.over(ask)
        while come < len(week.comes) and week.comes[come] <= world.hour:
            world.state[come] = 1
            policy.comes(come)
            come += 1
        policy.hour_begins()
        _invitations(world, policy)
    return world


def _invitations(world: World, policy: Policy) -> None:
    if world.hour % 24 in AWAKE:
        for ask in np.flatnonzero(world.state == 1).tolist():
            for pair in policy.choose(ask):
                world.invite(pair)


def _appointments(world: World, policy: Policy) -> None:
    for part in np.flatnonzero(world.hour == BEGINS).tolist():
        for pair in world.happen(part):
            policy.missed(pair)


def _answers(world: World, policy: Policy) -> None:
    for pair, yes in world.due.pop(world.hour, []):
        ask = int(world.of[pair])
        world.waiting[ask] -= 1
        part = world.part_of(pair) if yes and world.state[ask] == 1 else None
        if part is not None:
            world.promise(pair, part)
        policy.answered(pair, part, yes=yes)


def clairvoyant(week: Week) -> int:
    """The most there is for whoever knows, from the beginning, who would say yes rested and come."""
    would = (week.luck < week.chance) & week.shows
    pairs = replace(
        week.pairs,
        indptr=np.concatenate([[0], np.cumsum(would)])[week.pairs.indptr],
        helper=week.pairs.helper[would],
        weight=week.pairs.weight[would],
        metres=week.pairs.metres[would],
    )
    return Plan.of(week.instance, pairs).value()
