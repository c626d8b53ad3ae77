"""Many asks and many helpers as arrays: what the engine reads. Checked once, here, so that nothing below has to."""

import zlib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self, TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Side = TypeVar("Side")

NOBODY = -1
SLOTS = 42
MOST_CATEGORIES = 64
MOST_HANDS = 50
MOST_CAPACITY = 1000


class BadInstance(ValueError):
    """Arrays that no engine can read; the words name the array, the place in it and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """One side of an instance: arrays of as many entries as there are."""

    @classmethod
    def of(cls, n: int, **given: Any) -> Self:
        """``n`` of them with these arrays or single values; whatever isn't given is what a plain one has.

        Raises BadInstance for arrays that nobody knows, of other lengths or types, or out of range.
        """
        return _filled(cls, n, given)

    def take(self, indices: Array) -> Self:
        """Those at these indices, in this order."""
        return replace(self, **{field.name: getattr(self, field.name)[indices] for field in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asks(Columns):
    """``n`` asks; every array has ``n`` entries.

    ==============  ========  =======================================================================================
    ``lat, lon``    float64   degrees; both NaN where the place is unknown
    ``in_person``   bool      False: a call, so that distance is nothing
    ``within_m``    int32     how far the search reaches at present; 0: the whole network
    ``category``    int16     0–63
    ``skills``      uint64    sub-skills needed, as bits
    ``slots``       uint64    the 42 parts of a week (weekday * 6 + part of the day) in which it may happen, as bits
    ``languages``   uint64    languages the asker speaks, as bits; 0: nothing said
    ``talk``        bool      it is about talking: without a common language (or an interpreter) it cannot be met
    ``needs``       uint64    access needs, as bits; a helper must be able to meet all
    ``load``        int8      what has to be carried, 0–3
    ``vehicles``    uint8     vehicles that will do, as bits; 0: any or none
    ``gender``      uint8     whom the asker wishes to come, as bits; 0: anybody
    ``vouched``     int8      vouch level that is required, 0: none
    ``hands``       int16     helpers wanted, 1–50
    ``at_least``    int16     fewer than this is no help at all, 1–``hands``
    ``urgency``     int8      0–2
    ``waiting_d``   int16     days it has waited
    ``ahead``       int16     how far it goes ahead of others (it came back)
    ``area``        int16     its area, 0…; NOBODY where unknown
    ``repeats``     bool      one of a series
    ``person``      int32     who asks, in the numbering of ``Helpers.person``; NOBODY where no member
    ``preferred``   int32     the index of the helper who came the last times; NOBODY
    ==============  ========  =======================================================================================
    """

    lat: Array
    lon: Array
    in_person: Array
    within_m: Array
    category: Array
    skills: Array
    slots: Array
    languages: Array
    talk: Array
    needs: Array
    load: Array
    vehicles: Array
    gender: Array
    vouched: Array
    hands: Array
    at_least: Array
    urgency: Array
    waiting_d: Array
    ahead: Array
    area: Array
    repeats: Array
    person: Array
    preferred: Array

    def __len__(self) -> int:
        return len(self.category)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Helpers(Columns):
    """``m`` helpers; every array has ``m`` entries. A helper is one offer of one member.

    ==============  ========  =======================================================================================
    ``lat, lon``    float64   degrees; both NaN where the place is unknown
    ``radius_m``    int32     how far they go, 0 or more
    ``categories``  uint64    what they offer, as bits
    ``skills``      uint64    sub-skills, as bits
    ``slots``       uint64    the parts of a week in which they are free, as bits
    ``languages``   uint64    languages they speak, as bits; 0: nothing said
    ``able``        uint64    access needs they can meet, as bits
    ``carries``     int8      what they can carry, 0–3
    ``vehicle``     int8      0 foot, 1 bicycle, 2 cargo bicycle, 3 car, 4 van
    ``gender``      uint8     as bits, their own word for themselves; 0: not said
    ``vouched``     int8      vouch level
    ``capacity``    int16     how often they still help this week, 0–1000
    ``per_week``    int16     how often they help in a week at most
    ``rested_h``    int32     hours since they were last asked; NOBODY where never
    ``resting``     bool      takes a break: nobody may invite them now (a rest after being asked is in ``rested_h``)
    ``person``      int32     which person it is; two helpers of one person share their week. NOBODY: one of their own
    ==============  ========  =======================================================================================
    """

    lat: Array
    lon: Array
    radius_m: Array
    categories: Array
    skills: Array
    slots: Array
    languages: Array
    able: Array
    carries: Array
    vehicle: Array
    gender: Array
    vouched: Array
    capacity: Array
    per_week: Array
    rested_h: Array
    resting: Array
    person: Array

    def __len__(self) -> int:
        return len(self.categories)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Instance:
    """Asks and helpers, and what is between some of them.

    ``blocked`` are pairs (ask, helper) that must never meet, from either side's block, and ``known`` those who have
    met: int32 arrays of shape (k, 2), in any order.
    """

    asks: Asks
    helpers: Helpers
    blocked: Array
    known: Array

    @classmethod
    def of(cls, asks: Asks, helpers: Helpers, *, blocked: Any = (), known: Any = ()) -> Self:
        """Put together and checked. Raises BadInstance."""
        instance = cls(
            asks=asks, helpers=helpers, blocked=_pairs("blocked", blocked), known=_pairs("known", known)
        )
        _check(instance)
        return instance

    def arranged(self, asks: Array, helpers: Array) -> Self:
        """The same instance with its asks and helpers in these orders (permutations of their indices)."""
        ask, helper = np.empty(len(asks), np.int32), np.empty(len(helpers), np.int32)
        ask[asks], helper[helpers] = np.arange(len(asks)), np.arange(len(helpers))
        moved = self.asks.take(asks)
        preferred = np.full(len(asks), NOBODY, np.int32)
        some = moved.preferred != NOBODY
        preferred[some] = helper[moved.preferred[some]]
        return replace(
            self,
            asks=replace(moved, preferred=preferred),
            helpers=self.helpers.take(helpers),
            blocked=np.column_stack([ask[self.blocked[:, 0]], helper[self.blocked[:, 1]]]),
            known=np.column_stack([ask[self.known[:, 0]], helper[self.known[:, 1]]]),
        )

    def save(self, path: Path) -> None:
        """Write it as an npz file: ``asks.<array>``, ``helpers.<array>``, ``blocked``, ``known``."""
        arrays = {f"asks.{field.name}": getattr(self.asks, field.name) for field in fields(self.asks)}
        arrays |= {
            f"helpers.{field.name}": getattr(self.helpers, field.name) for field in fields(self.helpers)
        }
        np.savez_compressed(path, blocked=self.blocked, known=self.known, **arrays)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read an npz file. Arrays it lacks are what a plain ask or helper has. Raises BadInstance, OSError."""
        arrays = _stored(path)
        asks = {name[5:]: array for name, array in arrays.items() if name.startswith("asks.")}
        helpers = {name[8:]: array for name, array in arrays.items() if name.startswith("helpers.")}
        unknown = set(arrays) - {f"asks.{name}" for name in asks} - {f"helpers.{name}" for name in helpers}
        if unknown - {"blocked", "known"}:
            raise BadInstance(f"{path} holds arrays that nobody knows: {', '.join(sorted(unknown))}")
        for side, given, needed in (("asks", asks, "category"), ("helpers", helpers, "categories")):
            if np.ndim(given.get(needed, 0)) != 1:
                raise BadInstance(f"{path} has no list {side}.{needed}")
        return cls.of(
            Asks.of(len(asks["category"]), **asks),
            Helpers.of(len(helpers["categories"]), **helpers),
            blocked=arrays.get("blocked", ()),
            known=arrays.get("known", ()),
        )


FULL = (1 << SLOTS) - 1
TYPES: dict[str, Any] = {
    "lat": np.float64, "lon": np.float64, "in_person": np.bool_, "within_m": np.int32, "category": np.int16,
    "skills": np.uint64, "slots": np.uint64, "languages": np.uint64, "talk": np.bool_, "needs": np.uint64,
    "load": np.int8, "vehicles": np.uint8, "gender": np.uint8, "vouched": np.int8, "hands": np.int16,
    "at_least": np.int16, "urgency": np.int8, "waiting_d": np.int16, "ahead": np.int16, "area": np.int16,
    "repeats": np.bool_, "person": np.int32, "preferred": np.int32, "radius_m": np.int32,
    "categories": np.uint64, "able": np.uint64, "carries": np.int8, "vehicle": np.int8, "capacity": np.int16,
    "per_week": np.int16, "rested_h": np.int32, "resting": np.bool_,
}  # fmt: skip
PLAIN: dict[str, Any] = {
    "lat": np.nan, "lon": np.nan, "in_person": True, "slots": FULL, "hands": 1, "at_least": 1, "urgency": 1,
    "area": NOBODY, "person": NOBODY, "preferred": NOBODY, "radius_m": 1500, "capacity": 1, "per_week": 3,
    "rested_h": NOBODY, "carries": 1,
}  # fmt: skip
LIMITS: dict[str, tuple[int, int]] = {
    "category": (0, MOST_CATEGORIES - 1), "load": (0, 3), "hands": (1, MOST_HANDS), "at_least": (1, MOST_HANDS),
    "urgency": (0, 2), "waiting_d": (0, 32_767), "ahead": (0, 32_767), "within_m": (0, 2**31 - 1),
    "area": (NOBODY, 32_767), "person": (NOBODY, 2**31 - 1), "radius_m": (0, 2**31 - 1), "carries": (0, 3),
    "vehicle": (0, 4), "capacity": (0, MOST_CAPACITY), "per_week": (0, MOST_CAPACITY), "vouched": (0, 127),
    "rested_h": (NOBODY, 2**31 - 1), "slots": (0, FULL),
}  # fmt: skip


def _stored(path: Path) -> dict[str, Array]:
    """The arrays of an npz file. Nothing in it is run: Python objects are refused."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: np.asarray(stored[name]) for name in stored.files}
    except (ValueError, EOFError, KeyError, TypeError, NotImplementedError, BadZipFile, zlib.error) as error:
        raise BadInstance(f"{path} is no npz file of plain arrays: {error}") from None


def _filled(cls: type[Side], n: int, given: dict[str, Any]) -> Side:
    names = list(cls.__annotations__)
    if unknown := sorted(set(given) - set(names)):
        raise BadInstance(f"nobody knows the array {unknown[0]}")
    return cls(**{name: _array(name, n, given.get(name, PLAIN.get(name, 0))) for name in names})


def _array(name: str, n: int, value: Any) -> Array:
    """The value as ``n`` entries of its type; a number that its type cannot hold is refused, never wrapped."""
    raw = np.asarray(value)
    if raw.ndim > 1 or (raw.ndim == 1 and len(raw) != n):
        raise BadInstance(f"{name} has the shape {raw.shape} where ({n},) is wanted")
    wanted = TYPES[name]
    if raw.dtype.kind not in "biuf" or (raw.dtype.kind == "f" and wanted is not np.float64):
        raise BadInstance(f"{name} holds {raw.dtype}, which is not read as {np.dtype(wanted)}")
    if np.issubdtype(wanted, np.integer) and raw.size:
        least, most = LIMITS.get(name, (int(np.iinfo(wanted).min), int(np.iinfo(wanted).max)))
        outside = np.atleast_1d((raw < least) | (raw > most))
        if outside.any():
            first = int(outside.argmax())
            raise BadInstance(f"{name}[{first}] is {np.atleast_1d(raw)[first]}, outside {least} to {most}")
    return np.ascontiguousarray(np.broadcast_to(raw.astype(wanted), n))


def _pairs(name: str, value: Any) -> Array:
    raw = np.asarray(value)
    if raw.size == 0:
        return np.zeros((0, 2), np.int32)
    if raw.ndim != 2 or raw.shape[1] != 2 or raw.dtype.kind not in "iu":
        raise BadInstance(f"{name} must be whole numbers of the shape (k, 2)")
    if (np.abs(raw.astype(np.float64)) >= 2**31).any():
        raise BadInstance(f"{name} names an ask or a helper who isn't there")
    return np.ascontiguousarray(raw.astype(np.int32))


def _check(instance: Instance) -> None:
    asks, helpers = instance.asks, instance.helpers
    for side, lat, lon in (("asks", asks.lat, asks.lon), ("helpers", helpers.lat, helpers.lon)):
        unknown = np.isnan(lat) & np.isnan(lon)
        wrong = ~unknown & ~((np.abs(lat) <= 90) & (np.abs(lon) <= 180))
        if wrong.any():
            first = int(wrong.argmax())
            raise BadInstance(f"{side} {first} is at {lat[first]}, {lon[first]}, which is nowhere on earth")
    if (asks.at_least > asks.hands).any():
        raise BadInstance(f"ask {int((asks.at_least > asks.hands).argmax())} needs more hands than it wants")
    if ((asks.preferred < NOBODY) | (asks.preferred >= len(helpers))).any():
        raise BadInstance("an ask prefers a helper who isn't there")
    for name, pairs in (("blocked", instance.blocked), ("known", instance.known)):
        limits = np.array([len(asks), len(helpers)])
        if ((pairs < 0) | (pairs >= limits)).any():
            raise BadInstance(f"{name} names an ask or a helper who isn't there")
