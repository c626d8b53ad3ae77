"""Match a city's asks with its helpers: the engine beside OR-tools and what people do today, from 1k to 1M asks."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.baselines import greedy, members_browse, min_cost_flow, nearest_first
from benchmarks.machine import machine
from benchmarks.metro import RULES, SEED, metro
from commonweal.algorithms.matching.assigning import EquityRules, assign
from commonweal.algorithms.matching.candidates import (
    Pairs,
    Worth,
    best_values,
    find_pairs,
    near_order,
    weights,
)
from commonweal.algorithms.matching.instance import Array, BadInstance, Instance
from commonweal.algorithms.measures import filled_by_group, gini, worst_group

SIZES = [1_000, 10_000, 100_000, 1_000_000]
# Above so many asks OR-tools takes minutes and the machine's memory.
MOST_FOR_FLOW = 100_000
# Up to so many asks every measurement is taken three times, and the middle one counts.
MOST_FOR_ROUNDS = 100_000
ROUNDS = 3
# Points for the first ask of an area that is met, falling to nought where all are.
FAIR = EquityRules(areas=1600)
SUFFIXES = {"k": 1_000, "M": 1_000_000}


def main() -> None:
    """Measure each contender in a process of its own, and print JSON."""
    given = _arguments(sys.argv[1:])
    if given.contender:
        print(json.dumps(measure(given)))
        return
    sizes = [given.asks] if given.asks or given.instance else given.sizes
    results = {
        "machine": machine("numba", "numpy", "ortools"),
        "seed": given.seed,
        "equity": {"areas": FAIR.areas},
        "sizes": [],
    }
    for size in sizes:
        results["sizes"].append(_side_by_side(given, size))
    print(json.dumps(results, indent=None if given.json else 2))


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench matching", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of an indented text")
    parser.add_argument("--asks", type=_number, metavar="N", help="one size only")
    parser.add_argument("--helpers", type=_number, metavar="M", help="0.4 N where not said")
    parser.add_argument("--sizes", type=_numbers, default=SIZES, metavar="N,N", help="such as 1k,10k,1M")
    parser.add_argument("--instance", type=Path, metavar="FILE", help="an npz file instead of a made-up city")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--threads", type=int, default=min(os.cpu_count() or 1, 2))
    parser.add_argument("--most", type=_number, help="keep only so many helpers of each ask")
    parser.add_argument(
        "--only", type=_names, default=list(CONTENDERS), metavar="NAME,NAME", help=", ".join(CONTENDERS)
    )
    parser.add_argument(
        "--flow-up-to", type=_number, default=MOST_FOR_FLOW, metavar="N", help="asks for OR-tools"
    )
    parser.add_argument("--contender", choices=list(CONTENDERS), help=argparse.SUPPRESS)
    return parser.parse_args(words)


def _number(text: str) -> int:
    unit = SUFFIXES.get(text[-1:], 1)
    return int(text if unit == 1 else text[:-1]) * unit


def _numbers(text: str) -> list[int]:
    return [_number(part) for part in text.split(",")]


def _names(text: str) -> list[str]:
    names = text.split(",")
    if unknown := set(names) - set(CONTENDERS):
        raise argparse.ArgumentTypeError(f"there is no contender {', '.join(sorted(unknown))}")
    return names


def _side_by_side(given: argparse.Namespace, size: int | None) -> dict[str, Any]:
    """All contenders on one instance, one after the other; what they have in common is told once."""
    found: dict[str, Any] = {}
    contenders: dict[str, Any] = {}
    for name in given.only:
        if name == "flow" and (size or 0) > given.flow_up_to:
            continue
        words = ["--contender", name, "--seed", str(given.seed), "--threads", str(given.threads)]
        for option in ("helpers", "most", "instance"):
            if getattr(given, option) is not None:
                words += [f"--{option}", str(getattr(given, option))]
        if size is not None:
            words += ["--asks", str(size)]
        answer = _alone(words)
        found |= answer.pop("instance")
        contenders[name] = answer
        print(f"{found['asks']} asks, {name}: {json.dumps(answer)}", file=sys.stderr)
    best = contenders.get("flow", {}).get("value")
    for answer in contenders.values():
        if best:
            answer["gap_true"] = round(1 - answer["value"] / best, 7)
    return found | {"contenders": contenders}


def _alone(words: list[str]) -> dict[str, Any]:
    """What one contender says in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.matching", *words]
    ran = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if ran.returncode:
        sys.exit(ran.returncode)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """One contender: what it found, how long it took, and the most memory that it held."""
    try:
        instance = (
            Instance.load(given.instance)
            if given.instance
            else metro(given.asks, helpers=given.helpers, seed=given.seed)
        )
    except (BadInstance, OSError) as error:
        sys.exit(str(error))
    choose = CONTENDERS[given.contender]
    find = partial(
        find_pairs,
        rules=RULES,
        most=given.most,
        threads=given.threads,
        keep_metres=given.contender in BY_DISTANCE,
    )
    small = metro(200, seed=given.seed)
    choose(small, find(small), given)
    rounds = ROUNDS if len(instance.asks) <= MOST_FOR_ROUNDS else 1
    instance, arranged = _timed(1, lambda: _arranged(instance))
    pairs, searched = _timed(rounds, lambda: find(instance))
    searched = {name: round(seconds + arranged[name], 4) for name, seconds in searched.items()}
    (ask, helper, proof), chose = _timed(
        1 if given.contender == "flow" else rounds, lambda: choose(instance, pairs, given)
    )
    return {
        "instance": {
            "asks": len(instance.asks),
            "helpers": len(instance.helpers),
            "room": int(instance.helpers.capacity.sum(dtype=np.int64)),
            "pairs": len(pairs),
            "most": given.most,
        },
        **_outcome(instance, ask, helper),
        **proof,
        "candidates": searched,
        "assignment": chose,
        "peak_mb": _peak_mb(),
    }


def _arranged(instance: Instance) -> Instance:
    """The same city with those who live near each other next to each other in memory."""
    asks, helpers = instance.asks, instance.helpers
    return instance.arranged(near_order(asks.lat, asks.lon), near_order(helpers.lat, helpers.lon))


def _timed(rounds: int, work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What the work gives, and the middle of its processor and wall seconds."""
    cpu, wall = [], []
    got = None
    for _ in range(rounds):
        got = None  # never two results at once: the peak of memory is that of one run
        begun, at = time.process_time(), time.perf_counter()
        got = work()
        cpu.append(time.process_time() - begun)
        wall.append(time.perf_counter() - at)
    return got, {"cpu_s": round(statistics.median(cpu), 4), "wall_s": round(statistics.median(wall), 4)}


def _peak_mb() -> float:
    """The most memory this process ever held. (What getrusage says may be the parent's.)"""
    status = Path("/proc/self/status").read_text()
    return round(
        next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024, 1
    )


def _outcome(instance: Instance, ask: Array, helper: Array) -> dict[str, Any]:
    """What an asker and a member would want to know of it. An ask is served when it has as many hands as it needs."""
    asks = instance.asks
    came = np.bincount(ask, minlength=len(asks))
    served = came >= asks.at_least
    urgent = asks.urgency == 2
    weight, metres = weights(instance, RULES, ask, helper)
    worst = worst_group(asks.area, np.ones(len(asks)), served)
    filled = filled_by_group(asks.area, np.ones(len(asks)), served)
    return {
        "served": int(served.sum()),
        "urgent_served": round(float(served[urgent].mean()), 4) if urgent.any() else None,
        "worst_area": round(worst[1], 4) if worst else None,
        "gini_of_areas": round(gini(filled.share), 4),
        "mean_m": round(float(metres[metres >= 0].mean())) if (metres >= 0).any() else None,
        "value": int(weight.sum(dtype=np.int64)),
    }


# ---- The contenders: each gives the pairs it takes, and what it can say of how good that is.


def _engine(instance: Instance, pairs: Pairs, given: argparse.Namespace, equity: EquityRules | None) -> Any:
    found = assign(instance, pairs, equity=equity, seed=given.seed, threads=given.threads)
    proof = {
        "reward": found.reward, "bound": found.bound, "gap_certified": round(found.gap, 7), "exact": found.exact
    }  # fmt: skip
    if given.most is not None and equity is None:
        # A bound for all pairs, not only for those that were kept.
        proof["gap_certified_all"] = round(1 - found.value / _bound_of_all(instance, found, given.threads), 7)
    return found.ask, found.helper, proof


def _bound_of_all(instance: Instance, found: Any, threads: int) -> float:
    prices = found.prices
    worth = Worth(week=prices.week, slot=prices.slots(), ask=prices.ask, scale=prices.scale)
    total = int(best_values(instance, RULES, worth, threads=threads).sum())
    total += int((prices.week * instance.helpers.capacity).sum()) + int(prices.dear_price.sum())
    return float(total / prices.scale)


def _plain(way: Callable[..., Array], *, seeded: bool) -> Callable[..., Any]:
    def choose(instance: Instance, pairs: Pairs, given: argparse.Namespace) -> Any:
        taken = way(instance, pairs, given.seed) if seeded else way(instance, pairs)
        return pairs.ask[taken], pairs.helper[taken], {}

    return choose


CONTENDERS: dict[str, Callable[[Instance, Pairs, argparse.Namespace], Any]] = {
    "flow": _plain(min_cost_flow, seeded=False),
    "engine": lambda instance, pairs, given: _engine(instance, pairs, given, None),
    "engine_fair": lambda instance, pairs, given: _engine(instance, pairs, given, FAIR),
    "nearest": _plain(nearest_first, seeded=True),
    "browsing": _plain(members_browse, seeded=True),
    "greedy": _plain(greedy, seeded=False),
}
BY_DISTANCE = {"nearest", "browsing"}


if __name__ == "__main__":
    main()
