"""One change, one shortest path: how a plan that is best stays best when a seat or an hour comes or goes.

The plan is a flow of least cost: from each seat to a place (a person in one part of the week), to that person's week,
to the end; or from the seat straight to the end, unmet. The searches (searching.py) find the cheapest way to put one
unit more (forward, from a new seat) or to use one unit that became free (backward, from a place or a week). Prices then
move by how much nearer than the end each point was, and the plan is best again (Edmonds and Karp 1972; Tomizawa 1971).
"""

from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.book import (
    DIST,
    FAR,
    FROM,
    HELPER,
    NONE,
    OPEN,
    PAIR,
    PERSON,
    PRICE,
    SLOT,
    START,
    STATE,
    USED,
    VIA,
    WHEN,
    WORTH,
    Book,
)
from commonweal.algorithms.matching.instance import Array
from commonweal.algorithms.matching.searching import (
    BEST,
    END,
    LABELLED,
    MARKED,
    ONE,
    search_backward,
    search_forward,
)

# Points that a search has room for at the beginning.
POINTS = 4096


@compiled
def reprice(book: Book, labelled: Array, dist: int, sign: int) -> None:
    """Prices move by how much nearer than the end each point was: up where it got scarcer, down where easier."""
    seats, persons, seat_labels, labels = book.seats, book.persons, book.seat_labels, book.labels
    for node in labelled:
        if node >= 0:
            near = seat_labels[node, DIST]
            if near < dist:
                seats[node, PRICE] += sign * (dist - near)
        else:
            near = labels[~node, DIST]
            if near < dist:
                persons[~node, WORTH] = max(persons[~node, WORTH] + sign * (dist - near), 0)


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
    work = np.empty((POINTS, 3), np.int64)
    tally = np.array([FAR - 1, START, 0, 0, switch, late])
    if forward:
        work = search_forward(book, work, tally, start)
    else:
        work = search_backward(book, work, tally, start)
    dist, labelled = tally[BEST], work[: tally[MARKED], LABELLED]
    if dist < FAR - 1:
        reprice(book, labelled, dist, 1 if forward else -1)
    path = chain(book, tally[END], forward)
    for node in labelled:
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
