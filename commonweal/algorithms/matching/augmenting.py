"""One change, one shortest path: how a plan that is best stays best when a seat or an hour comes or goes.

The plan is a flow of least cost: from each seat to a place (a person in one part of the week), to that person's week,
to the end; or from the seat straight to the end, unmet. With the prices of the last plan every step costs nought or
more, so Dijkstra's search finds the cheapest way to put one unit more (forward, from a new seat) or to use one unit
that became free (backward, from a place or a week), and stops as soon as nothing nearer is left. Prices then
move by how much nearer than the end each point was, and the plan is best again (Edmonds and Karp 1972; Tomizawa 1971).
"""

from heapq import heappop, heappush
from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled, compiled_within
from commonweal.algorithms.matching.book import (
    ASK,
    CAP,
    COUNT,
    DIST,
    FAR,
    FIRST,
    FROM,
    HANDS,
    HEAD,
    HELPER,
    KEPT,
    NEXT,
    NONE,
    OF,
    OFFER,
    OPEN,
    OTHER,
    PAIR,
    PERSON,
    PRICE,
    SEAT,
    SLOT,
    START,
    STATE,
    USED,
    VIA,
    WEIGHT,
    WHEN,
    WORTH,
    Book,
)
from commonweal.algorithms.matching.instance import Array

ONE = np.uint64(1)
NO_BITS = np.uint64(0)


@compiled
def lowest(bits: Any) -> Any:
    """The number of the lowest bit that is set."""
    number = 0
    while bits & ONE == NO_BITS:
        bits >>= ONE
        number += 1
    return number


@compiled
def choose(bits: Any, late: bool) -> Any:
    """Which of the parts of the week that are free: the first, or if it can be ``late``, the last."""
    number = lowest(bits)
    bits &= bits - ONE
    while late and bits != NO_BITS:
        number = lowest(bits)
        bits &= bits - ONE
    return number


@compiled_within
def gain_of(book: Book, seat: int, switch: int) -> Any:
    """What a seat has over the price of its place; 0 where it is empty."""
    pair = book.seats[seat, PAIR]
    if pair < 0:
        return 0
    return book.pairs[pair, WEIGHT] + switch - book.seats[seat, PRICE]


@compiled_within
def label(book: Book, search: Any, node: int, dist: int, origin: int, pair: int, slot: int) -> Any:
    """Reach ``node`` (a seat, or ~person) at ``dist``, if that is nearer than before and than the end."""
    heap, touched, goal = search[:3]
    row = book.seat_labels[node] if node >= 0 else book.labels[~node]
    if dist >= row[DIST] or dist >= goal[0]:
        return False
    if row[DIST] == FAR:
        touched.append(np.int64(node))
    row[DIST], row[FROM], row[VIA], row[WHEN] = dist, origin, pair, slot
    heappush(heap, (np.int64(dist), np.int64(node)))
    return True


@compiled
def begin(book: Book, search: Any, start: int) -> None:
    """The search begins here."""
    heap, touched = search[:2]
    row = book.seat_labels[start] if start >= 0 else book.labels[~start]
    touched.append(np.int64(start))
    row[DIST], row[FROM], row[VIA], row[WHEN] = 0, START, NONE, 0
    heappush(heap, (0, np.int64(start)))


@compiled_within
def finish(search: Any, dist: int, node: int) -> None:
    """The end is reached over ``node`` at ``dist``: keep the nearest."""
    goal = search[2]
    if dist < goal[0]:
        goal[0], goal[1] = dist, node


@compiled_within
def seat_forward(book: Book, search: Any, seat: int, dist: int, gain: int) -> None:
    """Where else a seat could go: an hour that is free, or the place of another seat."""
    ask = book.seats[seat, OF]
    first, goal = book.rows[ask, FIRST], search[2]
    for pair in range(first, first + book.rows[ask, COUNT]):
        weight, helper = book.pairs[pair, WEIGHT], book.pairs[pair, HELPER]
        if weight <= 0:
            continue
        person = book.helpers[helper, PERSON]
        # Prices from elsewhere may be out by a little; a step never costs less than nought.
        least = dist + max(gain - weight + book.persons[person, WORTH], 0)
        if least >= goal[0]:
            continue
        slots = book.masks[ask] & book.hours[helper] & ~book.taken[person, 1]
        free = slots & ~book.taken[person, 0]
        if free != NO_BITS:
            hour_reached(book, search, person, least, seat, pair, choose(free, search[4]))
        held = slots & book.taken[person, 0]
        while held:
            slot = lowest(held)
            held &= held - ONE
            other = book.holder[person, slot]
            if other != seat:
                there = dist + max(gain - weight + book.seats[other, PRICE], 0)
                seat_reached(book, search, other, there, seat, pair, slot)


@compiled_within
def hour_reached(book: Book, search: Any, person: int, dist: int, origin: int, pair: int, slot: int) -> None:
    """A person would get one task more at this distance; where their week isn't full, that is the end."""
    if label(book, search, ~person, dist, origin, pair, slot) and (
        book.persons[person, USED] < book.persons[person, CAP]
    ):
        finish(search, dist, ~person)


@compiled_within
def seat_reached(book: Book, search: Any, seat: int, dist: int, origin: int, pair: int, slot: int) -> None:
    """A seat would lose its place at this distance; it could also stay empty, if it need not be kept."""
    if label(book, search, seat, dist, origin, pair, slot) and book.seats[seat, STATE] == OPEN:
        finish(search, dist + max(gain_of(book, seat, search[3]), 0), seat)


@compiled_within
def person_forward(book: Book, search: Any, person: int, dist: int) -> None:
    """A person's week would hold one too many: any of their other places could be given up."""
    held = book.taken[person, 0]
    while held:
        slot = lowest(held)
        held &= held - ONE
        other = book.holder[person, slot]
        there = dist + max(book.seats[other, PRICE] - book.persons[person, WORTH], 0)
        seat_reached(book, search, other, there, ~person, NONE, slot)


@compiled_within
def week_reached(book: Book, search: Any, person: int, dist: int, origin: int) -> None:
    """Backward: one hour of this person's week would become free at this distance; it might simply stay so."""
    if label(book, search, ~person, dist, origin, NONE, 0) and book.persons[person, USED] > 0:
        finish(search, dist + book.persons[person, WORTH], ~person)


@compiled_within
def free_backward(book: Book, search: Any, node: int, dist: int) -> None:
    """Who would like the place of a seat that goes (``node``), or any free hour of a person (~``node``)."""
    if node >= 0:
        seat = book.seats[node]
        person = book.helpers[book.pairs[seat[PAIR], HELPER], PERSON]
        price = seat[PRICE]
        wanted = ONE << np.uint64(seat[SLOT])
        week_reached(book, search, person, dist + max(price - book.persons[person, WORTH], 0), node)
    else:
        person = ~node
        price = book.persons[person, WORTH]
        wanted = ~(book.taken[person, 0] | book.taken[person, 1])
    helper = book.persons[person, OFFER]
    while helper >= 0:
        slots = book.hours[helper] & wanted
        pair = book.helpers[helper, HEAD] if slots else NONE
        while pair >= 0:
            if book.pairs[pair, WEIGHT] > 0 and slots & book.masks[book.pairs[pair, ASK]]:
                ask_backward(book, search, node, dist, pair, price, slots)
            pair = book.pairs[pair, NEXT]
        helper = book.helpers[helper, OTHER]


@compiled_within
def ask_backward(book: Book, search: Any, node: int, dist: int, pair: int, price: int, slots: Any) -> None:
    """Every seat of the ask that could come here by this pair; an empty one ends the search."""
    ask = book.pairs[pair, ASK]
    weight = book.pairs[pair, WEIGHT]
    slot = choose(slots & book.masks[ask], search[4])
    first = book.rows[ask, SEAT]
    for seat in range(first, first + book.rows[ask, HANDS]):
        state = book.seats[seat, STATE]
        if state in (OPEN, KEPT) and seat != node:
            there = dist + max(gain_of(book, seat, search[3]) + price - weight, 0)
            if label(book, search, seat, there, node, pair, slot) and book.seats[seat, PAIR] < 0:
                finish(search, there, seat)


@compiled
def search_forward(book: Book, search: Any, start: int) -> Any:
    """From a new seat, or from a person whose week is one too full: the nearest end."""
    heap, goal = search[0], search[2]
    gain = 0
    if start >= 0:
        ask = book.seats[start, OF]
        first = book.rows[ask, FIRST]
        for pair in range(first, first + book.rows[ask, COUNT]):
            gain = max(gain, book.pairs[pair, WEIGHT])
        goal[0], goal[1] = gain, start
    begin(book, search, start)
    while heap:
        dist, node = heappop(heap)
        if dist >= goal[0]:
            break
        if node < 0:
            if dist == book.labels[~node, DIST]:
                person_forward(book, search, ~node, dist)
        elif dist == book.seat_labels[node, DIST]:
            seat_forward(book, search, node, dist, gain if node == start else gain_of(book, node, search[3]))


@compiled
def search_backward(book: Book, search: Any, start: int) -> Any:
    """From a place whose seat goes, or from a week with an hour to spare: the best that can be done with it."""
    heap, goal = search[0], search[2]
    if start < 0:
        goal[0], goal[1] = book.persons[~start, WORTH], START
    begin(book, search, start)
    while heap:
        dist, node = heappop(heap)
        if dist >= goal[0]:
            break
        row = book.seat_labels[node] if node >= 0 else book.labels[~node]
        if dist == row[DIST]:
            free_backward(book, search, node, dist)


@compiled
def reprice(book: Book, touched: Any, dist: int, sign: int) -> None:
    """Prices move by how much nearer than the end each point was: up where it got scarcer, down where easier."""
    for node in touched:
        if node >= 0:
            near = book.seat_labels[node, DIST]
            if near < dist:
                book.seats[node, PRICE] += sign * (dist - near)
        else:
            near = book.labels[~node, DIST]
            if near < dist:
                book.persons[~node, WORTH] = max(book.persons[~node, WORTH] + sign * (dist - near), 0)


@compiled
def chain(book: Book, end: int, forward: bool) -> Any:
    """The points along the path in the order in which they move, and by which pair and when each seat moves."""
    length, node = 0, end
    while node != START:
        length += 1
        node = book.seat_labels[node, FROM] if node >= 0 else book.labels[~node, FROM]
    path = np.full((length, 5), NONE, np.int64)
    node = end
    for step in range(length):
        row = book.seat_labels[node] if node >= 0 else book.labels[~node]
        at = length - 1 - step if forward else step
        path[at, 0] = node
        # Forward, a label says how the one before came here; backward, how this one goes on.
        mover = at - 1 if forward else at
        if mover >= 0:
            path[mover, 1], path[mover, 2] = row[VIA], row[WHEN]
        node = row[FROM]
    for at in range(length):
        if path[at, 0] >= 0:
            path[at, 3], path[at, 4] = book.seats[path[at, 0], PAIR], book.seats[path[at, 0], SLOT]
    return path


@compiled
def follow(book: Book, path: Any) -> None:
    """Let every seat along the path move."""
    last = len(path) - 1
    for at in range(len(path)):
        node, pair, slot = path[at, 0], path[at, 1], path[at, 2]
        onto = path[at + 1, 0] if at < last else START
        if node < 0:
            if at == 0:
                book.persons[~node, USED] -= 1
            if at == last:
                book.persons[~node, USED] += 1
            else:
                gone = book.seats[onto, SLOT]
                book.holder[~node, gone] = NONE
                book.taken[~node, 0] &= ~(ONE << np.uint64(gone))
        elif at == last:
            book.seats[node, PAIR] = NONE
        else:
            person = book.helpers[book.pairs[pair, HELPER], PERSON]
            price = book.seats[onto, PRICE] if onto >= 0 else book.persons[person, WORTH]
            book.seats[node, PAIR], book.seats[node, SLOT], book.seats[node, PRICE] = pair, slot, price
            book.holder[person, slot] = node
            book.taken[person, 0] |= ONE << np.uint64(slot)


@compiled
def augment(book: Book, start: int, switch: int, late: bool, forward: bool) -> Any:
    """Search, move prices, move seats. Returns the path: int64 (k, 5): node, new pair, new slot, old pair, old slot.

    ``start`` is a seat or ~person. Forward: a seat that is empty (and may stay so), or a person who must give one up;
    backward: a seat that goes, or a person with an hour to spare. ``late``: of the
    hours that are free, the last. O(pairs of the points reached · log).
    """
    heap = [(0, 0)]
    touched = [0]
    heap.pop()
    touched.pop()
    goal = np.array([FAR - 1, START])
    search = (heap, touched, goal, switch, late)
    if forward:
        search_forward(book, search, start)
    else:
        search_backward(book, search, start)
    if goal[0] < FAR - 1:
        reprice(book, touched, goal[0], 1 if forward else -1)
    path = chain(book, goal[1], forward)
    for node in touched:
        if node >= 0:
            book.seat_labels[node, DIST] = FAR
        else:
            book.labels[~node, DIST] = FAR
    follow(book, path)
    return path


@compiled
def fill(book: Book, order: Array, switch: int, late: bool) -> Any:
    """Put these empty seats one after the other. Returns how many points moved in all."""
    moved = 0
    for at in range(len(order)):
        book.seats[order[at], STATE] = OPEN
        moved += len(augment(book, order[at], switch, late, True))
    return moved
