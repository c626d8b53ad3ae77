"""Who can meet which ask: all allowed pairs with their weights, or the best of each ask, or what they are worth.

One search serves all: helpers stand in strips of the earth by category and reach (`grid`), and the rules are looked at
where they stand (`sweep`). docs/explanation/matching.md tells the rules in prose.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TypeVar

import numpy as np

from commonweal.algorithms.matching.grid import Index, Wants, laid_out, lined_up, near_order
from commonweal.algorithms.matching.instance import SLOTS, Array, Instance
from commonweal.algorithms.matching.pairwise import CODES, codes_of, failed, terms, weights
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.algorithms.matching.sweep import (
    Points,
    Prices,
    Rows,
    put_rows,
    sweep_counts,
    sweep_rows,
    sweep_values,
)

__all__ = [
    "CODES", "Pairs", "TooManyPairs", "Worth", "best_values", "codes_of", "failed", "find_pairs", "near_order",
    "terms", "weights", "why_not",
]  # fmt: skip

Found = TypeVar("Found")

MOST_PAIRS = 2**31 - 1
CHUNK = 4096
# Room for so many pairs an ask to begin with.
A_FEW = 96
# Whether there may be too many is told by so many asks in a row of every so many times as many: a quarter of the most.
SAMPLE, ONE_IN, UNSURE = 32, 64, 4
NO_SLOT_PRICES = np.zeros((0, SLOTS), np.int64)


class TooManyPairs(ValueError):
    """More pairs than can be kept; say how many of each ask are wanted (``most``)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """The allowed pairs as rows, one for each ask.

    Row ``i`` is from ``indptr[i]`` to ``indptr[i + 1]`` (int64, n + 1 entries) of ``helper`` (int32), ``weight``
    (int32, 1 or more) and ``metres`` (int32, -1 where there is no distance; no entries at all where they were not
    kept). Within a row by (-weight, helper).
    """

    indptr: Array
    helper: Array
    weight: Array
    metres: Array

    def __len__(self) -> int:
        return len(self.helper)

    @property
    def ask(self) -> Array:
        """The ask of each pair, int32."""
        return np.repeat(np.arange(len(self.indptr) - 1, dtype=np.int32), np.diff(self.indptr))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worth:
    """What a pair is worth at present, in units of 1 / ``scale`` points.

    The value of a pair is ``scale · weight + ask[i] - week[h] - min(slot[h, s])`` over the parts ``s`` of the week that
    both have. ``week`` int64 (m) is the price of an hour of each helper (a person's price stands at each of their
    offers), ``slot`` int64 (m, 42) that of a part of their week, None for none, ``ask`` int64 (n) what is added to the
    ask's pairs, None for nothing. Prices are not negative. Raises ValueError.
    """

    week: Array
    slot: Array | None = None
    ask: Array | None = None
    scale: int = 1

    def __post_init__(self) -> None:
        for name, prices in (("week", self.week), ("slot", self.slot)):
            if prices is not None and prices.size and int(prices.min()) < 0:
                raise ValueError(f"a price of a {name} is negative")
        if self.scale < 1:
            raise ValueError("scale is 1 or more")


def find_pairs(
    instance: Instance,
    rules: EngineRules,
    *,
    most: int | None = None,
    worth: Worth | None = None,
    seed: int = 0,
    threads: int = 2,
    keep_metres: bool = True,
) -> Pairs:
    """Return every allowed pair, or where ``most`` is given the best ``most`` of each ask.

    The best are those of the highest weight, or of the highest value where ``worth`` is given; where equal ones meet
    at the cut, a shuffle decides that ``seed`` fixes and that differs from ask to ask, so that many asks of one spot
    don't all get the same helpers. Nothing else depends on the seed, and nothing on ``threads``.

    O(p log p / n) a row for p pairs in all, and 8 bytes a pair (12 with the metres) beside the instance. Raises
    TooManyPairs for more than 2**31 - 1, ValueError for a ``most`` below 1 or prices of other shapes.
    """
    if most is not None and most < 1:
        raise ValueError(f"most is 1 or more: {most}")
    prices = _prices(instance, worth, seed)
    index, wants = _both_sides(instance, rules, threads)
    search = _Search(wants, index, _points(rules), prices, most or MOST_PAIRS, keep_metres)
    counts = np.zeros(len(instance.asks), np.int64)
    search.refuse_too_many(threads)
    pieces = _in_chunks(threads, wants, lambda start, stop: search.pieces(start, stop, counts))
    indptr = np.concatenate([[0], np.cumsum(counts)])
    rows = _empty_rows(int(indptr[-1]), keep_metres)
    while pieces:
        _at_once(threads, [partial(_put, wants, piece, counts, indptr, rows) for piece in pieces[-threads:]])
        del pieces[-threads:]
    return Pairs(indptr=indptr, helper=rows.helper, weight=rows.weight, metres=rows.metres)


Piece = list[tuple[int, int, Rows]]


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What a search for pairs knows."""

    wants: Wants
    index: Index
    points: Points
    prices: Prices
    most: int
    keep_metres: bool

    def refuse_too_many(self, threads: int) -> None:
        """Raise TooManyPairs for more than an array holds. All are counted only where a few asks make it likely."""
        asks = len(self.wants.asks)
        some = [(start, min(start + SAMPLE, asks)) for start in range(0, asks, SAMPLE * ONE_IN)]
        counts = np.zeros(asks, np.int64)

        def count(start: int, stop: int) -> None:
            sweep_counts(self.wants, start, stop, self.index, counts)

        for start, stop in some:
            count(start, stop)
        if int(np.minimum(counts, self.most).sum()) * ONE_IN <= MOST_PAIRS // UNSURE:
            return
        _in_chunks(threads, self.wants, count)
        total = int(np.minimum(counts, self.most).sum())
        if total > MOST_PAIRS:
            raise TooManyPairs(f"{total} pairs")

    def pieces(self, start: int, stop: int, counts: Array) -> Piece:
        """The rows of the asks from ``start`` to ``stop`` in as many pieces as it takes."""
        found: Piece = []
        room = A_FEW * (stop - start)
        while start < stop:
            rows = _empty_rows(room, self.keep_metres)
            span = (start, stop, self.most)
            end, size, more = sweep_rows(self.wants, span, self.index, self.points, self.prices, rows, counts)
            found.append((start, end, Rows(*(column[:size].copy() for column in rows))))
            start, room = end, max(room, more)
        return found


def _empty_rows(size: int, keep_metres: bool) -> Rows:
    return Rows(np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size * keep_metres, np.int32))


def _put(wants: Wants, pieces: Piece, counts: Array, indptr: Array, rows: Rows) -> None:
    """Put pieces where the caller's asks have their rows."""
    for start, end, piece in pieces:
        put_rows(wants.asks["ask"][start:end], counts, piece, indptr, rows)


def best_values(instance: Instance, rules: EngineRules, worth: Worth, *, threads: int = 2) -> Array:
    """Return for each ask (int64, n) the sum of its ``hands`` largest positive values over ALL allowed pairs.

    With the capacities priced it is the rest of a bound on what any assignment can reach, whichever pairs were kept.
    Nothing is stored by pair. Raises ValueError for prices of other shapes.
    """
    prices, points = _prices(instance, worth), _points(rules)
    index, wants = _both_sides(instance, rules, threads)
    best = np.zeros(len(instance.asks), np.int64)
    _in_chunks(threads, wants, lambda a, b: sweep_values(wants, a, b, index, points, prices, best))
    return best


def why_not(instance: Instance, rules: EngineRules, ask: int, helpers: Array) -> Array:
    """Return for each of the helpers the rules that forbid them the ask, as bits (uint32) named by `CODES`; 0: none."""
    return failed(instance, rules, np.full(len(helpers), ask, np.int64), np.asarray(helpers, np.int64))


def _points(rules: EngineRules) -> Points:
    return Points(
        per_100_m=rules.per_100_m,
        unknown=rules.unknown_m // 100,
        language=rules.language,
        interpreter=rules.interpreter,
        known=rules.known,
        new_tie=rules.new_tie,
        comfort=rules.comfort,
    )


def _prices(instance: Instance, worth: Worth | None, seed: int = 0) -> Prices:
    """The prices as the kernels read them. Raises ValueError for other shapes."""
    n, m = len(instance.asks), len(instance.helpers)
    if worth is None:
        worth = Worth(week=np.zeros(m, np.int64))
    slot = NO_SLOT_PRICES if worth.slot is None else np.ascontiguousarray(worth.slot, np.int64)
    ask = np.zeros(n, np.int64) if worth.ask is None else np.ascontiguousarray(worth.ask, np.int64)
    week = np.ascontiguousarray(worth.week, np.int64)
    if week.shape != (m,) or ask.shape != (n,) or slot.shape not in {(m, SLOTS), NO_SLOT_PRICES.shape}:
        raise ValueError(
            f"prices of the shapes {week.shape}, {slot.shape}, {ask.shape} for {n} asks and {m} helpers"
        )
    free = (slot == 0) @ (np.uint64(1) << np.arange(SLOTS, dtype=np.uint64))
    return Prices(worth.scale, week, slot, free.astype(np.uint64), ask, seed & 0xFFFFFFFF)


def _both_sides(instance: Instance, rules: EngineRules, threads: int) -> tuple[Index, Wants]:
    """Helpers and asks as the kernels read them."""
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        index, wants = pool.submit(laid_out, instance, rules), pool.submit(lined_up, instance, rules)
        return index.result(), wants.result()


def _in_chunks(threads: int, wants: Wants, sweep: Callable[[int, int], Found]) -> list[Found]:
    """Let a kernel, which holds no lock, go over all asks in pieces, some at once; return what it gives, in order."""
    edges = [*range(0, len(wants.asks), CHUNK), len(wants.asks)]
    return _at_once(threads, [partial(sweep, start, stop) for start, stop in pairwise(edges)])


def _at_once(threads: int, works: Sequence[Callable[[], Found]]) -> list[Found]:
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        return [done.result() for done in [pool.submit(work) for work in works]]
