"""Opening the sheet a group has: comma, semicolon or tab, plain or gzipped, in the encodings spreadsheets write."""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from commonweal.base.errors import Refused

LARGEST_FIELD = 20_000
LARGEST_FILE = 512 * 1024 * 1024
SAMPLE = 64 * 1024


class SheetUnreadable(Refused):
    """The file is not a sheet that can be read; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a sheet. ``line`` is the line of the file on which it ends, counted from 1; ``cells`` by header."""

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet that was opened: its headers in order, how it is written, and its text."""

    headers: tuple[str, ...]
    delimiter: str
    encoding: str
    text: str

    def rows(self) -> Iterator[Row]:
        """Every row that is not blank, with what is wrong with its shape, if anything."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        next(reader)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield Row(line=reader.line_num, cells={}, problem=str(error))
                continue
            if any(cell.strip() for cell in cells):
                yield self._row(reader.line_num, cells)

    def _row(self, line: int, cells: list[str]) -> Row:
        problem = ""
        if len(cells) > len(self.headers) and any(cell.strip() for cell in cells[len(self.headers) :]):
            problem = f"the row has {len(cells)} cells and the sheet {len(self.headers)} columns"
        named = dict(zip(self.headers, cells, strict=False))
        return Row(line=line, cells=named, problem=problem)


def open_sheet(path: Path) -> Sheet:
    """Read a CSV file (``.gz`` too); raises SheetUnreadable with what is wrong and what to do."""
    text, encoding = _decode(_bytes(path))
    if "\x00" in text:
        raise SheetUnreadable(
            "The file holds NUL characters: it is not a CSV file. Save the sheet as CSV (UTF-8)."
        )
    delimiter = _delimiter(text[:SAMPLE])
    csv.field_size_limit(LARGEST_FIELD)
    try:
        headers = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (StopIteration, csv.Error):
        raise SheetUnreadable("The file is empty, or its first line can't be read as column names.") from None
    names = tuple(" ".join(name.split()) for name in headers)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SheetUnreadable(
            f"Two columns have the same name: {', '.join(twice) or '(no name)'}. Rename one of them."
        )
    return Sheet(headers=names, delimiter=delimiter, encoding=encoding, text=text)


def _bytes(path: Path) -> bytes:
    try:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rb") as file:
            content: bytes = file.read(LARGEST_FILE + 1)
    except (OSError, EOFError) as error:
        raise SheetUnreadable(f"{path.name} can't be opened: {error}.") from error
    if len(content) > LARGEST_FILE:
        raise SheetUnreadable(
            "The file is larger than 512 MB. Split it into parts; a second run takes nothing twice."
        )
    return content


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise SheetUnreadable("The letters can't be read. Save the sheet as CSV in the encoding UTF-8.")


def _delimiter(sample: str) -> str:
    first = sample.split("\n", 1)[0]
    return max([",", ";", "\t", "|"], key=lambda sign: (first.count(sign), sign == ","))
