"""Zones of a large network, in which bids can be made at the same time by several threads, with one result.

The map is cut across its longer side into stretches with as many people to help in each. An ask whose helpers all
live in one zone bids there; no two zones have anything in common, so that it makes no difference which is faster. The
asks in between, with helpers on both sides of a cut, bid afterwards, alone.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.assigning.market import Market
from commonweal.algorithms.matching.assigning.threads import in_parts
from commonweal.algorithms.matching.instance import Array, Helpers

ZONES = 2
BETWEEN = -1


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """The units (int64) of each zone, and those in between, all in the order in which they bid."""

    inside: list[Array]
    between: Array


def zones_of(market: Market, helpers: Helpers, order: Array, count: int, threads: int) -> Zones:
    """Share out the units of ``order`` among ``count`` zones, and note theirs at each. O(pairs)."""
    if count == 1:
        return Zones([order], order[:0])
    person = _zone_of_people(market, helpers, count)
    ask = np.zeros(len(market.rows), np.int8)
    zone = person[market.doors["person"]]
    in_parts(
        threads,
        len(ask),
        lambda first, last: zone_of_asks(market.rows, market.helper, zone, first, last, ask),
    )
    market.units["zone"] = ask[market.units["ask"]]
    of_unit = market.units["zone"][order]
    return Zones([order[of_unit == each] for each in range(count)], order[of_unit == BETWEEN])


def _zone_of_people(market: Market, helpers: Helpers, count: int) -> Array:
    """The zone of each person, int8: that of their first helper. Who lives nowhere is in the first."""
    first = market.helpers[market.people["row"]]
    lat, lon = helpers.lat[first], helpers.lon[first]
    known = np.isfinite(lat)
    if not known.any():
        return np.zeros(len(first), np.int8)
    tall = np.ptp(lat[known])
    wide = np.ptp(lon[known]) * np.cos(np.radians(lat[known].mean()))
    along = lat if tall > wide else lon
    cuts = np.quantile(along[known], np.arange(1, count) / count)
    return np.where(known, np.searchsorted(cuts, along, side="right"), 0).astype(np.int8)


@compiled
def zone_of_asks(rows: Any, helper: Any, zone: Any, first: Any, last: Any, found: Any) -> Any:
    """Write the zone of each ask from ``first`` to ``last``: that of all its helpers, BETWEEN where they differ."""
    for i in range(first, last):
        row = rows[i]
        if row.first < row.last:
            found[i] = zone[helper[row.first]]
        for k in range(row.first, row.last):
            if zone[helper[k]] != found[i]:
                found[i] = BETWEEN
                break
