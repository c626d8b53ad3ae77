"""Why an ask got nobody: who could have met it, and what their time is worth to the others."""

from dataclasses import dataclass

import numpy as np

from commonweal.algorithms.matching.assigning.market import people_of
from commonweal.algorithms.matching.assigning.model import Assignment, Pairs
from commonweal.algorithms.matching.instance import Instance


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A helper who could have met an ask, and doesn't: ``instead`` are the asks that have their time.

    ``weight`` is what the pair is worth, ``price`` what the helper's time is worth to the others, both in points:
    ``short_by`` (0 or more) is by how much the ask would have to be worth more to get them.
    """

    helper: int
    weight: int
    price: int
    instead: tuple[int, ...]

    @property
    def short_by(self) -> int:
        """How many points are missing."""
        return max(0, self.price - self.weight)


def passed_over(
    instance: Instance, pairs: Pairs, assignment: Assignment, ask: int, *, most: int = 5
) -> tuple[PassedOver, ...]:
    """Return who could have met an ask and doesn't, the nearest miss first, ``most`` of them at most.

    Weights count with what the groups' rewards add to this ask. Ties: the lower helper. O(m + k).
    """
    row = slice(int(pairs.indptr[ask]), int(pairs.indptr[ask + 1]))
    helpers = pairs.helper[row]
    prices = assignment.prices
    extra = int(prices.ask[ask]) // prices.scale
    mine = set(assignment.helper[assignment.ask == ask].tolist())
    person = people_of(instance).person
    found = []
    for helper, weight in zip(helpers.tolist(), pairs.weight[row].tolist()):
        if helper not in mine:
            theirs = np.flatnonzero(person[assignment.helper] == person[helper])
            found.append(
                PassedOver(
                    helper=helper,
                    weight=weight + extra,
                    price=price_for(instance, assignment, ask, helper),
                    instead=tuple(assignment.ask[theirs].tolist()),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.price - one.weight, one.helper))[:most])


def price_for(instance: Instance, assignment: Assignment, ask: int, helper: int) -> int:
    """Return what a helper's time is worth to the others in the cheapest part of the week that suits both, in points,
    rounded to the nearest."""
    prices = assignment.prices
    both = int(instance.asks.slots[ask] & instance.helpers.slots[helper])
    dear = slice(int(prices.dear_ptr[helper]), int(prices.dear_ptr[helper + 1]))
    above = dict(zip(prices.dear_slot[dear].tolist(), prices.dear_price[dear].tolist()))
    least = min((above.get(slot, 0) for slot in range(both.bit_length()) if both >> slot & 1), default=0)
    return (2 * (int(prices.week[helper]) + least) + prices.scale) // (2 * prices.scale)
