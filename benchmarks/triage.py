"""Train the reading of messages on four fifths of the data, score it on the fifth, beside TF-IDF and a linear SVM."""

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import django
import numpy as np
import numpy.typing as npt
from scipy import sparse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from commonweal.algorithms.triage.machines import find_weights  # noqa: E402 - after the settings
from commonweal.algorithms.triage.model import Model  # noqa: E402
from commonweal.algorithms.triage.scoring import LEAST_YES, LabelScore, count, score  # noqa: E402
from commonweal.algorithms.triage.training import Examples, train  # noqa: E402
from commonweal.intake.triage.saying import SHIPPED  # noqa: E402
from commonweal.intake.triage.teaching import examples_in, split  # noqa: E402

Numbers = npt.NDArray[Any]
WHERE = Path("messages") / "train.csv.gz"
SAMPLE = 2000
# What the published baseline reached on a held-out split that is not here (../shared/data/README.md).
PUBLISHED = {
    "macro_f1": 0.653, "labels": 19, "food": 0.85, "water": 0.83, "request": 0.74, "shelter": 0.77, "clothing": 0.79,
    "medical_help": 0.50, "original": {"request": 0.77, "water": 0.85},
}  # fmt: skip
COLD = """
import os, resource, time
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django; django.setup()
from commonweal.intake.triage import labels
# What is held now: the peak would be that of whoever started this.
def megabytes():
    with open("/proc/self/statm") as held:
        return int(held.read().split()[1]) * resource.getpagesize() / 2**20
before, began = megabytes(), time.process_time()
labels("We have no water.")
print(time.process_time() - began, megabytes() - before)
"""


def main() -> None:
    """Do all of it and print JSON."""
    arguments = _arguments()
    examples = examples_in(_file(arguments.file))
    teach, held = split(examples)
    began = time.process_time()
    model = train(teach)
    trained = time.process_time() - began
    parts = _parts(held)
    results = {
        "machine": {
            "python": platform.python_version(), "numpy": np.__version__, "cpus": os.cpu_count(),
            "processor": platform.processor() or platform.machine(),
        },
        "split": {
            "taught": len(teach.names), "held": len(held.names), "groups": len(set(examples.groups.tolist())),
            "counted": f"labels with at least {arguments.least} yeses in the part that is scored",
        },
        "ours": {
            name: score(model, held.labels, model.read_all(texts), held.truths[which]).as_json(arguments.least)
            for name, (texts, which) in parts.items()
        },
        "baseline": measure_baseline(teach, held, parts, arguments.least),
        "published_baseline": PUBLISHED,
        "speed": measure_speed(model, held),
        "size_mb": round(len(model.to_bytes()) / 1e6, 2),
        "training_cpu_seconds": round(trained, 1),
    }  # fmt: skip
    print(json.dumps(results, indent=None if arguments.json else 2))


Part = tuple[list[str], Numbers]


def _parts(held: Examples) -> dict[str, Part]:
    """What is scored: every message, those written to somebody, and the untranslated originals of those."""
    own = np.array([bool(text.strip()) for text in held.originals])
    everything = np.ones(len(own), bool)
    return {
        "message": _part(held.messages, everything),
        "message, direct": _part(held.messages, np.asarray(held.direct, bool)),
        "original": _part(held.originals, own),
    }


def _part(texts: Sequence[str], which: Numbers) -> Part:
    return [texts[place] for place in np.flatnonzero(which).tolist()], which


def measure_baseline(teach: Examples, held: Examples, parts: dict[str, Part], least: int) -> dict[str, Any]:
    """TF-IDF over words and a linear SVM a label (C = 1, squared hinge), a yes where the margin is above zero.

    ``original`` is read by machines of its own, taught by originals only: those taught by English find nothing there.
    """
    own = np.array([bool(text.strip()) for text in teach.originals])
    taught = {
        "message": (teach.messages, teach.truths),
        "original": ([text for text in teach.originals if text.strip()], teach.truths[own]),
    }
    machines = {name: Baseline(texts, truths) for name, (texts, truths) in taught.items()}
    said = {}
    for name, (texts, which) in parts.items():
        answers = machines[name.split(",")[0]].answers(texts)
        truths = held.truths[which]
        scores = [count(label, answers[:, at], truths[:, at]) for at, label in enumerate(held.labels)]
        said[name] = _as_json([one for one in scores if one.yes], least)
    return said


def _as_json(scores: list[LabelScore], least: int) -> dict[str, Any]:
    counted = [one.f1 for one in scores if one.yes >= least]
    return {
        "macro_f1": round(sum(counted) / max(1, len(counted)), 4), "labels_counted": len(counted),
        "labels": {
            one.label: {
                "precision": round(one.precision, 4), "recall": round(one.recall, 4), "f1": round(one.f1, 4),
            }
            for one in scores
        },
    }  # fmt: skip


class Baseline:
    """Words of two letters and more, count times (1 + ln((1 + n) / (1 + df))), scaled to length 1; one SVM a label."""

    WORD = re.compile(r"\b\w\w+\b")

    def __init__(self, texts: Sequence[str], truths: Numbers) -> None:
        """Learn the words and the machines."""
        counts = [Counter(self.WORD.findall(text.lower())) for text in texts]
        df = Counter(word for each in counts for word in each)
        self.places = {word: place for place, word in enumerate(sorted(df))}
        n = len(counts)
        self.worth = np.array([1 + np.log((1 + n) / (1 + df[word])) for word in self.places])
        rows = self._rows(counts)
        columns = [np.where(truths[:, at] == 1, 1, -1) for at in range(truths.shape[1])]
        self.machines = [
            find_weights(rows, signs, cost=1.0) if (signs > 0).any() else None for signs in columns
        ]

    def _rows(self, counts: list[Counter[str]]) -> sparse.csr_matrix:
        starts, places, weights = [0], [], []
        for each in counts:
            known = [(self.places[word], times) for word, times in each.items() if word in self.places]
            row = np.array([times * self.worth[place] for place, times in known])
            places += [place for place, _ in known]
            weights += (row / max(1e-12, float(np.sqrt(row @ row)))).tolist()
            starts.append(len(places))
        return sparse.csr_matrix((weights, places, starts), shape=(len(counts), len(self.places)))

    def answers(self, texts: Sequence[str]) -> Numbers:
        """Yes or no, texts × labels."""
        rows = self._rows([Counter(self.WORD.findall(text.lower())) for text in texts])
        none = np.zeros(rows.shape[0], bool)
        found = [rows @ machine[0] + machine[1] > 0 if machine else none for machine in self.machines]
        return np.column_stack(found)


def measure_speed(model: Model, held: Examples) -> dict[str, Any]:
    """Milliseconds of processor time a message, one by one, and what the first message of a process costs."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = [*held.messages[:SAMPLE], *[text for text in held.originals if text.strip()][:SAMPLE]]
    times = []
    for text in texts:
        began = time.process_time_ns()
        model.read(text)
        times.append((time.process_time_ns() - began) / 1e6)
    began = time.process_time_ns()
    model.read("we need water " * 715)
    longest = (time.process_time_ns() - began) / 1e6
    cold = subprocess.run(
        [sys.executable, "-c", COLD], capture_output=True, text=True, check=True
    ).stdout.split()
    return {
        "ms_median": round(statistics.median(times), 3), "ms_p99": round(statistics.quantiles(times, n=100)[98], 3),
        "ms_of_10000_characters": round(longest, 2), "first_message_seconds": round(float(cold[0]), 3),
        "first_message_mb": round(float(cold[1]), 1), "shipped": SHIPPED,
        "peak_mb_of_this_run": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip


def _file(given: Path | None) -> Path:
    """The messages: what was given, or where COMMONWEAL_BENCH_DATA says, or ../shared/data beside the clone."""
    folder = os.environ.get("COMMONWEAL_BENCH_DATA", "")
    beside = Path(__file__).parents[2] / "shared" / "data"
    found = given or (Path(folder) if folder else beside) / WHERE
    if not found.exists():
        raise SystemExit(f"There are no messages at {found}; give the file, or set COMMONWEAL_BENCH_DATA.")
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench triage", description=__doc__)
    parser.add_argument("--file", type=Path, help="labelled messages, .csv or .csv.gz")
    parser.add_argument(
        "--least", type=int, default=LEAST_YES, help="fewest yeses of a label that counts in the mean"
    )
    parser.add_argument("--json", action="store_true", help="on one line")
    return parser.parse_args()


if __name__ == "__main__":
    main()
