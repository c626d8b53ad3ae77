"""Learning `Chances` from the answers that people gave to the program's own invitations.

A logistic model with a ridge, fitted by iteratively reweighted least squares (IRLS; McCullagh and Nelder, Generalized
Linear Models, 1989, 2.5), made true of strangers by Platt's scaling (Platt, 1999) on people who were held out. What is
reported is measured on people whom neither the model nor the scaling has seen. Imports numpy: import it where it is
used.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commonweal.algorithms.pacing.chances import (
    FEATURES,
    LEAST_CHANCE,
    MOST_CHANCE,
    NEVER_HELPS,
    Chances,
    Circumstances,
    features,
)

Array = NDArray[np.float64]
# With fewer answers than this nothing is learnt: fourteen weights want more than a handful each.
LEAST_ANSWERS = 200
# With fewer yes, or fewer no, or from fewer people than this neither.
LEAST_OF_EACH = 20
LEAST_PEOPLE = 10
FOLDS = 5
RIDGE = 2.0
ROUNDS = 50
CLOSE_ENOUGH = 1e-9
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: by whom (any key), when they were asked (a number that grows with time), and whether it was a yes."""

    person: str
    at: int
    about: Circumstances
    yes: bool


def learn(answers: Iterable[Answer], *, least: int = LEAST_ANSWERS) -> Chances:
    """What the answers teach. Only the prior, moved by the rate of yes, where there are fewer than ``least``.

    Neither where fewer than 20 answers were a yes or a no, fewer than 10 people gave them, or the model is no better
    than the prior on people held out.
    Deterministic, and the order of ``answers`` changes nothing. Time O(n · features²), memory O(n · features).
    """
    told = sorted(answers, key=lambda one: (one.person, one.at, one.yes, repr(one.about)))
    yes = sum(one.yes for one in told)
    plain = Chances(yes=yes, n=len(told))
    people = len({one.person for one in told})
    if len(told) < least or people < LEAST_PEOPLE or min(yes, len(told) - yes) < LEAST_OF_EACH:
        return plain
    seen = np.array([features(one.about, plain.rate) for one in told])
    said = np.array([one.yes for one in told], dtype=float)
    by_prior = np.array([plain.chance(one.about) for one in told])
    folds = _folds(told)
    scores = _held_out_scores(seen, said, folds)
    told_out = _held_out_chances(scores, said, folds)
    brier, prior_brier = brier_score(told_out, said), brier_score(by_prior, said)
    measured: dict[str, Any] = {"brier": brier, "prior_brier": prior_brier}
    if not brier < prior_brier:
        return Chances(yes=yes, n=len(told), **measured)
    slope, shift = platt(scores, said)
    weights = tuple(float(weight) for weight in fit(seen, said))
    return Chances(
        yes=yes,
        n=len(told),
        weights=weights,
        slope=slope,
        shift=shift,
        error=calibration_error(told_out, said),
        **measured,
    )


def fit(seen: Array, said: Array) -> Array:
    """The weights (k) for features (n, k) and answers (n; 0 or 1) with a ridge on all but the first.

    What can never help (`NEVER_HELPS`) and comes out as if it did is left out, and the rest is fitted anew.
    """
    kept = np.ones(seen.shape[1], dtype=bool)
    while True:
        weights = np.zeros(seen.shape[1])
        weights[kept] = irls(seen[:, kept], said)
        wrong = [index for index, name in enumerate(FEATURES) if name in NEVER_HELPS and weights[index] > 0]
        if not wrong:
            return weights
        kept[wrong] = False


def irls(seen: Array, said: Array, *, ridge: float = RIDGE) -> Array:
    """Ridge logistic regression by Newton's method with halved steps; the first feature bears no ridge.

    The loss is convex, and falls in every round; at most 50 of them, each O(n · k²).
    """
    weights = np.zeros(seen.shape[1])
    bears = np.full(seen.shape[1], ridge)
    bears[0] = CLOSE_ENOUGH
    loss, gained, rounds = _loss(seen, said, weights, bears), np.inf, 0
    while gained > CLOSE_ENOUGH * max(1.0, loss) and rounds < ROUNDS:
        chance = sigmoid(seen @ weights)
        slope = seen.T @ (chance - said) + bears * weights
        bend = (seen * (chance * (1 - chance))[:, None]).T @ seen + np.diag(bears + CLOSE_ENOUGH)
        step = np.linalg.solve(bend, slope)
        while (new := _loss(seen, said, weights - step, bears)) > loss and np.abs(step).max() > CLOSE_ENOUGH:
            step = step / 2
        if new < loss:
            weights = weights - step
        gained, loss, rounds = loss - new, min(new, loss), rounds + 1
    return weights


def platt(scores: Array, said: Array) -> tuple[float, float]:
    """Slope (0 or more) and shift that make chances of scores that are true in the mean (Platt)."""
    shift, slope = irls(np.column_stack([np.ones(len(scores)), scores]), said, ridge=CLOSE_ENOUGH)
    if slope <= 0:
        rate = min(max(float(said.mean()), LEAST_CHANCE), MOST_CHANCE)
        return 0.0, float(np.log(rate / (1 - rate)))
    return float(slope), float(shift)


def brier_score(chances: Array, said: Array) -> float:
    """The mean squared error of chances; 0 is perfect, and always to say a half is a quarter."""
    return float(np.mean((chances - said) ** 2))


def calibration_error(chances: Array, said: Array) -> float:
    """The expected calibration error: what ten parts, from the least likely to the likeliest, are off in the mean.

    The parts are cut at tenths of the answers; equal chances are never cut apart.
    """
    edges = np.quantile(chances, np.arange(1, BINS) / BINS)
    part_of = np.searchsorted(edges, chances, side="left")
    parts = [part_of == part for part in np.unique(part_of)]
    off = sum(part.sum() * abs(float(chances[part].mean() - said[part].mean())) for part in parts)
    return float(off / len(chances))


def sigmoid(odds: Array) -> Array:
    """The chances whose logarithms of odds these are."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -500, 500))), dtype=float)


def _loss(seen: Array, said: Array, weights: Array, bears: Array) -> float:
    odds = seen @ weights
    return float(np.sum(np.logaddexp(0, odds) - said * odds) + 0.5 * np.sum(bears * weights**2))


def _folds(told: Sequence[Answer]) -> Array:
    """A fold for each answer, one for all answers of a person: the k-th person is in fold k modulo 5."""
    people = [len(list(group)) for _person, group in itertools.groupby(told, key=lambda one: one.person)]
    return np.repeat(np.arange(len(people)) % FOLDS, people).astype(float)


def _held_out_scores(seen: Array, said: Array, folds: Array) -> Array:
    """For every answer, the score by a model that has not seen its person."""
    scores = np.zeros(len(said))
    for fold in range(FOLDS):
        out = folds == fold
        scores[out] = seen[out] @ fit(seen[~out], said[~out])
    return scores


def _held_out_chances(scores: Array, said: Array, folds: Array) -> Array:
    """For every answer, the chance by a model and a scaling that have not seen its person."""
    chances = np.zeros(len(said))
    for fold in range(FOLDS):
        out = folds == fold
        slope, shift = platt(scores[~out], said[~out])
        chances[out] = np.clip(sigmoid(slope * scores[out] + shift), LEAST_CHANCE, MOST_CHANCE)
    return chances
