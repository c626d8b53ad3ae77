"""What the engine gives back: who helps whom and when, what it is worth, and the prices that prove it."""

from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from commonweal.algorithms.matching.instance import SLOTS, Array

MOST_REWARD = 1_000_000


class Pairs(Protocol):
    """Who could help whom, by ask: the pairs of ask ``i`` are ``indptr[i]`` to ``indptr[i + 1]``, best first."""

    @property
    def indptr(self) -> Array:
        """int64 (n + 1)."""

    @property
    def helper(self) -> Array:
        """int32 (pairs)."""

    @property
    def weight(self) -> Array:
        """int32 (pairs), 1 or more; falling within each ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityRules:
    """Points for the first ask that is met in a group, falling evenly to nought where all are: for each area, for each
    set of languages that askers speak, and for each access need. 0 leaves a family of groups out.

    Raises ValueError for what is negative or above a million.
    """

    areas: int = 400
    languages: int = 200
    access: int = 200

    def __post_init__(self) -> None:
        for entry in fields(self):
            if not 0 <= getattr(self, entry.name) <= MOST_REWARD:
                raise ValueError(f"{entry.name} is from 0 to {MOST_REWARD}: {getattr(self, entry.name)}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """What an hour of each helper is worth to the others, in 1/``scale`` points; whole numbers of 0 or more.

    ``week`` int64 (m): one more time in the helper's week (the same for all helpers of one person). A part of the week
    that is dearer than the rest has its own addition: those of helper ``h`` are ``dear_ptr[h]`` (int64, m + 1) to
    ``dear_ptr[h + 1]`` in ``dear_slot`` (int8) and ``dear_price`` (int64). ``ask`` int64 (n): what its groups'
    rewards add to every pair of an ask.
    """

    week: Array
    dear_ptr: Array
    dear_slot: Array
    dear_price: Array
    ask: Array
    scale: int

    def points(self) -> Array:
        """The price of a week in whole points (m), rounded to the nearest."""
        return (2 * self.week + self.scale) // (2 * self.scale)

    def slots(self) -> Array:
        """The addition of each part of the week, int64 (m, 42), in 1/``scale`` points."""
        table = np.zeros((len(self.week), SLOTS), np.int64)
        table[np.repeat(np.arange(len(self.week)), np.diff(self.dear_ptr)), self.dear_slot] = self.dear_price
        return table


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assignment:
    """``k`` tasks: ``ask`` int32, ``helper`` int32, ``slot`` int8 (0–41), ``weight`` int32; by ask, then helper.

    ``value`` is the sum of the weights and ``reward`` that of the groups' rewards, in points. No assignment can have
    more than ``bound`` of both together. ``exact`` says that ``value + reward`` is the most there is; ``gap`` is the
    share of ``bound`` that might be missing.
    """

    ask: Array
    helper: Array
    slot: Array
    weight: Array
    value: int
    reward: int
    bound: int
    prices: Prices
    bids: int
    paths: int

    @property
    def gap(self) -> float:
        """What part of ``bound`` might still be found, 0–1."""
        return (self.bound - self.value - self.reward) / self.bound if self.bound else 0.0

    @property
    def exact(self) -> bool:
        """Whether nothing better can be found."""
        return self.bound == self.value + self.reward

    def served(self, asks: int) -> Array:
        """How many helpers each of ``asks`` asks gets, int32."""
        return np.bincount(self.ask, minlength=asks).astype(np.int32)
