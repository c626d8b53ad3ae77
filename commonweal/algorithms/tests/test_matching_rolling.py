from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.algorithms.matching.assigning.model import Assignment, Prices
from commonweal.algorithms.matching.book import PRICE
from commonweal.algorithms.matching.instance import Asks, Helpers, Instance
from commonweal.algorithms.matching.mending import Move, NotInPlan
from commonweal.algorithms.matching.rolling import Plan
from commonweal.algorithms.matching.searching import choose
from commonweal.algorithms.tests.rolling_cast import (
    MONDAY_MORNING,
    MONDAY_NOON,
    TUESDAY,
    full_solve,
    made_up,
    plan_of,
    promises,
    rows,
    some_of,
    stands,
)

ANN, BEA = 0, 1
EVENTS = (
    "arrive", "withdraw", "refuse", "drop_out", "freeze", "promise",
    "join", "share", "leave", "capacity", "time", "retry",
)  # fmt: skip
seeds = st.integers(0, 2**32 - 1)
events = st.lists(st.sampled_from(EVENTS), max_size=12)


def matched(plan: Plan) -> dict[int, tuple[int, int]]:
    """Who is to meet each ask, and in which part of the week (asks of one pair of hands)."""
    matches = plan.matches()
    pairs = zip(matches.helper.tolist(), matches.slot.tolist(), strict=True)
    return dict(zip(matches.ask.tolist(), pairs, strict=True))


def let_happen(plan: Plan, event: str, chance: np.random.Generator, *, most_hands: int = 1) -> set[int]:
    """One event, of something there is. Returns the asks whose promises it may take back."""
    matches = plan.matches()
    one = int(chance.integers(len(matches.ask))) if len(matches.ask) else None
    ask, helper = int(chance.integers(max(plan.asks, 1))), int(chance.integers(plan.helpers))
    if event == "arrive":
        some = some_of(chance, plan.helpers)
        hands = int(chance.integers(1, most_hands + 1))
        plan.arrive(
            helpers=np.array(list(some), int), weights=np.array(list(some.values()), int),
            slots=int(chance.integers(1, 16)), hands=hands, at_least=hands,
        )  # fmt: skip
    elif event == "withdraw" and plan.asks:
        plan.withdraw(ask)
        return {ask}
    elif event in {"refuse", "drop_out"} and one is not None:
        ask = int(matches.ask[one])
        getattr(plan, event)(ask, int(matches.helper[one]))
        return {ask}
    elif event == "freeze" and one is not None and not matches.frozen[one]:
        plan.freeze(int(matches.ask[one]), int(matches.helper[one]))
    elif event == "promise" and plan.asks:
        try:
            plan.promise(ask, helper, int(chance.integers(4)))
        except NotInPlan:
            return set()
    elif event in {"join", "share"}:
        some = some_of(chance, plan.asks) if plan.asks else {}
        plan.helper_joins(
            asks=np.array(list(some), int), weights=np.array(list(some.values()), int),
            slots=int(chance.integers(1, 16)), capacity=int(chance.integers(4)),
            of=helper if event == "share" else None,
        )  # fmt: skip
    elif event == "leave":
        gone = {ask for ask, of, _ in promises(plan) if of == helper}
        plan.helper_leaves(helper)
        return gone
    elif event == "capacity":
        plan.set_capacity(helper, int(chance.integers(4)))
    elif event == "time":
        plan.time_passes(15 & ~int(chance.integers(16)))
    else:
        plan.retry()
    return set()


@settings(deadline=None, max_examples=120)
@given(seeds, events, st.booleans())
def test_whatever_happens_the_plan_is_worth_what_a_full_solve_would_give(seed, happening, late):
    chance = np.random.default_rng(seed)
    plan = made_up(chance, late=late)
    assert plan.value() == plan.bound() == full_solve(plan)
    for event in happening:
        before = promises(plan)
        loosed = let_happen(plan, event, chance)
        stands(plan)
        assert plan.value() == plan.bound() == full_solve(plan)
        assert {promise for promise in before if promise[0] not in loosed} <= promises(plan)


@settings(deadline=None, max_examples=80)
@given(seeds, events)
def test_hands_that_are_needed_together_come_together_or_not_at_all(seed, happening):
    chance = np.random.default_rng(seed)
    plan = made_up(chance, hands=True)
    for event in happening:
        before = promises(plan)
        loosed = let_happen(plan, event, chance, most_hands=2)
        stands(plan)
        assert {promise for promise in before if promise[0] not in loosed} <= promises(plan)
        assert plan.value() == plan.bound() == full_solve(plan)
        matches = plan.matches()
        for ask, least in plan._at_least.items():
            here = matches.ask == ask
            assert here.sum() == 0 or here.sum() >= least or matches.frozen[here].any()
            assert len(set(matches.slot[here & ~matches.frozen].tolist())) <= 1


@settings(deadline=None, max_examples=60)
@given(seeds, events, st.integers(1, 30))
def test_with_a_price_of_switching_a_plan_is_best_less_what_its_moves_cost(seed, happening, switch):
    chance = np.random.default_rng(seed)
    plan = made_up(chance, switch=switch)
    for event in happening:
        let_happen(plan, event, chance)
        suggested = int((~plan.matches().frozen).sum())
        stands(plan)
        assert plan.value() + switch * suggested == plan.bound()
        assert full_solve(plan) - switch * suggested <= plan.value() <= full_solve(plan)


@settings(deadline=None, max_examples=40)
@given(seeds)
def test_the_order_in_which_asks_come_changes_nothing_of_the_value(seed):
    chance = np.random.default_rng(seed)
    asks = [some_of(chance, 4) for _ in range(8)]
    slots = chance.integers(1, 16, 8)
    at_once = plan_of(asks, helpers=4, slots=slots, capacity=2)
    one_by_one = plan_of([], helpers=4, capacity=2)
    for number in chance.permutation(8).tolist():
        one_by_one.arrive(
            helpers=np.array(list(asks[number]), int),
            weights=np.array(list(asks[number].values()), int),
            slots=int(slots[number]),
        )
    assert at_once.value() == one_by_one.value()


def test_one_arrival_moves_what_was_suggested_and_says_so():
    plan = plan_of([{ANN: 10, BEA: 9}])
    ask, moves = plan.arrive(helpers=np.array([ANN]), weights=np.array([10]))
    assert moves == (Move(0, ANN, 0, BEA, 0), Move(ask, -1, -1, ANN, 0))


def test_what_is_promised_does_not_move_for_an_arrival():
    plan = plan_of([{ANN: 10, BEA: 9}])
    plan.freeze(0)
    ask, moves = plan.arrive(helpers=np.array([ANN]), weights=np.array([10]))
    assert moves == ()
    assert ask not in matched(plan)


def test_a_suggestion_stays_where_moving_it_costs_more_than_it_gains():
    for switch, helper in ((0, 2), (2, ANN)):
        plan = plan_of([{ANN: 10}], switch=switch)
        plan.helper_joins(asks=np.array([0]), weights=np.array([11]))
        assert matched(plan) == {0: (helper, 0)}


def test_a_refusal_is_for_good():
    plan = plan_of([{ANN: 10, BEA: 9}])
    assert plan.refuse(0, ANN) == (Move(0, ANN, 0, BEA, 0),)
    assert plan.refuse(0, BEA) == (Move(0, BEA, 0, -1, -1),)
    assert plan.set_capacity(ANN, 3) == plan.withdraw(0) == ()


def test_who_refuses_a_promise_is_free_for_the_next_and_who_drops_out_is_not():
    for event, meets in (("refuse", True), ("drop_out", False)):
        plan = plan_of([{ANN: 10}, {ANN: 5}], slots=MONDAY_MORNING)
        plan.freeze(0, ANN)
        getattr(plan, event)(0, ANN)
        assert (1 in matched(plan)) is meets


def test_who_drops_out_of_a_suggestion_keeps_their_week_but_not_that_hour():
    plan = plan_of([{ANN: 10}, {ANN: 5}], slots=[MONDAY_MORNING, MONDAY_MORNING | TUESDAY])
    plan.drop_out(0, ANN)
    assert matched(plan) == {1: (ANN, 6)}


def test_nobody_is_in_two_places_at_once_even_with_a_week_to_give():
    plan = plan_of([{ANN: 10}, {ANN: 9}], slots=MONDAY_MORNING, capacity=5)
    assert matched(plan) == {0: (ANN, 0)}
    plan.arrive(helpers=np.array([ANN]), weights=np.array([8]), slots=MONDAY_NOON)
    assert matched(plan) == {0: (ANN, 0), 2: (ANN, 1)}


def test_two_offers_of_one_person_share_their_week():
    plan = plan_of([{0: 10}, {1: 9}], person=np.array([7, 7]), capacity=1)
    assert matched(plan) == {0: (0, 0)}
    assert plan.worth().tolist() == [9, 9]


def test_late_takes_the_last_hour_that_is_free():
    assert matched(plan_of([{ANN: 10}], slots=MONDAY_MORNING | TUESDAY)) == {0: (ANN, 0)}
    assert matched(plan_of([{ANN: 10}], slots=MONDAY_MORNING | TUESDAY, late=True)) == {0: (ANN, 6)}


@given(st.integers(1, 2**42 - 1))
def test_of_many_free_hours_the_first_or_the_last_is_chosen(bits):
    free = [bit for bit in range(42) if bits >> bit & 1]
    assert choose(np.uint64(bits), False) == free[0]
    assert choose(np.uint64(bits), True) == free[-1]


def test_a_search_finds_room_for_as_many_points_as_it_reaches():
    chance = np.random.default_rng(1)
    asks = [
        {helper: int(weight) for helper, weight in enumerate(chance.integers(500, 520, 150))}
        for _ in range(190)
    ]
    plan = plan_of(asks, helpers=150, slots=chance.integers(1, 1 << 42, 190))
    assert plan.value() == plan.bound() == full_solve(plan)
    plan.withdraw(3)
    plan.refuse(int(plan.matches().ask[0]), int(plan.matches().helper[0]))
    assert plan.value() == plan.bound() == full_solve(plan)


def test_asks_that_come_and_go_leave_no_trace_with_a_helper():
    plan = plan_of([{ANN: 10}])
    for _ in range(200):
        ask, _moves = plan.arrive(helpers=np.array([ANN, BEA]), weights=np.array([9, 8]))
        plan.withdraw(ask)
    stands(plan)
    assert matched(plan) == {0: (ANN, 0)}
    assert plan.hooks < 40


def test_a_helper_whom_an_ask_names_many_times_is_one_helper():
    plan = plan_of([{ANN: 10}])
    plan.arrive(helpers=np.full(30, ANN), weights=np.arange(1, 31))
    assert plan.value() == 30
    plan.arrive(helpers=np.array([BEA]), weights=np.array([7]))
    assert plan.value() == plan.bound() == 37


def test_when_time_passes_suggestions_move_on_and_promises_stay():
    plan = plan_of([{ANN: 10}, {BEA: 10}], slots=[MONDAY_MORNING | TUESDAY, MONDAY_MORNING])
    plan.freeze(1)
    assert plan.time_passes(TUESDAY) == (Move(0, ANN, 0, ANN, 6),)
    assert matched(plan) == {0: (ANN, 6), 1: (BEA, 0)}


def test_when_the_hour_of_one_hand_passes_the_promised_other_stays():
    plan = plan_of([{ANN: 10, BEA: 8}], slots=MONDAY_MORNING, hands=2, at_least=2)
    plan.freeze(0, ANN)
    assert plan.time_passes(TUESDAY) == (Move(0, BEA, 0, -1, -1),)
    assert promises(plan) == {(0, ANN, 0)}


def test_who_refuses_what_was_never_suggested_to_them_is_only_struck_out():
    plan = plan_of([{ANN: 10, BEA: 9}])
    assert plan.refuse(0, BEA) == ()
    assert plan.refuse(0, ANN) == (Move(0, ANN, 0, -1, -1),)


def test_a_promise_by_hand_makes_suggestions_give_way():
    plan = plan_of([{ANN: 10, BEA: 1}, {ANN: 3}], slots=MONDAY_MORNING)
    assert plan.promise(1, ANN, 0) == (Move(0, ANN, 0, BEA, 0), Move(1, -1, -1, ANN, 0))
    assert promises(plan) == {(1, ANN, 0)}


def test_a_promise_by_hand_cannot_take_what_is_promised():
    plan = plan_of([{ANN: 10}, {ANN: 3, BEA: 2}], slots=MONDAY_MORNING)
    plan.freeze(0)
    for helper, slot in ((ANN, 0), (BEA, 6), (7, 0)):
        with pytest.raises(NotInPlan):
            plan.promise(1, helper, slot)
    assert matched(plan) == {0: (ANN, 0), 1: (BEA, 0)}


def test_two_hands_come_in_one_part_of_the_week():
    hours = [MONDAY_MORNING | TUESDAY, MONDAY_NOON | TUESDAY]
    plan = plan_of([{ANN: 10, BEA: 8}], hands=2, at_least=2, hours=hours)
    assert plan.matches().slot.tolist() == [6, 6]


def test_hands_that_are_too_few_are_none_and_found_when_somebody_joins():
    plan = plan_of([{ANN: 10}, {ANN: 4}], hands=[2, 1], at_least=[2, 1])
    assert matched(plan) == {1: (ANN, 0)}
    plan.helper_joins(asks=np.array([0]), weights=np.array([10]))
    assert plan.retry() != ()
    assert sorted(plan.matches().ask.tolist()) == [0, 0]


def test_when_one_of_two_hands_goes_the_other_is_free():
    plan = plan_of([{ANN: 10, BEA: 8}, {BEA: 5}], hands=[2, 1], at_least=[2, 1])
    plan.refuse(0, ANN)
    assert matched(plan) == {1: (BEA, 0)}


def test_a_hand_that_is_promised_stays_where_the_other_goes():
    plan = plan_of([{ANN: 10, BEA: 8}], hands=2, at_least=2)
    plan.freeze(0, ANN)
    plan.refuse(0, BEA)
    assert promises(plan) == {(0, ANN, 0)}


def test_a_week_that_gets_shorter_gives_up_even_what_is_kept_together():
    plan = plan_of([{ANN: 10, BEA: 8}], hands=2, at_least=2)
    plan.set_capacity(ANN, 0)
    assert matched(plan) == {}


def test_an_assignment_to_begin_with_is_taken_over_with_its_prices():
    asks, helpers = Asks.of(3, slots=MONDAY_MORNING | TUESDAY), Helpers.of(2, capacity=[1, 2], person=[0, 1])
    pairs = rows({ANN: 10}, {ANN: 8, BEA: 7}, {BEA: 6})
    instance = Instance.of(asks, helpers)
    best = Plan.of(instance, pairs)
    matches = best.matches()
    prices = Prices(
        week=best.worth() * 4, dear_ptr=np.array([0, 1, 1]), dear_slot=np.array([0], np.int8),
        dear_price=np.array([4]), ask=np.zeros(3, np.int64), scale=4,
    )  # fmt: skip
    given_first = Assignment(
        ask=matches.ask, helper=matches.helper, slot=matches.slot, weight=matches.weight, value=best.value(),
        reward=0, bound=best.value(), prices=prices, bids=0, paths=0,
    )  # fmt: skip
    plan = Plan.of(instance, pairs, given=given_first)
    assert matched(plan) == matched(best)
    assert plan.value() == full_solve(plan)
    twice = SimpleNamespace(
        ask=np.array([0, 1, 1, 2, 2]),
        helper=np.array([0, 0, 1, 0, 1]),
        slot=np.array([0, 0, 6, 0, 1]),
        prices=prices,
    )
    plan = Plan.of(instance, pairs, given=twice)
    stands(plan)
    assert plan.value() == full_solve(plan)


def test_the_worked_example_of_the_documentation():
    plan = plan_of([], hours=[MONDAY_MORNING | TUESDAY, MONDAY_MORNING])
    told = []
    for row, slots in (({ANN: 10, BEA: 9}, 1), ({ANN: 10}, MONDAY_MORNING | TUESDAY), ({BEA: 4}, 1)):
        _, moves = plan.arrive(helpers=np.array(list(row)), weights=np.array(list(row.values())), slots=slots)
        told.append(([(move.ask, move.helper) for move in moves], plan.value(), int(plan.worth()[ANN])))
    assert told == [([(0, ANN)], 10, 0), ([(0, BEA), (1, ANN)], 19, 1), ([], 19, 5)]
    assert plan.book.seats[0, PRICE] == 4
    plan.freeze(0)
    assert [(move.ask, move.helper) for move in plan.withdraw(1)] == [(1, -1)]
    assert (matched(plan), plan.value(), int(plan.worth()[ANN])) == ({0: (BEA, 0)}, 9, 0)


def test_an_empty_plan_is_worth_nothing():
    plan = plan_of([], helpers=0)
    assert plan.value() == plan.bound() == 0
    assert plan.matches().ask.tolist() == plan.worth().tolist() == []
    assert plan.arrive(helpers=np.array([], int), weights=np.array([], int)) == (0, ())


def test_what_is_not_in_the_plan_is_refused():
    plan = plan_of([{ANN: 10}])
    one = np.array([1])
    for wrong in (
        lambda: plan.withdraw(1),
        lambda: plan.refuse(0, 9),
        lambda: plan.freeze(0, BEA),
        lambda: plan.helper_leaves(-1),
        lambda: plan.set_capacity(2, 1),
        lambda: plan.arrive(helpers=np.array([2]), weights=one),
        lambda: plan.arrive(helpers=one, weights=np.array([], int)),
        lambda: plan.arrive(helpers=one, weights=one, hands=1, at_least=2),
        lambda: plan.helper_joins(asks=one, weights=one),
        lambda: plan.helper_joins(asks=np.array([0]), weights=one, of=5),
    ):
        with pytest.raises(NotInPlan):
            wrong()
    assert matched(plan) == {0: (ANN, 0)}
    with pytest.raises(ValueError, match="worth something"):
        Plan(switch=-1)
