"""Who can meet which ask, by the index and by the slow telling; where the earth has an end; too many of everything."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.algorithms.matching import candidates
from commonweal.algorithms.matching.candidates import (
    CODES,
    Pairs,
    TooManyPairs,
    Worth,
    best_values,
    codes_of,
    failed,
    find_pairs,
    near_order,
    terms,
    weights,
    why_not,
)
from commonweal.algorithms.matching.instance import FULL, Asks, Helpers, Instance
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.algorithms.tests.matching_crowd import (
    RULES,
    crowds,
    naive_failed,
    naive_metres,
    naive_rows,
    naive_weight,
)

PLAIN = EngineRules()
HERE = (39.283, -76.593)


def rows_of(pairs: Pairs) -> list[list[tuple[int, int]]]:
    together = list(zip((-pairs.weight).tolist(), pairs.helper.tolist(), strict=True))
    return [together[a:b] for a, b in zip(pairs.indptr, pairs.indptr[1:], strict=False)]


def by_person(pairs: Pairs):
    """Who (ask, helper) in a fixed order, and what they weigh."""
    order = np.lexsort((pairs.helper, pairs.ask))
    return np.column_stack([pairs.ask, pairs.helper])[order], pairs.weight[order]


def one_each(asks=None, helpers=None, **between) -> Instance:
    """One ask and one helper who live together and suit each other, but for what is given."""
    lat, lon = HERE
    return Instance.of(
        Asks.of(1, **{"lat": lat, "lon": lon} | (asks or {})),
        Helpers.of(1, **{"lat": lat, "lon": lon, "categories": 1, "slots": FULL} | (helpers or {})),
        **between,
    )


# ---- The index and the slow telling.


@settings(deadline=None, max_examples=150)
@given(crowds(), RULES)
def test_the_index_finds_whom_the_slow_telling_finds(crowd, rules):
    pairs = find_pairs(crowd, rules)
    assert rows_of(pairs) == naive_rows(crowd, rules)
    for ask, helper, metres in zip(pairs.ask, pairs.helper, pairs.metres, strict=True):
        between = naive_metres(crowd, ask, helper)
        assert metres == -1 if between is None else abs(metres - between) < 0.6
    assert len(find_pairs(crowd, rules, keep_metres=False).metres) == 0


@settings(deadline=None)
@given(crowds(), RULES)
def test_why_not_names_every_rule_that_fails(crowd, rules):
    helpers = np.arange(len(crowd.helpers))
    for ask in range(len(crowd.asks)):
        said = [set(codes_of(int(bits))) for bits in why_not(crowd, rules, ask, helpers)]
        assert said == [naive_failed(crowd, rules, ask, helper) for helper in helpers]


@settings(deadline=None)
@given(crowds(), RULES, st.integers(1, 4), st.integers(0, 2**70))
def test_the_best_few_weigh_as_much_as_the_best_of_all(crowd, rules, most, seed):
    few, everyone = rows_of(find_pairs(crowd, rules, most=most, seed=seed)), naive_rows(crowd, rules)
    for some, row in zip(few, everyone, strict=True):
        assert [weight for weight, _ in some] == [weight for weight, _ in row[:most]]
        assert set(some) <= set(row)
        assert some == sorted(set(some))


@settings(deadline=None)
@given(crowds(), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(crowd, chance):
    asks, helpers = list(range(len(crowd.asks))), list(range(len(crowd.helpers)))
    chance.shuffle(asks)
    chance.shuffle(helpers)
    new_ask, new_helper = np.argsort(asks), np.argsort(helpers)
    preferred = crowd.asks.preferred
    moved = np.where(preferred >= 0, new_helper[preferred] if helpers else preferred, -1)
    mixed = Instance.of(
        replace(crowd.asks, preferred=moved.astype(np.int32)).take(np.array(asks, int)),
        crowd.helpers.take(np.array(helpers, int)),
        blocked=[(new_ask[a], new_helper[h]) for a, h in crowd.blocked],
        known=[(new_ask[a], new_helper[h]) for a, h in crowd.known],
    )

    def named(pairs):
        return set(zip(pairs.ask.tolist(), pairs.helper.tolist(), pairs.weight.tolist(), strict=True))

    assert {
        (asks[ask], helpers[helper], weight) for ask, helper, weight in named(find_pairs(mixed, PLAIN))
    } == named(find_pairs(crowd, PLAIN))


@settings(deadline=None)
@given(crowds(), st.integers(2, 9))
def test_other_units_of_points_change_nothing(crowd, unit):
    # Wear and spread are rounded to whole points, so they are told in units that divide.
    rules = EngineRules(tired=0, week=0)
    numbers = {
        name: getattr(rules, name) * unit
        for name in (
            "served", "urgent", "waiting", "ahead", "per_100_m", "language", "interpreter", "preferred", "known",
            "new_tie", "comfort",
        )
    }  # fmt: skip
    few, many = (by_person(find_pairs(crowd, each)) for each in (rules, replace(rules, **numbers)))
    assert (few[0] == many[0]).all()
    # What weighs 1 may have been less before it was lifted to 1.
    assert ((many[1] == few[1] * unit) | (few[1] == 1)).all()


@settings(deadline=None)
@given(crowds(), RULES)
def test_terms_add_up_to_the_weight(crowd, rules):
    n, m = len(crowd.asks), len(crowd.helpers)
    asks, helpers = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
    weight, _ = weights(crowd, rules, asks, helpers)
    assert weight.tolist() == [naive_weight(crowd, rules, a, h) for a, h in zip(asks, helpers, strict=True)]
    points = terms(crowd, rules, asks, helpers)
    assert (np.clip(sum(points.values()), 1, 2**30) == weight).all()


@settings(deadline=None)
@given(crowds(), RULES)
def test_threads_change_nothing(crowd, rules):
    one, three = find_pairs(crowd, rules, threads=1, most=3), find_pairs(crowd, rules, threads=3, most=3)
    assert rows_of(one) == rows_of(three)


# ---- Prices.


@st.composite
def priced(draw):
    crowd = draw(crowds(8))
    n, m = len(crowd.asks), len(crowd.helpers)
    chance = np.random.default_rng(draw(st.integers(0, 999)))
    slot = chance.integers(0, 800, (m, 42)) * chance.integers(0, 2, (m, 42)) if draw(st.booleans()) else None
    ask = chance.integers(-300, 300, n) if draw(st.booleans()) else None
    return crowd, Worth(week=chance.integers(0, 3000, m), slot=slot, ask=ask, scale=draw(st.integers(1, 3)))


def naive_value(crowd, worth, a, h, weight):
    value = worth.scale * weight - int(worth.week[h])
    if worth.ask is not None:
        value += int(worth.ask[a])
    if worth.slot is not None:
        common = int(crowd.asks.slots[a]) & int(crowd.helpers.slots[h])
        value -= min(int(worth.slot[h, s]) for s in range(42) if common >> s & 1)
    return value


@settings(deadline=None)
@given(priced(), RULES, st.integers(1, 3))
def test_the_best_few_at_todays_prices(case, rules, most):
    crowd, worth = case
    few = rows_of(find_pairs(crowd, rules, most=most, worth=worth))
    for a, (some, row) in enumerate(zip(few, naive_rows(crowd, rules), strict=True)):
        values = {
            (-weight, h): naive_value(crowd, worth, a, h, weight) for weight, h in ((-w, h) for w, h in row)
        }
        assert (
            sorted((values[entry] for entry in some), reverse=True)
            == sorted(values.values(), reverse=True)[:most]
        )


@settings(deadline=None)
@given(priced(), RULES)
def test_what_the_best_are_worth_without_keeping_them(case, rules):
    crowd, worth = case
    expected = []
    for a, row in enumerate(naive_rows(crowd, rules)):
        values = sorted((naive_value(crowd, worth, a, h, -w) for w, h in row), reverse=True)
        expected.append(sum(max(value, 0) for value in values[: crowd.asks.hands[a]]))
    assert best_values(crowd, rules, worth).tolist() == expected


@pytest.mark.parametrize(
    ("given_prices", "words"),
    [
        ({"week": np.array([-1])}, "week is negative"),
        ({"week": np.zeros(1, int), "slot": np.full((1, 42), -1)}, "slot is negative"),
        ({"week": np.zeros(1, int), "scale": 0}, "scale"),
    ],
)
def test_prices_that_are_none(given_prices, words):
    with pytest.raises(ValueError, match=words):
        Worth(**given_prices)


@pytest.mark.parametrize(
    "worth",
    [
        Worth(week=np.zeros(2, int)),
        Worth(week=np.zeros(1, int), slot=np.zeros((1, 7), int)),
        Worth(week=np.zeros(1, int), ask=np.zeros(2, int)),
    ],
)
def test_prices_of_somebody_else(worth):
    with pytest.raises(ValueError, match="prices of the shapes"):
        find_pairs(one_each(), PLAIN, worth=worth)


# ---- Where the earth has an end.


@pytest.mark.parametrize(
    ("ask", "helper", "metres"),
    [
        ((10.0, 179.999), (10.0, -179.999), 219),
        ((10.0, -180.0), (10.0, 180.0), 0),
        ((90.0, 12.0), (90.0, -100.0), 0),
        ((89.995, 0.0), (89.995, 180.0), 1112),
        ((-90.0, 0.0), (-89.99, 77.0), 1112),
    ],
)
def test_neighbours_over_the_date_line_and_at_the_poles(ask, helper, metres):
    crowd = one_each(
        {"lat": ask[0], "lon": ask[1]}, {"lat": helper[0], "lon": helper[1], "radius_m": metres + 1}
    )
    pairs = find_pairs(crowd, PLAIN)
    assert pairs.metres.tolist() == [metres]
    if metres:
        assert not len(
            find_pairs(replace(crowd, helpers=replace(crowd.helpers, radius_m=np.array([metres - 2]))), PLAIN)
        )


def test_one_who_goes_round_the_earth():
    crowd = one_each({"lat": 39.0, "lon": -76.0}, {"lat": -39.0, "lon": 104.0, "radius_m": 20_100_000})
    assert find_pairs(crowd, PLAIN).metres.tolist() == [20_015_114]


def test_an_unknown_place_forbids_nothing_and_counts_as_far():
    nowhere = {"lat": np.nan, "lon": np.nan}
    known = find_pairs(one_each(), PLAIN).weight[0]
    for crowd in (one_each(asks=nowhere), one_each(helpers=nowhere), one_each(asks=nowhere, helpers=nowhere)):
        pairs = find_pairs(crowd, PLAIN)
        assert (pairs.weight[0], pairs.metres[0]) == (known - 4 * 30, -1)


def test_a_call_has_no_distance():
    crowd = one_each({"in_person": False, "within_m": 100}, {"lat": -39.0, "lon": 104.0, "radius_m": 0})
    pairs = find_pairs(crowd, PLAIN)
    assert (pairs.weight[0], pairs.metres[0]) == (find_pairs(one_each(), PLAIN).weight[0], -1)


def test_the_preferred_helper_is_found_outside_the_ring_and_before_they_have_rested():
    far = {"lat": 39.3, "radius_m": 5000, "rested_h": 1}
    assert not len(find_pairs(one_each({"within_m": 500}, far), PLAIN))
    pairs = find_pairs(one_each({"within_m": 500, "preferred": 0}, far), PLAIN)
    assert pairs.metres.tolist() == [1890]
    assert not len(find_pairs(one_each({"preferred": 0}, far | {"resting": True}), PLAIN))


# ---- None, and too many.


def test_nobody_asks_and_nobody_helps():
    nobody = Instance.of(Asks.of(0), Helpers.of(0))
    assert find_pairs(nobody, PLAIN).indptr.tolist() == [0]
    assert best_values(nobody, PLAIN, Worth(week=np.zeros(0, int))).tolist() == []
    lonely = Instance.of(Asks.of(3), Helpers.of(0))
    assert find_pairs(lonely, PLAIN, most=2).indptr.tolist() == [0, 0, 0, 0]


def test_without_points_everybody_weighs_one():
    crowd = Instance.of(Asks.of(2), Helpers.of(3, categories=1))
    numbers = dict.fromkeys(("served", "urgent", "new_tie", "per_100_m"), 0)
    assert find_pairs(crowd, EngineRules(**numbers)).weight.tolist() == [1] * 6


def test_identical_asks_get_different_helpers_at_the_cut():
    crowd = Instance.of(
        Asks.of(500, lat=HERE[0], lon=HERE[1]), Helpers.of(200, lat=HERE[0], lon=HERE[1], categories=1)
    )
    pairs = find_pairs(crowd, PLAIN, most=4)
    assert len(pairs) == 2000
    assert len(np.unique(pairs.helper)) == 200
    again, other = find_pairs(crowd, PLAIN, most=4), find_pairs(crowd, PLAIN, most=4, seed=1)
    assert (again.helper == pairs.helper).all()
    assert (other.helper != pairs.helper).any()


def test_a_million_identical_asks_take_little_room():
    crowd = Instance.of(Asks.of(1_000_000), Helpers.of(20, categories=1))
    pairs = find_pairs(crowd, PLAIN, most=2, keep_metres=False)
    assert len(pairs) == 2_000_000
    assert best_values(crowd, PLAIN, Worth(week=np.zeros(20, int))).min() == pairs.weight[0]


def test_more_pairs_than_can_be_kept_are_refused(monkeypatch):
    monkeypatch.setattr(candidates, "MOST_PAIRS", 5)
    crowd = Instance.of(Asks.of(2), Helpers.of(3, categories=1))
    with pytest.raises(TooManyPairs, match="6 pairs"):
        find_pairs(crowd, PLAIN)
    assert len(find_pairs(crowd, PLAIN, most=2)) == 4
    with pytest.raises(ValueError, match="most"):
        find_pairs(crowd, PLAIN, most=0)


def test_near_places_are_near_in_the_order():
    chance = np.random.default_rng(3)
    lat, lon = chance.uniform(39, 40, 4000), chance.uniform(-77, -76, 4000)
    lat[7] = lon[7] = np.nan
    order = near_order(lat, lon)
    assert sorted(order.tolist()) == list(range(4000))
    assert order[-1] == 7
    steps = np.hypot(np.diff(lat[order[:-1]]), np.diff(lon[order[:-1]]))
    assert np.median(steps) < 0.03
    assert near_order(np.array([5.0, 5.0]), np.array([5.0, 5.0])).tolist() == [0, 1]


def test_every_rule_has_a_name_of_its_own():
    assert len(set(CODES)) == len(CODES)
    assert codes_of((1 << len(CODES)) - 1) == CODES
    assert failed(one_each(), PLAIN, np.zeros(1, int), np.zeros(1, int)).tolist() == [0]


def test_the_worked_example_of_the_books():
    crowd = one_each(
        {"lat": 39.283, "lon": -76.593, "languages": 1, "waiting_d": 4},
        {"lat": 39.3, "lon": -76.593, "languages": 3, "radius_m": 5000, "capacity": 3},
    )
    points = {
        name: int(each[0]) for name, each in terms(crowd, PLAIN, np.zeros(1, int), np.zeros(1, int)).items()
    }
    assert {name: value for name, value in points.items() if value} == {
        "served": 1000, "urgent": 100, "waiting": 40, "distance": -76, "language": 60, "tie": 20,
    }  # fmt: skip
    pairs = find_pairs(crowd, PLAIN)
    assert (pairs.weight.tolist(), pairs.metres.tolist()) == ([1144], [1890])
