"""All or nothing: an ask that wants several helpers gets at least what it needs, or nobody.

Each hand bids with the full weight of its pair (half of it for half the hands would starve such asks), so that some are
left with fewer than they need. What those few are worth to them is then added to the bids of the missing hands: that is
what the ask gains by being whole. Who is still not whole lets go, and the others bid again for what comes free.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.assigning.bidding import ANYWHERE, auction
from commonweal.algorithms.matching.assigning.market import Market, copy_of, hands_held, holes
from commonweal.algorithms.matching.assigning.seats import NONE, crowded_price, refresh, vacate
from commonweal.algorithms.matching.instance import Array

ROUNDS = 2
TRIALS = 100
PATIENCE = 64


def missing(market: Market, at_least: Array) -> Array:
    """Return the asks that have somebody, and fewer than they need."""
    held = hands_held(market)
    return np.flatnonzero((held > 0) & (held < at_least))


def make_whole(market: Market, at_least: Array, shift: int, step: int) -> int:
    """Leave no ask with fewer hands than it needs; return the bids made. Bids of step ``step``, at least 1."""
    bids = last_call(market, shift, step)
    for _ in range(ROUNDS):
        short = missing(market, at_least)
        if not len(short):
            return bids
        raise_missing(market, short, shift)
        bids += _bid_again(market, _seatless(market, short), shift, step)
    return bids + let_go_of_halves(market, at_least, shift, step)


def last_call(market: Market, shift: int, step: int) -> int:
    """Offer for nothing what is left in weeks with room; return the bids made."""
    if not holes(market):
        return 0
    people, doors = market.people, market.doors
    people["floor"] = 0
    some_left = people["filled"] < people["last_seat"] - people["seat"]
    doors["week"][some_left[doors["person"]]] = 0
    return _bid_again(market, np.flatnonzero(market.units["seat"] == NONE), shift, step)


def let_go_of_halves(market: Market, at_least: Array, shift: int, step: int) -> int:
    """Free what asks hold that have too few, until there is none; return the bids made."""
    bids = 0
    while len(short := missing(market, at_least)):
        let_go(market, short)
        bids += _bid_again(market, np.flatnonzero(market.units["seat"] == NONE), shift, step)
    return bids


def reconsider(
    market: Market, last: Array, at_least: Array, by: tuple[int, int], worth: Callable[[Market], int]
) -> tuple[Market, int]:
    """Serve asks that need several and have nobody, one after another, where ``worth`` of the whole grows by it.

    ``by`` is (shift, step). The ask outbids everybody, who loses half of their hands lets go, and the others bid for
    what comes free; it stays so if it is better. At most ``TRIALS`` are tried, the most worthy first.
    """
    held = hands_held(market)
    first = market.rows["first"]
    unmet = np.flatnonzero((held == 0) & (at_least > 1) & (last - first >= at_least))
    if not len(unmet):
        return market, 0
    best = [int(market.weight[first[i] : first[i] + at_least[i]].sum(dtype=np.int64)) for i in unmet]
    shift, step = by
    bids, value = 0, worth(market)
    everything = int(market.weight.max()) << (shift + 2)
    for i in unmet[np.argsort(best, kind="stable")[::-1]][:TRIALS]:
        trial = copy_of(market)
        trial.rows["last"][i] = last[i]
        own = trial.units["ask"] == i
        trial.units["boost"][own] = everything
        bids += _bid_again(trial, np.flatnonzero(own)[: at_least[i]], shift, step)
        trial.units["boost"][own] = 0
        bids += let_go_of_halves(trial, at_least, shift, step)
        if worth(trial) > value:
            market, value = trial, worth(trial)
    return market, bids


def _seatless(market: Market, asks: Array) -> Array:
    units = market.units
    return np.flatnonzero((units["seat"] == NONE) & np.isin(units["ask"], asks))


def _bid_again(market: Market, units: Array, shift: int, step: int) -> int:
    market.units["knows"] = 0
    market.units["turns"] = 0
    return int(auction(market, units, (shift, step, PATIENCE), ANYWHERE))


@compiled
def raise_missing(market: Any, short: Any, shift: Any) -> Any:
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
def let_go(market: Any, short: Any) -> Any:
    """Free all that the asks hold, and take them out of the bidding."""
    rows, doors, people, seats, units, helpers, _, helper, _ = market
    for i in short:
        for unit in range(rows[i].unit, rows[i].unit + rows[i].hands):
            units[unit].boost = 0
            if units[unit].seat != NONE:
                person = people[doors[helper[seats[units[unit].seat].pair]].person]
                vacate(seats, units, person, units[unit].seat)
                person.floor = 0
                refresh(doors, seats, person, helpers)
        rows[i].last = rows[i].first
