"""The benchmark of matching runs; the city and the ways of choosing are what they say."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import matching
from benchmarks.baselines import greedy, members_browse, min_cost_flow, nearest_first
from benchmarks.metro import RULES, metro
from commonweal.algorithms.matching.candidates import find_pairs
from commonweal.algorithms.matching.instance import TYPES, Asks, Helpers, Instance

WAYS = {
    "flow": min_cost_flow,
    "nearest": lambda city, pairs: nearest_first(city, pairs, 1),
    "browsing": lambda city, pairs: members_browse(city, pairs, 1),
    "greedy": greedy,
}


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the benchmark in this process and reads what it printed."""
    monkeypatch.setattr(matching, "_alone", lambda words: matching.measure(matching._arguments(words)))

    def running(*words):
        monkeypatch.setattr("sys.argv", ["matching", *words])
        matching.main()
        return json.loads(capsys.readouterr().out)

    return running


def naive_greedy(city, pairs):
    """The pairs of the highest weight first, told slowly."""
    open_asks, room = set(range(len(city.asks))), city.helpers.capacity.astype(int).tolist()
    busy, taken = [0] * len(city.helpers), []
    for pair in sorted(range(len(pairs)), key=lambda pair: (-pairs.weight[pair], pair)):
        ask, helper = int(pairs.ask[pair]), int(pairs.helper[pair])
        free = int(city.asks.slots[ask]) & int(city.helpers.slots[helper]) & ~busy[helper]
        if ask in open_asks and room[helper] and free:
            open_asks.remove(ask)
            room[helper] -= 1
            busy[helper] |= free & -free
            taken.append(pair)
    return sorted(taken)


def can_be_placed(city, asks, helper):
    """Whether one helper can meet all of these asks, each in a part of the week of its own."""
    at = {}

    def place(ask, tried):
        common = int(city.asks.slots[ask]) & int(city.helpers.slots[helper])
        for part in range(42):
            if common >> part & 1 and part not in tried:
                tried.add(part)
                if part not in at or place(at[part], tried):
                    at[part] = ask
                    return True
        return False

    return all(place(ask, set()) for ask in asks)


def test_a_city_is_the_same_for_the_same_seed():
    one, same, other = metro(300, seed=1), metro(300, seed=1), metro(300, seed=2)
    assert (one.asks.slots == same.asks.slots).all()
    assert (one.asks.lat != other.asks.lat).any()
    assert (len(one.asks), len(one.helpers), len(metro(10, helpers=77).helpers)) == (300, 120, 77)


def test_a_city_twice_the_size_has_the_same_ways_and_more_ground():
    small, large = metro(5_000), metro(20_000)
    pairs = [len(find_pairs(city, RULES)) / len(city.asks) for city in (small, large)]
    assert 20 < pairs[0] < pairs[1] < 80
    assert np.ptp(large.asks.lat) > 1.5 * np.ptp(small.asks.lat)
    assert large.helpers.capacity.mean() == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_asked_too_much_or_in_two_places_at_once(way):
    city = metro(600)
    pairs = find_pairs(city, RULES)
    taken = WAYS[way](city, pairs)
    asks, helpers = pairs.ask[taken], pairs.helper[taken]
    assert len(taken) > 300
    assert np.bincount(asks).max() == 1
    assert (np.bincount(helpers, minlength=240) <= city.helpers.capacity).all()
    assert all(can_be_placed(city, asks[helpers == helper].tolist(), helper) for helper in np.unique(helpers))


def test_the_flow_is_the_best_and_greed_is_what_it_says():
    city = metro(600)
    pairs = find_pairs(city, RULES)
    value = {name: int(pairs.weight[way(city, pairs)].sum()) for name, way in WAYS.items()}
    assert max(value.values()) == value["flow"]
    assert len(set(value.values())) == 4
    assert greedy(city, pairs).tolist() == naive_greedy(city, pairs)


def test_the_nearest_who_is_free_is_sent():
    asks = Asks.of(2, lat=39.0, lon=-76.0)
    city = Instance.of(asks, Helpers.of(2, lat=[39.01, 39.001], lon=-76.0, categories=1))
    pairs = find_pairs(city, RULES)
    assert sorted(pairs.helper[nearest_first(city, pairs, 0)].tolist()) == [0, 1]
    one = Instance.of(asks.take(np.array([0])), city.helpers)
    assert find_pairs(one, RULES).helper[nearest_first(one, find_pairs(one, RULES), 0)].tolist() == [1]


def test_a_member_picks_the_nearest_ask():
    city = Instance.of(
        Asks.of(2, lat=[39.01, 39.001], lon=-76.0), Helpers.of(1, lat=39.0, lon=-76.0, categories=1)
    )
    pairs = find_pairs(city, RULES)
    assert pairs.ask[members_browse(city, pairs, 0)].tolist() == [1]


def test_all_contenders_stand_side_by_side(run):
    said = run("--json", "--sizes", "300", "--seed", "5")
    (size,) = said["sizes"]
    ways = size["contenders"]
    assert (size["asks"], size["helpers"]) == (300, 120)
    assert list(ways) == list(matching.CONTENDERS)
    assert ways["flow"]["gap_true"] == 0
    assert 0 <= ways["engine"]["gap_true"] <= ways["engine"]["gap_certified"] < 0.01
    assert all(
        way["gap_true"] > 0.01 for name, way in ways.items() if name in {"nearest", "browsing", "greedy"}
    )
    assert all(way["peak_mb"] > 10 and way["candidates"]["cpu_s"] >= 0 for way in ways.values())


def test_a_file_is_read_instead(run, tmp_path):
    metro(100).save(tmp_path / "city.npz")
    said = run("--json", "--instance", str(tmp_path / "city.npz"), "--only", "greedy,engine", "--most", "5")
    (size,) = said["sizes"]
    assert size["asks"] == 100
    assert size["pairs"] <= 500
    assert size["contenders"]["engine"]["gap_certified_all"] >= 0
    (tmp_path / "city.npz").write_bytes(b"nothing")
    with pytest.raises(SystemExit, match="no npz file"):
        run("--instance", str(tmp_path / "city.npz"))


def test_numbers_may_be_short():
    given = matching._arguments(["--sizes", "1k,2M", "--asks", "30", "--only", "flow"])
    assert (given.sizes, given.asks, given.only) == ([1000, 2_000_000], 30, ["flow"])


def test_a_contender_that_is_not_there_is_refused(capsys):
    with pytest.raises(SystemExit):
        matching._arguments(["--only", "luck"])
    assert "no contender luck" in capsys.readouterr().err


def test_the_books_name_every_array_and_its_type():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "matching-arrays.md").read_text("utf-8")
    for side in (Asks, Helpers):
        rows = page.partition(f"## {side.__name__}\n")[2].partition("\n## ")[0]
        told = re.findall(r"^\| `(\w+)` \| (\w+) \|", rows, re.M)
        assert told == [(name, np.dtype(TYPES[name]).name) for name in side.__annotations__]
