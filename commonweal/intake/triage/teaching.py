"""Training and scoring on files of labelled messages; only commands and benchmarks call this."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from commonweal.algorithms.triage.likeness import groups_of, parts_of
from commonweal.algorithms.triage.model import Model
from commonweal.algorithms.triage.scoring import Score, score
from commonweal.algorithms.triage.training import Examples
from commonweal.intake.triage.files import CannotRead, read_messages

Numbers = npt.NDArray[Any]
# One message in five is held back, drawn by a hash of the id of the first message that is nearly the same.
PARTS = 5
HELD = 0


def examples_in(path: Path) -> Examples:
    """All messages of a file; raises CannotRead."""
    file = read_messages(path)
    rows = list(file.rows)
    if not rows:
        raise CannotRead(f"{path} has no message")
    return Examples(
        labels=file.labels,
        names=[row.name for row in rows],
        messages=[row.message for row in rows],
        originals=[row.original for row in rows],
        truths=np.array([row.truths for row in rows], np.int8),
        direct=np.array([row.direct for row in rows]),
        groups=groups_of([(row.message, row.original) for row in rows]),
    )


def split(examples: Examples) -> tuple[Examples, Examples]:
    """What may teach, and what is held back: always the same for the same file, and nothing near-same in both."""
    held = parts_of(examples.names, examples.groups, parts=PARTS, salt="held") == HELD
    return examples.taken(~held), examples.taken(held)


def score_file(model: Model, path: Path) -> dict[str, Score]:
    """How good a model is on a file: ``message`` (as translated), ``original`` (as written) where there is any, and the
    same for the messages that were written to somebody (``direct``).

    The file is gone through once, row by row; of a row only numbers are kept. Raises CannotRead.
    """
    file = read_messages(path)
    truths, direct, own = [], [], []
    read: dict[str, list[tuple[Numbers, Numbers]]] = {"message": [], "original": []}
    for row in file.rows:
        truths.append(np.array(row.truths, np.int8))
        direct.append(row.direct)
        own.append(bool(row.original.strip()))
        read["message"].append(_small(model.read(row.message)))
        read["original"].append(_small(model.read(row.original)))
    if not truths:
        raise CannotRead(f"{path} has no message")
    parts = {
        "message": ("message", np.ones(len(truths), bool)),
        "message, direct": ("message", np.array(direct)),
        "original": ("original", np.array(own)),
    }
    return {
        name: score(model, file.labels, _rows(read[column], which), np.vstack(truths)[which])
        for name, (column, which) in parts.items()
        if which.any() and not (name == "message, direct" and which.all())
    }


def _small(read: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    """As few bytes as a file of a million rows needs."""
    return read[0].astype(np.float32), read[1]


def _rows(read: list[tuple[Numbers, Numbers]], which: Numbers) -> tuple[Numbers, Numbers]:
    return np.vstack([chances for chances, _ in read])[which], np.vstack([answers for _, answers in read])[
        which
    ]
