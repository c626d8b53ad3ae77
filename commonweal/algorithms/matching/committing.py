"""When a suggestion has to become an invitation, and what an hour is worth before anybody has asked for it."""

import math
from dataclasses import dataclass

import numpy as np

from commonweal.algorithms.matching.instance import MOST_CATEGORIES, SLOTS, Array

# A helper's own price weighs as much as that of their kind when their kind counts this many.
SHRUNK_BY = 4.0


def turns(*, chance: float, others: int, sure: float) -> int:
    """How many people have to be asked one after the other until one says yes with the chance ``sure``.

    ``chance`` is how likely one of them says yes; there are ``others`` besides the first, and no more can be asked than
    there are. 1 or more.
    """
    if not (0 <= chance <= 1 and 0 <= sure < 1 and others >= 0):
        raise ValueError("chances lie between 0 and 1, nothing is quite sure, and others are counted")
    if chance in (0, 1):
        return 1 if chance else 1 + others
    needed = math.log(1 - sure) / math.log1p(-chance)
    return 1 + others if needed >= 1 + others else max(math.ceil(needed), 1)


def last_moment(
    *, deadline_h: float, answer_h: float, chance: float, others: int, sure: float = 0.9
) -> float:
    """When at the latest the first invitation has to go out, in hours on the clock of ``deadline_h``.

    Until then a suggestion is kept to itself, because whatever comes meanwhile may find a better use for everybody;
    from then on, waiting costs the ask a chance. ``deadline_h`` is the hour at which somebody has to have said yes,
    ``answer_h`` how long one answer takes. The fewer candidates, the fewer can be asked in turn, and the more time
    there is before the first; the less likely a yes, the earlier one begins.
    """
    if not answer_h >= 0:
        raise ValueError("an answer takes no less than no time")
    return deadline_h - answer_h * turns(chance=chance, others=others, sure=sure)


@dataclass(frozen=True, slots=True)
class HourPrices:
    """What an hour of help was worth last week: points, float64 of the shape (areas, 64 categories, 42 slots).

    From `learn`. The price of a plan made when the week is over is what each helper's next hour would have brought; the
    mean over those of one kind, in one area, free at one time, is what such an hour will bring again.
    """

    table: Array

    @classmethod
    def learn(cls, worth: Array, area: Array, categories: Array, slots: Array) -> "HourPrices":
        """From last week's `Plan.worth` (m), the helpers' areas (int, 0…), categories and slots (both as bits).

        A cell of few helpers is drawn to the mean of its area and category, that to the mean of its category, and
        that to the mean of all, each as if four helpers had said so. O(m · categories · slots of each).
        """
        shape = (int(area.max(initial=-1)) + 1, MOST_CATEGORIES, SLOTS)
        total, count = np.zeros(shape), np.zeros(shape)
        kinds, parts = _bits(categories, MOST_CATEGORIES), _bits(slots, SLOTS)
        for place in range(shape[0]):
            here = area == place
            total[place] = (kinds[here] * worth[here, None]).T @ parts[here]
            count[place] = kinds[here].T @ parts[here]
        level = np.full((1, 1, 1), total.sum() / max(count.sum(), 1))
        for over in ((0, 2), (2,), ()):
            sums, counts = total.sum(over, keepdims=True), count.sum(over, keepdims=True)
            level = (sums + SHRUNK_BY * level) / (counts + SHRUNK_BY)
        return cls(level)

    def of(self, area: Array, categories: Array, slots: Array) -> Array:
        """The price of an hour of each of these helpers, in whole points (int64): the mean over what they offer."""
        kinds, parts = _bits(categories, MOST_CATEGORIES), _bits(slots, SLOTS)
        prices = np.zeros(len(area))
        for place in np.unique(area).tolist():
            here = area == place
            cells = kinds[here].sum(1) * parts[here].sum(1)
            summed = np.einsum("mk,ks,ms->m", kinds[here], self.table[place], parts[here], optimize=True)
            prices[here] = summed / np.maximum(cells, 1)
        return np.rint(prices).astype(np.int64)


def beats(weights: Array, prices: Array, *, share: float = 1.0) -> Array:
    """Which pairs are worth more than the price of the helper's hour (bool); ``share``: how much of it still counts."""
    better: Array = weights > share * prices
    return better


def _bits(masks: Array, most: int) -> Array:
    """Bits as a table of noughts and ones, float64 of the shape (m, most)."""
    table: Array = ((masks[:, None] >> np.arange(most, dtype=np.uint64)) & np.uint64(1)).astype(np.float64)
    return table
