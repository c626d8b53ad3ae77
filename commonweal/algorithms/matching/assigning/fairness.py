"""Falling rewards for groups: the first that are met in an area count for more than the last.

What a group adds depends on how many of it are met, so it can't stand at a pair. Each group gets a price instead, added
to all pairs of its asks: what one more of it is worth at present. That is Lagrange's relaxation, and what the groups
could still gain at their prices (the conjugate of their reward) keeps the ceiling true, with any number of families
that overlap.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from commonweal.algorithms.matching.assigning.model import EquityRules
from commonweal.algorithms.matching.instance import NOBODY, Array, Instance

BITS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """``count`` groups; ``member`` says by 1 and 0 which asks (rows) are in which groups (columns).

    ``points`` int64: what the first hand that is filled in each group adds; ``size`` int64: how many it wants; ``most``
    int64: how many of those somebody could come to at all. The ``k``-th hand of a group adds
    ``points * (size - k + 1) // size``: ``steps`` int64 has these, group after group, and ``starts`` int64 says where
    each begins.
    """

    member: sparse.csr_array
    points: Array
    size: Array
    most: Array
    steps: Array
    starts: Array

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(self.points)

    def filled(self, hands: Array) -> Array:
        """How many hands are filled in each group, given how many each ask has: int64."""
        return np.asarray(self.member.T @ hands.astype(np.int64)).astype(np.int64)

    def reward(self, hands: Array) -> int:
        """What all groups add together, in points."""
        place = np.arange(len(self.steps)) - np.repeat(self.starts, self.size)
        return int(self.steps[place < np.repeat(self.filled(hands), self.size)].sum())

    def next_worth(self, hands: Array, scale: int) -> Array:
        """What one more hand of each group would add, in 1/``scale`` points: int64."""
        return np.asarray(self.points * scale * (self.size - self.filled(hands)) // self.size)

    def for_asks(self, price: Array) -> Array:
        """What the groups' prices add to the pairs of each ask: int64 (n)."""
        return np.asarray(self.member @ price).astype(np.int64)

    def ceiling(self, price: Array, scale: int) -> int:
        """The most that all groups can add beyond their prices, in 1/``scale`` points."""
        place = np.arange(len(self.steps)) - np.repeat(self.starts, self.size)
        gain = np.maximum(0, self.steps * scale - np.repeat(price, self.size))
        return int(gain[place < np.repeat(self.most, self.size)].sum())


def groups_of(instance: Instance, rules: EquityRules, choices: Array | None = None) -> Groups:
    """Return the groups of all families that count: areas, sets of languages, single access needs.

    ``choices`` (n) says how many pairs each ask has: no more than so many of its hands can ever be filled. None: as
    many as it wants.
    """
    asks = instance.asks
    could = asks.hands if choices is None else np.minimum(asks.hands, choices)
    everybody = np.arange(len(asks))
    ask: list[Array] = []
    group: list[Array] = []
    points: list[int] = []
    for worth, keys, some in _families(instance, rules):
        chosen = everybody[some]
        if len(chosen):
            found, place = np.unique(keys[chosen], return_inverse=True)
            ask.append(chosen)
            group.append(place + len(points))
            points += [worth] * len(found)
    shape = (len(asks), len(points))
    if not points:
        return _groups(sparse.csr_array(shape, dtype=np.int64), points, asks.hands, could)
    at = (np.concatenate(ask), np.concatenate(group))
    ones = np.ones(len(at[0]), np.int64)
    return _groups(sparse.csr_array((ones, at), shape=shape), points, asks.hands, could)


def _families(instance: Instance, rules: EquityRules) -> Iterator[tuple[int, Array, Array]]:
    """The families that count: the reward, the group of each ask, and which asks have one."""
    asks = instance.asks
    if rules.areas:
        yield rules.areas, asks.area, asks.area != NOBODY
    if rules.languages:
        yield rules.languages, asks.languages, asks.languages != 0
    for bit in range(BITS if rules.access else 0):
        has = asks.needs >> np.uint64(bit) & np.uint64(1)
        yield rules.access, has, has != 0


def _groups(member: sparse.csr_array, points: list[int], hands: Array, could: Array) -> Groups:
    worth = np.array(points, np.int64)
    size = np.asarray(member.T @ hands.astype(np.int64)).astype(np.int64)
    most = np.asarray(member.T @ could.astype(np.int64)).astype(np.int64)
    starts = np.cumsum(size) - size
    place = np.arange(int(size.sum())) - np.repeat(starts, size)
    steps = np.repeat(worth, size) * (np.repeat(size, size) - place) // np.repeat(size, size)
    return Groups(member, worth, size, most, steps, starts)
