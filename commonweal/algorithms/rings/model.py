"""Who could give to whom, the circles that are in it, and the rings chosen from them, as arrays."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]

SHORTEST, LONGEST = 2, 4
NOBODY = -1
MOST_WEIGHT = 1 << 20
MOST_WORTH = 1 << 7


class BadGifts(ValueError):
    """Arrays that are no graph of givers; the words say what is wrong, and where."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gifts:
    """A directed graph of ``n`` people in compressed rows: giver ``i`` can meet a need of each ``taker`` in its row.

    ``indptr`` int64 (n + 1), ``taker`` int32 (nnz), ascending within a row, ``weight`` int32 (nnz, from 1 to 2²⁰): what
    it is worth that ``i`` gives to that taker. Nobody gives to themselves, and no pair stands there twice.
    """

    indptr: Array
    taker: Array
    weight: Array

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @classmethod
    def of(cls, people: int, giver: ArrayLike, taker: ArrayLike, weight: ArrayLike = 1) -> Self:
        """``people`` people and their possible gifts in any order; ``weight`` is one number or one for each gift.

        Raises BadGifts for somebody who isn't there, a gift to oneself, one that is named twice, weights outside
        their range, and arrays of different lengths or of other things than whole numbers.
        """
        if not 0 <= people < 1 << 31:
            raise BadGifts(f"there can't be {people} people")
        givers, takers = _numbers("giver", giver), _numbers("taker", taker)
        weights = _numbers("weight", np.broadcast_to(weight, len(givers)) if np.ndim(weight) == 0 else weight)
        if not len(givers) == len(takers) == len(weights):
            raise BadGifts(f"{len(givers)} givers, {len(takers)} takers and {len(weights)} weights")
        _within("giver", givers, 0, people - 1)
        _within("taker", takers, 0, people - 1)
        _within("weight", weights, 1, MOST_WEIGHT)
        if (givers == takers).any():
            raise BadGifts(f"{givers[(givers == takers).argmax()]} would give to themselves")
        order = np.lexsort((takers, givers))
        givers, takers, weights = givers[order], takers[order], weights[order]
        twice = (givers[1:] == givers[:-1]) & (takers[1:] == takers[:-1])
        if twice.any():
            raise BadGifts(f"from {givers[twice.argmax()]} to {takers[twice.argmax()]} stands there twice")
        indptr = np.zeros(people + 1, np.int64)
        np.cumsum(np.bincount(givers, minlength=people), out=indptr[1:])
        return cls(indptr=indptr, taker=takers.astype(np.int32), weight=weights.astype(np.int32))

    @property
    def giver(self) -> Array:
        """The giver of each gift, int32 (nnz)."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.indptr))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Circles:
    """Every possible ring, each once: ``m`` of them among ``people`` people.

    ``members`` int32 (m, 4): each gives to the next and the last to the first; the smallest number stands first, and
    NOBODY fills up shorter ones. ``value`` int64 (m): its worth by length times the sum of its weights. ``is_all`` is
    False where there were too many to list and some are left out.
    """

    people: int
    members: Array
    value: Array
    is_all: bool

    def __len__(self) -> int:
        return len(self.value)

    @property
    def length(self) -> Array:
        """How many people are in each, int64 (m)."""
        return np.asarray((self.members != NOBODY).sum(1))

    def take(self, chosen: Array) -> "Circles":
        """These circles only, in this order."""
        return Circles(
            people=self.people, members=self.members[chosen], value=self.value[chosen], is_all=False
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rings:
    """The rings chosen: nobody is in two of them.

    ``members`` int32 (k, 4) as in `Circles`, ordered by their first person; ``value`` is what they are worth together
    and ``bound`` what no choice of rings can exceed, both int. ``listed`` is how many circles were possible, and
    ``is_all`` whether these were all there are.
    """

    members: Array
    value: int
    bound: int
    listed: int
    is_all: bool

    @property
    def people(self) -> int:
        """How many people are in a ring."""
        return int((self.members != NOBODY).sum())

    @property
    def share(self) -> float:
        """The value as a share of the bound: at least so near is it to the best there is; 1 where it is the best."""
        return self.value / self.bound if self.bound else 1.0


def _numbers(name: str, values: ArrayLike) -> Array:
    numbers = np.asarray(values)
    if numbers.ndim != 1 or (numbers.size and numbers.dtype.kind not in "iu"):
        raise BadGifts(f"{name} is a list of whole numbers, not {numbers.dtype} of the shape {numbers.shape}")
    return numbers.astype(np.int64)


def _within(name: str, numbers: Array, least: int, most: int) -> None:
    wrong = (numbers < least) | (numbers > most)
    if wrong.any():
        first = int(wrong.argmax())
        raise BadGifts(f"{name}[{first}] is {numbers[first]}, outside {least} to {most}")
