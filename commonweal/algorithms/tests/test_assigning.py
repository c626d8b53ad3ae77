"""The assignment of all asks at once: against slow twins, and what must always hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commonweal.algorithms.matching.assigning import EquityRules, assign, engine
from commonweal.algorithms.matching.assigning.fairness import groups_of
from commonweal.algorithms.matching.instance import FULL, Asks, Helpers, Instance
from commonweal.algorithms.tests.assigning_cast import (
    assert_lawful,
    best_by_flow,
    best_by_milp,
    made_up,
    rows_of,
)

NO_REWARDS = EquityRules(areas=0, languages=0, access=0)
seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=60, deadline=None)
fewer = settings(max_examples=25, deadline=None)


def plain(weights, *, capacity=1, slots=FULL, ask_slots=FULL, **asks):
    """Asks and helpers with nothing in their way but the weights."""
    n, m = weights.shape
    return Instance.of(
        Asks.of(n, category=0, slots=ask_slots, **asks),
        Helpers.of(m, categories=1, capacity=capacity, slots=slots),
    )


@few
@example(seed=3788856, people=True, most=20)  # a heavier offer of the same person, dearer at that moment
@given(seeds, st.booleans(), st.sampled_from([1, 3, 20, 1000]))
def test_one_hand_each_is_assigned_exactly(seed, people, most):
    instance, weights = made_up(seed, people=people, most=most)
    made = assign(instance, rows_of(weights), seed=seed)
    assert_lawful(instance, weights, made)
    assert made.value == made.bound == best_by_flow(instance, weights)
    assert made.exact
    assert made.gap == 0
    assert made.reward == 0


@few
@given(seeds, st.booleans())
def test_several_hands_are_all_or_nothing_under_a_true_ceiling(seed, people):
    instance, weights = made_up(seed, hands=3, people=people, asks=8)
    made = assign(instance, rows_of(weights), seed=seed)
    assert_lawful(instance, weights, made)
    best = best_by_milp(instance, weights, groups_of(instance, NO_REWARDS))
    assert made.value <= best <= made.bound


def test_several_hands_come_near_the_best_all_in_all():
    reached, possible = 0, 0
    for seed in range(40):
        instance, weights = made_up(seed, hands=3, asks=8)
        reached += assign(instance, rows_of(weights), seed=seed).value
        possible += best_by_milp(instance, weights, groups_of(instance, NO_REWARDS))
    assert reached >= 0.97 * possible


@pytest.mark.parametrize(
    "rules", [EquityRules(areas=15, languages=0, access=0), EquityRules(areas=15, languages=9, access=6)]
)
def test_with_rewards_for_groups_it_stays_near_the_best(rules):
    reached = possible = proved = 0
    for seed in range(25):
        instance, weights = made_up(seed)
        made = assign(instance, rows_of(weights), equity=rules, seed=seed)
        assert_lawful(instance, weights, made)
        best = best_by_milp(instance, weights, groups_of(instance, rules))
        assert made.value + made.reward <= best <= made.bound
        reached, possible, proved = reached + made.value + made.reward, possible + best, proved + made.bound
    assert reached >= 0.995 * possible
    assert proved <= 1.03 * possible


@few
@given(seeds, st.integers(1, 3))
def test_where_it_need_not_be_exact_it_is_certified(seed, hands):
    instance, weights = made_up(seed, hands=hands, most=1000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "EXACT_UNITS", 0)
        made = assign(instance, rows_of(weights), seed=seed)
    assert_lawful(instance, weights, made)
    best = best_by_milp(instance, weights, groups_of(instance, NO_REWARDS))
    assert made.value <= best <= made.bound
    if hands == 1:
        assert made.value >= 0.97 * best


@few
@given(seeds, st.integers(1, 3), st.booleans(), st.sampled_from([3, 20, 1000]))
def test_paths_end_what_coarse_auctions_leave_open(seed, hands, people, most):
    instance, weights = made_up(seed, hands=hands, people=people, most=most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "steps_of", lambda session, exact: [session.step << 6])
        made = assign(instance, rows_of(weights), seed=seed)
        patch.setattr(engine, "MOST_READ", -1)
        without = assign(instance, rows_of(weights), seed=seed)
    assert_lawful(instance, weights, made)
    assert_lawful(instance, weights, without)
    assert without.paths == 0
    best = best_by_milp(instance, weights, groups_of(instance, NO_REWARDS))
    assert max(made.value, without.value) <= best <= min(made.bound, without.bound)
    if hands == 1:
        assert made.exact


@fewer
@given(seeds, st.integers(1, 2))
def test_time_that_is_left_over_at_a_price_is_given_away(seed, zones):
    # Prices that never fall between auctions leave people with room whom nobody can afford any more.
    instance, weights = made_up(seed, most=1000, asks=30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "EXACT_UNITS", 0)
        patch.setattr(engine, "FALL", 0)
        patch.setattr(engine, "LITTLE_FALL", 0)
        made = assign(instance, rows_of(weights), seed=seed, zones=zones)
    assert_lawful(instance, weights, made)
    assert made.value <= best_by_flow(instance, weights) <= made.bound
    met, given_out = made.served(len(weights)), np.bincount(made.helper, minlength=weights.shape[1])
    for ask, helper in zip(*np.nonzero(weights * (met == 0)[:, None])):
        taken = set(made.slot[made.helper == helper].tolist())
        both = int(instance.asks.slots[ask]) & int(instance.helpers.slots[helper])
        free = [part for part in range(42) if both >> part & 1 and part not in taken]
        assert not free or given_out[helper] >= instance.helpers.capacity[helper]


def test_rewards_count_where_it_need_not_be_exact_too(monkeypatch):
    monkeypatch.setattr(engine, "EXACT_UNITS", 0)
    rules = EquityRules(areas=300, languages=0, access=0)
    instance, weights = made_up(7, most=1000, asks=30)
    made = assign(instance, rows_of(weights), equity=rules)
    assert_lawful(instance, weights, made)
    assert (
        made.value + made.reward <= best_by_milp(instance, weights, groups_of(instance, rules)) <= made.bound
    )


@fewer
@given(seeds, seeds)
def test_the_order_of_the_input_changes_nothing_but_ties(seed, other):
    instance, weights = made_up(seed, people=True)
    chance = np.random.default_rng(other)
    asks, helpers = (chance.permutation(size) for size in weights.shape)
    turned = Instance.of(instance.asks.take(asks), instance.helpers.take(helpers))
    made = assign(instance, rows_of(weights), seed=seed)
    assert assign(turned, rows_of(weights[asks][:, helpers]), seed=other).value == made.value


@fewer
@given(seeds, st.integers(2, 1000))
def test_weights_that_are_scaled_change_nothing(seed, factor):
    instance, weights = made_up(seed)
    made = assign(instance, rows_of(weights), seed=seed)
    assert assign(instance, rows_of(weights * factor), seed=seed).value == made.value * factor


@fewer
@given(seeds)
def test_one_more_helper_never_means_fewer_served(seed):
    instance, weights = made_up(seed, most=1)
    made = assign(instance, rows_of(weights))
    fewer_helpers = replace(instance, helpers=instance.helpers.take(np.arange(weights.shape[1] - 1)))
    assert len(assign(fewer_helpers, rows_of(weights[:, :-1])).ask) <= len(made.ask)


def test_the_seed_decides_between_what_is_worth_the_same():
    weights = np.ones((6, 3), np.int64)
    instance = plain(weights)
    chosen = [assign(instance, rows_of(weights), seed=seed).ask.tolist() for seed in range(8)]
    assert [assign(instance, rows_of(weights), seed=seed).ask.tolist() for seed in range(8)] == chosen
    assert len({tuple(asks) for asks in chosen}) > 1


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_nobody_on_one_side_is_an_empty_assignment(shape):
    weights = np.zeros(shape, np.int64)
    made = assign(plain(weights), rows_of(weights) if shape[0] else rows_of(np.zeros((0, 0)).reshape(0, 0)))
    assert (len(made.ask), made.value, made.bound, made.gap) == (0, 0, 0, 0.0)
    assert made.exact


def test_a_week_without_room_gives_nothing_and_a_huge_one_as_much_as_it_has_parts():
    weights = np.full((60, 1), 7)
    assert len(assign(plain(weights, capacity=0), rows_of(weights)).ask) == 0
    made = assign(plain(weights, capacity=1000), rows_of(weights))
    assert sorted(made.slot.tolist()) == list(range(42))
    assert made.exact


def test_somebody_moves_within_their_week_to_let_another_in():
    # Both fit if who can come at two times takes the other one.
    weights = np.array([[10], [9]])
    instance = plain(weights, capacity=2, ask_slots=np.array([0b11, 0b01], np.uint64), slots=0b11)
    made = assign(instance, rows_of(weights))
    assert made.slot.tolist() == [1, 0]
    assert made.value == made.bound == 19


def test_who_asks_for_two_is_not_starved_by_those_who_ask_for_one():
    # 16 for both hands of the first is more than 9 + 6; a hand alone is worth less than 9.
    weights = np.array([[8, 8], [9, 0], [0, 6]])
    made = assign(plain(weights, hands=[2, 1, 1], at_least=[2, 1, 1]), rows_of(weights))
    assert made.ask.tolist() == [0, 0]
    assert made.value == 16


def test_an_ask_that_can_do_with_fewer_gets_fewer():
    weights = np.array([[8, 8, 8]])
    made = assign(plain(weights, capacity=[1, 1, 0], hands=3, at_least=2), rows_of(weights))
    assert made.helper.tolist() == [0, 1]


def test_two_offers_of_one_person_share_a_week_and_their_lower_limit():
    weights = np.array([[9, 0], [0, 8], [0, 7]])
    instance = plain(weights, capacity=[1, 3])
    helpers = replace(instance.helpers, person=np.array([4, 4], np.int32))
    made = assign(replace(instance, helpers=helpers), rows_of(weights))
    assert made.ask.tolist() == [0]
    assert made.exact


@pytest.mark.parametrize("exact_units", [0, 20_000])
def test_thousands_of_equal_asks_end_soon(exact_units, monkeypatch):
    monkeypatch.setattr(engine, "EXACT_UNITS", exact_units)
    weights = np.full((5000, 20), 1000)
    made = assign(plain(weights, capacity=3), rows_of(weights))
    assert len(made.ask) == 60
    assert made.exact
    assert made.bids < 50 * 5000


def test_equal_asks_and_nearly_enough_equal_helpers_end_soon():
    weights = np.full((600, 280), 1000)
    made = assign(plain(weights, capacity=2), rows_of(weights))
    assert len(made.ask) == 560
    assert made.exact


def test_weights_near_the_limit_of_their_type_do_not_overflow():
    weights = np.full((40, 10), 2**30) - np.arange(10)
    made = assign(plain(weights, capacity=2), rows_of(weights))
    assert made.value == made.bound == 2 * int((2**30 - np.arange(10)).sum())


def test_the_first_of_an_area_goes_before_the_last_of_another():
    # Area 0 is worth more to the helpers, who have time for four of the eight.
    weights = np.repeat([[105, 105], [100, 100]], 4, axis=0)
    instance = plain(weights, capacity=2, area=np.repeat([0, 1], 4))
    alone = assign(instance, rows_of(weights))
    fair = assign(instance, rows_of(weights), equity=EquityRules(areas=80, languages=0, access=0))
    assert (alone.served(8).reshape(2, 4).sum(axis=1)).tolist() == [4, 0]
    assert (fair.served(8).reshape(2, 4).sum(axis=1)).tolist() == [2, 2]
    assert fair.reward == 2 * (80 + 60)
    assert fair.value + fair.reward <= fair.bound
    assert alone.value - fair.value == 10


@pytest.mark.parametrize("wrong", [-1, 1_000_001])
def test_rewards_beyond_all_measure_are_refused(wrong):
    with pytest.raises(ValueError, match="languages is from 0 to"):
        EquityRules(languages=wrong)
