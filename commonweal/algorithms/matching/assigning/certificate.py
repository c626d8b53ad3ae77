"""A ceiling that no assignment can reach over, worked out from prices alone.

For any prices of nought or more, of a person's week and of the parts of it, no assignment is worth more than what
each ask would have left if it could buy what it likes best, plus what all weeks and parts cost (linear programming
duality). Good prices bring the ceiling down to the value that was reached: that proves it. Nothing here knows how the
prices were found, and nothing of the auction is used.
"""

from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.assigning.market import People
from commonweal.algorithms.matching.assigning.model import Pairs, Prices
from commonweal.algorithms.matching.assigning.threads import in_parts
from commonweal.algorithms.matching.instance import Instance


@compiled
def asking_price(helper: Any, mask: Any, week: Any, dear_ptr: Any, dear_slot: Any, dear_price: Any) -> Any:
    """Return the least price of a helper in one of the parts ``mask``: the week's, plus the part's where it has one."""
    least = np.int64(-1)
    dear = np.int64(0)
    for e in range(dear_ptr[helper], dear_ptr[helper + 1]):
        bit = np.int64(1) << np.int64(dear_slot[e])
        dear |= bit
        if bit & mask and (least < 0 or dear_price[e] < least):
            least = dear_price[e]
    return week[helper] if mask & ~dear else week[helper] + least


@compiled
def most_left(row: Any, pairs: Any, sides: Any, scale: Any, prices: Any) -> Any:
    """Return the most an ask that wants one helper can have left. ``row`` is (first pair, last, wanted, extra)."""
    helper, weight = pairs
    offered = sides[0]
    week, dear_ptr, dear_slot, dear_price = prices
    first, last, wanted, extra = row
    most = np.int64(0)
    for k in range(first, last):
        top = scale * weight[k] + extra
        if top <= most:
            break
        mask = wanted & offered[helper[k]]
        if mask:
            most = max(most, top - asking_price(helper[k], mask, week, dear_ptr, dear_slot, dear_price))
    return most


@compiled
def most_left_by_several(row: Any, hands: Any, pairs: Any, sides: Any, scale: Any, prices: Any) -> Any:
    """Return the most an ask that wants several helpers can have left: each from another person."""
    helper, weight = pairs
    offered, person = sides
    week, dear_ptr, dear_slot, dear_price = prices
    first, last, wanted, extra = row
    most, whom = np.zeros(hands, np.int64), np.full(hands, -1, np.int64)
    for k in range(first, last):
        top = scale * weight[k] + extra
        if top <= most.min():
            break
        mask = wanted & offered[helper[k]]
        if mask == 0:
            continue
        left = top - asking_price(helper[k], mask, week, dear_ptr, dear_slot, dear_price)
        place = int(most.argmin())
        for other in range(hands):
            if whom[other] == person[helper[k]]:
                place = other
        if left > most[place]:
            most[place], whom[place] = left, person[helper[k]]
    return most.sum()


@compiled
def surplus(first: Any, last: Any, rows: Any, pairs: Any, sides: Any, scale: Any, prices: Any) -> Any:
    """Return the sum over the asks ``first`` to ``last`` of the most each can have left at these prices.

    ``rows`` are (indptr, wanted, extra, hands) of the asks, ``pairs`` (helper, weight), ``sides`` (offered, person) of
    the helpers, ``prices`` (week, dear_ptr, dear_slot, dear_price) of the helpers.
    """
    indptr, wanted, extra, hands = rows
    total = np.int64(0)
    for i in range(first, last):
        row = (indptr[i], indptr[i + 1], wanted[i], extra[i])
        if hands[i] == 1:
            total += most_left(row, pairs, sides, scale, prices)
        else:
            total += most_left_by_several(row, hands[i], pairs, sides, scale, prices)
    return total


def ceiling(instance: Instance, pairs: Pairs, people: People, prices: Prices, threads: int = 1) -> int:
    """Return what no assignment of these pairs can be worth more than, in 1/``prices.scale`` points.

    The groups' rewards are not in it: `fairness` adds what they can be worth. O(pairs); much less where the
    first pairs of a row settle it.
    """
    asks, helpers = instance.asks, instance.helpers
    offered = helpers.slots.view(np.int64) * (people.room[people.person] > 0)
    rows = (pairs.indptr, asks.slots.view(np.int64), prices.ask, asks.hands)
    theirs = (prices.week, prices.dear_ptr, prices.dear_slot, prices.dear_price)
    left = in_parts(
        threads,
        len(asks),
        lambda a, b: surplus(
            a, b, rows, (pairs.helper, pairs.weight), (offered, people.person), prices.scale, theirs
        ),
    )
    first = np.unique(people.person, return_index=True)[1]
    weeks = int((prices.week[first] * people.room).sum())
    owner = np.repeat(np.arange(len(helpers)), np.diff(prices.dear_ptr))
    parts = int(prices.dear_price[np.isin(owner, first)].sum())
    return int(sum(left)) + weeks + parts
