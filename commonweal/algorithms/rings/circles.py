"""Listing every circle of two to four people in a graph of givers."""

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.rings.model import LONGEST, MOST_WORTH, NOBODY, SHORTEST, Array, Circles, Gifts

MOST = 4_000_000
MOST_STEPS = 2_000_000_000
LEAST_STEPS_EACH = 20_000


def find_circles(
    gifts: Gifts, *, longest: int = 3, worth: tuple[int, int, int] = (1, 1, 1), most: int = MOST
) -> Circles:
    """List every circle of at most ``longest`` people (2–4), each once, in the order of their people's numbers.

    A circle of two, three or four is valued ``worth[0]``, ``worth[1]`` or ``worth[2]`` (1–128) times the sum of its
    weights: that is how a short ring, which needs fewer yeses, can count for more. Where there are more than ``most``,
    everybody gets to be the smallest number of equally many, the shorter ones first, and ``is_all`` is False; so it
    is where looking for all of them would take more than about 2 · 10⁹ steps.

    O(n · d^(longest - 1)) for n people with d gifts each, up to that limit. Raises ValueError.
    """
    if not SHORTEST <= longest <= LONGEST:
        raise ValueError(f"a ring has two to four people, not {longest}")
    if not all(1 <= each <= MOST_WORTH for each in worth):
        raise ValueError(f"worth is three whole numbers from 1 to {MOST_WORTH}: {worth}")
    if most < 1:
        raise ValueError("at least one circle must be wanted")
    people = len(gifts)
    graph = ((gifts.indptr, gifts.taker, gifts.weight.astype(np.int64)), _backwards(gifts))
    steps = max(MOST_STEPS // max(people, 1), LEAST_STEPS_EACH)
    found, is_all = _walk(graph, longest, most + 1, most, steps)
    if len(found) > most:
        found, is_all = _walk(graph, longest, max(most // people, 1), most, steps)[0][:most], False
    lengths = (found[:, :LONGEST] != NOBODY).sum(1)
    return Circles(
        people=people,
        members=found[:, :LONGEST].astype(np.int32),
        value=found[:, LONGEST] * np.asarray(worth, np.int64)[lengths - SHORTEST],
        is_all=is_all,
    )


def _backwards(gifts: Gifts) -> tuple[Array, Array, Array]:
    """From whom each may take: the same graph by its takers."""
    order = np.argsort(gifts.taker, kind="stable")
    indptr = np.zeros(len(gifts) + 1, np.int64)
    np.cumsum(np.bincount(gifts.taker, minlength=len(gifts)), out=indptr[1:])
    return indptr, gifts.giver[order], gifts.weight[order].astype(np.int64)


Graph = tuple[tuple[Array, Array, Array], tuple[Array, Array, Array]]


def _walk(graph: Graph, longest: int, each: int, most: int, steps: int) -> tuple[Array, bool]:
    """Count, make room, and list: rows of four people and the sum of the weights, at most one more than ``most``."""
    limits = np.array([longest, each, most, steps], np.int64)
    total, _ = _list(*graph, limits, np.zeros((0, LONGEST + 1), np.int64))
    rows = np.full((total, LONGEST + 1), NOBODY, np.int64)
    _, is_cut = _list(*graph, limits, rows)
    return rows, not is_cut


@compiled
def _list(forward, backward, limits, rows):  # type: ignore[no-untyped-def]
    """Look from each person over larger numbers only; returns how many were found, and whether anything was left."""
    people, (back, giver, gain) = len(forward[0]) - 1, backward
    longest, most = limits[0], limits[2]
    closes = np.zeros(people, np.int64)  # what the gift to the first person is worth; 0: there is none
    state = np.zeros(4, np.int64)  # found, found from this person, steps from this person, something left out
    for first in range(people):
        state[1] = state[2] = 0
        for e in range(back[first], back[first + 1]):
            closes[giver[e]] = gain[e]
        for length in range(2, longest + 1):
            _circles_from(first, length, forward, closes, limits, state, rows)
        for e in range(back[first], back[first + 1]):
            closes[giver[e]] = 0
        if state[0] > most:
            break
    return state[0], state[3] > 0


@compiled
def _circles_from(first, length, forward, closes, limits, state, rows):  # type: ignore[no-untyped-def]
    """Depth first, without recursion; writes where ``rows`` has room."""
    indptr, taker, weight = forward
    each, most, steps = limits[1], limits[2], limits[3]
    path, edge, total = np.empty(4, np.int64), np.empty(4, np.int64), np.zeros(5, np.int64)
    depth, path[0], edge[0] = 0, first, indptr[first]
    while depth >= 0 and state[0] <= most:
        e = edge[depth]
        if e == indptr[path[depth] + 1]:
            depth -= 1
            continue
        edge[depth] += 1
        person, is_new = taker[e], True
        state[2] += 1
        for i in range(1, depth + 1):
            is_new = is_new and path[i] != person
        if person <= first or not is_new:
            continue
        if state[1] >= each or state[2] > steps:
            state[3] = 1
            return
        total[depth + 1] = total[depth] + weight[e]
        if depth + 2 < length:
            depth += 1
            path[depth], edge[depth] = person, indptr[person]
        elif closes[person]:
            if state[0] < len(rows):
                rows[state[0], : depth + 1] = path[: depth + 1]
                rows[state[0], depth + 1] = person
                rows[state[0], 4] = total[depth + 1] + closes[person]
            state[0] += 1
            state[1] += 1
