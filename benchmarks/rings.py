"""Choose exchange rings in made-up towns and in published graphs, five ways side by side, against what is possible."""

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy.spatial import cKDTree

from benchmarks.machine import machine
from commonweal.algorithms.rings.choosing import improved, scarce_first
from commonweal.algorithms.rings.circles import find_circles
from commonweal.algorithms.rings.exact import chosen_exactly, relaxed_bound
from commonweal.algorithms.rings.model import Array, BadGifts, Circles, Gifts, Rings
from commonweal.algorithms.rings.reading import read_gifts
from commonweal.algorithms.rings.solving import find_rings, is_sound

SIZES = [1_000, 10_000, 100_000]
SEED = 20261122
ROUNDS = 3
# Up to so many circles the integer program is run on the whole, to see what is really possible.
WHOLE = 60_000
KINDS = 12
GIFTS_EACH = 13
PEOPLE_PER_KM2 = 1000
# What is published: cycles of at most four without chains, and of at most three (../shared/data/README.md).
PUBLISHED = {"MD-00001-00000100.input": {4: 39}, "two_2cycles.input": {3: 40}}

Got = TypeVar("Got")


def main() -> None:
    """Measure each size in a process of its own, then the files, and print JSON."""
    arguments = _arguments()
    folder = _folder(arguments.folder)
    results: dict[str, Any] = {
        "machine": machine("numpy", "numba", "scipy"),
        "seed": arguments.seed,
        "rounds": ROUNDS,
        "longest": arguments.longest,
        "towns": [
            _alone(measure_town, _alone(town, size, seed=arguments.seed), arguments.longest)
            for size in arguments.sizes
        ],
    }
    results["files"] = measure_files(folder) if folder else "no folder given, nor COMMONWEAL_BENCH_DATA set"
    print(json.dumps(results, indent=None if arguments.json else 2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench rings", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="a folder of .input files, or one that holds rings/"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of an indented text")
    parser.add_argument("--sizes", type=_numbers, default=SIZES, metavar="N,N", help="numbers of people")
    parser.add_argument("--longest", type=int, choices=[2, 3, 4], default=3, help="most people in a ring")
    parser.add_argument("--seed", type=int, default=SEED)
    return parser.parse_args()


def town(people: int, *, seed: int = SEED) -> Gifts:
    """Return a made-up town in which people need one kind of thing each and can give one or two of twelve.

    A thousand live on a square kilometre, anywhere in a square. The kinds are wanted by a falling law (1 / rank^0.7)
    and offered by the same law over the kinds in another order, so that some are scarce. Each goes as far as makes
    thirteen possible gifts a person in the mean; the ground they cover varies by ± 70 %. Everything weighs 1.
    """
    chance = np.random.default_rng(seed)
    wanted = 1 / np.arange(1, KINDS + 1) ** 0.7
    wanted /= wanted.sum()
    offered = wanted[chance.permutation(KINDS)]
    home = chance.random((people, 2)) * np.sqrt(people / PEOPLE_PER_KM2)
    need = chance.choice(KINDS, people, p=wanted)
    offer = np.zeros((people, KINDS), bool)
    offer[np.arange(people), chance.choice(KINDS, people, p=offered)] = True
    second = np.flatnonzero(chance.random(people) < 0.5)
    offer[second, chance.choice(KINDS, len(second), p=offered)] = True
    ground = GIFTS_EACH / (PEOPLE_PER_KM2 * float((offer.mean(0) * wanted).sum()))
    reach = np.sqrt(ground / np.pi * chance.uniform(0.3, 1.7, people))
    near = cKDTree(home).query_pairs(reach.max(initial=0.0), output_type="ndarray")
    giver, taker = np.concatenate([near, near[:, ::-1]]).T
    can = offer[giver, need[taker]]
    can &= np.hypot(*(home[giver] - home[taker]).T) <= reach[giver]
    return Gifts.of(people, giver[can], taker[can])


def measure_town(gifts: Gifts, longest: int) -> dict[str, Any]:
    """People in rings by each way, the bound, processor seconds and memory of one made-up town."""
    _warm_up()
    before = _memory()
    rounds = [_timed(partial(find_rings, gifts, longest=longest, seed=seed)) for seed in range(ROUNDS)]
    memory = _memory()
    rings = [got for got, _cpu, _wall in rounds]
    assert all(is_sound(gifts, one.members) for one in rings)
    circles, listing, _wall = _timed(lambda: find_circles(gifts, longest=longest))
    return {
        "people": len(gifts),
        "gifts": len(gifts.taker),
        "circles": len(circles),
        "bound": rings[0].bound,
        "list_cpu_s": round(listing, 3),
        "peak_mb": round(memory),
        "before_mb": round(before),
        "ways": {
            "commonweal": {**_of_rounds(rings), **_seconds([(cpu, wall) for _got, cpu, wall in rounds])},
            **_others(circles, rings[0].bound),
        },
    }


def _others(circles: Circles, bound: int) -> dict[str, Any]:
    """The other ways, on the same circles; their seconds leave out the listing."""
    pairs = circles.take(np.flatnonzero(circles.length == 2))
    ways: dict[str, tuple[Circles, Callable[[], Array]]] = {
        "pairs only, exchange": (pairs, lambda: improved(pairs, scarce_first(pairs))),
        "scarce first": (circles, lambda: scarce_first(circles)),
        "scarce first, exchange": (circles, lambda: improved(circles, scarce_first(circles))),
    }
    if len(circles) <= WHOLE:
        ways["HiGHS, whole"] = (circles, lambda: chosen_exactly(circles))
    found: dict[str, Any] = {}
    for name, (among, way) in ways.items():
        chosen, cpu, wall = _timed(way)
        value = int(among.value[chosen].sum())
        found[name] = {"people": value, "share": round(value / max(bound, 1), 4), **_seconds([(cpu, wall)])}
    if len(circles) <= WHOLE:
        relaxed, cpu, wall = _timed(lambda: relaxed_bound(circles))
        found["relaxation by HiGHS"] = {"people": round(relaxed, 3), **_seconds([(cpu, wall)])}
    return found


def measure_files(folder: Path) -> list[dict[str, Any]]:
    """What is found in each file for rings of at most two, three and four, or why it can't be read."""
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.input")):
        try:
            gifts = read_gifts(path)
        except BadGifts as refusal:
            found.append({"file": path.name, "refused": str(refusal)})
            continue
        values = {longest: find_rings(gifts, longest=longest) for longest in (2, 3, 4)}
        published = PUBLISHED.get(path.name, {})
        found.append(
            {
                "file": path.name,
                "people": len(gifts),
                "gifts": len(gifts.taker),
                "value": {longest: rings.value for longest, rings in values.items()},
                "bound": {longest: rings.bound for longest, rings in values.items()},
                "published": {
                    longest: {"value": value, "reached": values[longest].value == value}
                    for longest, value in published.items()
                },
            }
        )
    return found


def _folder(given: Path | None) -> Path | None:
    """Where the files are: as given, else in COMMONWEAL_BENCH_DATA."""
    named = given or (
        Path(os.environ["COMMONWEAL_BENCH_DATA"]) if "COMMONWEAL_BENCH_DATA" in os.environ else None
    )
    if named is None:
        return None
    if not named.is_dir():
        raise SystemExit(f"{named} is no folder")
    return named / "rings" if (named / "rings").is_dir() else named


def _alone(work: Callable[..., Got], *arguments: Any, **named: Any) -> Got:
    """Do it in a fresh process, so that the peak of its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments, **named).result()


def _warm_up() -> None:
    """Compile everything, which isn't measured."""
    circles = find_circles(town(200), longest=4)
    improved(circles, scarce_first(circles), sweeps=1)
    find_rings(town(200), longest=4)


def _timed(work: Callable[[], Got]) -> tuple[Got, float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    got = work()
    return got, time.process_time() - cpu, time.perf_counter() - wall


def _seconds(pairs: list[tuple[float, float]]) -> dict[str, float]:
    cpu, wall = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {"cpu_s": round(cpu, 3), "wall_s": round(wall, 3)}


def _of_rounds(rounds: list[Rings]) -> dict[str, Any]:
    """The median of rounds that differ in their seed, and the worst."""
    people = sorted(one.people for one in rounds)
    bound = max(rounds[0].bound, 1)
    return {
        "people": people[len(people) // 2],
        "worst": people[0],
        "share": round(people[len(people) // 2] / bound, 4),
    }


def _memory() -> float:
    """The peak of this process's memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    main()
