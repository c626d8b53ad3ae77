"""Play weeks as they come, our way and five simpler ones, against knowing everything; or time single events."""

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks import certain, invited, inviters, small
from benchmarks.machine import machine
from benchmarks.metro import RULES, metro
from benchmarks.week import weeks
from commonweal.algorithms.matching.assigning.engine import assign
from commonweal.algorithms.matching.candidates import find_pairs
from commonweal.algorithms.matching.grid import near_order
from commonweal.algorithms.matching.instance import Array, Instance
from commonweal.algorithms.matching.rolling import Plan
from commonweal.algorithms.measures import gini

SEEDS = [1, 2, 3]
EVENTS = 5_000
MOST_PAIRS = 32
# What moving a suggestion costs where the assignment is best only within a gap: its prices are out by about as much.
SWITCH = 10
# The neighbourhood in which people are invited: helpers, and asks a week.
PEOPLE, ASKS = 150, 250


def main() -> None:
    """Measure what was asked for and print JSON."""
    given = _arguments()
    results: dict[str, Any] = {"machine": machine("numpy", "numba", "scipy")}
    if given.arrivals:
        results["arrivals"] = time_events(given.asks or 1_000_000, seed=given.seeds[0], events=given.events)
    elif given.scenario == "small":
        results["small"] = over_seeds(small.small_town, given.asks or small.TASKS, given.seeds)
    else:
        size = given.asks or 10_000
        results["everybody_says_yes"] = over_seeds(certain_week, size, given.seeds)
        results["invited"] = over_seeds(invited_week, given.invited, given.seeds)
    results["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(results, indent=None if given.json else 2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench rolling", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of an indented text")
    parser.add_argument("--arrivals", action="store_true", help="time single events instead of playing weeks")
    parser.add_argument(
        "--scenario", choices=["week", "small"], default="week", help="weeks, or the small town of the paper"
    )
    parser.add_argument(
        "--asks", type=_number, help="asks a week (10k), in the plan (1M), or in the small town (1500)"
    )
    parser.add_argument("--invited", type=_number, default=ASKS, help="asks a week where people are invited")
    parser.add_argument("--events", type=_number, default=EVENTS, help="events of each kind to be timed")
    parser.add_argument("--seeds", type=_numbers, default=SEEDS, metavar="N,N")
    return parser.parse_args()


def _number(text: str) -> int:
    """10k and 1M are numbers too."""
    times = {"k": 1_000, "M": 1_000_000}.get(text[-1:], 1)
    return int(text[:-1] if times > 1 else text) * times


def _numbers(text: str) -> list[int]:
    return [_number(part) for part in text.split(",")]


def over_seeds(play: Callable[[int, int], dict[str, Any]], asks: int, seeds: list[int]) -> dict[str, Any]:
    """The same for several seeds: the median of every figure, and of each seed what was met."""
    played = [play(asks, seed) for seed in seeds]
    policies: dict[str, Any] = {}
    for name in played[0]["policies"]:
        each = [one["policies"][name] for one in played]
        policies[name] = {key: round(statistics.median(one[key] for one in each), 4) for key in each[0]}
        share = "share" if "share" in each[0] else "met_share"
        policies[name][f"{share}_by_seed"] = [one[share] for one in each]
    first = {key: value for key, value in played[0].items() if key != "policies"}
    return {"asks": asks, "seeds": seeds, **first, "policies": policies}


def certain_week(asks: int, seed: int) -> dict[str, Any]:
    """Everybody who is asked says yes and comes."""
    week, last_week = weeks(asks, seed=seed)
    # Proved: not even who knows everything has more.
    most = assign(week.instance, week.pairs).bound
    ways: dict[str, Callable[[], certain.Diary]] = {
        "nearest first, at once": lambda: certain.nearest(week),
        "best score, at once": lambda: certain.best_score(week),
        "batches of 6 h": lambda: certain.batches(week),
        "at once, by last week's prices": lambda: certain.by_prices(week, last_week),
        "late, without last week": lambda: certain.rolling(week, None),
        "ours, early hours first": lambda: certain.rolling(week, last_week, late=False),
        "ours": lambda: certain.rolling(week, last_week),
    }
    policies = {}
    for name, way in ways.items():
        begun = time.process_time()
        diary = way()
        policies[name] = {
            "share": round(diary.value / most, 4),
            "met": len(diary.waited),
            **_waited(diary.waited),
            "cpu_s": round(time.process_time() - begun, 2),
        }
    return {"helpers": len(week.instance.helpers), "clairvoyant": most, "policies": policies}


def invited_week(asks: int, seed: int) -> dict[str, Any]:
    """People are invited, say no, say nothing, tire, and don't always come."""
    month = weeks(asks, seed=seed, count=5, helpers=round(asks * PEOPLE / ASKS), close=True)
    week = month[0]
    most = invited.clairvoyant(week)
    policies = {}
    for name, policy in inviters.POLICIES.items():
        begun, world = time.process_time(), invited.World(week)
        policies[name] = _invited(invited.play(world, policy(world)), most, begun)
    begun = time.process_time()
    policies["ours"] = _invited(inviters.ours(month), most, begun)
    return {"helpers": len(week.instance.helpers), "clairvoyant": most, "policies": policies}


def _invited(world: invited.World, most: int, begun: float) -> dict[str, Any]:
    pings = np.array([len(hours) for hours in world.pings])
    return {
        "share": round(world.value / most, 4),
        "met": len(world.waited),
        "met_share": round(len(world.waited) / len(world.week.comes), 4),
        **_waited(world.waited),
        "pings_a_task": round(float(pings.sum()) / len(world.week.comes), 2),
        "pings_gini": round(float(gini(pings)), 4),
        "most_pings": int(pings.max()),
        "over_capacity": int((world.left < 0).sum()),
        "cpu_s": round(time.process_time() - begun, 2),
    }


def _waited(hours: list[float]) -> dict[str, float]:
    cuts = np.percentile(hours, [50, 90]) if hours else [0.0, 0.0]
    return {"hours_to_help": round(float(cuts[0]), 1), "hours_to_help_p90": round(float(cuts[1]), 1)}


def time_events(asks: int, *, seed: int, events: int) -> dict[str, Any]:
    """A plan of so many asks, filled by the assignment engine; then arrivals, withdrawals and refusals, one by one."""
    city = _side_by_side(metro(asks + events, helpers=round(asks * 0.4), seed=seed))
    chance = np.random.default_rng(seed)
    order = chance.permutation(asks + events)
    stay, come = np.sort(order[:asks]), order[asks:]
    pairs = find_pairs(city, RULES, most=MOST_PAIRS, keep_metres=False)
    pair_rows = [slice(*pairs.indptr[ask : ask + 2]) for ask in come.tolist()]
    rows = [(pairs.helper[row].copy(), pairs.weight[row].copy()) for row in pair_rows]
    parts = [int(city.asks.slots[ask]) for ask in come.tolist()]
    plan, filled = _filled_plan(city, pairs, stay)
    # Once before the clock runs, so that compiling is nobody's time.
    plan.withdraw(plan.arrive(helpers=rows[0][0], weights=rows[0][1], slots=parts[0])[0])
    taken: dict[str, list[float]] = {"arrive": [], "withdraw": [], "refuse": []}
    moved: list[int] = []
    for (helpers, weights), slots in zip(rows, parts, strict=True):
        begun = time.process_time()
        _, moves = plan.arrive(helpers=helpers, weights=weights, slots=slots)
        taken["arrive"].append(time.process_time() - begun)
        moved.append(len(moves))
    matches = plan.matches()
    chosen = chance.choice(len(matches.ask), 2 * events, replace=False)
    for at, number in enumerate(chosen.tolist()):
        ask, helper = int(matches.ask[number]), int(matches.helper[number])
        name = "withdraw" if at < events else "refuse"
        begun = time.process_time()
        _ = plan.withdraw(ask) if name == "withdraw" else plan.refuse(ask, helper)
        taken[name].append(time.process_time() - begun)
    return {
        "asks": asks, "helpers": len(city.helpers), "seed": seed, "events": events, "most_pairs": MOST_PAIRS, **filled,
        "cpu_milliseconds": {name: _cuts(1000 * np.array(times)) for name, times in taken.items()},
        "moved": _cuts(np.array(moved)),
        "gap_after": _gap(plan),
    }  # fmt: skip


def _side_by_side(city: Instance) -> Instance:
    """The same with asks and helpers numbered along a curve from place to place: what is used together lies together in
    memory."""
    asks, helpers = city.asks, city.helpers
    return Instance.of(
        asks.take(near_order(asks.lat, asks.lon)), helpers.take(near_order(helpers.lat, helpers.lon))
    )


def _filled_plan(city: Any, pairs: Any, stay: Array) -> tuple[Plan, dict[str, Any]]:
    counts = np.diff(pairs.indptr)
    keep = np.repeat(np.isin(np.arange(len(counts)), stay), counts)
    instance = replace(city, asks=city.asks.take(stay))
    indptr = np.concatenate([[0], np.cumsum(counts[stay])])
    left = replace(pairs, indptr=indptr, helper=pairs.helper[keep], weight=pairs.weight[keep])
    begun = time.process_time()
    given = assign(instance, left)
    assigned = time.process_time()
    switch = 0 if given.exact else SWITCH
    plan = Plan.of(instance, left, switch=switch, given=given)
    return plan, {
        "switch": switch,
        "assign_gap": round(given.gap, 6),
        "pairs_an_ask": round(len(left.helper) / len(stay), 1),
        "assign_cpu_s": round(assigned - begun, 2),
        "plan_cpu_s": round(time.process_time() - assigned, 2),
        "gap_before": _gap(plan),
    }


def _gap(plan: Plan) -> float:
    """What share of the bound the plan might still lack, proved by its own prices."""
    bound = plan.bound() - plan.switch * int((~plan.matches().frozen).sum())
    return round((bound - plan.value()) / max(bound, 1), 6)


def _cuts(values: Array) -> dict[str, float]:
    names, cuts = ("p50", "p90", "p99", "most"), np.percentile(values, [50, 90, 99, 100])
    return {name: round(float(cut), 3) for name, cut in zip(names, cuts, strict=True)}


if __name__ == "__main__":
    main()
