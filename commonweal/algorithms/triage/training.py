"""Training: the weights from all rows, the calibration and the thresholds from what each row's fold did not teach."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from commonweal.algorithms.triage.calibrating import best_threshold, fit_logistic, probability
from commonweal.algorithms.triage.features import Vocabulary, vocabulary_of
from commonweal.algorithms.triage.likeness import parts_of
from commonweal.algorithms.triage.machines import find_weights
from commonweal.algorithms.triage.model import Model, calibrated, coded

Numbers = npt.NDArray[Any]
COST = 0.1
FOLDS = 5
# A label with fewer yeses is left out: nothing could be said of how good it is.
LEAST_YES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Labelled messages. ``originals`` are the same in the sender's own words, or empty.

    ``truths`` (rows × labels, int8) is 1, 0, or −1 where nobody could say. ``direct`` says which were written to
    somebody rather than about something. ``groups`` keeps near-same rows together (``likeness.groups_of``).
    """

    labels: tuple[str, ...]
    names: Sequence[str]
    messages: Sequence[str]
    originals: Sequence[str]
    truths: Numbers
    direct: Numbers
    groups: Numbers

    def taken(self, which: Numbers) -> "Examples":
        """Those rows; ``groups`` go on naming first rows, now by their place among the taken ones."""
        places = np.flatnonzero(which).tolist()
        _, first, group = np.unique(self.groups[places], return_index=True, return_inverse=True)
        return Examples(
            labels=self.labels, names=[self.names[place] for place in places],
            messages=[self.messages[place] for place in places],
            originals=[self.originals[place] for place in places],
            truths=self.truths[places], direct=self.direct[places], groups=first[group],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    """Every message, and behind them every original there is; ``row`` is the example it belongs to."""

    texts: list[str]
    row: Numbers
    aims: Numbers


def _texts(examples: Examples) -> _Texts:
    own = np.array([place for place, text in enumerate(examples.originals) if text.strip()], np.int64)
    row = np.concatenate([np.arange(len(examples.messages)), own])
    untold = np.arange(len(row)) >= len(examples.messages)
    aims = np.column_stack([examples.truths[row], examples.direct[row], untold]).astype(np.int8)
    texts = [*examples.messages, *(examples.originals[place] for place in own)]
    return _Texts(texts=texts, row=row, aims=aims)


def train(examples: Examples, *, cost: float = COST, about: dict[str, Any] | None = None) -> Model:
    """A model of all labels with enough yeses. The same examples and versions of NumPy and SciPy give the same model.

    Raises ValueError where no label has enough yeses.
    """
    enough = (examples.truths == 1).sum(axis=0) >= LEAST_YES
    if not enough.any():
        raise ValueError(f"no label has {LEAST_YES} messages that are marked with it")
    labels = tuple(label for label, kept in zip(examples.labels, enough, strict=True) if kept)
    texts = _texts(examples)
    aims = texts.aims[:, np.append(np.flatnonzero(enough), [len(enough), len(enough) + 1])]
    folds = parts_of(examples.names, examples.groups, parts=FOLDS, salt="fold")[texts.row]
    apart = np.zeros(aims.shape)
    for fold in range(FOLDS):
        here = folds == fold
        if here.any() and not here.all():
            vocabulary, weights, bias = _machines(texts.texts, aims, ~here, cost)
            inside = [texts.texts[place] for place in np.flatnonzero(here)]
            apart[here] = vocabulary.matrix(inside) @ weights + bias
    coefficients, thresholds = _calibration(apart, aims)
    vocabulary, weights, bias = _machines(texts.texts, aims, np.ones(len(aims), bool), cost)
    codes, scale = coded(weights)
    return Model(
        labels=labels, vocabulary=vocabulary, codes=codes, scale=scale, bias=bias,
        coefficients=coefficients, thresholds=thresholds,
        about={**(about or {}), "messages": len(examples.messages), "cost": cost},
    )  # fmt: skip


def _machines(
    texts: Sequence[str], aims: Numbers, which: Numbers, cost: float
) -> tuple[Vocabulary, Numbers, Numbers]:
    """The vocabulary of some texts, and a machine a column of ``aims``. Columns are worked on side by side."""
    chosen = [texts[place] for place in np.flatnonzero(which).tolist()]
    vocabulary = vocabulary_of(chosen)
    rows = vocabulary.matrix(chosen)
    signs = np.select([aims[which] == 1, aims[which] == 0], [1, -1], 0)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = list(pool.map(partial(find_weights, rows, cost=cost), signs.T))
    return (
        vocabulary,
        np.column_stack([weights for weights, _ in found]),
        np.array([bias for _, bias in found]),
    )


def _calibration(apart: Numbers, aims: Numbers) -> tuple[Numbers, Numbers]:
    manner = np.clip(apart[:, -2:], -1, 1)
    coefficients, thresholds = [], []
    for column in range(aims.shape[1] - 2):
        told = aims[:, column] >= 0
        truths = aims[told, column].astype(np.float64)
        found = fit_logistic(np.column_stack([apart[told, column], manner[told]]), truths)
        logits = calibrated(np.column_stack([apart[told, column], apart[told, -2:]]), found[None])
        coefficients.append(found)
        thresholds.append(_thresholds(probability(logits[:, 0]), truths, apart[told, -1] > 0))
    return np.array(coefficients), np.array(thresholds).T


def _thresholds(chances: Numbers, truths: Numbers, untold: Numbers) -> tuple[float, float]:
    """For all texts; and for those that read as if nobody had translated them, where there are enough to tell."""
    usual = best_threshold(chances, truths)[0]
    if truths[untold].sum() < LEAST_YES:
        return usual, usual
    return usual, best_threshold(chances[untold], truths[untold])[0]
