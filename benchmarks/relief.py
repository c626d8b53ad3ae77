"""Play the days of a relief effort again as they came, and measure it as published."""

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
# Donations above are taken for a slip of the hand, as the published trial does (one says 10^14 face shields).
MOST = 1000
INTERVAL_D = 7
MINUTE_D = 1 / (24 * 60)
BLOCK = 1 << 22
MEASURES = ("fill", "nonzero_fill", "unit_miles", "holding_days", "shipments_a_donor")


class BadRelief(ValueError):
    """The files are not what they should be; the text says where."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Offers or asks in the order of the file: who (place among the ids in text order), kind, day, and units."""

    who: Array
    kind: Array
    day: Array
    units: Array

    def __len__(self) -> int:
        return len(self.who)

    def __getitem__(self, rows: Array) -> "Rows":
        return Rows(self.who[rows], self.kind[rows], self.day[rows], self.units[rows])


@dataclass(frozen=True, slots=True)
class Relief:
    """What was offered and asked, the ids in text order, and the miles from each to each (nan: not known)."""

    kinds: tuple[str, ...]
    givers: tuple[str, ...]
    takers: tuple[str, ...]
    offers: Rows
    asks: Rows
    miles: Array

    def at_most(self, most: int) -> "Relief":
        """Without the offers of more than ``most`` units."""
        return replace(self, offers=self.offers[self.offers.units <= most])

    def shuffled(self, seed: int) -> "Relief":
        """The same offers and asks, each on the day of another, drawn by ``seed``."""
        chance = np.random.default_rng(seed)
        offers, asks = (replace(rows, day=chance.permutation(rows.day)) for rows in (self.offers, self.asks))
        return replace(self, offers=offers, asks=asks)


@dataclass(frozen=True, slots=True)
class Round:
    """What lies on the table of one kind on one day: units on hand and asked, miles (givers, takers), and who."""

    on_hand: Array
    wanted: Array
    miles: Array
    day: float = 0.0
    kind: int = 0
    givers: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    takers: Array = field(default_factory=lambda: np.zeros(0, np.int64))


# Each parcel: the row of the giver and of the taker in the round, and units.
Policy = Callable[[Round], Iterable[tuple[int, int, int]]]


@dataclass(frozen=True, slots=True)
class Parcels:
    """What was sent: the day, who gave and got, kind, units, whole days since it was offered, miles."""

    day: Array
    giver: Array
    taker: Array
    kind: Array
    units: Array
    held_d: Array
    miles: Array


class Stock:
    """The rows of one side, and what is left of each: the eldest is used first."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.left: Array = rows.units.copy()
        # Whose rows of one kind: the eldest first.
        order = np.lexsort((np.arange(len(rows)), rows.day))
        self._of: dict[tuple[int, int], list[int]] = {}
        for row in order.tolist():
            self._of.setdefault((int(rows.who[row]), int(rows.kind[row])), []).append(row)

    def standing(self, kind: int, before: float) -> tuple[Array, Array]:
        """Who has something of a kind left since before a day, in text order, and how many units in all."""
        rows = np.flatnonzero((self.rows.kind == kind) & (self.rows.day < before) & (self.left > 0))
        who, place = np.unique(self.rows.who[rows], return_inverse=True)
        return who, np.bincount(place, self.left[rows], minlength=len(who)).astype(np.int64)

    def use(self, who: int, kind: int, units: int, before: float) -> Iterator[tuple[int, int]]:
        """Take units from the rows of one, the eldest first: each row and what was taken from it."""
        for row in self._of[who, kind]:
            taken = min(units, int(self.left[row])) if self.rows.day[row] < before else 0
            if taken:
                self.left[row] -= taken
                units -= taken
                yield row, taken
        if units:
            raise BadRelief(f"{units} units more than there are were sent")


def play(relief: Relief, policy: Policy, *, interval_d: int = INTERVAL_D) -> Parcels:
    """Let a policy choose every ``interval_d`` days among what has come by then and is left; nothing expires."""
    stock, open_asks = Stock(relief.offers), Stock(relief.asks)
    sent: list[tuple[float, int, int, int, int, float, float]] = []
    for day in _days(relief, interval_d):
        for kind in range(len(relief.kinds)):
            givers, on_hand = stock.standing(kind, day)
            takers, wanted = open_asks.standing(kind, day)
            if not len(givers) or not len(takers):
                continue
            miles = relief.miles[np.ix_(givers, takers)]
            for one, other, units in policy(Round(on_hand, wanted, miles, day, kind, givers, takers)):
                if np.isnan(miles[one, other]):
                    raise BadRelief("units were sent over a distance that is not known")
                giver, taker = int(givers[one]), int(takers[other])
                for row, part in stock.use(giver, kind, units, day):
                    held = float(np.round(day - relief.offers.day[row]))
                    sent.append((day, giver, taker, kind, part, held, float(miles[one, other])))
                for _row, _part in open_asks.use(taker, kind, units, day):
                    pass
    columns = np.array(sent).reshape(-1, 7).T
    return Parcels(columns[0], *columns[1:5].astype(np.int64), *columns[5:])


def _days(relief: Relief, interval_d: int) -> Iterator[float]:
    """The days on which is chosen: every interval from the first row on, and just after the last."""
    came = np.concatenate([relief.offers.day, relief.asks.day])
    day, last = came.min() - MINUTE_D + interval_d, came.max() + MINUTE_D
    while day <= last:
        yield float(day)
        day += interval_d
    yield float(last + 2 * MINUTE_D)


def fills(relief: Relief, parcels: Parcels) -> tuple[Array, Array]:
    """The share that each who asks got of each kind, over the whole time, and the kind: (pairs,), (pairs,)."""
    of = relief.asks.who * len(relief.kinds) + relief.asks.kind
    pairs, place = np.unique(of, return_inverse=True)
    asked = np.bincount(place, relief.asks.units)
    got = np.searchsorted(pairs, parcels.taker * len(relief.kinds) + parcels.kind)
    return np.bincount(got, parcels.units, minlength=len(pairs)) / asked, pairs % len(relief.kinds)


def measure(relief: Relief, parcels: Parcels) -> dict[str, float]:
    """The five published measures, and beside them the units sent and the asks that were met whole."""
    share, kind = fills(relief, parcels)
    units = parcels.units.sum()
    trips = np.unique(np.stack([parcels.day, parcels.giver, parcels.taker]), axis=1).shape[1]
    return {
        "fill": _mean_of_kinds(share, kind),
        "nonzero_fill": _mean_of_kinds(share[share > 0], kind[share > 0]),
        "unit_miles": float(parcels.units @ parcels.miles / max(units, 1)),
        "holding_days": float(parcels.units @ parcels.held_d / max(units, 1)),
        "shipments_a_donor": trips / max(len(np.unique(parcels.giver)), 1),
        "units": int(units),
        "asks_met": int((share >= 1).sum()),
    }


def _mean_of_kinds(share: Array, kind: Array) -> float:
    if not len(share):
        return 0.0
    counted = np.bincount(kind)
    return float((np.bincount(kind, share)[counted > 0] / counted[counted > 0]).mean())


def most_fill(relief: Relief) -> float:
    """What no policy can exceed in fill: all offers at once, at no distance, to the smallest asks of their kind."""
    of = relief.asks.who * len(relief.kinds) + relief.asks.kind
    pairs, place = np.unique(of, return_inverse=True)
    asked, kind = np.bincount(place, relief.asks.units), pairs % len(relief.kinds)
    share = np.zeros(len(pairs))
    for one in range(len(relief.kinds)):
        rows = np.flatnonzero(kind == one)
        rows = rows[np.argsort(asked[rows])]
        before = np.cumsum(asked[rows]) - asked[rows]
        there = relief.offers.units[relief.offers.kind == one].sum()
        share[rows] = np.clip((there - before) / asked[rows], 0, 1)
    return _mean_of_kinds(share, kind)


def read_relief(folder: Path) -> Relief:
    """Read ``anon_donors.csv``, ``anon_recipients.csv`` and ``anon_distance_matrix.csv``, each plain or ``.gz``."""
    donors = _table(folder, "anon_donors.csv", "don_id")
    recipients = _table(folder, "anon_recipients.csv", "rec_id")
    kinds = tuple(sorted({row[1] for row in donors + recipients}))
    offers, givers = _rows(donors, kinds)
    asks, takers = _rows(recipients, kinds)
    miles = np.full((len(givers), len(takers)), np.nan)
    giver_of, taker_of = _places(givers), _places(takers)
    for giver, taker, distance in _distances(_file(folder, "anon_distance_matrix.csv")):
        miles[giver_of[giver], taker_of[taker]] = distance
    return Relief(kinds, tuple(givers), tuple(takers), offers, asks, miles)


def _file(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise BadRelief(f"there is no {name} in {folder}, nor {name}.gz")


def _opened(path: Path) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def _table(folder: Path, name: str, who: str) -> list[tuple[str, str, float, int]]:
    """Each row that has units: id, kind, day since 1970 with its fraction, units."""
    found: list[tuple[str, str, float, int]] = []
    path = _file(folder, name)
    with _opened(path) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
        for number, row in enumerate(csv.DictReader(text), start=2):
            try:
                units = float(row["qty"])
                day = datetime.fromisoformat(row["date"]).timestamp() / 86400
                if units > 0:
                    found.append((row[who], row["ppe"], day, int(units)))
                whole = units.is_integer()
            except (KeyError, TypeError, ValueError, OverflowError) as error:
                raise BadRelief(f"{path.name}, line {number}: {error!r}") from error
            if not whole:
                raise BadRelief(f"{path.name}, line {number}: {row['qty']} is no whole number of units")
    return found


def _rows(table: list[tuple[str, str, float, int]], kinds: tuple[str, ...]) -> tuple[Rows, list[str]]:
    """The columns, and the ids in text order, which is the order in which the published trial keeps them."""
    ids = sorted({row[0] for row in table})
    place = {name: at for at, name in enumerate(ids)}
    kind = {name: at for at, name in enumerate(kinds)}
    rows = Rows(
        who=np.array([place[row[0]] for row in table], np.int64),
        kind=np.array([kind[row[1]] for row in table], np.int64),
        day=np.array([row[2] for row in table]),
        units=np.array([row[3] for row in table], np.int64),
    )
    return rows, ids


def _places(ids: list[str]) -> Array:
    """Of each number in an id (``don17``) its place among the ids; numbers that nobody has go nowhere."""
    try:
        numbers = [int(name[3:]) for name in ids]
    except ValueError as error:
        raise BadRelief(f"an id is no word of three letters and a number: {error}") from error
    places = np.full(max(numbers, default=0) + 1, -1)
    places[numbers] = np.arange(len(ids))
    return places


def _distances(path: Path) -> Iterator[tuple[Array, Array, Array]]:
    """Blocks of the long list of distances: numbers of givers, of takers, and miles."""
    with _opened(path) as lines:
        if lines.readline().strip() != b"don_id,rec_id,distance":
            raise BadRelief(f"{path.name} does not begin with don_id,rec_id,distance")
        rest = b""
        while block := lines.read(BLOCK):
            whole, _line, rest = (rest + block).rpartition(b"\n")
            yield _columns(whole)
        if rest.strip():
            yield _columns(rest)


def _columns(lines: bytes) -> tuple[Array, Array, Array]:
    text = lines.replace(b"don", b"").replace(b"rec", b"").strip().replace(b"\n", b",").decode()
    values = np.fromstring(text, sep=",").reshape(-1, 3)
    return values[:, 0].astype(np.int64), values[:, 1].astype(np.int64), values[:, 2]
