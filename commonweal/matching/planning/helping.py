"""Where help helps most: a number for each ask by which members who pick for themselves see the board in order."""

from collections.abc import Mapping

import numpy as np

from commonweal.algorithms.matching.instance import NOBODY, Array, Instance
from commonweal.algorithms.measures import filled_by_group

# Points, in steps coarse enough that most asks keep theirs from one plan to the next.
URGENT = 100
A_DAY, MOST_DAYS = 10, 14
AHEAD, MOST_AHEAD = 50, 3
# By how many could come: nobody, one, two, up to five, up to ten.
FEW = ((0, 300), (1, 270), (2, 240), (5, 150), (10, 60))
UNMET = 150
WORST_AREA = 100
STEP = 10


def helps_most(instance: Instance, found: Mapping[str, Array]) -> Array:
    """Points for each ask, int64 (n): it is urgent, has waited, came back; few could come, the plan has nobody for it,
    or its area is worse off than the others. ``found`` is the engine's answer (`solving.work.plan`)."""
    asks, choices = instance.asks, found["choices"]
    met = np.bincount(found["ask"], minlength=len(asks)) >= asks.hands
    few = np.select([choices <= most for most, _points in FEW], [points for _most, points in FEW], 0)
    points: Array = (
        URGENT * asks.urgency.astype(np.int64)
        + A_DAY * np.minimum(asks.waiting_d, MOST_DAYS)
        + AHEAD * np.minimum(asks.ahead, MOST_AHEAD)
        + few
        + UNMET * ~met
        + _worse_off(asks.area, met)
    )
    return np.asarray(points // STEP * STEP)


def _worse_off(area: Array, met: Array) -> Array:
    """Up to `WORST_AREA` points where an area's share is below that of all, in proportion."""
    points = np.zeros(len(area), np.int64)
    usual = float(met.mean()) if len(met) else 0.0
    if usual <= 0:
        return points
    filled = filled_by_group(np.where(area == NOBODY, -1, area), np.ones(len(area)), met.astype(np.float64))
    for group, share in zip(filled.group, filled.share, strict=True):
        points[area == group] = round(WORST_AREA * max(0.0, 1 - float(share) / usual))
    return points
