"""Which texts are nearly the same, so that one does not train what another one tests; and splits that keep them so."""

import hashlib
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from commonweal.algorithms.triage.features import tokens

Numbers = npt.NDArray[Any]
BANDS, DEPTH = 4, 5
RUN_OF_WORDS = 4
_PRIME = np.uint64((1 << 31) - 1)


def groups_of(texts: Sequence[Sequence[str]]) -> Numbers:
    """A number a row: the first row of its group. ``texts`` holds, a row, its texts (a message and its original, say).

    Rows are in one group when any of their texts share nearly all runs of four words (MinHash, 4 bands of 5: texts of
    which 80 % is shared meet 8 times in 10, those of which 30 % is shared 1 time in 100), or through other rows.
    """
    parent = list(range(len(texts)))
    seen: dict[tuple[int, bytes], int] = {}
    for row, several in enumerate(texts):
        for text in several:
            for key in _bands(tokens(text)):
                other = seen.setdefault(key, row)
                a, b = sorted((_root(parent, row), _root(parent, other)))
                parent[b] = a
    return np.array([_root(parent, row) for row in range(len(texts))], np.int64)


def _root(parent: list[int], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


def _turn(number: int) -> int:
    return int.from_bytes(hashlib.sha256(f"turn {number}".encode()).digest()[:4]) >> 1 | 1


_TURNS = np.array([_turn(number) for number in range(2 * BANDS * DEPTH)], np.uint64).reshape(2, -1)


def _bands(words: list[str]) -> list[tuple[int, bytes]]:
    if not words:
        return []
    count = max(1, len(words) - RUN_OF_WORDS + 1)
    runs = {" ".join(words[start : start + RUN_OF_WORDS]) for start in range(count)}
    marks = np.array([zlib.crc32(run.encode("utf-8", "surrogatepass")) for run in runs], np.uint64)
    least = ((marks[:, None] * _TURNS[0] + _TURNS[1]) % _PRIME).min(axis=0)
    return [(band, least[band * DEPTH : (band + 1) * DEPTH].tobytes()) for band in range(BANDS)]


def parts_of(names: Sequence[str], groups: Numbers, *, parts: int, salt: str) -> Numbers:
    """A part from 0 to ``parts`` − 1 a row, drawn by a hash of the name of its group's first row.

    The same names and groups give the same parts on every machine, and a group is never torn.
    """
    drawn = {
        group: int.from_bytes(hashlib.sha256(f"{salt}:{names[group]}".encode()).digest()[:8]) % parts
        for group in set(groups.tolist())
    }
    return np.array([drawn[group] for group in groups.tolist()], np.int64)
