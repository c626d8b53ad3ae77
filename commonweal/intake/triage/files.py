"""Reading a file of labelled messages: comma-separated, gzipped or not, row by row.

The columns ``id``, ``message``, ``original`` and ``genre`` come first in the published data; every other column is a
label, 1 for yes and 0 for no. Anything else (2, empty) means that nobody could say, and counts neither way.
"""

import csv
import gzip
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# Not labels.
TEXTS = ("id", "message", "original", "genre")
NEEDED = ("id", "message")
GZIP = b"\x1f\x8b"
# A cell that is longer belongs to no message; a file with a quote that never closes would fill the memory.
LONGEST_CELL = 1_000_000
MOST_ROWS = 2_000_000
TOLD = {"1": 1, "0": 0, "1.0": 1, "0.0": 0}


class CannotRead(ValueError):
    """The file can't be read as labelled messages; the message says why, and in which line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One row. ``truths`` has 1, 0 or −1 (nobody could say) a label, in the order of the columns."""

    name: str
    message: str
    original: str
    direct: bool
    truths: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFile:
    """The labels of a file, and its rows, which are read as they are asked for."""

    labels: tuple[str, ...]
    rows: Iterator[Message]


def read_messages(path: Path) -> MessageFile:
    """Open a file and read its head; raises CannotRead, also while the rows are read."""
    lines = _lines(path)
    try:
        head = next(lines, [])
        labels = _labels(path, head)
    except CannotRead:
        lines.close()
        raise
    return MessageFile(labels=labels, rows=_rows(path, head, lines))


def _lines(path: Path) -> Generator[list[str], None, None]:
    """The lines as cells. Every fault of the file, the packing, the letters or the quotes becomes a CannotRead."""
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    try:
        with _opened(path) as stream:
            reader = csv.reader(stream, strict=True)
            for cells in reader:
                number += 1
                yield cells
    except (csv.Error, UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
        where = f"{path}, after row {number}" if number else f"{path} can't be opened"
        raise CannotRead(f"{where}: {error}") from error


def _opened(path: Path) -> IO[str]:
    with path.open("rb") as stream:
        packed = stream.read(2) == GZIP
    if packed:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _labels(path: Path, head: list[str]) -> tuple[str, ...]:
    missing = [name for name in NEEDED if name not in head]
    if missing or len(set(head)) != len(head):
        what = f"no column {missing[0]!r}" if missing else "two columns of one name"
        raise CannotRead(f"{path} has {what}; the first line names the columns")
    labels = tuple(name for name in head if name not in TEXTS)
    if not labels:
        raise CannotRead(f"{path} has no column of a label besides {', '.join(TEXTS)}")
    return labels


def _rows(path: Path, head: list[str], lines: Generator[list[str], None, None]) -> Iterator[Message]:
    labels = [place for place, name in enumerate(head) if name not in TEXTS]
    place = {name: head.index(name) for name in TEXTS if name in head}
    with closing(lines):
        for number, cells in enumerate(lines, start=2):
            if not cells:
                continue
            if len(cells) != len(head):
                raise CannotRead(f"{path}, row {number}: {len(cells)} cells, the head has {len(head)}")
            if number > MOST_ROWS:
                raise CannotRead(f"{path} has more than {MOST_ROWS} rows")
            yield Message(
                name=cells[place["id"]],
                message=cells[place["message"]],
                original=cells[place["original"]] if "original" in place else "",
                direct="genre" not in place or cells[place["genre"]] == "direct",
                truths=tuple(TOLD.get(cells[label].strip(), -1) for label in labels),
            )
