"""Reading exchange graphs from the text files of the kidney-exchange solvers."""

from pathlib import Path

import numpy as np

from commonweal.algorithms.rings.model import BadGifts, Gifts

END = -1


def read_gifts(path: Path) -> Gifts:
    """Read a ``.input`` file: "people gifts", then a line "giver taker weight" for each, then "-1 -1 -1".

    Raises BadGifts for anything else, with the number of the line; OSError where there is no file.
    """
    rows = [
        _row(number, line)
        for number, line in enumerate(path.read_text("ascii").splitlines(), 1)
        if line.strip()
    ]
    if not rows or len(rows[0]) != 2:
        raise BadGifts("line 1 must say how many people and how many gifts there are")
    people, wanted = rows[0]
    gifts = rows[1:]
    if not gifts or gifts.pop()[0] != END:
        raise BadGifts("the last line must be -1 -1 -1")
    if len(gifts) != wanted or any(len(row) != 3 for row in gifts):
        raise BadGifts(f"{wanted} gifts of three numbers are said to follow, and {len(gifts)} lines do")
    giver, taker, weight = np.array(gifts, np.int64).reshape(-1, 3).T
    return Gifts.of(people, giver, taker, weight)


def _row(number: int, line: str) -> list[int]:
    try:
        return [int(word) for word in line.split()]
    except ValueError:
        raise BadGifts(f"line {number} holds what is no whole number") from None
