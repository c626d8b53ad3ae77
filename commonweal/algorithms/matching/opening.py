"""The first page of a plan's book: an instance and its pairs written down, and an assignment to begin with."""

from typing import Any

import numpy as np

from commonweal.algorithms.matching.accounts import link, sit
from commonweal.algorithms.matching.book import (
    CAP,
    COUNT,
    HANDS,
    HELPER,
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
    STATE,
    USED,
    WEIGHT,
    WORTH,
    Book,
    empty,
)
from commonweal.algorithms.matching.instance import Array, Instance

SPARE = 16


def opened(instance: Instance, pairs: Any) -> Book:
    """A book with every seat empty and every price 0, and an eighth of room to spare. O(pairs).

    ``pairs`` are rows by ask, as `candidates.Pairs`: ``indptr`` int64 (n + 1), ``helper`` and ``weight`` int32. A
    person with several helpers has the smallest of their capacities.
    """
    asks, helpers = instance.asks, instance.helpers
    n, m, q = len(asks), len(helpers), len(pairs.helper)
    hands = asks.hands.astype(np.int64)
    seats = int(hands.sum())
    names, person = np.unique(helpers.person, return_inverse=True)
    rooms = {"pairs": q, "rows": n, "helpers": m, "seats": seats, "persons": len(names)}
    book = empty(**{name: room + room // 8 + SPARE for name, room in rooms.items()})
    book.rows[:n, COUNT], book.rows[:n, HANDS] = np.diff(pairs.indptr), hands
    book.rows[:n, SEAT] = np.cumsum(hands) - hands
    book.masks[:n] = asks.slots
    book.seats[:seats, OF] = np.repeat(np.arange(n), hands)
    book.seats[:seats, PAIR] = NONE
    book.seats[:seats, STATE] = OPEN
    book.pairs[:q, HELPER], book.pairs[:q, WEIGHT] = pairs.helper, pairs.weight
    book.hours[:m] = helpers.slots
    _write_persons(book, person, helpers.capacity, len(names))
    link(book, 0, n, 0)
    return book


def _write_persons(book: Book, person: Array, capacity: Array, persons: int) -> None:
    """Which helpers are whose, and how much is left of each person's week."""
    m = len(person)
    book.helpers[:m, PERSON] = person
    least = np.full(persons, np.iinfo(np.int64).max)
    np.minimum.at(least, person, capacity.astype(np.int64))
    book.persons[:persons, CAP] = least
    book.persons[:, OFFER] = NONE
    book.persons[person, OFFER] = np.arange(m)
    order = np.argsort(person, kind="stable")
    same = person[order[1:]] == person[order[:-1]]
    book.helpers[order[1:], OTHER] = np.where(same, order[:-1], NONE)


def begun(book: Book, given: Any, only: Array) -> None:
    """Write down an assignment: ``given.ask``, ``.helper``, ``.slot``, and ``given.prices.week`` by helper, in points.

    A match that would put somebody into two places at once or over their week (a joint trip) is left out, and so is one
    whose pair isn't there: its ask is found a place afterwards. Who is not full has the price 0. ``given.prices.slot``,
    of shape (helpers, 42), is what a part of the week is worth beyond that; None where no part is. ``only`` says
    which matches are read.
    """
    sit(book, *(side[only].astype(np.int64) for side in (given.ask, given.helper, given.slot)))
    m = len(given.prices.week)
    person = book.helpers[:m, PERSON]
    worth = np.zeros(len(book.persons), np.int64)
    np.maximum.at(worth, person, np.ceil(given.prices.week).astype(np.int64))
    full = book.persons[:, USED] >= book.persons[:, CAP]
    book.persons[:, WORTH] = np.where(full, worth, 0)
    seats = np.flatnonzero(book.seats[:, PAIR] != NONE)
    seats = seats[book.seats[seats, STATE] == OPEN]
    helper = book.pairs[book.seats[seats, PAIR], HELPER]
    price = book.persons[book.helpers[helper, PERSON], WORTH]
    if given.prices.slot is not None:
        price = price + np.ceil(given.prices.slot[helper, book.seats[seats, SLOT]]).astype(np.int64)
    # Nobody gains less than nothing: what is kept at a loss would be given up at the first change.
    weight = book.pairs[book.seats[seats, PAIR], WEIGHT]
    book.seats[seats, PRICE] = np.maximum(
        np.minimum(price, weight), book.persons[book.helpers[helper, PERSON], WORTH]
    )
