"""Writing the address index: one SQLite file, read-only from then on, the same bytes for the same extract.

Coordinates are whole numbers of hundred-thousandths of a degree, about a metre.
"""

import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from commonweal.networks.places.areas import ATTRIBUTION
from commonweal.networks.places.extract import Extract
from commonweal.networks.places.geometry import Point
from commonweal.networks.places.words import is_generic, name_words, reach, slips, words

FORMAT = 1
PER_DEGREE = 100_000
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE area (id INTEGER PRIMARY KEY, slug TEXT NOT NULL, name TEXT NOT NULL, lat INTEGER, lon INTEGER);
CREATE TABLE name (
    id INTEGER PRIMARY KEY, street INTEGER NOT NULL, name TEXT NOT NULL, other_names TEXT NOT NULL,
    weight INTEGER NOT NULL
);
CREATE TABLE word (spelling TEXT, name INTEGER, PRIMARY KEY (spelling, name)) WITHOUT ROWID;
CREATE TABLE common (spelling TEXT, name INTEGER, PRIMARY KEY (spelling, name)) WITHOUT ROWID;
CREATE TABLE around (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE known (id INTEGER PRIMARY KEY, word TEXT NOT NULL);
CREATE TABLE slip (hash INTEGER, known INTEGER, PRIMARY KEY (hash, known)) WITHOUT ROWID;
CREATE TABLE part (
    name INTEGER, position INTEGER, area INTEGER, lat INTEGER, lon INTEGER, PRIMARY KEY (name, position)
) WITHOUT ROWID;
CREATE TABLE door (
    name INTEGER, number INTEGER, id INTEGER, last INTEGER, label TEXT, postcode INTEGER,
    area INTEGER, lat INTEGER, lon INTEGER, PRIMARY KEY (name, number, id)
) WITHOUT ROWID;
CREATE TABLE crossing (
    first INTEGER, second INTEGER, id INTEGER, area INTEGER, lat INTEGER, lon INTEGER,
    PRIMARY KEY (first, second, id)
) WITHOUT ROWID;
CREATE TABLE postcode (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, code TEXT NOT NULL, doors INTEGER NOT NULL,
    area INTEGER, lat INTEGER, lon INTEGER
);
"""
RANGE = re.compile(r"(\d{1,6})\s*[-–]\s*(\d{1,6})\b")
LONGEST_RANGE = 200


def write_index(extract: Extract, path: Path) -> None:
    """Write the index beside its final place and move it there, so that a reader never sees half of one."""
    draft = path.with_name(path.name + ".part")
    draft.unlink(missing_ok=True)
    connection = sqlite3.connect(draft)
    try:
        connection.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF;" + SCHEMA)
        with connection:
            _fill(connection, extract)
        connection.execute("VACUUM")
    finally:
        connection.close()
    draft.replace(path)


def slip_hash(text: str) -> int:
    """Return a small number for a word with letters left out; a clash only costs a comparison."""
    return zlib.crc32(text.encode())


def postcode_key(text: str) -> str:
    """Return a postcode without the spaces that people leave out or put in."""
    return "".join(words(text))


@dataclass(frozen=True, slots=True)
class _Ids:
    """The numbers by which tables refer to one another. Areas and streets share theirs: both are names."""

    areas: dict[str, int]
    streets: dict[str, int]
    codes: dict[str, int]

    @classmethod
    def of(cls, extract: Extract) -> Self:
        areas = {area.slug: number for number, area in enumerate(extract.areas, 1)}
        streets = {street.name: number for number, street in enumerate(extract.streets, len(areas) + 1)}
        codes: dict[str, int] = {}
        for postcode in extract.postcodes:
            codes[postcode_key(postcode.code)] = len(codes) + 1
        return cls(areas, streets, codes)

    def code(self, text: str) -> int | None:
        return self.codes.get(postcode_key(text))


def _fill(connection: sqlite3.Connection, extract: Extract) -> None:
    ids = _Ids.of(extract)
    insert = connection.executemany
    insert("INSERT INTO meta VALUES (?, ?)", [("attribution", ATTRIBUTION), ("format", str(FORMAT))])
    insert(
        "INSERT INTO area VALUES (?, ?, ?, ?, ?)",
        ((ids.areas[a.slug], a.slug, a.name, *_whole((a.lon, a.lat))) for a in extract.areas),
    )
    insert("INSERT INTO name VALUES (?, ?, ?, ?, ?)", _names(extract, ids))
    insert("INSERT INTO around VALUES (?)", ((word,) for word in extract.around))
    insert("INSERT INTO part VALUES (?, ?, ?, ?, ?)", _parts(extract, ids))
    insert("INSERT INTO door VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _doors(extract, ids))
    insert("INSERT INTO crossing VALUES (?, ?, ?, ?, ?, ?)", _crossings(extract, ids))
    insert("INSERT INTO postcode VALUES (?, ?, ?, ?, ?, ?, ?)", _postcodes(extract, ids))
    forms = _forms(extract, ids)
    spelt = _spelt(forms)
    insert("INSERT INTO word VALUES (?, ?)", spelt)
    common = ((number, form) for number, form in forms if all(map(is_generic, words(form))))
    insert("INSERT INTO common VALUES (?, ?)", _spelt(common))
    known = sorted({word for word, _ in spelt if reach(word)})
    insert("INSERT INTO known VALUES (?, ?)", enumerate(known, 1))
    insert("INSERT INTO slip VALUES (?, ?)", sorted(set(_slips(known))))


def _names(extract: Extract, ids: _Ids) -> Iterator[tuple[int, int, str, str, int]]:
    for area in extract.areas:
        yield ids.areas[area.slug], 0, area.name, "", 0
    for street in extract.streets:
        weight = round(sum(part.length_m for part in street.parts))
        yield ids.streets[street.name], 1, street.name, "\n".join(street.other_names), weight


def _parts(extract: Extract, ids: _Ids) -> Iterator[tuple[int, ...]]:
    for street in extract.streets:
        for position, part in enumerate(street.parts):
            yield ids.streets[street.name], position, ids.areas[part.area.slug], *_whole(part.point)


def _doors(extract: Extract, ids: _Ids) -> Iterator[tuple[int | str | None, ...]]:
    for number, one in enumerate(extract.addresses):
        last = _last(one.number, one.label)
        place = ids.code(one.postcode), ids.areas[one.area.slug], *_whole(one.point)
        yield ids.streets[one.street], one.number, number, last, one.label, *place


def _crossings(extract: Extract, ids: _Ids) -> Iterator[tuple[int, ...]]:
    for number, one in enumerate(extract.crossings):
        first, second = (ids.streets[name] for name in one.streets)
        yield first, second, number, ids.areas[one.area.slug], *_whole(one.point)


def _postcodes(extract: Extract, ids: _Ids) -> Iterator[tuple[int | str | None, ...]]:
    """Postcodes that differ only by a space are one: the last is kept, as their ids are."""
    by_key = {postcode_key(one.code): one for one in extract.postcodes}
    for key, one in by_key.items():
        yield ids.codes[key], key, one.code, one.doors, ids.areas[one.area.slug], *_whole(one.point)


def _forms(extract: Extract, ids: _Ids) -> list[tuple[int, str]]:
    """Return every name that an area or street goes by, with its number."""
    forms = [(ids.areas[area.slug], area.name) for area in extract.areas]
    for street in extract.streets:
        forms += [(ids.streets[street.name], form) for form in (street.name, *street.other_names)]
    return forms


def _spelt(forms: Iterable[tuple[int, str]]) -> list[tuple[str, int]]:
    """Return every spelling of every word of names, with their numbers."""
    parts = ((number, part) for number, form in forms for part in name_words(form))
    return sorted({(word, number) for number, part in parts for word in part.same})


def _slips(known: Iterable[str]) -> Iterator[tuple[int, int]]:
    for number, word in enumerate(known, 1):
        for short in slips(word, reach(word)):
            yield slip_hash(short), number


def _last(number: int, label: str) -> int:
    """Return the last number of a range (1200-1210), else the number itself."""
    found = RANGE.search(label)
    last = int(found[2]) if found and int(found[1]) == number else number
    return last if number <= last <= number + LONGEST_RANGE else number


def _whole(point: Point) -> tuple[int, int]:
    """Return (lat, lon) of a point as whole numbers."""
    return round(point[1] * PER_DEGREE), round(point[0] * PER_DEGREE)
