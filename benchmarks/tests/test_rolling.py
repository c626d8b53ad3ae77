"""The benchmark of weeks runs; nobody in it is in two places at once, and nobody beats who knows everything."""

import json

import numpy as np
import pytest

from benchmarks import certain, invited, inviters, rolling, small
from benchmarks.week import BEGINS, weeks
from commonweal.algorithms.matching.rolling import Plan

ASKS, HELPERS = 60, 30


@pytest.fixture
def two_weeks():
    return weeks(ASKS, seed=5, helpers=HELPERS, close=True)


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs the benchmark in this process and reads what it printed."""

    def running(*words):
        monkeypatch.setattr("sys.argv", ["rolling", *words])
        rolling.main()
        return json.loads(capsys.readouterr().out)

    return running


def test_a_week_is_the_same_for_the_same_seed_and_ends_with_sunday():
    for one, other in zip(weeks(ASKS, seed=5), weeks(ASKS, seed=5), strict=True):
        assert (one.comes == other.comes).all()
        assert (one.luck == other.luck).all()
        assert (np.diff(one.comes) >= 0).all()
        slots = one.instance.asks.slots.tolist()
        assert all(
            BEGINS[(part & -part).bit_length() - 1] >= comes
            for part, comes in zip(slots, one.comes, strict=True)
        )


def test_nobody_who_decides_early_beats_who_knows_everything(two_weeks):
    week, last_week = two_weeks
    most = Plan.of(week.instance, week.pairs).value()
    diaries = [
        certain.nearest(week), certain.best_score(week), certain.batches(week), certain.by_prices(week, last_week),
        certain.rolling(week, None), certain.rolling(week, last_week),
    ]  # fmt: skip
    for diary in diaries:
        assert 0 < diary.value <= most
        assert (diary.left >= 0).all()
        gone = week.instance.helpers.slots & ~diary.free
        assert sum(int(bits).bit_count() for bits in gone) == len(diary.waited)
        assert min(diary.waited) >= 0


@pytest.mark.parametrize("name", [*inviters.POLICIES, "ours"])
def test_invitations_keep_to_what_people_said(two_weeks, name):
    week, last_week = two_weeks
    if name == "ours":
        world = inviters.ours([week, last_week])
        assert max(len(hours) for hours in world.pings) <= inviters.Ours.A_WEEK
        rests = [np.diff(hours) for hours in world.pings if len(hours) > 1]
        assert min(rest.min() for rest in rests) >= inviters.Ours.REST_H
    else:
        world = invited.World(week)
        invited.play(world, inviters.POLICIES[name](world))
    assert (world.left >= 0).all()
    assert 0 < world.value <= invited.clairvoyant(week)
    assert all(hour % 24 in invited.AWAKE for hours in world.pings for hour in hours)
    assert sum(len(hours) for hours in world.pings) == world.asked.sum()
    assert (world.state == 3).sum() == len(world.waited)


def test_it_prints_json_with_every_policy_and_seed(run):
    printed = run("--json", "--asks", "80", "--invited", "50", "--seeds", "1,2")
    assert set(printed["invited"]["policies"]) == {*inviters.POLICIES, "ours"}
    for part in ("everybody_says_yes", "invited"):
        for policy in printed[part]["policies"].values():
            assert len(policy["share_by_seed"]) == 2
            assert 0 < policy["share"] <= 1


def test_single_events_are_timed_in_a_plan_that_stays_proved(run):
    printed = run("--arrivals", "--asks", "300", "--events", "20")["arrivals"]
    assert printed["gap_after"] <= printed["gap_before"] + 0.001
    assert set(printed["cpu_milliseconds"]) == {"arrive", "withdraw", "refuse"}


def test_sizes_may_be_short():
    assert [rolling._number(text) for text in ("7", "10k", "1M")] == [7, 10_000, 1_000_000]


def test_the_small_town_of_the_paper_counts_who_was_met_and_who_was_asked(run):
    printed = run("--scenario", "small", "--asks", "60", "--seeds", "1,2")["small"]
    assert set(printed["policies"]) == set(small.POLICIES)
    assert printed["policies"]["everyone"]["pings_a_task"] == small.VOLUNTEERS
    assert printed["policies"]["nearest ten"]["pings_a_task"] == small.NEAREST
    assert printed["policies"]["one in turn"]["pings_a_task"] == 1
    for policy in printed["policies"].values():
        assert 0 < policy["met_share"] <= 1
        assert len(policy["met_share_by_seed"]) == 2


def test_who_is_away_reads_nothing_and_tires_no_more():
    here = small.town(3, tasks=20)
    here.chance[:], here.away[:] = 1.0, 100
    assert small.play(here, small.everyone, warm_up=0)["met_share"] == 1 / 20
    here = small.town(3, tasks=20)
    here.chance[:], here.away[:] = 1.0, 100
    assert small.play(here, small.one_by_chance, warm_up=0)["met_share"] == 1.0
