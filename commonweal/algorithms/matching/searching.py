"""The two searches along a plan: from a seat or a week that is one too many to the nearest end, and from an hour that
became free to whoever gains most by it.

With the prices of the plan every step costs nought or more, so this is Dijkstra's search; it stops as soon as nothing
nearer is left than the best end found. What is labelled is cleaned by whoever called. The loops go along plain arrays,
because here a microsecond for each pair is what an arrival costs in a city of a million asks.
"""

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
    HUNG,
    KEPT,
    LINK,
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
from commonweal.algorithms.matching.instance import SLOTS, Array

ONE = np.uint64(1)
NO_BITS = np.uint64(0)

# Columns of `work`: a heap of distances and points, and every point that has a label.
NEAR, POINT, LABELLED = 0, 1, 2
# Places of `tally`: how far the nearest end is and over which point, how much is on the heap and has a label; what a
# move costs, and whether the last of the free parts is taken.
BEST, END, SIZE, MARKED, SWITCH, LATE = 0, 1, 2, 3, 4, 5

# Each of these products has other six bits in front, so that they tell which bit is set (de Bruijn).
SEQUENCE, FRONT = 0x03F79D71B4CB0A89, np.uint64(58)
PLACE = np.zeros(64, np.int64)
PLACE[[(SEQUENCE << bit) % 2**64 >> 58 for bit in range(64)]] = np.arange(64)
FACTOR = np.uint64(SEQUENCE)


@compiled_within
def lowest(bits: Any) -> Any:
    """The number of the lowest bit that is set."""
    return PLACE[((bits & (~bits + ONE)) * FACTOR) >> FRONT]


@compiled
def choose(bits: Any, late: Any) -> Any:
    """Which of the parts of the week that are free: the first, or if it can be ``late``, the last."""
    if late:
        for shift in (1, 2, 4, 8, 16, 32):
            bits |= bits >> np.uint64(shift)
        bits ^= bits >> ONE
    return lowest(bits)


@compiled
def wider(work: Array, least: int) -> Any:
    """The same with room for ``least``."""
    more = np.empty((2 * least, 3), np.int64)
    more[: len(work)] = work
    return more


@compiled
def push(work: Array, size: int, dist: int, node: int) -> None:
    """One more on a heap of ``size``."""
    at = size
    while at > 0 and work[(at - 1) >> 1, NEAR] > dist:
        above = (at - 1) >> 1
        work[at, NEAR], work[at, POINT] = work[above, NEAR], work[above, POINT]
        at = above
    work[at, NEAR], work[at, POINT] = dist, node


@compiled
def drop(work: Array, size: int) -> None:
    """Take the nearest away; ``size`` are left."""
    dist, node, at, below = work[size, NEAR], work[size, POINT], 0, 1
    while below < size:
        if below + 1 < size and work[below + 1, NEAR] < work[below, NEAR]:
            below += 1
        if work[below, NEAR] >= dist:
            break
        work[at, NEAR], work[at, POINT] = work[below, NEAR], work[below, POINT]
        at, below = below, 2 * below + 1
    work[at, NEAR], work[at, POINT] = dist, node


@compiled_within
def gain_within(seats: Array, pairs: Array, seat: Any, switch: Any) -> Any:
    """What a seat has over the price of its place; 0 where it is empty."""
    pair = seats[seat, PAIR]
    return 0 if pair < 0 else np.int64(pairs[pair, WEIGHT]) + switch - seats[seat, PRICE]


@compiled_within
def reach(
    labels: Array, work: Array, tally: Array, node: Any, dist: Any, origin: Any, via: tuple[Any, Any]
) -> Any:
    """Reach ``node`` (a seat, or ~person) at ``dist``, if that is nearer than before and than the end."""
    row = node if node >= 0 else ~node
    near = dist < labels[row, DIST] and dist < tally[BEST]
    if near:
        if labels[row, DIST] == FAR:
            work[tally[MARKED], LABELLED] = node
            tally[MARKED] += 1
        labels[row, DIST], labels[row, FROM] = dist, origin
        labels[row, VIA], labels[row, WHEN] = via
        push(work, tally[SIZE], dist, node)
        tally[SIZE] += 1
    return near


@compiled_within
def finish(tally: Array, dist: Any, node: Any) -> None:
    """The end is reached over ``node`` at ``dist``: keep the nearest."""
    if dist < tally[BEST]:
        tally[BEST], tally[END] = dist, node


@compiled_within
def begin(book: Book, work: Array, tally: Array, start: int) -> None:
    """The search begins here."""
    labels = book.seat_labels if start >= 0 else book.labels
    row = start if start >= 0 else ~start
    labels[row, DIST], labels[row, FROM], labels[row, VIA], labels[row, WHEN] = 0, START, NONE, 0
    work[0, NEAR], work[0, POINT], work[0, LABELLED] = 0, start, start
    tally[SIZE] = tally[MARKED] = 1


@compiled
def seat_forward(book: Book, work: Array, tally: Array, seat: int, dist: int, gain: int) -> None:
    """Where else a seat could go: an hour that is free, or the place of another seat."""
    pairs, hours, helpers, persons = book.pairs, book.hours, book.helpers, book.persons
    taken, holder, seats = book.taken, book.holder, book.seats
    labels, seat_labels = book.labels, book.seat_labels
    ask, late = seats[seat, OF], tally[LATE]
    first, mask, far = book.rows[ask, FIRST], book.masks[ask], dist + gain
    for pair in range(first, first + book.rows[ask, COUNT]):
        weight, helper = np.int64(pairs[pair, WEIGHT]), pairs[pair, HELPER]
        if weight <= 0 or max(far - weight, dist) >= tally[BEST]:
            continue
        person = helpers[helper, PERSON]
        # Prices from elsewhere may be out by a little; a step never costs less than nought.
        least = max(far - weight + persons[person, WORTH], dist)
        if least >= tally[BEST]:
            continue
        slots = mask & hours[helper] & ~taken[person, 1]
        free, held = slots & ~taken[person, 0], slots & taken[person, 0]
        if free != NO_BITS and least < labels[person, DIST]:
            near = reach(labels, work, tally, ~person, least, seat, (pair, choose(free, late)))
            # Where their week isn't full, one task more is the end.
            if near and persons[person, USED] < persons[person, CAP]:
                finish(tally, least, ~person)
        while held:
            slot = lowest(held)
            held &= held - ONE
            other = np.int64(holder[person, slot])
            there = max(far - weight + seats[other, PRICE], dist)
            if other != seat and there < seat_labels[other, DIST]:
                near = reach(seat_labels, work, tally, other, there, seat, (pair, slot))
                leave(seats, pairs, tally, other, there, near)


@compiled_within
def leave(seats: Array, pairs: Array, tally: Array, seat: Any, dist: Any, near: Any) -> None:
    """A seat that would lose its place could also stay empty, if it need not be kept: that is an end."""
    if near and seats[seat, STATE] == OPEN:
        finish(tally, dist + max(gain_within(seats, pairs, seat, tally[SWITCH]), 0), seat)


@compiled
def person_forward(book: Book, work: Array, tally: Array, person: int, dist: int) -> None:
    """A person's week would hold one too many: any of their other places could be given up."""
    held, seats, pairs = book.taken[person, 0], book.seats, book.pairs
    while held:
        slot = lowest(held)
        held &= held - ONE
        other = np.int64(book.holder[person, slot])
        there = dist + max(seats[other, PRICE] - book.persons[person, WORTH], 0)
        near = reach(book.seat_labels, work, tally, other, there, ~person, (NONE, slot))
        leave(seats, pairs, tally, other, there, near)


@compiled
def search_forward(book: Book, work: Array, tally: Array, start: int) -> Any:
    """From a new seat, or from a person whose week is one too full: the nearest end. Returns ``work``, maybe wider."""
    gain = 0
    if start >= 0:
        ask = book.seats[start, OF]
        first = book.rows[ask, FIRST]
        for pair in range(first, first + book.rows[ask, COUNT]):
            gain = max(gain, int(book.pairs[pair, WEIGHT]))
        tally[BEST], tally[END] = gain, start
    begin(book, work, tally, start)
    while tally[SIZE] and work[0, NEAR] < tally[BEST]:
        dist, node = work[0, NEAR], work[0, POINT]
        tally[SIZE] -= 1
        drop(work, tally[SIZE])
        if node < 0:
            if dist == book.labels[~node, DIST]:
                work = roomy(work, tally, SLOTS)
                person_forward(book, work, tally, ~node, dist)
        elif dist == book.seat_labels[node, DIST]:
            work = roomy(work, tally, (SLOTS + 1) * book.rows[book.seats[node, OF], COUNT])
            has = gain if node == start else gain_within(book.seats, book.pairs, node, tally[SWITCH])
            seat_forward(book, work, tally, node, dist, has)
    return work


@compiled_within
def roomy(work: Array, tally: Array, more: int) -> Any:
    """The same, with room for so many points more."""
    least = max(tally[SIZE], tally[MARKED]) + more + 1
    return work if least <= len(work) else wider(work, least)


@compiled_within
def week_backward(book: Book, work: Array, tally: Array, person: int, dist: int, origin: int) -> None:
    """One hour of this person's week would become free at this distance; it might simply stay so."""
    near = reach(book.labels, work, tally, ~person, dist, origin, (NONE, 0))
    if near and book.persons[person, USED] > 0:
        finish(tally, dist + book.persons[person, WORTH], ~person)


@compiled
def hour_backward(
    book: Book, work: Array, tally: Array, origin: tuple[int, int], helper: int, price: int, slots: Any
) -> Any:
    """Every seat that could come to one of these hours of a helper; an empty one ends the search. ``origin`` is the
    point whose hours they are, and its distance."""
    (node, dist), hooks, masks, rows, seats, pairs = (
        origin,
        book.hooks,
        book.masks,
        book.rows,
        book.seats,
        book.pairs,
    )
    labels, switch, late, first = book.seat_labels, tally[SWITCH], tally[LATE], book.helpers[helper, HEAD]
    for hook in range(first, first + book.helpers[helper, HUNG]):
        weight, ask = np.int64(hooks[hook, WEIGHT]), hooks[hook, ASK]
        if weight <= 0 or not slots & masks[ask]:
            continue
        work = roomy(work, tally, rows[ask, HANDS])
        for seat in range(rows[ask, SEAT], rows[ask, SEAT] + rows[ask, HANDS]):
            there = dist + max(gain_within(seats, pairs, seat, switch) + price - weight, 0)
            if there >= tally[BEST] or there >= labels[seat, DIST] or seat == node:
                continue
            if seats[seat, STATE] in (OPEN, KEPT):
                via = (np.int64(hooks[hook, LINK]), choose(slots & masks[ask], late))
                if reach(labels, work, tally, seat, there, node, via) and seats[seat, PAIR] < 0:
                    finish(tally, there, seat)
    return work


@compiled
def free_backward(book: Book, work: Array, tally: Array, node: int, dist: int) -> Any:
    """Who would like the place of a seat that goes (``node``), or any free hour of a person (~``node``)."""
    if node >= 0:
        seat = book.seats[node]
        person = book.helpers[book.pairs[seat[PAIR], HELPER], PERSON]
        price, wanted = seat[PRICE], ONE << np.uint64(seat[SLOT])
        week_backward(book, work, tally, person, dist + max(price - book.persons[person, WORTH], 0), node)
    else:
        person = ~node
        price, wanted = book.persons[person, WORTH], ~(book.taken[person, 0] | book.taken[person, 1])
    helper = book.persons[person, OFFER]
    while helper >= 0:
        slots = book.hours[helper] & wanted
        if slots:
            work = hour_backward(book, work, tally, (node, dist), helper, price, slots)
        helper = book.helpers[helper, OTHER]
    return work


@compiled
def search_backward(book: Book, work: Array, tally: Array, start: int) -> Any:
    """From a place whose seat goes, or from a week with an hour to spare: the best that can be done with it. Returns
    ``work``, maybe wider."""
    if start < 0:
        tally[BEST], tally[END] = book.persons[~start, WORTH], START
    begin(book, work, tally, start)
    while tally[SIZE] and work[0, NEAR] < tally[BEST]:
        dist, node = work[0, NEAR], work[0, POINT]
        tally[SIZE] -= 1
        drop(work, tally[SIZE])
        if dist == (book.seat_labels[node, DIST] if node >= 0 else book.labels[~node, DIST]):
            work = free_backward(book, roomy(work, tally, 1), tally, node, dist)
    return work
