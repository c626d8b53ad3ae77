"""Choosing rings exactly, by an integer program (HiGHS): the whole at once, or a piece of the town after the other."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from commonweal.algorithms.rings.model import NOBODY, Array, Circles

NEARLY_ONE = 0.5


class NotSolved(RuntimeError):
    """The solver stopped without a solution; the words are its own."""


def chosen_exactly(circles: Circles, *, nodes: int | None = None) -> Array:
    """The best choice of circles there is, as an ascending int64 array. For thousands of circles, not for millions.

    Raises NotSolved, also where ``nodes`` branches were not enough. Exponential in the worst case; the relaxation of
    such instances is nearly whole (Abraham, Blum and Sandholm, 2007), so that in practice one linear program nearly
    does it.
    """
    if not len(circles):
        return np.zeros(0, np.int64)
    found = milp(
        -circles.value.astype(float),
        constraints=LinearConstraint(_once_each(circles), -np.inf, 1),
        integrality=np.ones(len(circles)),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0} | ({"node_limit": nodes} if nodes else {}),
    )
    if found.status != 0:
        raise NotSolved(found.message)
    return np.flatnonzero(found.x > NEARLY_ONE)


def relaxed_bound(circles: Circles) -> float:
    """What the linear relaxation is worth: no choice of circles is worth more. Raises NotSolved."""
    if not len(circles):
        return 0.0
    found = linprog(
        -circles.value.astype(float), A_ub=_once_each(circles), b_ub=np.ones(circles.people), method="highs"
    )
    if found.status != 0:
        raise NotSolved(found.message)
    return float(-found.fun)


def improved_by_tiles(circles: Circles, chosen: Array, *, most: int) -> Array:
    """Cut the people into tiles of at most ``most`` neighbours and choose anew and exactly within each.

    Whoever is in a ring with somebody of another tile stays in it. What comes out is never worth less. Neighbours
    are those who stand near one another in the order of Cuthill and McKee. Raises NotSolved.
    """
    if not len(circles):
        return chosen
    members = circles.members.astype(np.int64)
    is_person = members != NOBODY
    tile = np.append(_tiles(circles, most), NOBODY)  # the last stands for nobody
    theirs = tile[members]
    first = theirs[:, :1]
    is_within = ((theirs == first) | ~is_person).all(1)
    kept = set(chosen[~is_within[chosen]].tolist())
    taken = np.zeros(circles.people + 1, bool)
    taken[members[sorted(kept)]] = True
    taken[-1] = False
    open_circles = np.flatnonzero(is_within & ~taken[members].any(1))
    order = open_circles[np.argsort(first[open_circles, 0], kind="stable")]
    for group in np.split(order, np.flatnonzero(np.diff(first[order, 0])) + 1):
        kept.update(group[chosen_exactly(circles.take(group))].tolist())
    return np.array(sorted(kept), np.int64)


def _once_each(circles: Circles) -> csr_array:
    """Who is in which circle: a row for each person, a column for each circle."""
    is_person = circles.members != NOBODY
    column = np.repeat(np.arange(len(circles)), is_person.sum(1))
    row = circles.members[is_person]
    return csr_array((np.ones(len(row)), (row, column)), shape=(circles.people, len(circles)))


def _tiles(circles: Circles, most: int) -> Array:
    """The tile of each person."""
    met = _once_each(circles)
    order = reverse_cuthill_mckee((met @ met.T).tocsr(), symmetric_mode=True)
    tile = np.empty(circles.people, np.int64)
    tile[order] = np.arange(circles.people) // most
    return tile
