"""What each rule costs, as the engine works it out and as everybody may read it."""

import numpy as np
import pytest

from commonweal.algorithms.matching.assigning import EquityRules
from commonweal.algorithms.matching.instance import Asks, Helpers, Instance
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.exchange.tests.cast import DAY, MONDAY
from commonweal.matching.costs import BY_HOW_MUCH, RULES, costs_of
from commonweal.matching.models import Plan
from commonweal.matching.planning import making
from commonweal.matching.planning.making import make_plan
from commonweal.matching.solving import work
from commonweal.matching.solving.costs import WITHOUT, rule_costs
from commonweal.matching.solving.work import answer

HERE = {"lat": 39.3, "lon": -76.6}
WEEK = {"starts_at": MONDAY, "ends_at": MONDAY + 7 * DAY}


def cost(asks, helpers, n=3):
    """What costs anything, of ``n`` asks and helpers with these values."""
    instance = Instance.of(
        Asks.of(n, **{**HERE, **asks}),
        Helpers.of(n, **{**HERE, "categories": 1, "person": np.arange(n), **helpers}),
    )
    costs = rule_costs(instance, EngineRules(), equity=EquityRules(), seed=0)
    assert set(costs) == set(WITHOUT) == set(RULES)
    return {code: unmet for code, unmet in costs.items() if unmet}


@pytest.mark.parametrize(
    ("asks", "helpers", "expected"),
    [
        ({}, {}, {}),
        ({}, {"capacity": 0}, {"week_full": 3}),
        ({}, {"capacity": np.array([0, 1, 1])}, {"week_full": 1}),
        ({"lat": 39.32}, {}, {"too_far": 3}),
        ({"slots": 1}, {"slots": 2}, {"no_common_time": 3}),
        ({}, {"rested_h": 3}, {"resting": 3}),
        ({"lat": 39.31, "within_m": 500}, {}, {"outside_ring": 3}),
        ({"needs": 1}, {}, {"needs_not_met": 3}),
        ({"talk": True, "languages": 1}, {"languages": 2}, {"no_language": 3}),
        ({"load": 3}, {}, {"too_heavy": 3}),
        ({"vehicles": 8}, {}, {"no_vehicle": 3}),
        ({"gender": 1}, {"gender": np.array([1, 2, 0])}, {"other_gender": 2, "week_full": 1}),
        ({"hands": 2, "at_least": 2}, {}, {"week_full": 2, "in_pairs": 2}),
        ({"load": 3, "vehicles": 8}, {}, {}),  # two rules hold back the same asks
    ],
)
def test_each_rule_costs_what_would_be_met_without_it(asks, helpers, expected):
    assert cost(asks, helpers) == expected


def test_nobody_costs_nothing():
    assert cost({}, {}, n=0) == {}


@pytest.fixture
def kept(town):
    """A plan with these costs."""

    def kept(wanted=40, **costs):
        Plan.objects.create(network=town.network, policy_number=0, wanted=wanted, met=9, costs=costs)
        return costs_of(town.network)

    return kept


def test_the_dearest_rule_comes_first_and_a_small_number_is_not_counted_out(kept):
    costs = kept(too_far=14, week_full=1, no_vehicle=4, other_gender=0, forgotten_rule=99)
    assert [(row.rule, row.unmet) for row in costs.rows] == [
        ("Nobody goes farther than they said", "14 asks"),
        ("Nobody helps more often in a week than they want", "fewer than 5"),
        ("A ride takes a car", "fewer than 5"),
        ("An asker may wish for a woman or a man to come", "none"),
    ]
    assert costs.rows[0].how == str(BY_HOW_MUCH["too_far"])
    assert (costs.wanted, costs.met) == (40, 9)


def test_where_so_few_ask_nothing_is_said(kept):
    assert kept(wanted=4, too_far=4) is None


def test_a_plan_that_was_too_large_to_say_does_not_hide_an_older_one(kept):
    kept(too_far=7)
    assert kept().rows[0].unmet == "7 asks"


def test_a_large_network_is_planned_without_working_it_out(town, monkeypatch):
    monkeypatch.setattr(making, "run", answer)
    monkeypatch.setattr(work, "MOST_FOR_COSTS", 0)
    town.ask(**WEEK)
    assert make_plan(network=town.network, at=MONDAY).costs == {}


class TestPage:
    def test_it_says_what_each_rule_costs(self, client, kept):
        kept(week_full=14)
        page = client.get("/policy/cost/").content.decode()
        assert "14 asks" in page
        assert "if everybody helped once more in the week" in page

    def test_where_there_is_no_plan_it_says_so(self, client, town):
        assert "Nothing to count at present" in client.get("/policy/cost/").content.decode()

    def test_where_too_many_ask_it_says_so(self, client, kept):
        kept(wanted=60_001)
        page = client.get("/policy/cost/").content.decode()
        assert "Too many ask to count this" in page
        assert "Of 60001 asks" in page

    def test_of_another_network_nothing(self, client, town, kept, bo):
        kept(week_full=14)
        assert costs_of(bo.network) is None

    def test_it_costs_few_queries(self, client, kept, django_assert_max_num_queries):
        kept(week_full=14)
        with django_assert_max_num_queries(3):
            client.get("/policy/cost/")
