"""Let trust flow among 100,000 members, and count who of a planted crowd of false accounts gains reach, five ways."""

import argparse
import csv
import gzip
import json
import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks.machine import machine
from commonweal.algorithms.trust.certifying import Certified, certify, most_let_in
from commonweal.algorithms.trust.graph import Array, Vouches
from commonweal.algorithms.trust.reach import Level, Reach, find_reach, least_trust_for
from commonweal.algorithms.trust.spreading import entered, spread

SEED = 20261122
ROUNDS = 3
GIVEN_EACH = 6.6
HONEST, FALSE, RING = 20_000, 10_000, 10
ATTACKS = [50, 500]
SEEDS_AN_AREA = 8
PEOPLE_AN_AREA = 800
ADMITTED = 0.9
RESTART = 0.15
BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
FILE = "bitcoin-otc.csv.gz"

Got = TypeVar("Got")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Town:
    """Honest members 0 to ``honest`` - 1, false accounts after them, their vouches, and seeds in every area."""

    vouches: Vouches
    honest: int
    seeds: Array

    @property
    def false(self) -> Array:
        """The numbers of the false accounts."""
        return np.arange(self.honest, len(self.vouches))


def main() -> None:
    """Measure the large network in a process of its own, then the attacks and the published ratings; print JSON."""
    arguments = _arguments()
    honest, false = arguments.crowd
    results = {
        "machine": machine("numpy", "scipy"),
        "seed": arguments.seed,
        "rounds": ROUNDS,
        "speed": _alone(measure_speed, arguments.members, arguments.seed),
        "crowd": [
            measure_attack(
                honest, false, attacks, is_targeted=is_targeted, seed=arguments.seed, each=GIVEN_EACH
            )
            for attacks in ATTACKS
            for is_targeted in (False, True)
        ],
        "ring_of_ten": [
            measure_attack(honest, RING, attacks, is_targeted=is_targeted, seed=arguments.seed, each=RING)
            for attacks in (0, 1, 2, 5, 10, 20)
            for is_targeted in (False, True)
        ],
        "bitcoin_otc": measure_ratings(_ratings(arguments.folder)),
    }
    print(json.dumps(results, indent=None if arguments.json else 2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench trust", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help=f"a folder with {FILE}, or one that holds trust/"
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of an indented text")
    parser.add_argument("--members", type=int, default=100_000, help="members of the network that is timed")
    parser.add_argument(
        "--crowd", type=_pair, default=(HONEST, FALSE), metavar="N,N", help="honest and false"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    return parser.parse_args()


def town(
    honest: int, false: int, attacks: int, *, is_targeted: bool, seed: int = SEED, each: float = GIVEN_EACH
) -> Town:
    """Return a made-up town in which ``attacks`` vouches lead from honest members to false accounts.

    People live on a ring; three quarters of the vouches go to somebody near, the others anywhere, and six in ten are
    answered: ten and a half vouches a member. Eight neighbours of each eight hundred are seeds. The false accounts
    vouch for each other as honest people do, ``each`` of them before answers (a ring of ten: everybody for everybody),
    and three times each for honest members. Who is fooled is anybody, or only those for whom seeds vouch.
    """
    chance = np.random.default_rng(seed)
    giver, taker = _region(honest, GIVEN_EACH, chance)
    seeds = np.flatnonzero(np.arange(honest) % PEOPLE_AN_AREA < SEEDS_AN_AREA)
    victims = np.setdiff1d(taker[np.isin(giver, seeds)], seeds) if is_targeted else np.arange(honest)
    inside = _region(false, each, chance) if false > RING else np.nonzero(~np.eye(false, dtype=bool))
    fooled, gains = chance.choice(victims, attacks), honest + chance.integers(0, false, attacks)
    flatterer = honest + np.repeat(np.arange(false), 3)
    givers = np.concatenate([giver, inside[0] + honest, fooled, flatterer])
    takers = np.concatenate([taker, inside[1] + honest, gains, chance.integers(0, honest, len(flatterer))])
    return Town(vouches=Vouches.of(honest + false, givers, takers), honest=honest, seeds=seeds)


def _region(people: int, each: float, chance: np.random.Generator) -> tuple[Array, Array]:
    count = int(people * each)
    giver = chance.integers(0, people, count)
    near = (giver + np.rint(chance.normal(0, 0.004 * people + 3, count)).astype(int)) % people
    taker = np.where(chance.random(count) < 0.75, near, chance.integers(0, people, count))
    answered = chance.random(count) < 0.6
    kept = giver != taker
    back = answered & kept
    return np.concatenate([giver[kept], taker[back]]), np.concatenate([taker[kept], giver[back]])


def measure_speed(members: int, seed: int) -> dict[str, Any]:
    """Seconds and memory of each method in one network."""
    made = town(members, RING, 0, is_targeted=False, seed=seed)
    before = _memory()
    giver, taker = made.vouches.giver, made.vouches.taker
    methods: dict[str, Callable[[], object]] = {
        "checking the vouches": lambda: Vouches.of(len(made.vouches), giver, taker),
        "reach": lambda: find_reach(made.vouches, made.seeds),
        "SybilRank": lambda: spread(made.vouches, made.seeds),
        "personalised PageRank": lambda: pagerank(made.vouches, made.seeds),
        "maximum flow": lambda: certify(made.vouches, made.seeds, wanted=members),
    }
    return {
        "members": len(made.vouches),
        "vouches": len(taker),
        "seeds": len(made.seeds),
        "methods": {
            name: {**_seconds([_timed(method) for _round in range(ROUNDS)]), "peak_mb": round(_memory())}
            for name, method in methods.items()
        },
        "before_mb": round(before),
    }


def measure_attack(
    honest: int, false: int, attacks: int, *, is_targeted: bool, seed: int, each: float
) -> dict[str, Any]:
    """How many false accounts gain reach by each method where nine of ten honest members do."""
    made = town(honest, false, attacks, is_targeted=is_targeted, seed=seed, each=each)
    trust = spread(made.vouches, made.seeds)
    least = least_trust_for(trust.mean, np.arange(honest), part=ADMITTED)
    reach = find_reach(made.vouches, made.seeds, least_trust=least)
    certified = certify(made.vouches, made.seeds, wanted=honest)
    cut = most_let_in(made.vouches, certified.capacity, made.false)
    scores = {
        "SybilRank": trust.ranked,
        "mean trust alone": trust.mean,
        "personalised PageRank": pagerank(made.vouches, made.seeds),
        "in-degree": made.vouches.received,
    }
    return {
        "honest": honest,
        "false": false,
        "attack_vouches": attacks,
        "fooled": "those seeds vouch for" if is_targeted else "anybody",
        "most_by_proof": {
            "reach": int(entered(made.vouches, made.seeds, made.false).mean() / least),
            "maximum flow": cut,
        },
        "gain_reach": {
            "reach": _of_reach(reach, honest),
            **{name: _of_scores(score, honest) for name, score in scores.items()},
            "maximum flow": _of_flow(certified, honest),
        },
    }


def _of_reach(reach: Reach, honest: int) -> dict[str, Any]:
    trusted = reach.level == Level.TRUSTED
    return {
        **_counted(trusted, honest),
        "false_with_enough_vouchers": int(reach.rooted[honest:].sum()),
    }


def _of_scores(score: Array, honest: int) -> dict[str, Any]:
    least = np.sort(score[:honest])[::-1][int(np.ceil(ADMITTED * honest)) - 1]
    return _counted(score >= least, honest)


def _of_flow(certified: Certified, honest: int) -> dict[str, Any]:
    return _counted(certified.members, honest)


def _counted(has_reach: Array, honest: int) -> dict[str, Any]:
    false = has_reach[honest:]
    return {
        "honest_share": round(float(has_reach[:honest].mean()), 4),
        "false": int(false.sum()),
        "false_share": round(float(false.mean()), 5),
    }


def pagerank(vouches: Vouches, seeds: Array, *, turns: int = 50) -> Array:
    """Personalised PageRank from ``seeds``: walks that begin again at a seed with a chance of .15 a step."""
    start = np.zeros(len(vouches))
    start[seeds] = 1 / len(seeds)
    now, flow = start, vouches.matrix().T.tocsr()
    part = (1 - RESTART) / np.maximum(vouches.given, 1)
    for _ in range(turns):
        now = flow @ (now * part)
        now += (1 - now.sum()) * start
    return now


def measure_ratings(path: Path | None) -> dict[str, Any] | str:
    """What the published ratings are, and how well trust by good ones tells who is rated badly.

    A rating above nought is a vouch; somebody is bad whose ratings sum up below nought. Once by all ratings; once the
    vouches are of the first three quarters of the time, and who is bad is seen in the last. Only those are judged for
    whom somebody vouches. The seeds are the thirty for whom the most do.
    """
    if path is None:
        return f"skipped: no {FILE} in the folder given, in COMMONWEAL_BENCH_DATA, or beside the clone"
    with gzip.open(path, "rt") as file:
        rows = [
            (int(row["from"]), int(row["to"]), int(row["feature"]), float(row["time"]))
            for row in csv.DictReader(file)
        ]
    giver, taker, rating, when = (np.array(column) for column in zip(*rows, strict=True))
    names, numbers = np.unique(np.concatenate([giver, taker]), return_inverse=True)
    giver, taker = numbers[: len(rows)], numbers[len(rows) :]
    everything = Vouches.of(len(names), giver, taker)
    matrix = everything.matrix()
    always, early = np.ones(len(rows), bool), when <= np.quantile(when, 0.75)
    return {
        "people": len(names),
        "ratings": len(rows),
        "reciprocity": round(float(matrix.multiply(matrix.T).sum() / matrix.sum()), 4),
        "clustering": round(clustering(everything), 4),
        "positive_share": round(float((rating > 0).mean()), 4),
        "auc": {
            name: _foretold(
                Vouches.of(len(names), giver[seen & (rating > 0)], taker[seen & (rating > 0)]),
                taker[judging],
                rating[judging],
            )
            for name, seen, judging in (("all", always, always), ("later", early, ~early))
        },
    }


def _foretold(vouches: Vouches, taker: Array, rating: Array) -> dict[str, Any]:
    """How well each score by ``vouches`` tells those apart whose ratings sum up below nought."""
    trust = spread(vouches, np.argsort(-vouches.received, kind="stable")[:30])
    bad = np.bincount(taker, weights=rating, minlength=len(vouches)) < 0
    judged = (np.bincount(taker, minlength=len(vouches)) > 0) & (vouches.received > 0)
    scores = {"mean trust": trust.mean, "SybilRank": trust.ranked, "in-degree": vouches.received}
    return {
        "judged": int(judged.sum()),
        "bad": int((judged & bad).sum()),
        **{name: auc(score[judged], bad[judged]) for name, score in scores.items()},
    }


def clustering(vouches: Vouches) -> float:
    """The mean over all members of the share of their pairs of acquaintances who know each other, vouches both ways."""
    matrix = vouches.matrix()
    known = matrix.maximum(matrix.T).tocsr()
    triangles = np.asarray((known @ known).multiply(known).sum(1)).ravel()
    degree = np.asarray(known.sum(1)).ravel()
    return float((triangles / np.maximum(degree * (degree - 1), 1)).mean())


def auc(score: Array, is_bad: Array) -> float | None:
    """The chance that somebody bad has a lower score than somebody who isn't; equal scores count half.

    None where there is nobody of one kind.
    """
    if is_bad.all() or not is_bad.any():
        return None
    ordered = np.sort(score[~is_bad])
    above = len(ordered) - np.searchsorted(ordered, score[is_bad], "right")
    equal = len(ordered) - np.searchsorted(ordered, score[is_bad], "left") - above
    return round(float((above + equal / 2).mean() / len(ordered)), 3)


def _ratings(given: Path | None) -> Path | None:
    """The file of ratings: in the folder given, else in COMMONWEAL_BENCH_DATA, else beside the clone."""
    if given and not given.is_dir():
        raise SystemExit(f"{given} is no folder")
    folder = given or Path(os.environ.get("COMMONWEAL_BENCH_DATA", BESIDE))
    return next((path for path in (folder / FILE, folder / "trust" / FILE) if path.exists()), None)


def _alone(work: Callable[..., Got], *arguments: Any) -> Got:
    """Do it in a fresh process, so that the peak of its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(partial(work, *arguments)).result()


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def _seconds(pairs: list[tuple[float, float]]) -> dict[str, float]:
    cpu, wall = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {"cpu_s": round(cpu, 3), "wall_s": round(wall, 3)}


def _memory() -> float:
    """The peak of this process's memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _pair(text: str) -> tuple[int, int]:
    honest, false = (int(part) for part in text.split(","))
    return honest, false


if __name__ == "__main__":
    main()
