"""The benchmark of rings runs, and what it makes up and reports is what it says."""

import json

import numpy as np
import pytest

from benchmarks import rings
from commonweal.algorithms.rings.solving import is_sound

GRAPH = "3 4\n0 1 1\n1 0 1\n1 2 20\n2 1 20\n-1 -1 -1\n"


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the benchmark in this process and reads what it printed."""
    monkeypatch.delenv("COMMONWEAL_BENCH_DATA", raising=False)
    monkeypatch.setattr(rings, "_alone", lambda work, *given, **named: work(*given, **named))

    def running(*words):
        monkeypatch.setattr("sys.argv", ["rings", *words])
        rings.main()
        return json.loads(capsys.readouterr().out)

    return running


def test_a_town_is_the_same_for_the_same_seed():
    towns = [rings.town(800, seed=seed) for seed in (1, 1, 2)]
    assert (towns[0].taker == towns[1].taker).all()
    assert towns[0].taker.shape != towns[2].taker.shape
    assert 8 < len(towns[0].taker) / 800 < 14
    assert np.diff(towns[0].indptr).max() < 200


def test_every_way_is_reported_beside_its_bound(run, tmp_path):
    (tmp_path / "two_2cycles.input").write_text(GRAPH)
    (tmp_path / "wrong.input").write_text("nonsense")
    said = run(str(tmp_path), "--json", "--sizes", "300", "--seed", "5")
    (town,) = said["towns"]
    ways = {name: way["people"] for name, way in town["ways"].items()}
    assert ways["scarce first"] <= ways["scarce first, exchange"] <= ways["HiGHS, whole"] == town["bound"]
    assert ways["pairs only, exchange"] < ways["commonweal"] == ways["HiGHS, whole"]
    assert town["ways"]["commonweal"]["cpu_s"] >= 0
    good, bad = said["files"]
    assert good["value"] == {"2": 40, "3": 40, "4": 40}
    assert good["published"] == {"3": {"value": 40, "reached": True}}
    assert bad == {"file": "wrong.input", "refused": "line 1 holds what is no whole number"}


def test_without_a_folder_only_towns_are_measured(run):
    said = run("--json", "--sizes", "50", "--longest", "2")
    assert said["files"].startswith("no folder given")
    assert said["longest"] == 2


def test_a_folder_that_is_not_there_is_said(run, tmp_path):
    with pytest.raises(SystemExit, match="is no folder"):
        run(str(tmp_path / "nowhere"), "--sizes", "50")


def test_the_towns_rings_are_sound():
    gifts = rings.town(400)
    assert is_sound(gifts, rings.find_rings(gifts).members)
