"""Change the key under a hundred thousand values while somebody writes, and time each of the steps."""

import argparse
import json
import sqlite3
from typing import Any

from benchmarks.keys_inside import EVERY_S, SEED
from benchmarks.machine import machine
from benchmarks.program import installed, run


def main() -> None:
    """Measure in a program with data of its own, on SQLite; print JSON."""
    arguments = _arguments()
    result = {
        "machine": {**machine("django", "cryptography"), "sqlite": sqlite3.sqlite_version},
        "seed": arguments.seed,
        "mix": "of seven, three are of a member (name, place, contact), four of an ask (words, place, name, contact)",
        "writer": f"another process gives a member a new name every {EVERY_S * 1000:.0f} ms",
        **measure(arguments.values, arguments.seed),
    }
    print(json.dumps(result, indent=None if arguments.json else 2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench keys", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of an indented text")
    parser.add_argument("--values", type=int, default=100_000, help="how many are encrypted, about")
    parser.add_argument("--seed", type=int, default=SEED)
    return parser.parse_args()


def measure(values: int, seed: int) -> dict[str, Any]:
    """Rotate, write everything anew, and retire."""
    with installed("sqlite") as (environment, _pid):
        environment.pop("COMMONWEAL_KEYS", None)
        run(environment, "config.cli", "migrate", "-v0")
        made = run(environment, "benchmarks.keys_inside", "change", str(values), str(seed))
        measured: dict[str, Any] = json.loads(made)
        return measured


if __name__ == "__main__":
    main()
