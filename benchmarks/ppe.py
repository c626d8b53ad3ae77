"""Share scarce units day by day as GetUsPPE.org had to, beside the two published policies and their values."""

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import machine
from benchmarks.ppe_policies import as_taken, by_lot, first_come, many_parcels, nearest_first, one_parcel
from benchmarks.relief import (
    INTERVAL_D,
    MEASURES,
    MOST,
    BadRelief,
    Policy,
    Relief,
    measure,
    most_fill,
    play,
    read_relief,
)

SEED = 20261122
# So many units times miles are worth it to meet one ask whole: a hundred units over a hundred miles, or, where
# distance is dear, over thirty.
UNIT_MILES = 10_000.0
NEAR_UNIT_MILES = 3_000.0
CURVE = (1_000.0, 3_000.0, 10_000.0, 30_000.0, 100_000.0, 300_000.0)
# Where distance costs next to nothing every giver reaches everybody: large transport problems, and nothing new.
MANY_UP_TO = 100_000.0
LOTS = 40
SHUFFLES = 5
# As published (data/README.md beside the files), with the decimals given there.
PUBLISHED = {
    "nearest_first": dict(zip(MEASURES, ("0.0618", "0.676", "90.7", "15.9", "2.29"), strict=True)),
    "first_come": dict(zip(MEASURES, ("0.0602", "0.779", "1344.9", "13.8", "1.91"), strict=True)),
}


def main() -> None:
    """Read the folder, play every policy, and print JSON; what is going on goes to standard error."""
    arguments = _arguments()
    try:
        results = measured(_folder(arguments.folder), arguments.decisions)
    except BadRelief as refusal:
        raise SystemExit(str(refusal)) from refusal
    print(json.dumps(results, indent=None if arguments.json else 2))


def measured(folder: Path, decisions: Path | None) -> dict[str, Any]:
    """All that is printed."""
    cpu, wall = time.process_time(), time.perf_counter()
    everything = read_relief(folder)
    relief = everything.at_most(MOST)
    _say(f"{len(relief.offers)} offers and {len(relief.asks)} asks read")
    return {
        "machine": machine("numpy", "scipy"),
        "seed": SEED,
        "interval_days": INTERVAL_D,
        "offers": len(everything.offers),
        "offers_dropped": len(everything.offers) - len(relief.offers),
        "asks": len(relief.asks),
        "distances": int((~np.isnan(everything.miles)).sum()),
        **as_in(relief, decisions),
        **compared(relief),
        "curve": curve(relief),
        "shuffled": shuffled(relief),
        "cpu_s": round(time.process_time() - cpu, 1),
        "wall_s": round(time.perf_counter() - wall, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def compared(relief: Relief) -> dict[str, Any]:
    """The table of the policies, how the two published ones agree, and what fill can't exceed."""
    lots = [_played(relief, nearest_first(by_lot(SEED + lot)), "nearest by lot") for lot in range(LOTS)]
    table = {name: _played(relief, policy, name) for name, policy in _policies().items()}
    bound = most_fill(relief)
    for figures in table.values():
        figures["share_of_bound"] = round(figures["fill"] / max(bound, 1e-12), 4)
    return {
        "unit_miles_an_ask": {
            "one_parcel": UNIT_MILES,
            "many_parcels_near": NEAR_UNIT_MILES,
            "many_parcels": UNIT_MILES,
        },
        "table": table,
        "fill_bound": round(bound, 4),
        "published": {
            "first_come": agreement("first_come", table["first_come"]),
            "nearest_first": {
                measured: {**agreed, "by_lot": _spread([figures[measured] for figures in lots])}
                for measured, agreed in agreement("nearest_first", table["nearest_first"]).items()
            },
        },
    }


def as_in(relief: Relief, decisions: Path | None) -> dict[str, Any]:
    """Nearest-first where each giver takes that one of the equally near whom another run took, if one is given."""
    if decisions is None:
        return {}
    policy = nearest_first(as_taken(relief, decisions))
    figures = _played(relief, policy, "nearest_first, as taken", decimals=9)
    return {"nearest_first_as_taken": agreement("nearest_first", figures)}


def _policies() -> dict[str, Policy]:
    return {
        "nearest_first": nearest_first(),
        "first_come": first_come,
        "one_parcel": one_parcel(UNIT_MILES),
        "many_parcels_near": many_parcels(NEAR_UNIT_MILES),
        "many_parcels": many_parcels(UNIT_MILES),
    }


def agreement(name: str, figures: dict[str, float]) -> dict[str, dict[str, Any]]:
    """Each published measure of a policy: its value, ours, and whether ours rounds to it."""
    agreed: dict[str, dict[str, Any]] = {}
    for measured, value in PUBLISHED[name].items():
        decimals = len(value.partition(".")[2])
        same = f"{figures[measured]:.{decimals}f}" == value
        agreed[measured] = {"published": float(value), "ours": figures[measured], "agrees": same}
    return agreed


def curve(relief: Relief) -> list[dict[str, Any]]:
    """What is gained and lost as distance gets cheaper, for both of our policies."""
    points = [("one_parcel", one_parcel, price) for price in CURVE] + [
        ("many_parcels", many_parcels, price) for price in CURVE if price <= MANY_UP_TO
    ]
    return [
        {"policy": name, "unit_miles_an_ask": price, **_played(relief, made(price), f"{name} {price:g}")}
        for name, made, price in points
    ]


def shuffled(relief: Relief) -> list[dict[str, Any]]:
    """The same table where everybody comes on the day of another: does it hold for other months too?"""
    return [
        {
            name: _played(relief.shuffled(SEED + number), policy, f"{name}, shuffled {number}")
            for name, policy in _policies().items()
        }
        for number in range(SHUFFLES)
    ]


def _played(relief: Relief, policy: Policy, name: str, *, decimals: int = 4) -> dict[str, Any]:
    cpu = time.process_time()
    figures = measure(relief, play(relief, policy))
    spent = time.process_time() - cpu
    _say(f"{name}: {spent:.1f} s")
    return {**{key: round(value, decimals) for key, value in figures.items()}, "cpu_s": round(spent, 2)}


def _spread(values: list[float]) -> dict[str, float]:
    return {"least": min(values), "mean": round(sum(values) / len(values), 4), "most": max(values)}


def _folder(given: Path | None) -> Path:
    """The folder given, else of COMMONWEAL_BENCH_DATA, else beside the clone; or its part ppe/."""
    beside = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    named = given or Path(os.environ.get("COMMONWEAL_BENCH_DATA", beside))
    folder = named / "ppe" if (named / "ppe").is_dir() else named
    if not folder.is_dir():
        raise BadRelief(
            f"{folder} is no folder: give the one that holds anon_donors.csv, anon_recipients.csv and"
            " anon_distance_matrix.csv, or set COMMONWEAL_BENCH_DATA"
        )
    return folder


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench ppe", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="the folder of the three files (../shared/data/ppe)"
    )
    parser.add_argument(
        "--decisions",
        type=Path,
        metavar="FILE",
        help="get_decisions().to_csv(FILE) of the authors' program: take the same among those equally near",
    )
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of an indented text")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
