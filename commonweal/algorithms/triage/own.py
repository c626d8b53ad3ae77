"""What a group's own corrections add: a small layer of weights on top of what was thought without them.

The layer knows no words. A text's features are hashed once more under a key of the group's own into a few thousand
buckets, so that without the key nobody can tell which word a weight is for, and with it many words answer.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize

from commonweal.algorithms.triage.features import RUN, hashed

Numbers = npt.NDArray[Any]
BUCKETS = 4096
# How strongly the weights are held where they were, and how many corrections it takes to learn anything at all.
PULL = 0.5
LEAST = 12
# One correction in so many never teaches; it tells whether what was learnt is any better.
HELD_ONE_IN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Texts with the right choice of each, and the log-odds of every choice (texts × choices) without the layer.

    ``right`` are columns of ``odds``. ``names`` decide which are held back (by a hash, so the same ones each night);
    of the others only those that are ``fresh`` teach, so that each teaches once.
    """

    names: Sequence[str]
    texts: Sequence[str]
    right: Numbers
    odds: Numbers
    fresh: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What came of learning. ``weights`` (buckets × choices) are the ones to use from now on.

    ``taken`` is whether they are new; the losses (mean −ln of the right choice's probability) and the numbers of right
    choices are over the ``held`` corrections: without any layer, with the one before, and with the new one.
    """

    weights: Numbers
    taken: bool
    taught: int
    held: int
    losses: tuple[float, float, float]
    rights: tuple[int, int, int]


def buckets(text: str, key: bytes) -> tuple[Numbers, Numbers]:
    """The buckets a text falls into under a key of 16 bytes, and their weights: a vector of length 1, or none."""
    found, _counts = hashed(text)
    if not len(found):
        return np.empty(0, np.int64), np.empty(0)
    turn, shift = np.frombuffer(key, np.uint64)
    mixed = (found.astype(np.uint64) ^ shift) * (turn | np.uint64(1))
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    # Whole words say more than the many runs of letters within them.
    weights = np.where(found & RUN, 0.3, 1.0)
    places, inverse = np.unique((mixed >> np.uint64(52)).astype(np.int64), return_inverse=True)
    summed = np.bincount(inverse, weights)
    return places, summed / np.sqrt(summed @ summed)


def added(text: str, weights: Numbers, key: bytes) -> Numbers:
    """What the layer adds to the log-odds of each choice for a text."""
    places, values = buckets(text, key)
    result: Numbers = values @ weights[places]
    return result


def learn(corrections: Corrections, before: Numbers, key: bytes) -> Lesson:
    """Learn from corrections, starting from the weights that earlier ones left (buckets × choices; zeros at first).

    The new weights are taken only where the held corrections come out at least as well with them as with the ones
    before, by loss and by the number that is right, and no worse than without any layer. Where the ones before have
    become worse than none, they are dropped. With fewer than ``LEAST`` fresh ones nothing is learnt. Deterministic.
    """
    held = np.array([_is_held(name) for name in corrections.names], bool)
    rows = _rows(corrections.texts, key)
    none = np.zeros_like(before)
    teach = corrections.fresh & ~held
    enough = bool(teach.sum() >= LEAST and held.any())
    new = (
        _fitted(rows[teach], corrections.odds[teach], corrections.right[teach], before) if enough else before
    )
    seen = [
        _seen(rows[held], corrections.odds[held], corrections.right[held], weights)
        for weights in (none, before, new)
    ]
    better = enough and all(seen[2][0] <= one[0] and seen[2][1] >= one[1] for one in seen[:2])
    spoilt = enough and (seen[1][0] > seen[0][0] or seen[1][1] < seen[0][1])
    return Lesson(
        weights=new if better else none if spoilt else before, taken=better or spoilt,
        taught=int(teach.sum()) if better else 0, held=int(held.sum()),
        losses=(seen[0][0], seen[1][0], seen[2][0]), rights=(seen[0][1], seen[1][1], seen[2][1]),
    )  # fmt: skip


def _is_held(name: str) -> bool:
    return hashlib.sha256(f"held:{name}".encode()).digest()[0] % HELD_ONE_IN == 0


def _rows(texts: Sequence[str], key: bytes) -> Numbers:
    rows = np.zeros((len(texts), BUCKETS))
    for row, text in enumerate(texts):
        places, values = buckets(text, key)
        rows[row, places] = values
    return rows


def _fitted(rows: Numbers, odds: Numbers, right: Numbers, before: Numbers) -> Numbers:
    """Least mean loss + pull · ½|weights − before|² / n, by L-BFGS; only buckets that occur can move."""
    used = np.flatnonzero(rows.any(axis=0))
    inside, start = rows[:, used], before[used]
    truths = np.eye(odds.shape[1])[right]

    def cost(flat: Numbers) -> tuple[float, Numbers]:
        step = flat.reshape(start.shape)
        chances = _chances(odds + inside @ (start + step))
        loss = -np.log(chances[np.arange(len(right)), right]).sum() + PULL * (step**2).sum() / 2
        return float(loss), (inside.T @ (chances - truths) + PULL * step).ravel()

    found = optimize.minimize(
        cost, np.zeros(start.size), jac=True, method="L-BFGS-B", options={"maxiter": 60}
    )
    after = before.copy()
    after[used] = start + found.x.reshape(start.shape)
    return after


def _chances(odds: Numbers) -> Numbers:
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    result: Numbers = np.maximum(raised / raised.sum(axis=1, keepdims=True), 1e-12)
    return result


def _seen(rows: Numbers, odds: Numbers, right: Numbers, weights: Numbers) -> tuple[float, int]:
    if not len(rows):
        return 0.0, 0
    chances = _chances(odds + rows @ weights)
    loss = float(-np.log(chances[np.arange(len(right)), right]).mean())
    return loss, int((chances.argmax(axis=1) == right).sum())
