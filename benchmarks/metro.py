"""Make a city of any size, asks and helpers in neighbourhoods of uneven supply, and keep it as an npz file."""

import argparse
from pathlib import Path

import numpy as np

from commonweal.algorithms.matching.instance import SLOTS, Array, Asks, Helpers, Instance
from commonweal.algorithms.matching.rules import EngineRules

SEED = 20261122
CATEGORIES, LANGUAGES, STEP_FREE = 12, 8, 1
MIDDLE = (39.2904, -76.6122)
KM_IN_DEGREE = 111.195
ASKS_IN_AREA, KM_BETWEEN_AREAS, KM_IN_AREA = 2500, 6.5, 2.0
HELPERS_TO_ASKS = 0.4
EACH_AREA, QUARTERS, KM_OF_QUARTERS = 0.5, 1.0, 40.0
# 1000 + 100 for each level of urgency - 40 for each km, and nothing else.
RULES = EngineRules(
    waiting=0, ahead=0, language=0, interpreter=0, tired=0, week=0, preferred=0, known=0, new_tie=0, comfort=0
)


def main() -> None:
    """``python -m benchmarks.metro 100000 city.npz``."""
    parser = argparse.ArgumentParser(prog="script/bench metro", description=__doc__)
    parser.add_argument("asks", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--helpers", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    metro(given.asks, helpers=given.helpers, seed=given.seed).save(given.file)


def metro(asks: int, *, helpers: int | None = None, seed: int = SEED) -> Instance:
    """Return a city with so many asks, and 0.4 helpers an ask if not said. The same seed gives the same city.

    - Areas stand 6.5 km apart on a grid, one for each 2,500 asks; a city of twice the asks has twice the ground. How
      many live in one varies by a lognormal (0.5), and how many helpers there are to an ask by another and by a wave
      over the city (e to the ± 1, 40 km long): whole quarters have several times the help of others. People live
      round the middle of their area (normal, 2 km each way).
    - An ask has one of 12 categories, 1 to 6 of the 42 parts of a week, urgency 0, 1 or 2 (2 : 2 : 1), and needs no
      steps one time in eight. Its languages bind: it is met in one of them or not at all.
    - A helper offers 1 to 3 categories, 6 to 16 parts of a week, goes 1.5 to 5 km, helps 1 to 3 times a week (2 in the
      mean), and manages with somebody who can't do steps three times in five.
    - Everybody speaks English four times in five, and each of seven more languages with a falling chance.
    """
    count = round(asks * HELPERS_TO_ASKS) if helpers is None else helpers
    chance = np.random.default_rng(seed)
    areas = max(1, round(asks / ASKS_IN_AREA))
    people = chance.lognormal(0, 0.5, areas)
    middles = _middles(chance, areas)
    supply = people * chance.lognormal(0, EACH_AREA, areas) * _better_off(chance, middles)
    area = chance.choice(areas, asks, p=people / people.sum())
    home = chance.choice(areas, count, p=supply / supply.sum())
    return Instance.of(_asks(chance, area, middles), _helpers(chance, home, middles))


def _middles(chance: np.random.Generator, areas: int) -> Array:
    """The middles of the areas in km from the city's: on a square grid, each a little aside."""
    side = int(np.ceil(np.sqrt(areas)))
    grid = np.column_stack(np.divmod(np.arange(areas), side)) - (side - 1) / 2
    return grid * KM_BETWEEN_AREAS + chance.normal(0, 0.5, (areas, 2))


def _better_off(chance: np.random.Generator, middles: Array) -> Array:
    """How much more help whole quarters have than others: a wave over the city, in a direction of its own."""
    turn, start = chance.uniform(0, 2 * np.pi, 2)
    along = middles @ np.array([np.cos(turn), np.sin(turn)])
    return np.asarray(np.exp(QUARTERS * np.sin(2 * np.pi * along / KM_OF_QUARTERS + start)))


def _asks(chance: np.random.Generator, area: Array, middles: Array) -> Asks:
    n = len(area)
    lat, lon = _places(chance, area, middles)
    return Asks.of(
        n,
        lat=lat,
        lon=lon,
        area=area,
        category=chance.integers(0, CATEGORIES, n),
        slots=_some(chance, n, SLOTS, 1, 6),
        languages=_languages(chance, n),
        talk=True,
        needs=STEP_FREE * (chance.random(n) < 1 / 8),
        urgency=chance.choice(3, n, p=[0.4, 0.4, 0.2]),
    )


def _helpers(chance: np.random.Generator, home: Array, middles: Array) -> Helpers:
    m = len(home)
    lat, lon = _places(chance, home, middles)
    capacity = chance.integers(1, 4, m)
    return Helpers.of(
        m,
        lat=lat,
        lon=lon,
        radius_m=chance.integers(1500, 5001, m),
        categories=_some(chance, m, CATEGORIES, 1, 3),
        slots=_some(chance, m, SLOTS, 6, 16),
        languages=_languages(chance, m),
        able=STEP_FREE * (chance.random(m) < 3 / 5),
        capacity=capacity,
        per_week=capacity,
        person=np.arange(m),
    )


def _places(chance: np.random.Generator, area: Array, middles: Array) -> tuple[Array, Array]:
    """Latitudes and longitudes round the middles of the areas."""
    km = middles[area] + chance.normal(0, KM_IN_AREA, (len(area), 2))
    lat = MIDDLE[0] + km[:, 0] / KM_IN_DEGREE
    return lat, MIDDLE[1] + km[:, 1] / KM_IN_DEGREE / np.cos(np.radians(MIDDLE[0]))


def _some(chance: np.random.Generator, n: int, of: int, least: int, most: int) -> Array:
    """For each of ``n`` between ``least`` and ``most`` draws out of ``of`` bits; the same may be drawn twice."""
    draws = chance.integers(least, most + 1, n)
    bits = np.zeros(n, np.uint64)
    for turn in range(most):
        drawn = np.uint64(1) << chance.integers(0, of, n).astype(np.uint64)
        bits |= np.where(turn < draws, drawn, np.uint64(0))
    return bits


def _languages(chance: np.random.Generator, n: int) -> Array:
    """Who speaks nothing else speaks English."""
    bits = np.zeros(n, np.uint64)
    for place, share in enumerate([0.8, *(0.2 / turn for turn in range(1, LANGUAGES))]):
        bits |= (chance.random(n) < share).astype(np.uint64) << np.uint64(place)
    return np.where(bits == 0, np.uint64(1), bits)


if __name__ == "__main__":
    main()
