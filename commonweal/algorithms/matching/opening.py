"""The first page of a plan's book: an instance and its pairs written down, and an assignment to begin with."""

import numpy as np

from commonweal.algorithms.matching.accounts import sit
from commonweal.algorithms.matching.assigning.model import Assignment, Pairs
from commonweal.algorithms.matching.book import (
    ASK,
    CAP,
    COUNT,
    FIRST,
    HANDS,
    HELPER,
    NONE,
    OF,
    OFFER,
    OTHER,
    PAIR,
    PERSON,
    PRICE,
    SEAT,
    USED,
    WEIGHT,
    WORTH,
    Book,
    empty,
)
from commonweal.algorithms.matching.instance import Array, Instance

SPARE = 16


def opened(instance: Instance, pairs: Pairs) -> Book:
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
    more = {name: room + room // 8 + SPARE for name, room in rooms.items()}
    book = empty(**more, hooks=q + q // 4 + 4 * m + SPARE)
    book.rows[:n, COUNT], book.rows[:n, HANDS] = np.diff(pairs.indptr), hands
    book.rows[:n, SEAT] = np.cumsum(hands) - hands
    book.masks[:n] = asks.slots
    book.seats[:seats, OF] = np.repeat(np.arange(n), hands)
    book.seats[:seats, PAIR] = NONE
    book.pairs[:q, HELPER], book.pairs[:q, WEIGHT] = pairs.helper, pairs.weight
    book.hours[:m] = helpers.slots
    _write_persons(book, person, helpers.capacity, len(names))
    book.pairs[:q, ASK] = np.repeat(np.arange(n), book.rows[:n, COUNT])
    book.rows[:n, FIRST] = pairs.indptr[:-1]
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


def begun(book: Book, given: Assignment, only: Array) -> None:
    """Write down an assignment and its prices; ``only`` says which of its matches are read.

    A match that would put somebody into two places at once or over their week (a joint trip) is left out, and so is one
    whose pair isn't there: its ask is found a place afterwards. Who is not full has the price 0. What the groups'
    rewards add to an ask is added to the weights of its pairs, so that the plan goes on in the same sense.
    """
    prices = given.prices
    n, m = len(prices.ask), len(prices.week)
    reward = _points(prices.ask, prices.scale)
    for_pair = np.repeat(reward, book.rows[:n, COUNT])
    book.pairs[: len(for_pair), WEIGHT] += for_pair.astype(np.int32)
    sit(book, *(side[only].astype(np.int64) for side in (given.ask, given.helper, given.slot)))
    full = book.persons[:, USED] >= book.persons[:, CAP]
    worth = np.zeros(len(book.persons), np.int64)
    np.maximum.at(worth, book.helpers[:m, PERSON], _points(prices.week, prices.scale))
    book.persons[:, WORTH] = np.where(full, worth, 0)
    dear = np.zeros(book.holder.shape, np.int64)
    person = np.repeat(book.helpers[:m, PERSON], np.diff(prices.dear_ptr))
    np.maximum.at(dear, (person, prices.dear_slot), _points(prices.dear_price, prices.scale))
    person, slot = np.nonzero(book.holder != NONE)
    seat = book.holder[person, slot]
    # Nobody gains less than nothing: what is held at a loss would be given up at the first change.
    most = book.pairs[book.seats[seat, PAIR], WEIGHT]
    price = np.minimum(book.persons[person, WORTH] + dear[person, slot], most)
    book.seats[seat, PRICE] = np.maximum(price, book.persons[person, WORTH])


def _points(prices: Array, scale: int) -> Array:
    """Prices in whole points, rounded to the nearest."""
    points: Array = (2 * prices + scale) // (2 * scale)
    return points
