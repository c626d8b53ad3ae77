"""From an instance and its pairs to the records of the auction, and from those to prices."""

from typing import Any, NamedTuple

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.assigning.bidding import KNOWN
from commonweal.algorithms.matching.assigning.model import Pairs, Prices
from commonweal.algorithms.matching.assigning.seats import (
    DOOR,
    NONE,
    NOTE,
    PERSON,
    ROW,
    SEAT,
    UNIT,
    crowded_price,
)
from commonweal.algorithms.matching.assigning.threads import in_parts
from commonweal.algorithms.matching.grid import near_order
from commonweal.algorithms.matching.instance import NOBODY, SLOTS, Array, Instance


class People(NamedTuple):
    """Helpers by person: ``person`` int64 (m), 0 to P − 1; ``room`` int64 (P): how often they still help this week."""

    person: Array
    room: Array


class Near(NamedTuple):
    """An instance with those who are near each other next to each other, and its pairs told by it.

    ``asks``, ``helpers`` int64 say who stands at each place, in the numbers of the caller, and ``place`` int32 where
    each helper stands. The pairs of an ask, the heaviest first, are ``first`` to ``last`` (int64) of ``helper`` (int32,
    by place) and ``weight``.
    """

    instance: Instance
    asks: Array
    helpers: Array
    place: Array
    first: Array
    last: Array
    helper: Array
    weight: Array


class Market(NamedTuple):
    """``n`` asks, ``m`` helpers, ``P`` people with ``E`` seats, ``U`` units: one for each hand that is wanted."""

    rows: Array  # ROW (n)
    doors: Array  # DOOR (m)
    people: Array  # PERSON (P)
    seats: Array  # SEAT (E)
    units: Array  # UNIT (U)
    helpers: Array  # int64 (m): by person
    known: Array  # NOTE (U, KNOWN): noted pairs of a unit, the best first
    helper: Array  # int32: of each pair
    weight: Array  # int32: of each pair


def people_of(instance: Instance) -> People:
    """Number the people behind the helpers; a helper without a person is a person of their own.

    If the helpers of one person don't agree about how often they still help, the least holds for all.
    """
    helpers = instance.helpers
    keys = np.where(helpers.person == NOBODY, -1 - np.arange(len(helpers), dtype=np.int64), helpers.person)
    found, person = np.unique(keys, return_inverse=True)
    room = np.full(len(found), np.iinfo(np.int64).max, np.int64)
    np.minimum.at(room, person, helpers.capacity.astype(np.int64))
    return People(person.astype(np.int64), room)


def side_by_side(instance: Instance, pairs: Pairs, threads: int) -> Near:
    """Put asks and helpers in the order of a curve from place to place: what is read together is near in memory."""
    asks, helpers = instance.asks, instance.helpers
    order, others = near_order(asks.lat, asks.lon), near_order(helpers.lat, helpers.lon)
    place = np.empty(len(helpers), np.int32)
    place[others] = np.arange(len(helpers), dtype=np.int32)
    helper = pairs.helper
    if (place[1:] < place[:-1]).any():
        helper = np.empty(len(pairs.helper), np.int32)
        in_parts(
            threads, len(helper), lambda a, b: np.take(place, pairs.helper[a:b], out=helper[a:b], mode="clip")
        )
    return Near(
        instance=instance.arranged(order, others),
        asks=order,
        helpers=others,
        place=place,
        first=pairs.indptr[:-1][order],
        last=pairs.indptr[1:][order],
        helper=helper,
        weight=pairs.weight,
    )


def open_market(near: Near, people: People) -> Market:
    """Return the market of an instance before anybody has bid."""
    asks, helpers = near.instance.asks, near.instance.helpers
    n, m, crowd = len(asks), len(helpers), len(people.room)
    rows, doors, persons = np.zeros(n, ROW), np.zeros(m, DOOR), np.zeros(crowd, PERSON)
    rows["first"], rows["last"] = near.first, near.last
    rows["wanted"], rows["hands"] = asks.slots.view(np.int64), asks.hands
    rows["unit"] = _starts(rows["hands"])[:-1]
    doors["offered"] = helpers.slots.view(np.int64) * (people.room[people.person] > 0)
    doors["free"], doors["person"] = doors["offered"], people.person
    count = np.bincount(people.person, minlength=crowd)
    persons["row"], persons["last_row"] = _starts(count)[:-1], _starts(count)[1:]
    starts = _starts(
        np.minimum(people.room, SLOTS + 1)
    )  # nobody can take more than SLOTS: who has more is never full
    persons["seat"], persons["last_seat"] = starts[:-1], starts[1:]
    units = np.zeros(int(rows["hands"].sum()), UNIT)
    units["index"] = np.arange(len(units))
    units["ask"], units["seat"] = np.repeat(np.arange(n), asks.hands), NONE
    return Market(
        rows=rows,
        doors=doors,
        people=persons,
        seats=np.zeros(int(starts[-1]), SEAT),
        units=units,
        helpers=np.argsort(people.person, kind="stable").astype(np.int64),
        known=np.empty((len(units), KNOWN), NOTE),
        helper=near.helper,
        weight=near.weight,
    )


def _starts(counts: Array) -> Array:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


@compiled
def dear_parts(market: Any, place: Any, ptr: Any, slot: Any, price: Any) -> Any:
    """Write for each helper the parts of the week that cost more than the week (int64 m + 1, int8, int64)."""
    _, doors, people, seats, _, _, _, _, _ = market
    at = 0
    for h in range(len(place)):
        ptr[h] = at
        door = doors[place[h]]
        person = people[door.person]
        for e in range(person.seat, person.seat + person.filled):
            level = crowded_price(seats, person, 1 << seats[e].slot, door.week)
            if level > door.week:
                slot[at], price[at] = seats[e].slot, level - door.week
                at += 1
    ptr[len(place)] = at
    return at


def prices_of(market: Market, near: Near, ask: Array, shift: int) -> Prices:
    """Return the prices at which the market stands, in the numbers of the caller: what whoever came now would have to
    pay. ``ask`` is what is added to the pairs of each ask, by place."""
    taken = int(market.people["filled"][market.doors["person"]].sum())
    ptr = np.zeros(len(market.doors) + 1, np.int64)
    slot, price = np.zeros(taken, np.int8), np.zeros(taken, np.int64)
    dear = dear_parts(market, near.place, ptr, slot, price)
    added = np.empty_like(ask)
    added[near.asks] = ask
    return Prices(
        week=market.doors["week"][near.place],
        dear_ptr=ptr,
        dear_slot=slot[:dear].copy(),
        dear_price=price[:dear].copy(),
        ask=added,
        scale=1 << shift,
    )


def hands_held(market: Market) -> Array:
    """How many helpers each ask has, int64 (n)."""
    units = market.units
    return np.bincount(units["ask"][units["seat"] != NONE], minlength=len(market.rows))


def value_held(market: Market, shift: int) -> int:
    """The weights of all that is held, in points; weights of the market are in 1/2^``shift`` points."""
    seats = market.units["seat"]
    return int((market.weight[market.seats["pair"][seats[seats != NONE]]] >> shift).sum(dtype=np.int64))


def holes(market: Market) -> int:
    """How many people have room, and would still cost something."""
    people = market.people
    room = people["filled"] < people["last_seat"] - people["seat"]
    return int((room & (people["floor"] > 0)).sum())


def copy_of(market: Market) -> Market:
    """Return the market with its own records of what is held; what no bid changes is shared."""
    own = {name: getattr(market, name).copy() for name in ("rows", "doors", "people", "seats", "units")}
    return market._replace(**own)
