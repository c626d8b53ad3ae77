"""Reading a file of labelled messages: comma-separated, gzipped or not, row by row.

The columns ``id``, ``message``, ``original`` and ``genre`` come first in the published data; every other column is a
label, 1 for yes and 0 for no. Anything else (2, empty) means that nobody could say, and counts neither way.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

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
    try:
        stream = path.open("rb")
    except OSError as error:
        raise CannotRead(f"{path} can't be opened: {error.strerror}") from error
    lines = _reader(path, stream)
    try:
        head = next(lines, [])
    except CannotRead:
        stream.close()
        raise
    missing = [name for name in NEEDED if name not in head]
    if missing or len(set(head)) != len(head):
        stream.close()
        what = f"no column {missing[0]!r}" if missing else "two columns of one name"
        raise CannotRead(f"{path} has {what}; the first line names the columns")
    labels = tuple(name for name in head if name not in TEXTS)
    if not labels:
        stream.close()
        raise CannotRead(f"{path} has no column of a label besides {', '.join(TEXTS)}")
    return MessageFile(labels=labels, rows=_rows(path, head, lines, stream))


def _reader(path: Path, stream: IO[bytes]) -> Iterator[list[str]]:
    """The lines as cells. Every fault of the packing, the letters or the quotes becomes a CannotRead."""
    packed = stream.read(2) == GZIP
    stream.seek(0)
    raw = cast("IO[bytes]", gzip.GzipFile(fileobj=stream)) if packed else stream
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.TextIOWrapper(raw, encoding="utf-8-sig", newline=""), strict=True)
    try:
        yield from reader
    except (csv.Error, UnicodeDecodeError, EOFError, OSError, gzip.BadGzipFile) as error:
        raise CannotRead(f"{path}, after line {reader.line_num}: {error}") from error


def _rows(path: Path, head: list[str], lines: Iterator[list[str]], stream: IO[bytes]) -> Iterator[Message]:
    labels = [place for place, name in enumerate(head) if name not in TEXTS]
    place = {name: head.index(name) for name in TEXTS if name in head}
    with stream:
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
