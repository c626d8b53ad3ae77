"""What a place in a ring is worth, and with it a bound on what any choice of rings can be worth together.

Choosing rings is a packing problem: for each circle c a share x_c between 0 and 1, so that the circles through one
person have shares of at most 1 together. Its linear relaxation is solved nearly, by the primal-dual method of
Chambolle and Pock (2011) with their diagonal steps; each turn passes once over the circles. Any prices y >= 0 of people
under which no circle is worth more than its people's prices together prove that no choice is worth more than the
sum of all prices: the weak duality of linear programming. Prices are therefore made whole numbers, raised where a
circle is still worth more, and checked in whole numbers. What is proved so does not depend on how the nearly solved
relaxation was rounded.
"""

from dataclasses import dataclass

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.rings.model import LONGEST, NOBODY, Array, Circles

# Prices are in so many parts of a point.
PARTS = 1 << 10
TURNS = 400
SWEEPS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """What the relaxation says: ``share`` float64 (m) of each circle, near 0–1, and ``price`` int64 (people) in parts.

    ``bound`` is the sum of the prices in whole points, rounded down: no choice of these circles is worth more.
    """

    share: Array
    price: Array
    bound: int


def price(circles: Circles, *, turns: int = TURNS) -> Prices:
    """Solve the relaxation nearly and prove a bound. More ``turns`` bring both nearer, none gives a bound all the same.

    O(turns · m) for m circles, and no chance in it.
    """
    padded = places(circles)
    scale = circles.value.max(initial=1)
    share, rough = _relaxed(padded, circles.value / scale, circles.people, turns)
    prices = np.rint(rough * scale * PARTS).astype(np.int64)
    start, through = through_each(circles)
    _proved(padded, circles.value * PARTS, prices, start, through, SWEEPS)
    return Prices(share=share, price=prices[:-1], bound=int(prices.sum()) // PARTS)


def places(circles: Circles) -> Array:
    """The members, with ``people``, a place for nobody, where a circle is shorter than the longest: int64 (m, 2–4)."""
    longest = max(int(circles.length.max(initial=0)), 2)
    members = circles.members[:, :longest].astype(np.int64)
    return np.where(members == NOBODY, circles.people, members)


def through_each(circles: Circles) -> tuple[Array, Array]:
    """The circles through each person, in compressed rows: int64 (people + 1) and int64."""
    members = circles.members.ravel()
    is_person = members != NOBODY
    order = np.argsort(members[is_person], kind="stable")
    circle = np.repeat(np.arange(len(circles)), LONGEST)[is_person][order]
    start = np.zeros(circles.people + 1, np.int64)
    np.cumsum(np.bincount(members[is_person], minlength=circles.people), out=start[1:])
    return start, circle


@compiled
def _relaxed(padded, value, people, turns):  # type: ignore[no-untyped-def]
    """Shares and prices after so many turns, for values up to 1; the price of nobody's place, the last, stays 0."""
    circles, longest = padded.shape
    share, size = np.zeros(circles), np.zeros(circles)
    prices, load, count = np.zeros(people + 1), np.zeros(people + 1), np.zeros(people + 1)
    for c in range(circles):
        for i in range(longest):
            size[c] += padded[c, i] < people
            count[padded[c, i]] += 1
    for p in range(people):
        prices[p] = 1 / longest if count[p] else 0.0
    for _turn in range(turns):
        load[:] = 0
        _move_shares(padded, value, share, size, prices, load)
        for p in range(people):
            if count[p]:
                prices[p] = max(prices[p] + (load[p] - 1) / count[p], 0.0)
    return share, prices


@compiled
def _move_shares(padded, value, share, size, prices, load):  # type: ignore[no-untyped-def]
    """Move each share by what its circle is worth beyond its people's prices; ``load`` gathers where they will be."""
    circles, longest = padded.shape
    for c in range(circles):
        worth = value[c]
        for i in range(longest):
            worth -= prices[padded[c, i]]
        new = max(share[c] + worth / size[c], 0.0)
        ahead = 2 * new - share[c]
        share[c] = new
        if ahead:
            for i in range(longest):
                load[padded[c, i]] += ahead


@compiled
def _proved(padded, value, prices, start, through, sweeps):  # type: ignore[no-untyped-def]
    """Raise prices until no circle is worth more than its people, then lower each as far as that stays true."""
    circles, longest = padded.shape
    people = len(prices) - 1
    for c in range(circles):
        missing, size = value[c], 0
        for i in range(longest):
            missing -= prices[padded[c, i]]
            size += padded[c, i] < people
        if missing > 0:
            for i in range(longest):
                if padded[c, i] < people:
                    prices[padded[c, i]] += -(-missing // size)
    for _sweep in range(sweeps):
        for p in range(people):
            least = 0
            for e in range(start[p], start[p + 1]):
                rest = value[through[e]] + prices[p]
                for i in range(longest):
                    rest -= prices[padded[through[e], i]]
                least = max(least, rest)
            prices[p] = least
