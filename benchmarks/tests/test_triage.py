"""The benchmark of reading messages runs, tears nothing apart, and its baseline is what it says."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import triage
from commonweal.algorithms.tests.triage_cast import examples


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the benchmark on the cast and reads what it printed; the processor stays as free as it was."""
    monkeypatch.setattr(triage, "examples_in", lambda path: examples(300))
    monkeypatch.setattr(triage.os, "sched_setaffinity", lambda process, cores: None, raising=False)

    def running(*words):
        monkeypatch.setattr("sys.argv", ["triage", *words])
        triage.main()
        return json.loads(capsys.readouterr().out)

    return running


def test_it_says_how_good_both_are_and_what_it_costs(run):
    said = run("--json", "--file", __file__, "--least", "3")
    assert set(said["ours"]) == set(said["baseline"]) == {"message", "message, direct", "original"}
    assert said["ours"]["message"]["labels_counted"] == said["baseline"]["message"]["labels_counted"] == 2
    assert said["ours"]["message"]["macro_f1"] > 0.9
    assert said["baseline"]["original"]["macro_f1"] > 0.9
    assert said["split"]["taught"] + said["split"]["held"] == 300
    assert said["speed"]["ms_median"] < 5
    assert said["size_mb"] < 15


def test_the_baseline_weighs_words_as_it_says():
    texts = ["rice rice bread", "bread", "a road"]
    baseline = triage.Baseline(texts, np.array([[1], [0], [0]]))
    assert list(baseline.places) == ["bread", "rice", "road"]
    weights = np.array([1 + np.log(4 / 3), 2 * (1 + np.log(4 / 2)), 0])
    row = baseline._rows([triage.Counter(texts[0].split())]).toarray()[0]
    assert row == pytest.approx(weights / np.linalg.norm(weights))


def test_the_baseline_never_says_what_it_was_never_taught():
    baseline = triage.Baseline(["rice here", "road there"] * 5, np.array([[1, 0], [0, 0]] * 5))
    assert baseline.answers(["rice", "words it never saw"]).tolist() == [[True, False], [False, False]]


def test_without_the_messages_it_says_where_they_would_be(monkeypatch, tmp_path):
    monkeypatch.setenv("COMMONWEAL_BENCH_DATA", str(tmp_path))
    with pytest.raises(SystemExit, match="COMMONWEAL_BENCH_DATA"):
        triage._file(None)
    there = tmp_path / triage.WHERE
    there.parent.mkdir()
    there.touch()
    assert triage._file(None) == there
    assert triage._file(Path(__file__)) == Path(__file__)
