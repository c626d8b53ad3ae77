"""A trained model: what it says of a text, and how it is kept in a file without a word of what it learnt from."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from commonweal.algorithms.triage.calibrating import probability
from commonweal.algorithms.triage.features import Vocabulary

Numbers = npt.NDArray[Any]
FORMAT = 2
# Weights are kept as a sign and a square root in 127 steps: the many small ones stay apart from each other.
STEPS = 127
_WORTH = np.sign(np.arange(-STEPS, STEPS + 1)) * (np.arange(-STEPS, STEPS + 1) / STEPS) ** 2
_ARRAYS = ("features", "worth", "codes", "scale", "bias", "coefficients", "thresholds")
# One date for all members, so that the same model is the same file.
_DATE = (2020, 1, 1, 0, 0, 0)


class NotAModel(ValueError):
    """The file holds no model of this format; the message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """A linear machine a label, and behind them the calibration.

    ``codes`` (features × machines, int8) times ``scale`` are weights. The last two machines say in what manner a text
    is written: as people write to somebody, and as in a language that nobody translated. ``coefficients`` (labels × 4)
    turn a label's margin, those two and a constant into log-odds. ``thresholds`` (2 × labels) are the probabilities
    from which on a yes gave the best F1: for texts as people translate them, and for those that nobody translated.
    ``about`` says how it came to be.
    """

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    codes: Numbers
    scale: Numbers
    bias: Numbers
    coefficients: Numbers
    thresholds: Numbers
    about: dict[str, Any]

    def margins(self, text: str) -> Numbers:
        """One number a machine: how far on the yes side of its border the text lies."""
        places, weights = self.vocabulary.row(text)
        known = _WORTH.astype(np.float32)[self.codes[places].astype(np.int16) + STEPS]
        found: Numbers = (weights @ known).astype(np.float64) * self.scale + self.bias
        return found

    def read(self, text: str) -> tuple[Numbers, Numbers]:
        """The calibrated probability of each label, from 0 to 1, and whether that is a yes.

        Takes time in proportion to the text's length.
        """
        margins = self.margins(text)
        chances = probability(calibrated(margins[None], self.coefficients)[0])
        return chances, chances >= self.thresholds[int(margins[-1] > 0)]

    def read_all(self, texts: Sequence[str]) -> tuple[Numbers, Numbers]:
        """The same of many texts, one row each."""
        read = [self.read(text) for text in texts]
        shape = (len(texts), len(self.labels))
        chances = np.array([chances for chances, _ in read]).reshape(shape)
        return chances, np.array([answers for _, answers in read], bool).reshape(shape)

    def to_bytes(self) -> bytes:
        """The file. The same model gives the same bytes."""
        arrays = {
            "features": self.vocabulary.features, "worth": self.vocabulary.worth.astype(np.float16),
            "codes": np.ascontiguousarray(self.codes.T), "scale": self.scale, "bias": self.bias,
            "coefficients": self.coefficients, "thresholds": self.thresholds,
        }  # fmt: skip
        head = {"format": FORMAT, "labels": self.labels, "about": self.about}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            archive.writestr(zipfile.ZipInfo("model.json", _DATE), json.dumps(head, sort_keys=True, indent=1))
            for name in _ARRAYS:
                member = io.BytesIO()
                np.save(member, arrays[name], allow_pickle=False)
                info = zipfile.ZipInfo(f"{name}.npy", _DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, member.getvalue())
        return out.getvalue()


def calibrated(margins: Numbers, coefficients: Numbers) -> Numbers:
    """Log-odds (texts × labels) from the margins of all machines (texts × labels + 2). Beyond ±35 all is one."""
    manner = np.clip(margins[:, -2:], -1, 1)
    raw = margins[:, :-2] * coefficients[:, 0] + manner @ coefficients[:, 1:3].T + coefficients[:, 3]
    odds: Numbers = np.clip(raw, -35, 35)
    return odds


def coded(weights: Numbers) -> tuple[Numbers, Numbers]:
    """Weights (features × machines) as codes and a scale a machine, the largest of each being kept exactly."""
    scale = np.abs(weights).max(axis=0, initial=0.0)
    scale[scale == 0] = 1.0
    root = np.sqrt(np.abs(weights) / scale)
    return (np.sign(weights) * np.rint(root * STEPS)).astype(np.int8), scale


def model_from(content: bytes) -> Model:
    """Read what ``to_bytes`` wrote; raises NotAModel."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            head = json.loads(archive.read("model.json"))
            if head["format"] != FORMAT:
                raise NotAModel(f"the model is of format {head['format']}, {FORMAT} can be read")
            found = {
                name: np.load(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False) for name in _ARRAYS
            }
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise error if isinstance(error, NotAModel) else NotAModel(f"this is no model: {error}") from error
    features, worth = found.pop("features"), found.pop("worth").astype(np.float32)
    codes = np.ascontiguousarray(found.pop("codes").T)
    if codes.shape != (len(features), len(head["labels"]) + 2) or len(worth) != len(features):
        raise NotAModel("this is no model: its parts don't fit together")
    return Model(
        labels=tuple(head["labels"]), vocabulary=Vocabulary(features=features, worth=worth), codes=codes,
        about=head["about"], **found,
    )  # fmt: skip
