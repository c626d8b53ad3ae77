"""Every form and door with a hundred thousand strange requests: no fault, and nothing that isn't theirs to see."""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.program import installed, prepare

LIBRARIES = ("schemathesis", "hypothesis", "django")


def main() -> None:
    """Send, and print what was answered; 1 where anything failed or leaked."""
    arguments = _arguments()
    began = time.monotonic()
    parts = measure(arguments.requests, arguments.seed, arguments.processes)
    result = summed(parts) | {
        "seed": arguments.seed,
        "processes": arguments.processes,
        "wall_s": round(time.monotonic() - began, 1),
        "versions": {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()},
    }
    print(json.dumps(result, indent=None if arguments.json else 2))
    sys.exit(bool(result["faults"] or result["private_in_log"]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench fuzz", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of an indented text")
    parser.add_argument("--requests", type=int, default=100_000, help="how many in all")
    parser.add_argument("--seed", type=int, default=20261122, help="the same seed sends the same")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="side by side")
    return parser.parse_args()


def measure(requests: int, seed: int, processes: int) -> list[dict[str, Any]]:
    """What each process sent and was answered; every one has a database of its own and a seed of its own."""
    with (
        installed("sqlite") as (environment, _pid),
        tempfile.TemporaryDirectory(prefix="commonweal-fuzz-") as folder,
    ):
        prepare(environment)
        running = []
        for number in range(processes):
            data = Path(folder) / str(number)
            shutil.copytree(environment["COMMONWEAL_DATA"], data)
            command = [
                sys.executable,
                "-m",
                "benchmarks.fuzzing.inside",
                str(-(-requests // processes)),
                str(seed + number),
            ]
            own = {**environment, "COMMONWEAL_DATA": str(data)}
            running.append(subprocess.Popen(command, env=own, stdout=subprocess.PIPE, text=True))
        return [_said(process) for process in running]


def _said(process: "subprocess.Popen[str]") -> dict[str, Any]:
    out, _err = process.communicate()
    if process.returncode:
        raise SystemExit("A part of the fuzzing ended early; see above.")
    said: dict[str, Any] = json.loads(out)
    return said


def summed(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The parts as one."""
    doors: dict[str, Counter[str]] = {}
    for part in parts:
        for door, answers in part["doors"].items():
            doors.setdefault(door, Counter()).update(answers)
    statuses = sum(doors.values(), Counter[str]())
    return {
        "requests": sum(part["requests"] for part in parts),
        "faults": [fault for part in parts for fault in part["faults"]],
        "private_in_log": sum(part["private_in_log"] for part in parts),
        "log_lines": sum(part["log_lines"] for part in parts),
        "statuses": dict(sorted(statuses.items())),
        "doors": {door: dict(sorted(answers.items())) for door, answers in sorted(doors.items())},
        "cpu_s": round(sum(part["cpu_s"] for part in parts), 1),
    }


if __name__ == "__main__":
    main()
