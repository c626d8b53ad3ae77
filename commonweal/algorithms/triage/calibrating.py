"""From a margin to a probability that can be believed, and from which probability on a yes is best."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]
BINS = 10


def probability(logit: Numbers) -> Numbers:
    """1 / (1 + e^−x), without overflow."""
    chance: Numbers = 1 / (1 + np.exp(-np.clip(logit, -35, 35)))
    return chance


def fit_logistic(inputs: Numbers, truths: Numbers, *, pull: float = 1.0, rounds: int = 50) -> Numbers:
    """Coefficients, the constant last, of a logistic regression of ``truths`` (0 or 1) on the columns of ``inputs``.

    The truths are drawn in a little, as Platt proposed, so that a perfect margin does not give certainty; ``pull`` is
    the weight of ½|w|² on all but the constant. Newton's method with a halved step where a whole one does not help.
    """
    columns = np.column_stack([inputs, np.ones(len(truths))])
    yes = float(truths.sum())
    high, low = (yes + 1) / (yes + 2), 1 / (len(truths) - yes + 2)
    aims = np.where(truths > 0, high, low)
    weight = np.full(columns.shape[1], pull)
    weight[-1] = 1e-6
    found = np.zeros(columns.shape[1])
    loss = _loss(columns, aims, found, weight)
    for _round in range(rounds):
        said = probability(columns @ found)
        slope = columns.T @ (said - aims) + weight * found
        bend = (columns * (said * (1 - said))[:, None]).T @ columns + np.diag(weight)
        step = np.linalg.solve(bend, slope)
        part = 1.0
        while part > 1e-4 and _loss(columns, aims, found - part * step, weight) > loss:
            part /= 2
        found = found - part * step
        before, loss = loss, _loss(columns, aims, found, weight)
        if before - loss < 1e-9 * max(1.0, before):
            break
    return found


def _loss(columns: Numbers, aims: Numbers, found: Numbers, weight: Numbers) -> float:
    logits = columns @ found
    return float((np.logaddexp(0, logits) - aims * logits).sum() + (weight * found * found).sum() / 2)


def best_threshold(chances: Numbers, truths: Numbers) -> tuple[float, float]:
    """From which probability on a yes gives the best F1, and that F1; (0.5, 0.0) where there is no yes to be found.

    The best cut through what was seen is noisy where a label is rare. Where probabilities are right, the best cut is
    half of the F1 that it gives (Lipton, Elkan, Naryanaswamy 2014): the middle of the two is taken.
    """
    yes = int(truths.sum())
    if not yes:
        return 0.5, 0.0
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(truths[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + yes)
    last = np.append(np.diff(chances[order]) != 0, True)  # equal chances are cut together
    best = int(np.argmax(np.where(last, f1, -1.0)))
    return float((chances[order][best] + f1[best] / 2) / 2), float(f1[best])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How far probabilities can be believed. ``error`` is the expected calibration error over ten equal widths."""

    error: float
    brier: float


def reliability(chances: Numbers, truths: Numbers) -> Reliability:
    """Compare what was said with what came true. Both are flat arrays of one length; nothing said is no error."""
    if not len(chances):
        return Reliability(error=0.0, brier=0.0)
    where = np.minimum((chances * BINS).astype(np.int64), BINS - 1)
    gap = np.bincount(where, chances - truths, BINS)
    return Reliability(
        error=float(np.abs(gap).sum() / len(chances)), brier=float(((chances - truths) ** 2).mean())
    )
