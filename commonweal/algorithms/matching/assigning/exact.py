"""An exact assignment by firm bids and shortest paths, for where the auction of falling steps leaves a doubt.

Level choices would leave half of all undecided. So weights are counted in tiny parts of a point, and each pair gets a
few such parts more by chance, all together less than a point: what is best then was among the best before, and the
seed says which of them.
"""

from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.assigning.bidding import firm_bids
from commonweal.algorithms.matching.assigning.market import Market, Near
from commonweal.algorithms.matching.assigning.paths import FAR, find_ways, opening
from commonweal.algorithms.matching.assigning.seats import NONE, crowded_price
from commonweal.algorithms.matching.instance import Array

MOST_TURNS = 50
BITS = 61


def fineness(most: int, units: int) -> int:
    """Return the shift by which weights up to ``most`` can be made finer without any sum outgrowing an int64."""
    return max(0, min(32, BITS - int(most).bit_length() - int(units).bit_length()))


def told_apart(near: Near, units: int, shift: int, seed: int) -> Near:
    """Return the pairs with weights in 1/2^``shift`` points and a bit of chance, each row by falling weight."""
    chance = np.random.default_rng(seed).integers(0, (1 << shift) // (units + 1) + 1, len(near.helper))
    weight = (near.weight.astype(np.int64) << shift) + chance
    helper = near.helper.copy()
    sort_rows(near.first, near.last, helper, weight)
    return near._replace(helper=helper, weight=weight)


@compiled
def sort_rows(first: Any, last: Any, helper: Any, weight: Any) -> Any:
    """Put each row in order of falling weight."""
    for i in range(len(first)):
        row = slice(first[i], last[i])
        order = np.argsort(-weight[row])
        helper[row] = helper[row][order]
        weight[row] = weight[row][order]


def find_exact(market: Market, order: Array, most: int) -> tuple[int, bool]:
    """Seat all units as well as can be; return the paths looked for, and whether it came to its end.

    Weights count as they are (shift 0). It gives up after about ``most`` pairs were read on paths: the market is of no
    use then. Units of asks that want several hands go by paths alone.
    """
    single = market.rows["hands"][market.units["ask"][order]] == 1
    undecided = firm_bids(market, order[single], MOST_TURNS)
    to_levels(market.people, market.seats)
    left = np.zeros(len(market.rows), np.int64)
    week = np.zeros(len(market.people), np.int64)
    opening(market, left, week)
    nodes = len(market.seats) + len(left) + len(week)
    search = (
        np.full(nodes, FAR, np.int64),  # distance
        np.full(nodes, NONE, np.int64),  # came from which node
        np.full(nodes, NONE, np.int64),  # by which pair
        np.empty(nodes + 1, np.int64),  # nodes met
        np.empty(nodes + 1, np.int64),  # heap
        np.full(nodes, NONE, np.int64),  # where in the heap
        np.zeros(4, np.int64),  # the tally
    )
    waiting = np.concatenate([undecided, order[~single]])
    paths, done = find_ways(market, left, week, waiting, search, most)
    market.doors["week"] = week[market.doors["person"]]
    return int(paths), bool(done)


@compiled
def to_levels(people: Any, seats: Any) -> Any:
    """Make each seat's bid what its part of the week costs others."""
    for p in range(len(people)):
        person = people[p]
        level = np.zeros(person.filled, np.int64)
        full = person.seat + person.filled == person.last_seat
        week = FAR
        for e in range(person.seat, person.seat + person.filled):
            week = min(week, seats[e].bid)
        for e in range(person.seat, person.seat + person.filled):
            level[e - person.seat] = crowded_price(seats, person, 1 << seats[e].slot, week if full else 0)
        for e in range(person.seat, person.seat + person.filled):
            seats[e].bid = level[e - person.seat]
