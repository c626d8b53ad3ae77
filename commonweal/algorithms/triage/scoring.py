"""How good a model is: precision, recall and F1 a label, their mean, and how far its probabilities can be believed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from commonweal.algorithms.triage.calibrating import reliability
from commonweal.algorithms.triage.model import Model

Numbers = npt.NDArray[Any]
# A label with fewer yeses in the file is shown but does not count in the mean: one message would move it by points.
LEAST_YES = 30
SURENESS = (0.5, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """One label: of ``told`` messages ``yes`` have it, ``said`` were said to, ``right`` of them rightly."""

    label: str
    told: int
    yes: int
    said: int
    right: int

    @property
    def precision(self) -> float:
        """The share of those said to have it that do; 0 where none was said to."""
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """The share of those that have it that was found; 0 where none has it."""
        return self.right / self.yes if self.yes else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.said + self.yes) if self.said + self.yes else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstaining:
    """What happens when only answers at least this sure are given, whether yes or no: the share of messages whose
    ``request`` label is answered and how many of those rightly; and of all labels' yeses the share still said, and how
    many of those rightly."""

    sureness: float
    answered: float
    accuracy: float
    yes_said: float
    yes_right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A model on a set of messages. ``labels`` are those with a yes among them, whether the model knows them or not.

    ``calibration_error`` and ``brier`` are over all answers for known labels.
    """

    messages: int
    labels: tuple[LabelScore, ...]
    calibration_error: float
    brier: float
    abstaining: tuple[Abstaining, ...]

    def macro_f1(self, least: int = LEAST_YES) -> float:
        """The mean F1 of the labels with at least so many yeses; 0 where there is none."""
        scores = self.counted(least)
        return sum(score.f1 for score in scores) / len(scores) if scores else 0.0

    def counted(self, least: int = LEAST_YES) -> tuple[LabelScore, ...]:
        """The labels with at least so many yeses."""
        return tuple(score for score in self.labels if score.yes >= least)

    def as_json(self, least: int = LEAST_YES) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            "messages": self.messages, "macro_f1": round(self.macro_f1(least), 4), "least_yes": least,
            "labels_counted": len(self.counted(least)), "macro_f1_all": round(self.macro_f1(1), 4),
            "calibration_error": round(self.calibration_error, 4), "brier": round(self.brier, 4),
            "labels": {
                one.label: {
                    "yes": one.yes, "said": one.said, "precision": round(one.precision, 4),
                    "recall": round(one.recall, 4), "f1": round(one.f1, 4), "counted": one.yes >= least,
                }
                for one in self.labels
            },
            "abstaining": [
                {name: round(getattr(step, name), 4) for name in Abstaining.__slots__} for step in self.abstaining
            ],
        }  # fmt: skip


def count(label: str, answers: Numbers, truths: Numbers) -> LabelScore:
    """Compare yes-or-no answers with truths (1, 0, or −1, which does not count)."""
    told = truths >= 0
    yes, said = truths[told] == 1, answers[told]
    return LabelScore(
        label=label,
        told=int(told.sum()),
        yes=int(yes.sum()),
        said=int(said.sum()),
        right=int((yes & said).sum()),
    )


def score(model: Model, labels: tuple[str, ...], read: tuple[Numbers, Numbers], truths: Numbers) -> Score:
    """Score what a model read (probabilities and answers, messages × its labels) against ``truths`` (messages ×
    ``labels``).

    A label that the model does not know is never said.
    """
    counted, said, came = [], [], []
    abstaining: dict[str, tuple[Numbers, Numbers]] = {}
    for column, label in enumerate(labels):
        truth = truths[:, column]
        answers, chance = np.zeros(len(truths), bool), np.zeros(len(truths))
        if label in model.labels:
            own = model.labels.index(label)
            chance, answers = read[0][:, own].astype(np.float64), read[1][:, own]
            said.append(chance[truth >= 0])
            came.append((truth[truth >= 0] == 1).astype(np.float64))
            abstaining[label] = said[-1], came[-1]
        if (truth == 1).any():
            counted.append(count(label, answers, truth))
    all_said, all_came = (np.concatenate(parts) if parts else np.empty(0) for parts in (said, came))
    trust = reliability(all_said, all_came)
    asked = abstaining.get("request", (np.empty(0), np.empty(0)))
    return Score(
        messages=len(truths), labels=tuple(counted), calibration_error=trust.error, brier=trust.brier,
        abstaining=tuple(_abstaining(step, asked, (all_said, all_came)) for step in SURENESS),
    )  # fmt: skip


def _abstaining(
    sureness: float, asked: tuple[Numbers, Numbers], everything: tuple[Numbers, Numbers]
) -> Abstaining:
    chance, came = asked
    given = np.maximum(chance, 1 - chance) >= sureness
    right = (chance >= 0.5) == (came == 1)
    yes = everything[0] >= sureness
    return Abstaining(
        sureness=sureness, answered=_mean(given), accuracy=_mean(right[given]),
        yes_said=float((yes & (everything[1] == 1)).sum() / max(1.0, everything[1].sum())),
        yes_right=_mean(everything[1][yes]),
    )  # fmt: skip


def _mean(values: Numbers) -> float:
    return float(values.mean()) if len(values) else 0.0
