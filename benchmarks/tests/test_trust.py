"""The benchmark of trust runs, what it makes up is what it says, and the published ratings are what they should be."""

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks import trust
from commonweal.algorithms.trust.graph import Vouches

ROWS = "from,to,feature,time\n" + "".join(
    f"{giver},{taker},{rating},{time}\n"
    for time, (giver, taker, rating) in enumerate(
        [(1, 2, 5), (2, 3, 4), (3, 1, 4), (1, 4, 1), (2, 4, -9), (3, 4, -9), (1, 3, 2), (2, 1, 3)]
    )
)


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs the benchmark in this process, with no data unless it is given, and reads what it printed."""
    monkeypatch.setenv("COMMONWEAL_BENCH_DATA", str(tmp_path / "none"))
    monkeypatch.setattr(trust, "_alone", lambda work, *given: work(*given))

    def running(*words):
        monkeypatch.setattr("sys.argv", ["trust", *words])
        trust.main()
        return json.loads(capsys.readouterr().out)

    return running


def test_a_town_is_the_same_for_the_same_seed_and_has_the_attacks_it_says():
    towns = [trust.town(1600, 200, 30, is_targeted=True, seed=seed) for seed in (1, 1, 2)]
    assert (towns[0].vouches.taker == towns[1].vouches.taker).all()
    assert towns[0].vouches.taker.shape != towns[2].vouches.taker.shape
    made = towns[0].vouches
    across = (made.giver < 1600) & (made.taker >= 1600)
    assert 25 <= across.sum() <= 30
    near = made.taker[np.isin(made.giver, towns[0].seeds)]
    assert np.isin(made.giver[across], near).all()
    assert 9 < len(made.taker) / 1800 < 12
    assert len(towns[0].seeds) == 2 * trust.SEEDS_AN_AREA


def test_every_way_is_reported_beside_what_is_proved(run):
    said = run("--json", "--members", "900", "--crowd", "1600,400")
    assert said["speed"]["members"] == 910
    assert said["speed"]["methods"]["reach"]["cpu_s"] >= 0
    assert said["bitcoin_otc"].startswith("skipped")
    assert [one["false"] for one in said["crowd"]] == [400] * 4
    for one in said["crowd"] + said["ring_of_ten"]:
        gained = {name: found["false"] for name, found in one["gain_reach"].items()}
        assert gained["reach"] <= one["most_by_proof"]["reach"]
        assert gained["maximum flow"] <= one["most_by_proof"]["maximum flow"]
    alone = [one["gain_reach"] for one in said["ring_of_ten"] if one["attack_vouches"] == 0]
    assert [one["reach"]["false"] for one in alone] == [0, 0]
    assert [one["in-degree"]["false"] for one in alone] == [10, 10]


def test_ratings_are_read_from_the_folder_given(run, tmp_path):
    (tmp_path / "trust").mkdir()
    with gzip.open(tmp_path / "trust" / trust.FILE, "wt") as file:
        file.write(ROWS)
    said = run(str(tmp_path), "--members", "900", "--crowd", "1600,100")["bitcoin_otc"]
    assert (said["people"], said["ratings"], said["positive_share"]) == (4, 8, 0.75)
    assert said["reciprocity"] == 0.5
    assert (said["auc"]["all"]["judged"], said["auc"]["all"]["bad"]) == (4, 1)
    # One vouches for the bad one, as for one of the three others.
    assert said["auc"]["all"]["in-degree"] == 0.833
    assert said["auc"]["later"]["in-degree"] is None


def test_a_folder_that_is_not_there_is_said(run, tmp_path):
    with pytest.raises(SystemExit, match="is no folder"):
        run(str(tmp_path / "nowhere"), "--members", "900", "--crowd", "1600,100")


@pytest.mark.parametrize(("bad", "expected"), [([1, 0, 0], 1), ([0, 0, 1], 0), ([0, 1, 0], 0.5)])
def test_auc_is_the_chance_that_the_bad_stand_lower(bad, expected):
    assert trust.auc(np.array([1, 2, 3]), np.array(bad, bool)) == expected
    assert trust.auc(np.ones(3), np.array(bad, bool)) == 0.5
    assert trust.auc(np.ones(3), np.ones(3, bool)) is None


def test_clustering_of_a_triangle_with_a_tail():
    # Three know each other, one of them knows a fourth: 1, 1, 1/3 and 0.
    assert trust.clustering(Vouches.of(4, [0, 1, 2, 0], [1, 2, 0, 3])) == pytest.approx(7 / 12)


def test_the_published_ratings_are_what_they_should_be():
    path = trust._ratings(None)
    if path is None:
        named = os.environ.get("COMMONWEAL_BENCH_DATA", trust.BESIDE)
        pytest.skip(f"{Path(named)} holds no trust/{trust.FILE}")
    said = trust.measure_ratings(path)
    assert (said["people"], said["ratings"]) == (5881, 35592)
    assert (said["reciprocity"], said["clustering"], said["positive_share"]) == (0.7923, 0.1775, 0.8999)
    # Trust tells apart who is rated badly over all, and doesn't foretell it: in a market, cheats collect praise first.
    assert said["auc"]["all"]["SybilRank"] > said["auc"]["later"]["SybilRank"] > 0.5
