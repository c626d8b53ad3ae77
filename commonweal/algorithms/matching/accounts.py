"""A plan's book kept in order: rows written and struck out, prices summed to a proof, hours valued. Machine code."""

from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.augmenting import ONE, gain_of, lowest
from commonweal.algorithms.matching.book import (
    ASK,
    CAP,
    COUNT,
    FIRST,
    FROZEN,
    GONE,
    HANDS,
    HEAD,
    HELPER,
    KEPT,
    NEXT,
    NONE,
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
)  # fmt: skip
from commonweal.algorithms.matching.instance import SLOTS, Array


@compiled
def raise_prices(book: Book, person: int, slots: Any, switch: int) -> Any:
    """What an hour of this person, in any of these parts of the week, would be worth to the seat that gains most."""
    most = 0
    helper = book.persons[person, OFFER]
    while helper >= 0:
        pair = book.helpers[helper, HEAD]
        while pair >= 0:
            ask = book.pairs[pair, ASK]
            if book.pairs[pair, WEIGHT] > 0 and book.hours[helper] & book.masks[ask] & slots:
                first = book.rows[ask, SEAT]
                for seat in range(first, first + book.rows[ask, HANDS]):
                    state = book.seats[seat, STATE]
                    if state in (OPEN, KEPT):
                        most = max(most, book.pairs[pair, WEIGHT] - gain_of(book, seat, switch))
            pair = book.pairs[pair, NEXT]
        helper = book.helpers[helper, OTHER]
    return most


@compiled
def dual(book: Book, rows: int, persons: int, switch: int) -> Any:
    """What all prices and gains come to: no plan of these seats is worth more (charges for switching included)."""
    total = 0
    for person in range(persons):
        worth = book.persons[person, WORTH]
        total += worth * book.persons[person, CAP]
        held = book.taken[person, 0]
        while held:
            total += book.seats[book.holder[person, lowest(held)], PRICE] - worth
            held &= held - ONE
    for ask in range(rows):
        first = book.rows[ask, SEAT]
        for seat in range(first, first + book.rows[ask, HANDS]):
            state = book.seats[seat, STATE]
            if state != GONE and state != FROZEN:
                total += best_gain(book, ask, seat, switch)
    return total


@compiled
def best_gain(book: Book, ask: int, seat: int, switch: int) -> Any:
    """The most that any place offers a seat at today's prices; where it may stay empty, 0 at least."""
    most = gain_of(book, seat, switch)
    if book.seats[seat, STATE] == OPEN:
        most = max(most, 0)
    first = book.rows[ask, FIRST]
    for pair in range(first, first + book.rows[ask, COUNT]):
        weight, helper = book.pairs[pair, WEIGHT], book.pairs[pair, HELPER]
        if weight <= 0:
            continue
        person = book.helpers[helper, PERSON]
        slots = book.masks[ask] & book.hours[helper] & ~book.taken[person, 1]
        if slots & ~book.taken[person, 0]:
            most = max(most, weight - book.persons[person, WORTH])
        held = slots & book.taken[person, 0]
        while held:
            most = max(most, weight - book.seats[book.holder[person, lowest(held)], PRICE])
            held &= held - ONE
    return most


@compiled
def link(book: Book, first: int, last: int, start: int) -> None:
    """Hang the pairs of the rows from ``first`` to ``last`` into their helpers' lists, the first at ``start``."""
    pair = start
    for ask in range(first, last):
        book.rows[ask, FIRST] = pair
        for _ in range(book.rows[ask, COUNT]):
            helper = book.pairs[pair, HELPER]
            book.pairs[pair, ASK] = ask
            book.pairs[pair, NEXT] = book.helpers[helper, HEAD]
            book.helpers[helper, HEAD] = pair
            pair += 1


@compiled
def sit(book: Book, asks: Array, helpers: Array, slots: Array) -> None:
    """Write down these matches, each in the first empty seat of its ask; leave out what nobody could do."""
    for index in range(len(asks)):
        ask, helper, slot = asks[index], helpers[index], slots[index]
        person, bit = book.helpers[helper, PERSON], ONE << np.uint64(slots[index])
        if book.persons[person, USED] >= book.persons[person, CAP] or book.holder[person, slot] != NONE:
            continue
        if not book.masks[ask] & book.hours[helper] & bit:
            continue
        pair, end = book.rows[ask, FIRST], book.rows[ask, FIRST] + book.rows[ask, COUNT]
        while pair < end and (book.pairs[pair, HELPER] != helper or book.pairs[pair, WEIGHT] <= 0):
            pair += 1
        seat, last = book.rows[ask, SEAT], book.rows[ask, SEAT] + book.rows[ask, HANDS]
        while seat < last and book.seats[seat, PAIR] != NONE:
            seat += 1
        if pair < end and seat < last:
            book.seats[seat, PAIR], book.seats[seat, SLOT], book.seats[seat, STATE] = pair, slot, OPEN
            book.holder[person, slot] = seat
            book.taken[person, 0] |= bit
            book.persons[person, USED] += 1


@compiled
def hang(book: Book, helper: int, asks: Array, weights: Array, at: int) -> Any:
    """One pair more for each of these asks, into a spare cell of its row; a full row moves to ``at`` with four more.

    Returns where the next row could go. What is left behind is struck out.
    """
    for index in range(len(asks)):
        ask = asks[index]
        first, count = book.rows[ask, FIRST], book.rows[ask, COUNT]
        if count == 0 or book.pairs[first + count - 1, HELPER] >= 0:
            for pair in range(first, first + count):
                book.pairs[at + pair - first] = book.pairs[pair]
                book.pairs[pair, WEIGHT] = 0
            for pair in range(at, at + count):
                other = book.pairs[pair, HELPER]
                book.pairs[pair, NEXT] = book.helpers[other, HEAD]
                book.helpers[other, HEAD] = pair
            for pair in range(at + count, at + count + 4):
                book.pairs[pair, HELPER], book.pairs[pair, WEIGHT], book.pairs[pair, ASK] = NONE, 0, ask
            for seat in range(book.rows[ask, SEAT], book.rows[ask, SEAT] + book.rows[ask, HANDS]):
                if book.seats[seat, PAIR] >= 0:
                    book.seats[seat, PAIR] += at - first
            book.rows[ask, FIRST], book.rows[ask, COUNT] = at, count + 4
            first, at, count = at, at + count + 4, count + 4
        pair = first
        while book.pairs[pair, HELPER] >= 0:
            pair += 1
        book.pairs[pair, HELPER], book.pairs[pair, WEIGHT] = helper, weights[index]
        book.pairs[pair, NEXT] = book.helpers[helper, HEAD]
        book.helpers[helper, HEAD] = pair
    return at


@compiled
def strike(book: Book, helper: int) -> None:
    """Strike out every pair of a helper."""
    pair = book.helpers[helper, HEAD]
    while pair >= 0:
        book.pairs[pair, WEIGHT] = 0
        pair = book.pairs[pair, NEXT]


@compiled
def together(book: Book, ask: int, least: int) -> Any:
    """For each part of the week, how much its best places would gain an ask that wants several; 0 below ``least``."""
    hands, first, count = book.rows[ask, HANDS], book.rows[ask, FIRST], book.rows[ask, COUNT]
    scores = np.zeros(SLOTS, np.int64)
    for slot in range(SLOTS):
        bit = ONE << np.uint64(slot)
        if not book.masks[ask] & bit:
            continue
        best = np.zeros(hands, np.int64)
        for pair in range(first, first + count):
            helper, weight = book.pairs[pair, HELPER], book.pairs[pair, WEIGHT]
            if weight <= 0:
                continue
            person = book.helpers[helper, PERSON]
            if not book.hours[helper] & ~book.taken[person, 1] & bit:
                continue
            other = book.holder[person, slot]
            price = book.seats[other, PRICE] if other >= 0 else book.persons[person, WORTH]
            worst = best.argmin()
            best[worst] = max(best[worst], weight - price)
        if (best > 0).sum() >= least:
            scores[slot] = best.sum()
    return scores
