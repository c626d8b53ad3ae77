"""Who vouches for whom, as arrays, checked once at the border."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

Array = NDArray[Any]

UNREACHED = -1


class BadVouches(ValueError):
    """Arrays that are no graph of vouches, or no members of it; the words say what is wrong, and where."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vouches:
    """A directed graph of ``n`` members in compressed rows: ``giver`` says "I know this person" of each ``taker``.

    ``indptr`` int64 (n + 1), ``taker`` int32 (e), ascending within the row of a giver. Nobody vouches for themselves,
    and a vouch that is given twice stands there once.
    """

    indptr: Array
    taker: Array

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @classmethod
    def of(cls, members: int, giver: ArrayLike, taker: ArrayLike) -> Self:
        """``members`` members and their vouches in any order; one that is named twice counts once. O(e log e).

        Raises BadVouches for somebody who isn't there, a vouch for oneself, arrays of different lengths and those of
        other things than whole numbers.
        """
        if not 0 <= members < 1 << 31:
            raise BadVouches(f"there can't be {members} members")
        givers, takers = numbers_within("giver", giver, members), numbers_within("taker", taker, members)
        if len(givers) != len(takers):
            raise BadVouches(f"{len(givers)} givers and {len(takers)} takers")
        if (givers == takers).any():
            raise BadVouches(f"{givers[(givers == takers).argmax()]} would vouch for themselves")
        pairs = np.sort(givers * max(members, 1) + takers)
        givers, takers = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], max(members, 1))
        indptr = np.zeros(members + 1, np.int64)
        np.cumsum(np.bincount(givers, minlength=members), out=indptr[1:])
        return cls(indptr=indptr, taker=takers.astype(np.int32))

    @property
    def giver(self) -> Array:
        """The giver of each vouch, int32 (e)."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.given)

    @property
    def given(self) -> Array:
        """How many each member vouches for, int64 (n)."""
        return np.diff(self.indptr)

    @property
    def received(self) -> Array:
        """How many vouch for each member, int64 (n)."""
        return np.bincount(self.taker, minlength=len(self))

    def matrix(self) -> csr_array:
        """Row by giver, column by taker: 1.0 where there is a vouch, of the shape (n, n)."""
        return csr_array((np.ones(len(self.taker)), self.taker, self.indptr), shape=(len(self), len(self)))

    def taken_from(self, givers: Array) -> Array:
        """Everybody whom these members vouch for, as often as they do; int32."""
        counts = self.given[givers]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return np.asarray(self.taker[np.repeat(self.indptr[givers], counts) + within])


def distances(vouches: Vouches, seeds: ArrayLike) -> Array:
    """How many vouches away the nearest seed is, int64 (n); UNREACHED where none leads to a member. O(n + e log e)."""
    found = np.full(len(vouches), UNREACHED)
    edge, distance = chosen_members("seeds", seeds, len(vouches)), 0
    while len(edge):
        found[edge] = distance
        takers = np.unique(vouches.taken_from(edge))
        edge, distance = takers[found[takers] == UNREACHED], distance + 1
    return found


def chosen_members(name: str, members: ArrayLike, among: int) -> Array:
    """These members in ascending order, each once, int64. Raises BadVouches for none, and for who isn't there."""
    chosen = np.unique(numbers_within(name, members, among))
    if not len(chosen):
        raise BadVouches(f"{name} names nobody")
    return chosen


def numbers_within(name: str, values: ArrayLike, below: int) -> Array:
    """A list of whole numbers from 0 to ``below`` - 1, int64. Raises BadVouches for anything else."""
    numbers = np.asarray(values)
    if numbers.ndim != 1 or (numbers.size and numbers.dtype.kind not in "iu"):
        raise BadVouches(
            f"{name} is a list of whole numbers, not {numbers.dtype} of the shape {numbers.shape}"
        )
    wrong = (numbers < 0) | (numbers >= below)
    if wrong.any():
        raise BadVouches(f"{name}[{wrong.argmax()}] is {numbers[wrong.argmax()]}, outside 0 to {below - 1}")
    return numbers.astype(np.int64)
