"""Finding what a person typed, offline: an address, a street, a crossing, a postcode or an area."""

import json
import math
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, product
from pathlib import Path
from typing import Literal, Self

from commonweal.networks.places.doors import House, estimate, house_in
from commonweal.networks.places.index import FORMAT, PER_DEGREE, postcode_key, slip_hash
from commonweal.networks.places.match import Match, Name, is_telling
from commonweal.networks.places.words import (
    asked_words,
    fit,
    fold,
    is_generic,
    name_words,
    reach,
    slip_distance,
    slips,
)

Kind = Literal["address", "street", "postcode", "area"]
MOST_RESULTS = 50
MOST_CANDIDATES = 80
MOST_HITS = 2_000
MOST_CORRECTIONS = 3
HIGHEST_SIGN = "\U0010ffff"
BETWEEN_STREETS = re.compile(r"\s(?:and|at|und|by|x)\s|[&@+]|(?<!\d)/|/(?!\d)")
BEGINNINGS = frozenset({"d", "l", "o", "mac", "mc"})


class NotAGazetteer(ValueError):
    """The file is no address index, or one of another version."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that was found.

    ``lat`` and ``lon`` are degrees; ``area_name`` and ``area_slug`` name the area it lies in. ``exact`` is
    False where the point is estimated (a house number that is not on the map) or the words had to be bent to
    fit (a slip of the keyboard, a word that is nowhere): then ask "is this it?".
    """

    label: str
    kind: Kind
    lat: float
    lon: float
    area_name: str
    exact: bool
    area_slug: str


@dataclass(frozen=True, slots=True)
class _Found:
    rank: tuple[float, int, str, int]
    place: Place


class Gazetteer:
    """An open address index. Several threads may search; one at a time touches the file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        try:
            meta = dict(connection.execute("SELECT key, value FROM meta"))
        except sqlite3.DatabaseError as trouble:
            raise NotAGazetteer("this is no address index") from trouble
        if meta.get("format") != str(FORMAT):
            raise NotAGazetteer("this address index is of another version: make it again with map build")
        self.attribution: str = meta["attribution"]
        self._areas: dict[int, tuple[str, str, float, float]] = {
            number: (slug, name, lat / PER_DEGREE, lon / PER_DEGREE)
            for number, slug, name, lat, lon in connection.execute(
                "SELECT id, slug, name, lat, lon FROM area"
            )
        }
        self._around = frozenset(word for (word,) in connection.execute("SELECT word FROM around"))

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an index for reading. Raises FileNotFoundError, or `NotAGazetteer`."""
        if not path.is_file():
            raise FileNotFoundError(path)
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        try:
            return cls(connection)
        except NotAGazetteer:
            connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def search(self, text: str, limit: int = 8) -> list[Place]:
        """Return the places that a text may mean, best first; none for what can't be a place. Never raises.

        Case, accents, punctuation and usual abbreviations don't matter, nor does the order of house number,
        street, area and postcode; the last word may be unfinished. A street that runs through several areas
        is found once in each. Only where nothing fits as it stands are slips of the keyboard forgiven, and
        words that fit nothing left out.
        """
        asked: Sequence[str] = asked_words(text)
        if not asked or limit < 1:
            return []
        with self._lock:
            asked = self._joined(asked)
            found = self._find(asked) or self._crossings(text) or self._bent(asked)
        return _distinct(found, min(limit, MOST_RESULTS))

    # Names

    def _find(self, asked: Sequence[str], *, loose: bool = False) -> list[_Found]:
        found = list(self._postcodes(asked))
        matches = [match for match in self._matches(asked) if match.means(asked, whole=loose)]
        if loose:
            most = max((match.fit.quality for match in matches), default=0.0)
            matches = [match for match in matches if match.fit.quality > most - 0.5]
        for match in matches:
            if match.name.is_street:
                found += self._in_street(match, asked, loose)
            else:
                found += self._area(match, asked)
        return sorted(found, key=lambda one: one.rank)

    def _joined(self, asked: Sequence[str]) -> Sequence[str]:
        """Write O Donnell and Mc Elderry as one word, where that is one on the map."""
        for at, (one, other) in enumerate(pairwise(asked)):
            if one in BEGINNINGS and self._hits(one + other):
                return [*asked[:at], one + other, *self._joined(asked[at + 2 :])]
        return asked

    def _bent(self, asked: Sequence[str]) -> list[_Found]:
        """Try slips first, then leave out words that occur nowhere, then all that don't fit the street."""
        unknown = [at for at, word in enumerate(asked) if reach(word) and not self._hits(word)]
        corrections = [self._corrections(word) if at in unknown else [word] for at, word in enumerate(asked)]
        found: list[_Found] = []
        if unknown:
            for corrected in islice(product(*corrections), MOST_CORRECTIONS**2):
                found = found or self._find(corrected)
            left = [word for at, word in enumerate(asked) if at not in unknown]
            found = found or (self._find(left) if is_telling(left) else [])
        if not found and is_telling(asked):
            found = self._find(asked, loose=True)
        return [_inexact(one) for one in found]

    def _matches(self, asked: Sequence[str]) -> list[Match]:
        return [name.match(asked) for name in self._candidates(asked)]

    def _candidates(self, asked: Sequence[str]) -> list[Name]:
        """Return the names that share a telling word with what was asked, those that share most first."""
        telling = [word for word in asked if not is_generic(word)] or asked
        hits: Counter[int] = Counter()
        for word in dict.fromkeys(telling):
            hits.update(self._hits(word, last=word == asked[-1]))
        for word in dict.fromkeys(asked):
            hits.update(self._common_hits(word))
        rows = self._connection.execute(
            "SELECT id, street, name, other_names, weight FROM name"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(hits)),),
        )
        names = [
            Name(number, bool(street), name, (name, *filter(None, others.split("\n"))), weight)
            for number, street, name, others, weight in rows
        ]
        names.sort(key=lambda name: (-hits[name.id], name.is_street, -name.weight, name.name))
        return names[:MOST_CANDIDATES]

    def _hits(self, word: str, *, last: bool = False) -> set[int]:
        """Return the ids of names with a word spelt so or, unless it is a number, starting so."""
        exact = self._connection.execute(
            "SELECT name FROM word WHERE spelling = ? LIMIT ?", (word, MOST_HITS)
        ).fetchall()
        started: list[tuple[int]] = []
        if not word.isdecimal() and (last or len(word) > 1):
            started = self._connection.execute(
                "SELECT name FROM word WHERE spelling > ? AND spelling < ? LIMIT ?",
                (word, word + HIGHEST_SIGN, MOST_HITS),
            ).fetchall()
        return {number for (number,) in (*exact, *started)}

    def _common_hits(self, word: str) -> set[int]:
        """Return the ids of names of common words only (South East Avenue), by one of them."""
        rows = self._connection.execute("SELECT name FROM common WHERE spelling = ?", (word,))
        return {number for (number,) in rows}

    def _corrections(self, word: str) -> list[str]:
        """Return words of names that are few slips from a word, nearest first; the word itself if none."""
        hashes = json.dumps([slip_hash(short) for short in slips(word, reach(word))])
        rows = self._connection.execute(
            "SELECT DISTINCT word FROM slip JOIN known ON id = known"
            " WHERE hash IN (SELECT value FROM json_each(?))",
            (hashes,),
        )
        near = []
        for (other,) in rows:
            distance = slip_distance(word, other, min(reach(word), reach(other)))
            if distance is not None:
                near.append((distance, other[:1] != word[:1], other))
        return [other for _, _, other in sorted(near)[:MOST_CORRECTIONS]] or [word]

    # Areas and postcodes

    def _area(self, match: Match, asked: Sequence[str]) -> Iterator[_Found]:
        slug, label, lat, lon = self._areas[match.name.id]
        if all(word in self._around or self._code_of(word) for _, word in match.left(asked)):
            yield _Found(match.rank(0), Place(label, "area", lat, lon, label, True, slug))

    def _postcodes(self, asked: Sequence[str]) -> Iterator[_Found]:
        """A postcode alone or with the town's name; while it is being typed, those that start so."""
        telling = [word for word in asked if word not in self._around]
        typed = postcode_key(" ".join(telling))
        if not telling or len(telling[0]) < 2 or not any(sign.isdecimal() for sign in typed):
            return
        rows = self._connection.execute(
            "SELECT code, doors, area, lat, lon FROM postcode"
            " WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
            (typed, typed + HIGHEST_SIGN, MOST_RESULTS),
        )
        for code, doors, area, lat, lon in rows:
            quality = len(typed) / len(postcode_key(code))
            place = self._place(code, "postcode", (area, lat, lon))
            yield _Found((-quality * len(telling), -doors, code, 0), place)

    def _code_of(self, word: str) -> int | None:
        row = self._connection.execute("SELECT id FROM postcode WHERE key = ?", (word,)).fetchone()
        return row[0] if row else None

    # Streets

    def _in_street(self, match: Match, asked: Sequence[str], loose: bool) -> Iterator[_Found]:
        house, other = house_in(match.left(asked), self._code_of)
        code = next((found for word in other if (found := self._code_of(word))), None)
        qualifiers = [word for word in other if not self._code_of(word)]
        rows = self._connection.execute(
            "SELECT position, area, lat, lon FROM part WHERE name = ? ORDER BY position", (match.name.id,)
        ).fetchall()
        parts = []
        for row in rows:
            how_well = self._qualifies(qualifiers, row[1])
            if how_well is not None or loose:
                parts.append((row, how_well or 0.0))
        at_doors = list(self._at_doors(match, house, code, {row[1]: bonus for row, bonus in parts}))
        yield from at_doors
        if at_doors:
            return
        gaps = self._gaps(match.name, house) if house else {}
        parts.sort(key=lambda part: (gaps.get(part[0][1], math.inf), part[0][0]))
        for position, ((_, area, lat, lon), bonus) in enumerate(parts):
            label = f"{match.name.name}, {self._areas[area][1]}"
            place = self._place(label, "street", (area, lat, lon), exact=house is None)
            yield _Found(match.rank(position, bonus), place)

    def _gaps(self, name: Name, house: House) -> dict[int, int]:
        """Return by area how far the nearest known number is from the one asked for."""
        return dict(
            self._connection.execute(
                "SELECT area, MIN(ABS(number - ?)) FROM door WHERE name = ? GROUP BY area",
                (house.number, name.id),
            ).fetchall()
        )

    def _qualifies(self, words: Sequence[str], area: int) -> float | None:
        """Return how well the remaining words fit an area and what lies around; None if one doesn't."""
        name = fit([*words, ""], name_words(self._areas[area][1]))  # none of them is still being typed
        rest = [word for at, word in enumerate(words) if at not in name.covered]
        return name.quality if all(word in self._around for word in rest) else None

    def _at_doors(
        self, match: Match, house: House | None, code: int | None, bonus: dict[int, float]
    ) -> Iterator[_Found]:
        """Find a house in the areas that ``bonus`` names, with what each of them adds to the rank."""
        if house is None:
            return
        rows = self._connection.execute(
            "SELECT number, last, label, postcode, area, lat, lon FROM door"
            " WHERE name = ? AND number BETWEEN ? AND ? ORDER BY number, id",
            (match.name.id, house.number - House.REACH, house.number + House.REACH),
        )
        near = [row for row in rows if row[4] in bonus]
        same_code = [row for row in near if code and row[3] == code]
        exact, guessed = estimate(house, same_code or near)
        for order, (label, *at) in enumerate(exact or guessed):
            text = f"{label} {match.name.name}, {self._areas[at[0]][1]}"
            place = self._place(text, "address", at, exact=bool(exact))
            yield _Found(match.rank(order, bonus[at[0]] + 1), place)

    # Crossings

    def _crossings(self, text: str) -> list[_Found]:
        """Return where two streets meet, if the text names two ("27th & Guilford"); each where they don't."""
        halves = [self._joined(asked_words(half)) for half in BETWEEN_STREETS.split(fold(text))]
        if len(halves) != 2 or not all(halves):
            return []
        first, second = ({name.id: name for name in self._streets_meant(half)} for half in halves)
        found = []
        for one, other in product(first, second):
            rows = self._connection.execute(
                "SELECT id, area, lat, lon FROM crossing WHERE first = ? AND second = ?", sorted((one, other))
            )
            for number, area, lat, lon in rows:
                label = f"{first[one].name} & {second[other].name}, {self._areas[area][1]}"
                weight = -min(first[one].weight, second[other].weight)
                place = self._place(label, "street", (area, lat, lon))
                found.append(_Found((0.0, weight, label, number), place))
        if not found and first and second:
            return [_inexact(one) for half in halves for one in self._find(half)]
        return sorted(found, key=lambda one: one.rank)

    def _streets_meant(self, asked: Sequence[str]) -> Iterator[Name]:
        """Return the streets that half of a crossing may mean; an area or town behind it is let pass."""
        return (match.name for match in self._matches(asked) if match.name.is_street and match.means(asked))

    def _place(self, label: str, kind: Kind, at: Sequence[int], *, exact: bool = True) -> Place:
        """Make a place of (area, lat, lon) as they stand in the file."""
        area, lat, lon = at
        slug, area_name, _, _ = self._areas[area]
        return Place(label, kind, lat / PER_DEGREE, lon / PER_DEGREE, area_name, exact, slug)


def _inexact(one: _Found) -> _Found:
    return replace(one, place=replace(one.place, exact=False))


def _distinct(found: Iterable[_Found], limit: int) -> list[Place]:
    """Return the first places with different labels."""
    by_label: dict[str, Place] = {}
    for one in found:
        by_label.setdefault(one.place.label, one.place)
    return list(islice(by_label.values(), limit))
