"""Make a week of asks that come by the hour, and people who say yes or no for reasons of their own."""

import argparse
import json
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.metro import CATEGORIES, HELPERS_TO_ASKS, MIDDLE, RULES, metro
from commonweal.algorithms.matching.candidates import Pairs, find_pairs
from commonweal.algorithms.matching.instance import SLOTS, Array, Instance

HOURS = 168
# Each part of the week begins so many hours after Monday 0:00, and lasts three.
BEGINS = np.array([day * 24 + 6 + 3 * part for day in range(7) for part in range(6)])
# How many asks come in each hour of a day, as shares.
BY_HOUR = np.array([1, 1, 1, 1, 1, 2, 4, 8, 12, 14, 14, 13, 12, 12, 12, 12, 11, 10, 8, 7, 6, 4, 3, 2], float)
# The last ask comes while there is a part of the week left: Sunday from nine in the evening.
LAST_COMES = 164.0
# After an invitation somebody is not to be had for so long, in the mean.
AWAY_H = 36.0
# For each urgency, calm first: between how many hours after it came an ask is over.
OVER_AFTER = np.array([[72, 168], [24, 72], [6, 24]], float)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Week:
    """Asks in the order in which they come, who could meet them, and what only the simulation knows.

    ``comes`` float64 (n): hours since Monday. The arrays of pairs follow ``pairs``: ``chance`` of a yes from somebody
    rested, ``luck`` (a yes if it is below the chance, the same for every policy), ``answers_h`` until they answer,
    ``silent`` instead of a no, ``shows`` whether they really come. ``away_h`` (helpers, 64): for how long they are
    not to be had after each invitation they read.
    """

    instance: Instance
    pairs: Pairs
    comes: Array
    chance: Array
    luck: Array
    answers_h: Array
    silent: Array
    shows: Array
    away_h: Array

    def row(self, ask: int) -> slice:
        """Where the pairs of an ask are."""
        return slice(int(self.pairs.indptr[ask]), int(self.pairs.indptr[ask + 1]))


def weeks(
    asks: int, *, seed: int, count: int = 2, helpers: int | None = None, close: bool = False
) -> list[Week]:
    """So many weeks of the same city with the same helpers; the asks of each are others. The same seed, the same weeks.

    The city is `metro` (seeds as there) with ``count`` times the asks, dealt out to the weeks by chance; or, ``close``,
    one neighbourhood (1.1 km each way) in which everybody could do everything, so that an ask has a hundred candidates.
    Asks come by the hour of the day, mostly from 8 to 18. A calm one is over after 3 to 7 days, one that hurries after
    1 to 3, one for today after 6 to 24 hours, and all with the week. Of the parts of the week in between each suits
    one time in two, and the first always.

    Each helper is willing in their own degree (normal, -0.3 ± 1 in log odds), more for some kinds than for others
    (± 0.7), less by 0.35 a kilometre; answers after 3 hours in the mean (exponential, 12 at most), leaves one no in
    three unsaid, and comes 19 times in 20 to what they promised.
    """
    helpers = round(asks * HELPERS_TO_ASKS) if helpers is None else helpers
    city = metro(asks * count, helpers=helpers, seed=seed)
    if close:
        city = _neighbourhood(city)
    chance = np.random.default_rng([seed, 1])
    willing = chance.normal(-0.3, 1, helpers)
    liking = chance.normal(0, 0.7, (helpers, 64))
    dealt = chance.permutation(asks * count)
    return [
        _week(chance, city, np.sort(dealt[turn * asks : (turn + 1) * asks]), (willing, liking))
        for turn in range(count)
    ]


def _neighbourhood(city: Instance) -> Instance:
    """The same people round one middle, who all speak one language, go 5 km and do everything."""
    asks, helpers = city.asks, city.helpers
    chance = np.random.default_rng([len(asks), len(helpers)])
    n, m = len(asks), len(helpers)
    return Instance.of(
        replace(
            asks, lat=chance.normal(MIDDLE[0], 0.01, n), lon=chance.normal(MIDDLE[1], 0.013, n),
            languages=np.ones(n, np.uint64),
        ),
        replace(
            helpers, lat=chance.normal(MIDDLE[0], 0.01, m), lon=chance.normal(MIDDLE[1], 0.013, m),
            languages=np.ones(m, np.uint64), categories=np.full(m, 2**CATEGORIES - 1, np.uint64),
            radius_m=np.full(m, 5000, np.int32), able=np.ones(m, np.uint64),
        ),
    )  # fmt: skip


def _week(chance: np.random.Generator, city: Instance, chosen: Array, minds: tuple[Array, Array]) -> Week:
    n, (willing, liking) = len(chosen), minds
    by_hour = np.tile(BY_HOUR, 7)
    comes = np.sort(chance.choice(HOURS, n, p=by_hour / by_hour.sum()) + chance.random(n)).clip(0, LAST_COMES)
    asks = city.asks.take(chosen)
    instance = Instance.of(replace(asks, slots=_parts(chance, comes, OVER_AFTER[asks.urgency])), city.helpers)
    pairs = find_pairs(instance, RULES)
    category = asks.category[pairs.ask]
    odds = willing[pairs.helper] + liking[pairs.helper, category] - 0.35 * pairs.metres / 1000
    k = len(pairs.helper)
    return Week(
        instance=instance,
        pairs=pairs,
        comes=comes,
        chance=1 / (1 + np.exp(-odds)),
        luck=chance.random(k),
        answers_h=chance.exponential(3, k).clip(0, 12),
        silent=chance.random(k) < 1 / 3,
        shows=chance.random(k) < 0.95,
        away_h=chance.exponential(AWAY_H, (len(city.helpers), 64)),
    )


def _parts(chance: np.random.Generator, comes: Array, over_after: Array) -> Array:
    """The parts of the week in which each ask can be met, as bits."""
    over = comes + chance.uniform(over_after[:, 0], over_after[:, 1])
    first = np.searchsorted(BEGINS, comes)
    bits = np.zeros(len(comes), np.uint64)
    for part in range(SLOTS):
        within = (comes <= BEGINS[part]) & (BEGINS[part] <= over) & (chance.random(len(comes)) < 0.5)
        bits |= np.where(within | (first == part), np.uint64(1 << part), np.uint64(0))
    return bits


def main() -> None:
    """``script/bench week 10000``: how such a week looks."""
    parser = argparse.ArgumentParser(prog="script/bench week", description=__doc__)
    parser.add_argument("asks", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of an indented text")
    given = parser.parse_args()
    week = weeks(given.asks, seed=given.seed)[0]
    counts = np.diff(week.pairs.indptr)
    about = {
        "asks": given.asks,
        "helpers": len(week.instance.helpers),
        "seed": given.seed,
        "tasks_they_can_do": int(week.instance.helpers.capacity.sum()),
        "candidates_an_ask": round(float(counts.mean()), 1),
        "asks_without_candidates": int((counts == 0).sum()),
        "chance_of_a_yes": round(float(week.chance.mean()), 3),
        "asks_by_day": np.bincount((week.comes // 24).astype(int), minlength=7).tolist(),
    }
    print(json.dumps(about, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
