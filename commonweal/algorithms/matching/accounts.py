"""A plan's book kept in order: rows written and struck out, prices summed to a proof, hours valued. Machine code."""

from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled
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
    HOOK,
    HUNG,
    KEPT,
    LINK,
    NONE,
    OFFER,
    OPEN,
    OTHER,
    PAIR,
    PERSON,
    PRICE,
    ROOM,
    SEAT,
    SLOT,
    STATE,
    USED,
    WEIGHT,
    WORTH,
    Book,
)  # fmt: skip
from commonweal.algorithms.matching.instance import SLOTS, Array
from commonweal.algorithms.matching.searching import ONE, gain_within, lowest


@compiled
def raise_prices(book: Book, person: int, slots: Any, switch: int) -> Any:
    """What an hour of this person, in any of these parts of the week, would be worth to the seat that gains most."""
    most = 0
    helper = book.persons[person, OFFER]
    while helper >= 0:
        head = book.helpers[helper, HEAD]
        for hook in range(head, head + book.helpers[helper, HUNG]):
            ask, weight = book.hooks[hook, ASK], book.hooks[hook, WEIGHT]
            if weight > 0 and book.hours[helper] & book.masks[ask] & slots:
                first = book.rows[ask, SEAT]
                for seat in range(first, first + book.rows[ask, HANDS]):
                    if book.seats[seat, STATE] in (OPEN, KEPT):
                        most = max(most, weight - gain_within(book.seats, book.pairs, seat, switch))
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
    most = gain_within(book.seats, book.pairs, seat, switch)
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
def open_rows(book: Book, helpers: int, pairs: int) -> Any:
    """Hang all pairs into their helpers' rows, an eighth and four to spare in each. Returns the hooks used."""
    book.helpers[:helpers, ROOM] = 0
    for pair in range(pairs):
        book.helpers[book.pairs[pair, HELPER], ROOM] += 1
    start = 0
    for helper in range(helpers):
        book.helpers[helper, HEAD], book.helpers[helper, HUNG] = start, 0
        book.helpers[helper, ROOM] += book.helpers[helper, ROOM] // 8 + 4
        start += book.helpers[helper, ROOM]
    for pair in range(pairs):
        helper = book.pairs[pair, HELPER]
        hook = book.helpers[helper, HEAD] + book.helpers[helper, HUNG]
        book.helpers[helper, HUNG] += 1
        book.hooks[hook, LINK], book.hooks[hook, WEIGHT] = pair, book.pairs[pair, WEIGHT]
        book.hooks[hook, ASK], book.pairs[pair, HOOK] = book.pairs[pair, ASK], hook
    return start


@compiled
def room_for(book: Book, helpers: Array) -> Any:
    """How many hooks it takes at most to hang one more pair on each of these helpers."""
    room = 0
    for helper in helpers:
        book.helpers[helper, HUNG] += 1
        if book.helpers[helper, HUNG] > book.helpers[helper, ROOM]:
            room += grown(book.helpers[helper, HUNG])
    for helper in helpers:
        book.helpers[helper, HUNG] -= 1
    return room


@compiled
def grown(hung: int) -> Any:
    """The room of a row that held so many and was full."""
    return hung + hung // 4 + 4


@compiled
def hook_up(book: Book, pair: int, at: int) -> Any:
    """Hang a pair into its helper's row; a full one loses what is struck out, or moves to ``at``. Returns where the
    next could go."""
    helper = book.pairs[pair, HELPER]
    row = book.helpers[helper]
    if row[HUNG] >= row[ROOM]:
        head, hung, room = row[HEAD], row[HUNG], row[ROOM]
        left = 0
        for hook in range(head, head + hung):
            left += book.hooks[hook, WEIGHT] > 0
        if 4 * left >= 3 * room:
            row[HEAD], row[ROOM] = at, grown(room)
            at += row[ROOM]
        row[HUNG] = 0
        for hook in range(head, head + hung):
            if book.hooks[hook, WEIGHT] > 0:
                book.hooks[row[HEAD] + row[HUNG]] = book.hooks[hook]
                book.pairs[book.hooks[hook, LINK], HOOK] = row[HEAD] + row[HUNG]
                row[HUNG] += 1
    hook = row[HEAD] + row[HUNG]
    row[HUNG] += 1
    book.hooks[hook, LINK], book.hooks[hook, WEIGHT] = pair, book.pairs[pair, WEIGHT]
    book.hooks[hook, ASK], book.pairs[pair, HOOK] = book.pairs[pair, ASK], hook
    return at


@compiled
def strike_out(book: Book, pair: int) -> None:
    """The two are never brought together again."""
    book.pairs[pair, WEIGHT] = 0
    book.hooks[book.pairs[pair, HOOK], WEIGHT] = 0


@compiled
def strike_row(book: Book, ask: int, helper: int) -> None:
    """Strike out an ask's pair with a helper; NONE: with everybody."""
    first, everybody = book.rows[ask, FIRST], helper == NONE
    for pair in range(first, first + book.rows[ask, COUNT]):
        if (everybody or book.pairs[pair, HELPER] == helper) and book.pairs[pair, WEIGHT] > 0:
            strike_out(book, pair)


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
def link(book: Book, ask: int, at: int) -> Any:
    """Hang the pairs of a new row; full rows of helpers move to ``at``. Returns where the next could go."""
    first = book.rows[ask, FIRST]
    for pair in range(first, first + book.rows[ask, COUNT]):
        book.pairs[pair, ASK] = ask
        at = hook_up(book, pair, at)
    return at


@compiled
def hang(book: Book, helper: int, asks: Array, weights: Array, at: int) -> Any:
    """One pair more for each of these asks, into a spare cell of its row; a full row moves to ``at`` with four more.

    The helper's own row must have room. Returns where the next row could go. What is left behind is struck out.
    """
    for index in range(len(asks)):
        ask = asks[index]
        first, count = book.rows[ask, FIRST], book.rows[ask, COUNT]
        if count == 0 or book.pairs[first + count - 1, HELPER] >= 0:
            for pair in range(first, first + count):
                book.pairs[at + pair - first] = book.pairs[pair]
                if book.pairs[pair, WEIGHT] > 0:
                    book.hooks[book.pairs[pair, HOOK], LINK] = at + pair - first
                book.pairs[pair, WEIGHT] = 0
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
        hook_up(book, pair, NONE)
    return at


@compiled
def strike(book: Book, helper: int) -> None:
    """Strike out every pair of a helper."""
    head = book.helpers[helper, HEAD]
    for hook in range(head, head + book.helpers[helper, HUNG]):
        if book.hooks[hook, WEIGHT] > 0:
            strike_out(book, book.hooks[hook, LINK])


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
