"""The loops over all pairs of asks and helpers, as machine code: what each weighs, and who is best.

Nothing is stored here but what the caller made room for: a sweep over a billion pairs needs no more than one ask's
helpers at a time. The slow twins are in the tests.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.circles import FOUND, NO_DISTANCE, candidates_of, listed, most_of
from commonweal.algorithms.matching.grid import CLOSE, IN_PERSON, Index, Wants
from commonweal.algorithms.matching.instance import SLOTS, Array
from commonweal.algorithms.matching.pairwise import CARGO, HEAVY, MOST_WEIGHT, NO_METRES
from commonweal.algorithms.places import EARTH_RADIUS_M

SMALL_CHORD = 1e-3


class Points(NamedTuple):
    """What `weight_of` reads of the rules: points, and the hundreds of metres that an unknown place counts as."""

    per_100_m: int
    unknown: int
    language: int
    interpreter: int
    known: int
    new_tie: int
    comfort: int


class Prices(NamedTuple):
    """What a pair is worth at present: see `Worth`. ``free`` are the parts of the week without a price, as bits.

    ``slot`` has no row where no part of anybody's week has one. ``seed`` decides between equal ones.
    """

    scale: int
    week: Array
    slot: Array
    free: Array
    ask: Array
    seed: int


class Room(NamedTuple):
    """Room for one row: keys to sort by, and where each helper (by the caller's index) stands in what was found."""

    key: Array
    place: Array


class Rows(NamedTuple):
    """Where pairs go, row after row. ``metres`` may be empty: not kept."""

    helper: Array
    weight: Array
    metres: Array


# ---- What it weighs, and who is best.


@compiled
def metres_of(square: float) -> float:
    """The metres of a chord's square; below 0 where there is no distance."""
    if square < 0:
        return NO_DISTANCE
    half = min(math.sqrt(square) / 2, 1.0)
    if half > SMALL_CHORD:
        return 2 * EARTH_RADIUS_M * math.asin(half)
    # The first terms of the arc's series: what is left out is less than an atom here.
    return 2 * EARTH_RADIUS_M * half * (1 + half * half / 6 * (1 + 0.45 * half * half))


@compiled
def weigh(want: Any, known: Array, entries: Array, points: Points, found: Array, count: int) -> int:
    """Put the weight of each who was found beside them, the favourite last; return how many there are now."""
    close, languages = want.flags & CLOSE, want.languages
    for k in range(count):
        entry, square = entries[found[k].entry], found[k].square
        weight = want.points + entry.points
        if want.flags & IN_PERSON:
            hundreds = points.unknown if square < 0 else int(metres_of(square) / 100 + 0.5)
            weight -= points.per_100_m * hundreds
        if entry.languages != 0 and languages != 0:
            weight += points.language if entry.languages & languages else -points.interpreter
        met = want.known < want.known_end and listed(known, want.known, want.known_end, entry.helper)
        if met and close:
            weight += points.known
        elif not met and not close:
            weight += points.new_tie
        if want.load >= HEAVY:
            small = entry.small
            weight += points.comfort * ((((small >> 16) & 255) > want.load) + ((small & 255) >= 1 << CARGO))
        found[k].weight = min(max(weight, 1), MOST_WEIGHT)
    if want.favourite >= 0:
        found[count].entry, found[count].weight = -1, want.favourite_weight
        count += 1
    return count


@compiled
def appraise(want: Any, entries: Array, prices: Prices, found: Array, count: int) -> None:
    """Put the value of each beside them, at these prices."""
    scale, week, slot, free, more = prices.scale, prices.week, prices.slot, prices.free, prices.ask[want.ask]
    for k in range(count):
        helper, slots = want.favourite, want.favourite_slots
        if found[k].entry >= 0:
            entry = entries[found[k].entry]
            helper, slots = entry.helper, entry.slots
        value = scale * found[k].weight + more - week[helper]
        if len(slot):
            common = want.slots & slots
            if common & free[helper] == 0:
                value -= cheapest(slot[helper], common)
        found[k].value = value


@compiled
def cheapest(slot: Array, common: int) -> Any:
    """The least price of a part of the week that both have."""
    least = np.int64(2**62)
    for place in range(SLOTS):
        if (common >> np.uint64(place)) & np.uint64(1):
            least = min(least, slot[place])
    return least


@compiled
def tie(helper: int, ask: int, seed: int) -> int:
    """A number between 0 and 2**32 that looks like chance and is the same for the same three."""
    mixed = (helper * 0x9E3779B1 + ask * 0x85EBCA77 + seed * 0xC2B2AE3D) & 0xFFFFFFFF
    for _ in range(2):
        mixed = ((mixed ^ (mixed >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF
        mixed = ((mixed ^ (mixed >> 12)) * 0x297A2D39) & 0xFFFFFFFF
    return mixed ^ (mixed >> 15)


@compiled
def pick(found: Array, order: Array, key: Array, count: int, most: int) -> None:
    """Put the ``most`` of the highest values first in ``order``; of equal ones those of the lowest keys.

    Quickselect (C. A. R. Hoare, 1961) with the middle of three.
    """
    low, high = 0, count - 1
    while low < high:
        left, right = part(found, order, key, low, high)
        if most - 1 <= right:
            high = right
        elif most - 1 >= left:
            low = left
        else:
            return


@compiled
def part(found: Array, order: Array, key: Array, low: int, high: int) -> tuple[int, int]:
    """Put those before a middle one first; return where the others begin, and where the first end."""
    middle = (low + high) >> 1
    if before(found, key, order[middle], order[low]):
        order[low], order[middle] = order[middle], order[low]
    if before(found, key, order[high], order[low]):
        order[low], order[high] = order[high], order[low]
    if before(found, key, order[high], order[middle]):
        order[middle], order[high] = order[high], order[middle]
    pivot = order[middle]
    left, right = low, high
    while left <= right:
        while before(found, key, order[left], pivot):
            left += 1
        while before(found, key, pivot, order[right]):
            right -= 1
        if left <= right:
            order[left], order[right] = order[right], order[left]
            left += 1
            right -= 1
    return left, right


@compiled
def before(found: Array, key: Array, one: int, other: int) -> Any:
    """Whether one stands before the other: by value, then by key."""
    ahead = found[one].value - found[other].value
    return ahead > 0 or (ahead == 0 and key[one] < key[other])


@compiled
def helper_at(want: Any, entries: Array, found: Array, k: int) -> Any:
    """The caller's index of one who was found."""
    return want.favourite if found[k].entry < 0 else entries[found[k].entry].helper


@compiled
def write_row(
    want: Any, entries: Array, found: Array, order: Array, room: Room, rows: Rows, first: int
) -> None:
    """Write those of ``order`` into the row that begins at ``first``, by (-weight, helper)."""
    count, key, with_metres = len(order), room.key, len(rows.metres) > 0
    for j in range(count):
        helper = helper_at(want, entries, found, order[j])
        if with_metres:
            room.place[helper] = order[j]
        key[j] = np.uint64(MOST_WEIGHT - found[order[j]].weight) << np.uint64(32) | np.uint64(helper)
    key[:count].sort()
    for j in range(count):
        helper = np.int64(key[j] & np.uint64(0xFFFFFFFF))
        rows.helper[first + j] = helper
        rows.weight[first + j] = MOST_WEIGHT - np.int64(key[j] >> np.uint64(32))
        if with_metres:
            k = room.place[helper]
            metres = metres_of(found[k].square)
            rows.metres[first + j] = NO_METRES if metres < 0 else int(metres + 0.5)
            if found[k].entry < 0:
                rows.metres[first + j] = want.favourite_metres


@compiled
def put_rows(asks: Array, counts: Array, piece: Rows, indptr: Array, rows: Rows) -> None:
    """Put the rows of a piece, which are those of ``asks`` one after another, where ``indptr`` says."""
    at = 0
    for ask in asks:
        first, count = indptr[ask], counts[ask]
        for j in range(count):
            rows.helper[first + j] = piece.helper[at + j]
            rows.weight[first + j] = piece.weight[at + j]
        if len(piece.metres):
            for j in range(count):
                rows.metres[first + j] = piece.metres[at + j]
        at += count


# ---- The sweeps: each over the asks from ``start`` to ``stop`` in their order of search.


@compiled
def sweep_counts(wants: Wants, start: int, stop: int, index: Index, counts: Array) -> None:
    """How many can meet each ask, by the caller's index."""
    found = np.empty(most_of(index), FOUND)
    for i in range(start, stop):
        want = wants.asks[i]
        counts[want.ask] = candidates_of(want, wants.blocked, index, found) + (want.favourite >= 0)


@compiled
def sweep_rows(
    wants: Wants, span: Any, index: Index, points: Points, prices: Prices, rows: Rows, counts: Array
) -> tuple[int, int, int]:
    """Write down the best of each ask, row after row, and in ``counts`` how many, by the caller's index.

    ``span`` is (start, stop, the most of an ask). Return the ask at which the room ended (``stop`` where it sufficed),
    how many pairs were written, and how many that ask has.
    """
    start, stop, limit = span
    most = most_of(index)
    found, entries = np.empty(most, FOUND), index.entries
    order, key = np.empty(most, np.int64), np.empty(most, np.uint64)
    room = Room(key, np.empty(len(prices.week) if len(rows.metres) else 0, np.int32))
    first = 0
    for i in range(start, stop):
        want = wants.asks[i]
        count = candidates_of(want, wants.blocked, index, found)
        kept = min(count + (want.favourite >= 0), limit)
        if first + kept > len(rows.helper):
            return i, first, kept
        count = weigh(want, wants.known, entries, points, found, count)
        for k in range(count):
            order[k] = k
        if kept < count:
            appraise(want, entries, prices, found, count)
            for k in range(count):
                key[k] = tie(helper_at(want, entries, found, k), want.ask, prices.seed)
            pick(found, order, key, count, kept)
        write_row(want, entries, found, order[:kept], room, rows, first)
        counts[want.ask] = kept
        first += kept
    return stop, first, 0


@compiled
def sweep_values(
    wants: Wants, start: int, stop: int, index: Index, points: Points, prices: Prices, best: Array
) -> None:
    """For each ask, by the caller's index, the sum of the largest positive values, as many as it wants hands."""
    most = most_of(index)
    found, entries = np.empty(most, FOUND), index.entries
    order, key = np.empty(most, np.int64), np.zeros(most, np.uint64)
    for i in range(start, stop):
        want = wants.asks[i]
        count = candidates_of(want, wants.blocked, index, found)
        count = weigh(want, wants.known, entries, points, found, count)
        appraise(want, entries, prices, found, count)
        for k in range(count):
            order[k] = k
        hands = min(want.hands, count)
        if hands < count:
            pick(found, order, key, count, hands)
        total = np.int64(0)
        for j in range(hands):
            total += max(found[order[j]].value, 0)
        best[want.ask] = total
