"""Distance by the streets instead of as the crow flies: rivers have few bridges."""

import heapq
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from scipy.spatial import cKDTree

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.candidates import Pairs, find_pairs
from commonweal.algorithms.matching.instance import Array, Instance
from commonweal.algorithms.matching.pairwise import (
    as_metres,
    as_weights,
    chord_lengths,
    failed,
    metres_along,
    metres_between,
    terms,
    unit_vectors,
)
from commonweal.algorithms.matching.rules import EngineRules

ASKS_AT_ONCE = 20_000
# Lengths are measured along bends and rounded: so much shorter than the crow's way is still no mistake.
SHORTER = 0.99
ROUNDED_M = 1.0
STREET = np.dtype([("head", np.int64), ("metres", np.float64)])
# One ask: the crossing it begins at, how far it looks, and which pairs are its own.
START = np.dtype([("crossing", np.int64), ("reach", np.float64), ("first", np.int64), ("last", np.int64)])


class BadStreets(ValueError):
    """A street graph that cannot be walked; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Streets:
    """A street graph: where its crossings are, and the streets that leave each.

    ``lat``, ``lon`` float64 (v) in degrees; ``indptr`` int64 (v + 1) says where each crossing's part of ``edges`` (e)
    begins, records of the crossing a street leads to (``head``) and its length (``metres``). A street that goes both
    ways is there twice.
    """

    lat: Array
    lon: Array
    indptr: Array
    edges: Array

    @classmethod
    def of(cls, lat: Any, lon: Any, edges: Any, metres: Any) -> Self:
        """Put together from edges (e, 2) of crossings, in any order.

        Raises BadStreets for places nowhere on earth, crossings that aren't there, lengths of other counts, and streets
        shorter than the crow flies between their ends, for a radius as the crow flies is what is searched first.
        """
        lat, lon, metres = (np.asarray(column, np.float64) for column in (lat, lon, metres))
        edges = np.asarray(edges, np.int64).reshape(-1, 2)
        if lat.shape != lon.shape or not ((np.abs(lat) <= 90) & (np.abs(lon) <= 180)).all():
            raise BadStreets("a crossing is nowhere on earth")
        if ((edges < 0) | (edges >= len(lat))).any() or metres.shape != (len(edges),):
            raise BadStreets("a street leads to a crossing that isn't there, or has no length")
        ends = unit_vectors(lat, lon)[edges]
        crow = metres_along(chord_lengths(ends[:, 1] - ends[:, 0]))
        if not (metres + ROUNDED_M >= crow * SHORTER).all():
            raise BadStreets("a street is shorter than the crow flies")
        order = np.argsort(edges[:, 0], kind="stable")
        indptr = np.searchsorted(edges[order, 0], np.arange(len(lat) + 1))
        streets = np.empty(len(edges), STREET)
        streets["head"], streets["metres"] = edges[order, 1], metres[order]
        return cls(lat=lat, lon=lon, indptr=indptr, edges=streets)

    def near(self, lat: Array, lon: Array) -> tuple[Array, Array]:
        """The nearest crossing of each place (-1 where the place is unknown) and the metres to it."""
        known = np.isfinite(lat)
        crossing, metres = np.full(len(lat), -1, np.int64), np.zeros(len(lat))
        chord, crossing[known] = cKDTree(unit_vectors(self.lat, self.lon)).query(
            unit_vectors(lat[known], lon[known])
        )
        metres[known] = metres_along(chord)
        return crossing, metres


def find_pairs_by_street(
    instance: Instance, rules: EngineRules, streets: Streets, *, most: int | None = None, threads: int = 2
) -> Pairs:
    """Return what `find_pairs` does, with the metres along the streets for radius, ring and weight.

    From each ask to the nearest crossing, along the shortest way, and from the helper's nearest crossing to them; where
    there is no way, there is no pair. The crow's distance, which is never longer, finds whom to look at; then one
    shortest-path tree an ask, no wider than its helpers go. Memory for 20,000 asks' pairs at a time.

    O(pairs + Σ reached streets · log). Ties at ``most`` go by helper.
    """
    if not len(streets.lat):
        raise BadStreets("there are no streets")
    pieces = [
        _some(_between(instance, first, first + ASKS_AT_ONCE), rules, streets, most, threads)
        for first in range(0, len(instance.asks), ASKS_AT_ONCE)
    ]
    counts = np.concatenate([[0], *(np.diff(piece.indptr) for piece in pieces)])
    columns = {
        name: np.concatenate([np.zeros(0, np.int32), *(getattr(piece, name) for piece in pieces)])
        for name in ("helper", "weight", "metres")
    }
    return Pairs(indptr=np.cumsum(counts), **columns)


def why_not_by_street(
    instance: Instance, rules: EngineRules, streets: Streets, ask: int, helpers: Array
) -> Array:
    """Return what `why_not` does, with the metres along the streets: bits (uint32) of the rules that forbid each."""
    if not len(streets.lat):
        raise BadStreets("there are no streets")
    helpers = np.asarray(helpers, np.int64)
    asks = np.full(len(helpers), ask, np.int64)
    placed = np.isfinite(metres_between(instance.asks.take(asks), instance.helpers.take(helpers)))
    walked = _walked(instance, streets, asks, helpers, placed)
    return failed(instance, rules, asks, helpers, walked)


def _between(instance: Instance, first: int, last: int) -> Instance:
    """The asks from ``first`` to ``last`` with everybody who helps."""
    listed = {}
    for name in ("blocked", "known"):
        pairs = getattr(instance, name)
        listed[name] = pairs[(pairs[:, 0] >= first) & (pairs[:, 0] < last)] - np.array([first, 0], np.int32)
    return replace(
        instance, asks=instance.asks.take(np.arange(first, min(last, len(instance.asks)))), **listed
    )


def _some(instance: Instance, rules: EngineRules, streets: Streets, most: int | None, threads: int) -> Pairs:
    """All of it for a few asks."""
    crow = find_pairs(instance, rules, threads=threads)
    asks, helpers = instance.asks, instance.helpers
    ask, helper = crow.ask, crow.helper
    placed = crow.metres >= 0
    between = _walked(instance, streets, ask, helper, placed)
    ringed = (asks.within_m[ask] > 0) & (asks.preferred[ask] != helper)
    reach_of = np.where(
        ringed, np.minimum(asks.within_m[ask], helpers.radius_m[helper]), helpers.radius_m[helper]
    )
    kept = ~placed | (between <= reach_of)
    ask, helper, between = ask[kept], helper[kept], between[kept]
    weight = as_weights(terms(instance, rules, ask, helper, between))
    best = np.lexsort((helper, -weight, ask))
    counts = np.bincount(ask, minlength=len(asks))
    if most is not None:
        rank = np.arange(len(best)) - np.repeat(np.cumsum(counts) - counts, counts)
        best, counts = best[rank < most], np.minimum(counts, most)
    indptr = np.concatenate([[0], np.cumsum(counts)])
    return Pairs(indptr=indptr, helper=helper[best], weight=weight[best], metres=as_metres(between[best]))


def _walked(instance: Instance, streets: Streets, ask: Array, helper: Array, placed: Array) -> Array:
    """The metres along the streets of pairs in ascending order of asks, no farther than helpers go: beyond, and where
    there is no way, infinite. NaN where it isn't ``placed``: there is no distance."""
    asks, helpers = instance.asks, instance.helpers
    from_crossing, to_street = streets.near(asks.lat, asks.lon)
    crossing, from_street = streets.near(helpers.lat, helpers.lon)
    starts = np.zeros(len(asks), START)
    starts["crossing"] = from_crossing
    ends = np.searchsorted(ask, np.arange(len(asks) + 1))
    starts["first"], starts["last"] = ends[:-1], ends[1:]
    np.maximum.at(starts["reach"], ask[placed], helpers.radius_m[helper[placed]])
    along = np.full(len(ask), np.inf)
    order = np.argsort(from_crossing, kind="stable")
    walk(streets.indptr, streets.edges, starts[order], crossing[helper], along)
    return np.where(placed, along + to_street[ask] + from_street[helper], np.nan)


@compiled
def walk(indptr: Array, edges: Array, starts: Array, goal: Array, along: Array) -> None:
    """Put into ``along`` the metres of the shortest way from each ask's crossing to its helpers' ones.

    Asks at one crossing that follow one another share a tree where it is wide enough.
    """
    far = np.full(len(indptr) - 1, np.inf)
    touched = [0]
    tree, width = -1, -1.0
    for start in starts:
        if start.crossing < 0 or start.first == start.last:
            continue
        if start.crossing != tree or start.reach > width:
            for crossing in touched:
                far[crossing] = np.inf
            tree, width = start.crossing, start.reach
            touched = grow(indptr, edges, tree, width, far)
        for pair in range(start.first, start.last):
            if goal[pair] >= 0:
                along[pair] = far[goal[pair]]


@compiled
def grow(indptr: Array, edges: Array, root: int, width: float, far: Array) -> list[int]:
    """Put into ``far`` the metres from a crossing to all within ``width``, and return these (E. W. Dijkstra, 1959)."""
    touched = [root]
    far[root] = 0.0
    heap = [(0.0, root)]
    while heap:
        so_far, crossing = heapq.heappop(heap)
        if so_far > far[crossing]:
            continue
        for place in range(indptr[crossing], indptr[crossing + 1]):
            edge = edges[place]
            length = so_far + edge.metres
            if length <= width and length < far[edge.head]:
                far[edge.head] = length
                touched.append(edge.head)
                heapq.heappush(heap, (length, edge.head))
    return touched
