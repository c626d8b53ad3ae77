"""Support vector machines by coordinate descent in the dual: one row at a time, exactly, until little changes."""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from commonweal.algorithms.compiling import compiled

Numbers = npt.NDArray[Any]


def find_weights(
    rows: sparse.csr_matrix, signs: Numbers, *, cost: float, rounds: int = 40, tolerance: float = 0.02
) -> tuple[Numbers, float]:
    """Weights and bias of a linear machine: least ½|w|² + cost · Σ max(0, 1 − sign · (w·x + b))².

    ``signs`` is 1 or −1 a row; a row of sign 0 does not count. The bias is a feature that is 1 in every row. Rows are
    taken in an order that a fixed generator draws anew each round, so that the same rows give the same weights.
    Method: Hsieh, Chang, Lin, Keerthi, Sundararajan, "A dual coordinate descent method for large-scale linear SVM"
    (ICML 2008). One round takes as long as there are entries in ``rows``.
    """
    weights = np.zeros(rows.shape[1] + 1, np.float64)
    data = rows.data.astype(np.float64)
    _descend(rows.indptr, rows.indices, data, signs.astype(np.float64), weights, cost, rounds, tolerance)
    return weights[:-1], float(weights[-1])


@compiled
def _descend(starts, places, data, signs, weights, cost, rounds, tolerance):  # type: ignore[no-untyped-def]
    last = len(weights) - 1
    order = np.flatnonzero(signs)
    n = len(order)
    slack = 0.5 / cost
    pull = np.zeros(n)
    size = np.empty(n)
    for k in range(n):
        row = order[k]
        total = 1.0 + slack
        for p in range(starts[row], starts[row + 1]):
            total += data[p] * data[p]
        size[k] = total
    turn: Numbers = np.arange(n)
    state = np.uint64(20261122)
    for _round in range(rounds):
        worst = 0.0
        for k in range(n - 1, 0, -1):
            state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
            other = np.int64((state >> np.uint64(33)) % np.uint64(k + 1))
            turn[k], turn[other] = turn[other], turn[k]
        for k in turn:
            row = order[k]
            sign = signs[row]
            margin = weights[last]
            for p in range(starts[row], starts[row + 1]):
                margin += data[p] * weights[places[p]]
            slope = sign * margin - 1.0 + slack * pull[k]
            if pull[k] == 0.0 and slope >= 0.0:
                continue
            worst = max(worst, abs(slope))
            new = max(pull[k] - slope / size[k], 0.0)
            step = (new - pull[k]) * sign
            pull[k] = new
            weights[last] += step
            for p in range(starts[row], starts[row + 1]):
                weights[places[p]] += step * data[p]
        if worst < tolerance:
            break
