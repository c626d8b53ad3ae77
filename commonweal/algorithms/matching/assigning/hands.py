"""All or nothing: an ask that wants several helpers gets at least what it needs, or nobody.

Each hand bids with the full weight of its pair (half of it for half the hands would starve such asks), so that some are
left with fewer than they need. What those few are worth to them is then added to the bids of the missing hands: that is
what the ask gains by being whole. Who is still not whole lets go, and the others bid again for what comes free.
"""

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.assigning.bidding import auction
from commonweal.algorithms.matching.assigning.market import Market, hands_held
from commonweal.algorithms.matching.assigning.seats import NONE, crowded_price, refresh, vacate
from commonweal.algorithms.matching.instance import Array

ROUNDS = 2
PATIENCE = 64


def missing(market: Market, at_least: Array) -> Array:
    """Return the asks that have somebody, and fewer than they need."""
    held = hands_held(market)
    return np.flatnonzero((held > 0) & (held < at_least))


def make_whole(market: Market, at_least: Array, shift: int, step: int) -> int:
    """Leave no ask with fewer hands than it needs; return the bids made. Bids of step ``step``, at least 1."""
    bids = 0
    for _ in range(ROUNDS):
        short = missing(market, at_least)
        if not len(short):
            return bids
        raise_missing(market, short, shift)
        bids += _bid_again(market, _seatless(market, short), shift, step)
    while len(short := missing(market, at_least)):
        let_go(market, short)
        bids += _bid_again(market, np.flatnonzero(market.units["seat"] == NONE), shift, step)
    return bids


def _seatless(market: Market, asks: Array) -> Array:
    units = market.units
    return np.flatnonzero((units["seat"] == NONE) & np.isin(units["ask"], asks))


def _bid_again(market: Market, units: Array, shift: int, step: int) -> int:
    market.units["knows"] = 0
    market.units["turns"] = 0
    return int(auction(market, units, shift, step, PATIENCE))


@compiled
def raise_missing(market, short, shift):
    """Share out what the held hands of each ask are worth to it among those that it lacks."""
    rows, doors, people, seats, units, _, _, helper, weight = market
    for i in short:
        surplus, lacking = np.int64(0), 0
        for unit in range(rows[i].unit, rows[i].unit + rows[i].hands):
            if units[unit].seat == NONE:
                lacking += 1
                continue
            seat = seats[units[unit].seat]
            door = doors[helper[seat.pair]]
            price = crowded_price(seats, people[door.person], 1 << seat.slot, door.week)
            surplus += max(0, (np.int64(weight[seat.pair]) << shift) + rows[i].extra - price)
        for unit in range(rows[i].unit, rows[i].unit + rows[i].hands):
            if units[unit].seat == NONE:
                units[unit].boost = surplus // lacking


@compiled
def let_go(market, short):
    """Free all that the asks hold, and take them out of the bidding."""
    rows, doors, people, seats, units, helpers, _, helper, _ = market
    for i in short:
        for unit in range(rows[i].unit, rows[i].unit + rows[i].hands):
            units[unit].boost = 0
            if units[unit].seat != NONE:
                person = people[doors[helper[seats[units[unit].seat].pair]].person]
                vacate(seats, units, person, units[unit].seat)
                refresh(doors, seats, person, helpers)
        rows[i].last = rows[i].first
