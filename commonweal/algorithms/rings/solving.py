"""From who could give to whom, to the rings to be offered."""

from contextlib import suppress

import numpy as np

from commonweal.algorithms.rings.choosing import improved, in_order
from commonweal.algorithms.rings.circles import MOST, find_circles
from commonweal.algorithms.rings.exact import NotSolved, chosen_exactly
from commonweal.algorithms.rings.model import NOBODY, Array, Circles, Gifts, Rings
from commonweal.algorithms.rings.pricing import PARTS, Prices, places, price

# Up to so many circles the integer program takes a second or two; beyond, exchange comes within half a percent.
EXACT = 6_000
# So many branches the integer program may look at before what exchange found is taken instead.
NODES = 2_000
# A circle that is worth less than its people's prices by more than this share of its worth is seldom in a best choice.
NEAR = 1 / 20


def find_rings(
    gifts: Gifts,
    *,
    longest: int = 3,
    worth: tuple[int, int, int] = (1, 1, 1),
    seed: int = 0,
    exact: int = EXACT,
    most: int = MOST,
) -> Rings:
    """Choose rings of at most ``longest`` people (2–4), nobody in two of them, worth as much together as can be.

    With weights of 1 the worth is the number of people in rings; `find_circles` says what ``worth`` and ``most`` do.
    The relaxation gives a bound, shares and prices. The circles that its prices nearly pay for are taken in the order
    of their shares and improved by exchange; then whoever can still have a ring gets one. Where that leaves a gap and
    there are at most ``exact`` circles, they are chosen exactly, unless that would take for ever. ``seed`` only
    decides between what is equal, or looks equal to the search: the same input and seed give the same rings.

    The bound holds for every choice of rings there is. Where not all circles could be listed it is a plain one: nobody
    takes more than once, nor gives more than once. Raises ValueError as `find_circles` does.
    """
    circles = find_circles(gifts, longest=longest, worth=worth, most=most)
    prices = price(circles)
    chosen = _by_exchange(circles, prices, seed)
    bound = prices.bound
    if int(circles.value[chosen].sum()) < bound and len(circles) <= exact:
        with suppress(NotSolved):
            chosen = chosen_exactly(circles, nodes=NODES)
            bound = int(circles.value[chosen].sum())
    if not circles.is_all:
        bound = plain_bound(gifts) * max(worth[: longest - 1])
    return Rings(
        members=circles.members[chosen],
        value=int(circles.value[chosen].sum()),
        bound=bound,
        listed=len(circles),
        is_all=circles.is_all,
    )


def _by_exchange(circles: Circles, prices: Prices, seed: int) -> Array:
    people = np.append(prices.price, 0)[places(circles)].sum(1)
    near = np.flatnonzero(people <= circles.value * PARTS * (1 + NEAR))
    few = circles.take(near)
    order = _by_share(prices.share[near], few, seed)
    chosen = near[improved(few, in_order(few, order), seed=seed)]
    rest = np.argsort(-circles.value, kind="stable")
    return in_order(circles, np.concatenate([chosen, rest]))


def plain_bound(gifts: Gifts) -> int:
    """The least of what all would give at best, and of what all would take at best. O(gifts)."""
    best = [np.zeros(len(gifts), np.int64) for _side in range(2)]
    for side, people in zip(best, (gifts.giver, gifts.taker), strict=True):
        np.maximum.at(side, people, gifts.weight)
    return min(int(side.sum()) for side in best)


def is_sound(gifts: Gifts, rings: Array) -> bool:
    """Whether nobody is in two rings, and each can give to the next: what a choice of rings must be."""
    members = rings[rings != NOBODY]
    if len(members) != len(np.unique(members)):
        return False
    possible = set(zip(gifts.giver.tolist(), gifts.taker.tolist(), strict=True))
    for ring in rings.tolist():
        people = [person for person in ring if person != NOBODY]
        if len(people) < 2 or not possible.issuperset(zip(people, [*people[1:], people[0]], strict=True)):
            return False
    return True


def _by_share(share: Array, circles: Circles, seed: int) -> Array:
    """The circles, the largest share first; equal ones by their worth, then by chance."""
    chance = np.random.default_rng(seed).random(len(circles))
    return np.lexsort((chance, -circles.value, -share))
