"""Measures of evenness over arrays. Nothing here knows what the amounts are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

NO_GROUP = -1


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """How full each group is, in the order of the groups' numbers.

    ``group`` int64 (g), ``wanted`` and ``served`` float64 (g), summed over the group; ``share`` is their quotient.
    """

    group: NDArray[np.int64]
    wanted: NDArray[np.float64]
    served: NDArray[np.float64]

    @property
    def share(self) -> NDArray[np.float64]:
        """What part of what each group wants it gets, 0–1 where nobody gets more than they want."""
        return self.served / self.wanted


def gini(values: ArrayLike) -> float:
    """Return the Gini index of ``values``: 0 where all have the same, (n - 1) / n where one has everything.

    It is the mean of all pairs' differences, divided by twice the mean (C. Gini, 1912), by the formula over sorted
    values. 0 for no values and where all are 0. Raises ValueError for what is negative, infinite or no number.
    O(n log n).
    """
    amounts = np.sort(_amounts("values", values))
    total = float(amounts.sum())
    if total == 0:
        return 0.0
    count = len(amounts)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return max(float(ranks @ amounts) / (count * total), 0.0)


def filled_by_group(group: ArrayLike, wanted: ArrayLike, served: ArrayLike) -> Filled:
    """Sum up by group what is wanted and what is served.

    All three have ``n`` entries; ``group`` holds whole numbers, and entries with -1 belong to no group and are left
    out, as are groups in which nothing is wanted. Raises ValueError for other shapes, and for amounts that are
    negative, infinite or no numbers. O(n log n).
    """
    keys, wants, gets = np.asarray(group), _amounts("wanted", wanted), _amounts("served", served)
    if not keys.shape == wants.shape == gets.shape:
        raise ValueError(f"shapes differ: group {keys.shape}, wanted {wants.shape}, served {gets.shape}")
    if keys.size and keys.dtype.kind not in "iu":
        raise ValueError(f"groups are whole numbers, not {keys.dtype}")
    counted = keys != NO_GROUP
    found, place = np.unique(keys[counted].astype(np.int64), return_inverse=True)
    sums = [np.bincount(place, weights=amounts[counted], minlength=len(found)) for amounts in (wants, gets)]
    some = sums[0] > 0
    return Filled(found[some], np.asarray(sums[0][some], float), np.asarray(sums[1][some], float))


def worst_group(
    group: ArrayLike, wanted: ArrayLike, served: ArrayLike, *, least: float = 0
) -> tuple[int, float] | None:
    """Return the group that gets the smallest share of what it wants, and that share.

    Groups that want less than ``least`` are left out: a handful of asks is chance. Equal shares: the smallest number.
    None where no group wants enough. Arrays and errors as in `filled_by_group`.
    """
    filled = filled_by_group(group, wanted, served)
    shares = np.where(filled.wanted >= least, filled.share, np.inf)
    if not np.isfinite(shares).any():
        return None
    worst = int(shares.argmin())
    return int(filled.group[worst]), float(shares[worst])


def _amounts(name: str, values: ArrayLike) -> NDArray[Any]:
    amounts = np.asarray(values, dtype=np.float64)
    if amounts.ndim != 1:
        raise ValueError(f"{name} is a list of numbers, not of the shape {amounts.shape}")
    if not (np.isfinite(amounts) & (amounts >= 0)).all():
        raise ValueError(f"{name} holds what is negative, infinite or no number")
    return amounts
