"""Writing the address index: one SQLite file, read-only from then on, the same bytes for the same extract.

Coordinates are whole numbers of hundred-thousandths of a degree, about a metre.
"""

import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from commonweal.networks.places.areas import ATTRIBUTION
from commonweal.networks.places.extract import Extract
from commonweal.networks.places.geometry import Point
from commonweal.networks.places.words import name_words, reach, slips, words

FORMAT = 1
PER_DEGREE = 100_000
SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE area (id INTEGER PRIMARY KEY, slug TEXT NOT NULL, name TEXT NOT NULL, lat INTEGER, lon INTEGER);
CREATE TABLE name (
    id INTEGER PRIMARY KEY, street INTEGER NOT NULL, name TEXT NOT NULL, other_names TEXT NOT NULL,
    weight INTEGER NOT NULL, area INTEGER
);
CREATE TABLE word (spelling TEXT, name INTEGER, PRIMARY KEY (spelling, name)) WITHOUT ROWID;
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


def _fill(connection: sqlite3.Connection, extract: Extract) -> None:
    area_ids = {area.slug: number for number, area in enumerate(extract.areas, 1)}
    name_ids = {street.name: number for number, street in enumerate(extract.streets, len(area_ids) + 1)}
    code_ids = {postcode.code: number for number, postcode in enumerate(extract.postcodes, 1)}
    insert = connection.executemany
    insert("INSERT INTO meta VALUES (?, ?)", [("attribution", ATTRIBUTION), ("format", str(FORMAT))])
    insert(
        "INSERT INTO area VALUES (?, ?, ?, ?, ?)",
        ((area_ids[a.slug], a.slug, a.name, *_whole((a.lon, a.lat))) for a in extract.areas),
    )
    insert("INSERT INTO name VALUES (?, ?, ?, ?, ?, ?)", _names(extract, area_ids, name_ids))
    insert("INSERT INTO around VALUES (?)", ((word,) for word in extract.around))
    _fill_words(connection, extract, area_ids, name_ids)
    insert(
        "INSERT INTO part VALUES (?, ?, ?, ?, ?)",
        (
            (name_ids[street.name], position, area_ids[part.area.slug], *_whole(part.point))
            for street in extract.streets
            for position, part in enumerate(street.parts)
        ),
    )
    insert(
        "INSERT INTO door VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(name_ids[a.street], a.number, number, _last(a.number, a.label), a.label),
                *(code_ids.get(a.postcode), area_ids[a.area.slug], *_whole(a.point)),
            )
            for number, a in enumerate(extract.addresses)
        ),
    )
    insert(
        "INSERT INTO crossing VALUES (?, ?, ?, ?, ?, ?)",
        (
            (*(name_ids[name] for name in c.streets), number, area_ids[c.area.slug], *_whole(c.point))
            for number, c in enumerate(extract.crossings)
        ),
    )
    insert(
        "INSERT OR IGNORE INTO postcode VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (code_ids[p.code], postcode_key(p.code), p.code, p.doors, area_ids[p.area.slug], *_whole(p.point))
            for p in extract.postcodes
        ),
    )


def _names(
    extract: Extract, area_ids: dict[str, int], name_ids: dict[str, int]
) -> Iterator[tuple[int, int, str, str, int, int | None]]:
    for area in extract.areas:
        yield area_ids[area.slug], 0, area.name, "", 0, area_ids[area.slug]
    for street in extract.streets:
        weight = round(sum(part.length_m for part in street.parts))
        yield name_ids[street.name], 1, street.name, "\n".join(street.other_names), weight, None


def _fill_words(
    connection: sqlite3.Connection, extract: Extract, area_ids: dict[str, int], name_ids: dict[str, int]
) -> None:
    forms = [(area_ids[area.slug], area.name) for area in extract.areas]
    for street in extract.streets:
        forms += [(name_ids[street.name], form) for form in (street.name, *street.other_names)]
    rows = {(word, number) for number, form in forms for part in name_words(form) for word in part.same}
    connection.executemany("INSERT INTO word VALUES (?, ?)", sorted(rows))
    known = sorted({word for word, _ in rows if reach(word)})
    connection.executemany("INSERT INTO known VALUES (?, ?)", enumerate(known, 1))
    connection.executemany("INSERT INTO slip VALUES (?, ?)", sorted(set(_slips(known))))


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
