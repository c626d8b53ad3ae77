"""The parts of the assignment: prices, the ceiling, seats, rides next door, and why somebody was passed over."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.algorithms.matching.assigning import EquityRules, Prices, assign
from commonweal.algorithms.matching.assigning.certificate import ceiling
from commonweal.algorithms.matching.assigning.fairness import groups_of
from commonweal.algorithms.matching.assigning.market import people_of
from commonweal.algorithms.matching.assigning.prices import passed_over, price_for
from commonweal.algorithms.matching.assigning.seats import PERSON, SEAT, crowded_price
from commonweal.algorithms.matching.instance import FULL, Asks, Helpers, Instance
from commonweal.algorithms.tests.assigning_cast import (
    PARTS,
    assert_lawful,
    made_up,
    options,
    persons,
    room,
    rows_of,
    schedulable,
)

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=60, deadline=None)

# The example of docs/explanation/assignment.md: five asks; Rosa has time twice (Monday 9 and 12), Sam once (Monday 9).
WEIGHTS = np.array([[960, 900], [940, 0], [1010, 1000], [930, 880], [0, 890]])
TIMES = np.array([0b11, 0b01, 0b01, 0b11, 0b01], np.uint64)
EXAMPLE = Instance.of(
    Asks.of(5, category=0, slots=TIMES),
    Helpers.of(2, categories=1, capacity=[2, 1], slots=[0b11, 0b01]),
)


def any_prices(instance, weights, seed):
    """Prices that nobody has thought about, the same for all helpers of a person."""
    chance = np.random.default_rng(seed)
    person = people_of(instance).person
    crowd = person.max() + 1
    dear = chance.integers(0, 20, (crowd, PARTS)) * (chance.random((crowd, PARTS)) < 0.5)
    each = dear[person]
    return Prices(
        week=chance.integers(0, 20, crowd)[person].astype(np.int64),
        dear_ptr=np.concatenate([[0], np.cumsum((each > 0).sum(axis=1))]).astype(np.int64),
        dear_slot=each.nonzero()[1].astype(np.int8),
        dear_price=each[each > 0].astype(np.int64),
        ask=chance.integers(0, 5, len(weights)).astype(np.int64),
        scale=int(chance.integers(1, 4)),
    )


@few
@given(seeds, st.integers(1, 3), st.booleans())
def test_the_ceiling_is_what_asks_have_left_and_hours_cost(seed, hands, people):
    instance, weights = made_up(seed, hands=hands, people=people)
    prices = any_prices(instance, weights, seed)
    dear, who = prices.slots(), persons(instance)
    first = {person: who.index(person) for person in who}
    expected = sum(int(prices.week[first[p]]) * room(instance)[p] + int(dear[first[p]].sum()) for p in first)
    for ask in range(len(weights)):
        left = {}
        for _, person, part, weight in (o for o in options(instance, weights) if o[0] == ask):
            price = int(prices.week[first[person]] + dear[first[person], part])
            worth = prices.scale * weight + int(prices.ask[ask]) - price
            if room(instance)[person]:
                left[person] = max(left.get(person, 0), worth)
        expected += sum(sorted(left.values())[::-1][: int(instance.asks.hands[ask])])
    assert ceiling(instance, rows_of(weights), people_of(instance), prices) == expected


@few
@given(seeds)
def test_the_price_is_the_lowest_bid_without_which_there_is_room(seed):
    chance = np.random.default_rng(seed)
    count = int(chance.integers(1, PARTS))
    masks = chance.integers(1, 1 << PARTS, count).tolist()
    wanted = int(chance.integers(1, 1 << PARTS))
    slots = next((s for s in _ways(masks) if s), None)
    if slots is None:
        return
    seats, person = np.zeros(count + 1, SEAT), np.zeros(1, PERSON)
    seats["slot"][:count], seats["mask"][:count] = slots, masks
    seats["bid"][:count] = chance.integers(1, 9, count)
    person["last_seat"], person["filled"] = count + 1, count
    bids = seats["bid"][:count].tolist()
    if schedulable([*masks, wanted], count + 1):
        expected = 0
    else:
        out = [b for k, b in enumerate(bids) if schedulable(masks[:k] + masks[k + 1 :] + [wanted], count + 1)]
        expected = min(out)
    # A part that is free at once is never asked about here.
    if not wanted & ~sum(1 << s for s in slots):
        assert crowded_price(seats, person[0], wanted, 0) == expected


def _ways(masks):
    """Every way in which the masks can have parts of their own."""
    yield from _place(masks, ())


def _place(masks, chosen):
    if len(chosen) == len(masks):
        yield chosen
        return
    for part in range(PARTS):
        if masks[len(chosen)] >> part & 1 and part not in chosen:
            yield from _place(masks, (*chosen, part))


def test_the_example_of_the_docs():
    pairs = rows_of(WEIGHTS)
    made = assign(EXAMPLE, pairs)
    tasks = list(zip(made.ask.tolist(), made.helper.tolist(), made.slot.tolist()))
    assert tasks == [(0, 0, 1), (1, 0, 0), (2, 1, 0)]
    assert made.value == made.bound == 2900
    assert_lawful(EXAMPLE, WEIGHTS, made)
    everything = options(EXAMPLE, WEIGHTS)
    lawful = (choice for k in range(4) for choice in combinations(everything, k) if _lawful(choice))
    assert max(sum(weight for *_, weight in choice) for choice in lawful) == 2900
    (over,) = passed_over(EXAMPLE, pairs, made, 4)
    assert (over.helper, over.weight, over.instead) == (1, 890, (2,))
    assert over.price >= 890
    assert over.short_by == over.price - 890
    assert [one.helper for one in passed_over(EXAMPLE, pairs, made, 3)] == [0, 1]
    assert [one.helper for one in passed_over(EXAMPLE, pairs, made, 0)] == [1]


def _lawful(choice):
    asks, times = {o[0] for o in choice}, {o[1:3] for o in choice}
    rosa = sum(o[1] == ("alone", 0) for o in choice)
    sam = sum(o[1] == ("alone", 1) for o in choice)
    return len(asks) == len(times) == len(choice) and rosa <= 2 and sam <= 1


def test_who_is_passed_over_could_be_had_for_the_price():
    instance, weights = made_up(5, most=1000)
    pairs = rows_of(weights)
    made = assign(instance, pairs)
    for ask in np.flatnonzero(made.served(len(weights)) == 0):
        over = passed_over(instance, pairs, made, int(ask), most=2)
        assert len(over) == min(2, np.count_nonzero(weights[ask]))
        for one in over:
            assert one.price == price_for(instance, made, int(ask), one.helper)
            assert one.short_by >= 0
        assert [one.price - one.weight for one in over] == sorted(one.price - one.weight for one in over)


def test_prices_in_points_are_rounded_and_parts_stand_in_their_places():
    prices = Prices(
        week=np.array([0, 5, 6, 7]), dear_ptr=np.array([0, 0, 2, 2, 2]), dear_slot=np.array([3, 41], np.int8),
        dear_price=np.array([8, 9]), ask=np.zeros(0, np.int64), scale=4,
    )  # fmt: skip
    assert prices.points().tolist() == [0, 1, 2, 2]
    assert prices.slots()[1, [3, 41]].tolist() == [8, 9]
    assert prices.slots().sum() == 17


def test_groups_are_areas_sets_of_languages_and_single_needs():
    asks = Asks.of(3, category=0, area=[7, -1, 7], languages=[3, 3, 0], needs=[2, 3, 0], hands=[1, 2, 1])
    instance = Instance.of(asks, Helpers.of(0, categories=1))
    groups = groups_of(instance, EquityRules(areas=10, languages=9, access=8))
    assert groups.member.toarray().T.tolist() == [[1, 0, 1], [1, 1, 0], [0, 1, 0], [1, 1, 0]]
    assert groups.size.tolist() == [2, 3, 2, 3]
    assert groups.steps.tolist() == [10, 5, 9, 6, 3, 8, 4, 8, 5, 2]
    hands = np.array([1, 1, 0])
    assert groups.filled(hands).tolist() == [1, 2, 1, 2]
    assert groups.reward(hands) == 10 + 9 + 6 + 8 + 8 + 5
    assert groups.next_worth(hands, 2).tolist() == [10, 6, 8, 5]
    assert groups.for_asks(np.array([1, 10, 100, 1000])).tolist() == [1011, 1110, 1]
    assert groups.ceiling(np.array([6, 0, 100, 7]), 1) == 4 + 18 + 0 + 1


METRES = 1 / 111_195


@pytest.mark.parametrize(
    ("metres", "served"),
    [((0, 50, 30, 20), [0, 1, 2]), ((0, 70, 50, 140), [0, 2]), ((0, 100, 200, 300), [0])],
)
def test_next_door_three_share_one_visit(metres, served):
    weights = np.array([[100], [90], [80], [70]])
    asks = Asks.of(4, category=0, lat=np.array(metres) * METRES, lon=np.zeros(4), slots=[1, 1, 1, 1])
    instance = Instance.of(asks, Helpers.of(1, categories=1, capacity=3, slots=FULL))
    pairs = rows_of(weights)
    apart = assign(instance, pairs)
    assert apart.ask.tolist() == [0]
    joint = assign(instance, pairs, together=True)
    assert joint.ask.tolist() == served
    assert set(zip(joint.helper.tolist(), joint.slot.tolist())) == {(0, 0)}
    assert joint.value == joint.weight.sum() == weights[served].sum()
    assert joint.bound == apart.bound + joint.value - apart.value


def test_who_could_ride_with_two_rides_with_one():
    weights = np.array([[100, 99], [99, 98], [60, 50], [55, 45]])
    asks = Asks.of(4, category=0, lat=np.zeros(4), lon=np.zeros(4), slots=1)
    instance = Instance.of(asks, Helpers.of(2, categories=1, slots=1))
    made = assign(instance, rows_of(weights), together=True)
    assert made.ask.tolist() == [0, 1, 2, 3]
    assert made.helper[2:].tolist() == [0, 0]
    assert sorted(made.helper[:2].tolist()) == [0, 1]


def test_calls_and_asks_for_two_have_visits_of_their_own():
    weights = np.array([[100, 99], [90, 0], [80, 0]])
    asks = Asks.of(
        3, category=0, lat=np.zeros(3), lon=np.zeros(3), slots=[1, 1, 1], hands=[2, 1, 1], at_least=[2, 1, 1],
        in_person=[True, True, False],
    )  # fmt: skip
    instance = Instance.of(asks, Helpers.of(2, categories=1, slots=1))
    made = assign(instance, rows_of(weights), together=True)
    assert made.ask.tolist() == [0, 0]
