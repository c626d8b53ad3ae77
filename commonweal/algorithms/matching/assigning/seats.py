"""Who holds whose hours while bids are made: seats in a person's week, at most one in each part of it.

The asks that a person can meet in one week are the independent sets of a matroid: as many as their week has room for,
each in a part of its own. So whoever wants in pushes out one other at most: the lowest bid among those that stand in
the way, even where they would first have to move to another part of the week. That lowest bid is the price; where
nobody stands in the way the price is nought. Matroids make gross substitutes, for which an auction ends within
its step of the best (A. Kelso, V. Crawford, Econometrica 1982; D. Bertsekas, 1988).

Records instead of many arrays: a compiled call counts references to every array it is given.
"""

from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled_bare, compiled_bare_within

NONE = -1
ROOT, UNMET = -1, -2

ROW = np.dtype(
    [
        ("first", np.int64),  # its pairs, highest weight first
        ("last", np.int64),
        ("wanted", np.int64),  # parts of the week that suit the ask, as bits
        ("extra", np.int64),  # added to every pair of the ask
        ("unit", np.int64),  # its first unit; one for each hand it wants
        ("hands", np.int64),
    ]
)
DOOR = np.dtype(
    [
        ("free", np.int64),  # parts of the week that suit the helper and in which the person has nothing yet
        ("week", np.int64),  # what a free part costs: the lowest bid where the week is full, else the floor
        (
            "offered",
            np.int64,
        ),  # parts of the week that suit the helper; none where the week has no room at all
        ("person", np.int64),
    ]
)
PERSON = np.dtype(
    [
        ("row", np.int64),  # their helpers in the list of helpers by person
        ("last_row", np.int64),
        ("seat", np.int64),  # their seats; the first `filled` of them are taken
        ("last_seat", np.int64),
        ("filled", np.int64),
        ("floor", np.int64),  # what a time in a week with room costs; 0 at the end
    ]
)
SEAT = np.dtype(
    [
        ("unit", np.int64),
        ("pair", np.int64),
        ("bid", np.int64),
        ("slot", np.int64),
        ("mask", np.int64),  # the parts of the week that would do for this pair
        ("top", np.int64),  # what the pair weighs, as bids count
        ("person", np.int64),
        ("via", np.int64),  # while room is made: the seat that would move to this one's part
    ]
)
NOTE = np.dtype(
    [
        ("most", np.int64),  # no more than this was the pair worth when it was noted
        ("top", np.int64),  # what it weighs, as bids count
        ("helper", np.int32),
        ("place", np.int32),  # in the ask's row
    ]
)
UNIT = np.dtype(
    [
        ("index", np.int64),
        ("ask", np.int64),
        ("seat", np.int64),  # NONE where it has nobody
        ("turns", np.int64),  # how often it has bid
        ("knows", np.int64),  # how many of its best pairs are noted; 0: it has to look at all
        ("others", np.int64),  # no pair that isn't noted is worth more, as long as prices only rise
        (
            "lift",
            np.int64,
        ),  # how much more than when they were noted its pairs may be worth, as prices fell since
        ("boost", np.int64),  # added to every pair of the unit
        ("zone", np.int64),  # of the map, see `zones`
    ]
)


@compiled_bare
def standing_in_the_way(seats: Any, person: Any, mask: Any) -> Any:
    """Return the seats (as bits) that whoever wants one of the parts ``mask`` meets, and whether a part is free."""
    first, count = person.seat, person.filled
    taken, met, reach = 0, 0, mask
    for e in range(first, first + count):
        taken |= 1 << seats[e].slot
    grown = True
    while grown:
        grown = False
        for e in range(first, first + count):
            if not met >> (e - first) & 1 and reach >> seats[e].slot & 1:
                met |= 1 << (e - first)
                reach |= seats[e].mask
                grown = True
    return met, (reach & ~taken) != 0


@compiled_bare_within
def lowest(seats: Any, person: Any, among: Any) -> Any:
    """Return the seat with the lowest bid of a person, of those whose bits are set; the first of equals."""
    found = NONE
    for e in range(person.seat, person.seat + person.filled):
        if among >> (e - person.seat) & 1 and (found == NONE or seats[e].bid < seats[found].bid):
            found = e
    return found


@compiled_bare
def crowded_price(seats: Any, person: Any, mask: Any, week: Any) -> Any:
    """Return what a person costs in one of the parts ``mask``, of which none is free: less if somebody can move."""
    met, free = standing_in_the_way(seats, person, mask)
    if free:
        return week
    return seats[lowest(seats, person, met)].bid


@compiled_bare_within
def refresh(doors: Any, seats: Any, person: Any, helpers: Any) -> Any:
    """Bring ``free`` and ``week`` of all the person's helpers up to date."""
    taken = 0
    for e in range(person.seat, person.seat + person.filled):
        taken |= 1 << seats[e].slot
    price = person.floor
    if person.seat + person.filled == person.last_seat:
        price = seats[lowest(seats, person, -1)].bid
    for row in range(person.row, person.last_row):
        doors[helpers[row]].free = doors[helpers[row]].offered & ~taken
        doors[helpers[row]].week = price


@compiled_bare_within
def vacate(seats: Any, units: Any, person: Any, seat: Any) -> Any:
    """Take the unit out of its seat; the last taken seat of the person moves into the gap. Return the unit."""
    unit = seats[seat].unit
    last = person.seat + person.filled - 1
    units[unit].seat = NONE
    if seat != last:
        seats[seat] = seats[last]
        units[seats[seat].unit].seat = seat
    seats[last].unit = NONE
    person.filled -= 1
    return unit


@compiled_bare_within
def first_part(mask: Any) -> Any:
    """Return the first part of the week whose bit is set in ``mask``, which isn't 0."""
    slot = 0
    while not mask >> slot & 1:
        slot += 1
    return slot


@compiled_bare
def make_room(seats: Any, person: Any, mask: Any) -> Any:
    """Return a free part of ``mask``; those already seated move to other parts that suit them where they must.

    The caller has seen to it that there is a way.
    """
    first, last = person.seat, person.seat + person.filled
    taken = 0
    for e in range(first, last):
        taken |= 1 << seats[e].slot
        seats[e].via = ROOT if mask >> seats[e].slot & 1 else UNMET
    if mask & ~taken:
        return first_part(mask & ~taken)
    e = first
    while seats[e].via == UNMET or not seats[e].mask & ~taken:
        if seats[e].via != UNMET:
            for other in range(first, last):
                if seats[other].via == UNMET and seats[e].mask >> seats[other].slot & 1:
                    seats[other].via = e
        e = e + 1 if e + 1 < last else first
    slot = first_part(seats[e].mask & ~taken)
    while e != ROOT:
        slot, seats[e].slot = seats[e].slot, slot
        e = seats[e].via
    return slot


@compiled_bare_within
def take_seat(doors: Any, people: Any, seats: Any, units: Any, helpers: Any, offer: Any) -> Any:
    """Seat a unit; return who had to give way, or NONE. ``offer`` is (unit, pair, helper, parts of the week, bid, and
    what the pair weighs, as bids count)."""
    unit, pair, helper, mask, bid, top = offer
    door = doors[helper]
    person = people[door.person]
    direct = mask & door.free
    out, met, free = NONE, -1, True
    if direct == 0:
        met, free = standing_in_the_way(seats, person, mask)
    if not free:
        out = vacate(seats, units, person, lowest(seats, person, met))
    elif person.seat + person.filled == person.last_seat:
        out = vacate(seats, units, person, lowest(seats, person, -1))
    slot = first_part(direct) if direct else make_room(seats, person, mask)
    seat = person.seat + person.filled
    person.filled += 1
    seats[seat].unit, seats[seat].pair, seats[seat].bid = unit, pair, bid
    seats[seat].slot, seats[seat].mask = slot, mask
    seats[seat].top, seats[seat].person = top, door.person
    units[unit].seat = seat
    refresh(doors, seats, person, helpers)
    return out
