"""Choosing rings quickly: in a given order, the scarce first, and better and better by exchanging a few.

A choice is an int64 array of circles' numbers, ascending, no two of which share a person.
"""

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.rings.model import Array, Circles
from commonweal.algorithms.rings.pricing import places, through_each

SWEEPS = 150
# A circle has at most four people, so it pushes out at most four others with at most sixteen people between them.
MOST_FREED = 16


def in_order(circles: Circles, order: Array) -> Array:
    """Take each circle in this order unless one of its people has a ring already. O(m)."""
    return np.sort(_in_order(places(circles), np.asarray(order, np.int64), circles.people))


def scarce_first(circles: Circles, *, seed: int = 0) -> Array:
    """The simple rule: people through whom few circles go come first; ties by worth, then by ``seed``.

    A circle stands where the scarcest of its people does. O(m log m).
    """
    start, _ = through_each(circles)
    count = np.append(np.diff(start), len(circles) + 1)
    scarcest = count[places(circles)].min(1) if len(circles) else np.zeros(0, np.int64)
    chance = np.random.default_rng(seed).random(len(circles))
    return in_order(circles, np.lexsort((chance, -circles.value, scarcest)))


def improved(circles: Circles, chosen: Array, *, seed: int = 0, sweeps: int = SWEEPS) -> Array:
    """Improve a choice by exchange; what comes out is never worth less.

    In each sweep everybody who has no ring is gone through in an order that ``seed`` gives. A circle through them is
    forced in, the rings in its way are pushed out, and the people freed get whatever ring is still to be had for them,
    the worthiest first. An exchange that loses anything is undone; one that neither wins nor loses stays, because from
    there another may win (the iterated local search of Andrade, Resende and Werneck, 2012, for independent sets).
    O(sweeps · people without a ring · circles through the few people concerned).
    """
    padded, (start, through) = places(circles), through_each(circles)
    ring = np.full(circles.people + 1, -1, np.int64)
    ring[padded[chosen]] = np.asarray(chosen, np.int64)[:, None]
    ring[circles.people] = -1
    state = np.array([np.random.default_rng(seed).integers(1 << 63)], np.uint64)
    _improve((padded, circles.value, start, through), ring, state, sweeps)
    found = np.unique(ring)
    return found[found >= 0]


@compiled
def _in_order(padded, order, people):  # type: ignore[no-untyped-def]
    longest = padded.shape[1]
    taken = np.zeros(people + 1, np.bool_)
    chosen, count = np.empty(len(order), np.int64), 0
    for c in order:
        is_free = True
        for i in range(longest):
            is_free = is_free and not taken[padded[c, i]]
        if is_free:
            chosen[count] = c
            count += 1
            for i in range(longest):
                taken[padded[c, i]] = padded[c, i] < people
    return chosen[:count]


@compiled
def _below(state, limit):  # type: ignore[no-untyped-def]
    """A number below ``limit`` by chance (splitmix64 of Steele, Lea and Flood, 2014)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((z ^ (z >> np.uint64(31))) % np.uint64(limit))


@compiled
def _improve(circles, ring, state, sweeps):  # type: ignore[no-untyped-def]
    _padded, _value, start, through = circles
    people = len(ring) - 1
    waiting = np.empty(people, np.int64)
    room = (np.empty(4, np.int64), np.empty(MOST_FREED, np.int64), np.empty(MOST_FREED + 1, np.int64))
    for _sweep in range(sweeps):
        count = 0
        for p in range(people):
            if ring[p] < 0 and start[p + 1] > start[p]:
                waiting[count] = p
                count += 1
        for left in range(count, 0, -1):
            pick = _below(state, left)
            p = waiting[pick]
            waiting[pick] = waiting[left - 1]
            if ring[p] < 0:
                forced = through[start[p] + _below(state, start[p + 1] - start[p])]
                _exchange(circles, ring, state, forced, room)


@compiled
def _exchange(circles, ring, state, forced, room):  # type: ignore[no-untyped-def]
    """Force a circle in and give whoever lost their ring another; all of it undone if that loses anything."""
    padded, value, _start, _through = circles
    outs, freed, ins = room
    out, free, lost = _push_out(padded, value, ring, forced, outs, freed)
    won, ins[0], into = value[forced], forced, 1
    turn = _below(state, free) if free else 0
    for i in range(free):
        c = _worthiest(circles, ring, state, freed[(i + turn) % free])
        if c >= 0:
            _put(padded, ring, c, c)
            won += value[c]
            ins[into] = c
            into += 1
    if won < lost:
        for i in range(into):
            _put(padded, ring, ins[i], -1)
        for i in range(out):
            _put(padded, ring, outs[i], outs[i])


@compiled
def _put(padded, ring, circle, number):  # type: ignore[no-untyped-def]
    """Write beside each of a circle's people in which ring they are."""
    for i in range(padded.shape[1]):
        if padded[circle, i] < len(ring) - 1:
            ring[padded[circle, i]] = number


@compiled
def _push_out(padded, value, ring, forced, outs, freed):  # type: ignore[no-untyped-def]
    """Put a circle in and what is in its way out: how many rings, how many people freed, and what they were worth."""
    out, free, lost = 0, 0, 0
    for i in range(padded.shape[1]):
        old = ring[padded[forced, i]]
        if old < 0:
            continue
        outs[out] = old
        out += 1
        lost += value[old]
        _put(padded, ring, old, -1)
        for k in range(padded.shape[1]):
            if padded[old, k] < len(ring) - 1:
                freed[free] = padded[old, k]
                free += 1
    _put(padded, ring, forced, forced)
    return out, free, lost


@compiled
def _worthiest(circles, ring, state, person):  # type: ignore[no-untyped-def]
    """The worthiest circle through somebody whose people are all free, ties by chance; -1 where there is none."""
    padded, value, start, through = circles
    best, most, ties = -1, 0, 0
    if ring[person] >= 0:
        return best
    for e in range(start[person], start[person + 1]):
        c = through[e]
        if value[c] < most:
            continue
        is_free = True
        for i in range(padded.shape[1]):
            is_free = is_free and ring[padded[c, i]] < 0
        if not is_free:
            continue
        ties = ties + 1 if value[c] == most else 1
        if ties == 1 or _below(state, ties) == 0:
            best, most = c, value[c]
    return best
