"""A map cut into zones that bid at the same time: forced on small networks, on which all can be checked."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.algorithms.matching.assigning import EquityRules, assign
from commonweal.algorithms.matching.assigning.bidding import ANYWHERE, auction
from commonweal.algorithms.matching.assigning.engine import NO_REWARDS, begun, bidding_order
from commonweal.algorithms.matching.assigning.fairness import groups_of
from commonweal.algorithms.matching.assigning.leftover import draw_in
from commonweal.algorithms.matching.assigning.market import hands_held, holes, value_held
from commonweal.algorithms.matching.assigning.seats import PERSON, SEAT, make_room
from commonweal.algorithms.matching.assigning.threads import at_once, in_parts
from commonweal.algorithms.matching.assigning.zones import BETWEEN, zones_of
from commonweal.algorithms.matching.candidates import find_pairs
from commonweal.algorithms.matching.instance import FULL, Asks, Helpers, Instance
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.algorithms.tests.assigning_cast import (
    PARTS,
    assert_lawful,
    best_by_flow,
    best_by_milp,
    made_up,
    persons,
    rows_of,
    schedulable,
)

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=60, deadline=None)
fewer = settings(max_examples=25, deadline=None)


def on_a_map(seed, *, nowhere=0.1, **sizes):
    """A made-up network with places; some are unknown. Pairs are rarer the farther they are apart."""
    instance, weights = made_up(seed, **sizes)
    chance = np.random.default_rng(seed + 1)
    asks, helpers = (
        replace(side, lat=lat, lon=lon)
        for side in (instance.asks, instance.helpers)
        for lat, lon in [chance.uniform([[0], [0]], [[0.1], [1]], (2, len(side)))]
    )
    for side in (asks, helpers):
        away = chance.random(len(side)) < nowhere
        side.lat[away], side.lon[away] = np.nan, np.nan
    far = np.abs(asks.lon[:, None] - helpers.lon) > 0.4
    return replace(instance, asks=asks, helpers=helpers), np.where(far, 0, weights)


@few
@given(seeds, st.sampled_from([3, 20, 1000]), st.booleans(), st.integers(2, 4))
def test_a_map_in_zones_keeps_all_rules_under_a_true_ceiling(seed, most, people, zones):
    instance, weights = on_a_map(seed, most=most, people=people, asks=30)
    made = assign(instance, rows_of(weights), seed=seed, zones=zones)
    assert_lawful(instance, weights, made)
    best = best_by_flow(instance, weights)
    assert 0.9 * best <= made.value <= best <= made.bound


def test_a_map_in_zones_comes_as_near_the_best_as_a_whole_one():
    reached = proved = possible = 0
    for seed in range(40):
        instance, weights = on_a_map(seed, most=1000, asks=60, helpers=20)
        made = assign(instance, rows_of(weights), seed=seed, zones=2)
        reached, proved = reached + made.value, proved + made.bound
        possible += best_by_flow(instance, weights)
    assert reached >= 0.995 * possible
    assert proved <= 1.01 * possible


@few
@given(seeds, st.integers(2, 3), st.booleans())
def test_several_hands_in_zones_are_all_or_nothing(seed, hands, people):
    instance, weights = on_a_map(seed, hands=hands, people=people, asks=8)
    made = assign(instance, rows_of(weights), seed=seed, zones=2)
    assert_lawful(instance, weights, made)
    assert made.value <= best_by_milp(instance, weights, groups_of(instance, NO_REWARDS)) <= made.bound


@fewer
@given(seeds)
def test_rewards_count_in_zones_too(seed):
    rules = EquityRules(areas=300, languages=0, access=0)
    instance, weights = on_a_map(seed, most=1000)
    made = assign(instance, rows_of(weights), equity=rules, zones=2)
    assert_lawful(instance, weights, made)
    best = best_by_milp(instance, weights, groups_of(instance, rules))
    assert made.value + made.reward <= best <= made.bound


@fewer
@given(seeds, st.booleans(), st.integers(1, 3))
def test_how_many_threads_there_are_and_which_is_faster_changes_nothing(seed, people, hands):
    instance, weights = on_a_map(seed, most=1000, people=people, hands=hands, asks=200, helpers=60)
    made = [assign(instance, rows_of(weights), seed=seed, zones=2, threads=n) for n in (1, 2, 2, 3)]
    for other in made[1:]:
        assert other.ask.tolist() == made[0].ask.tolist()
        assert other.helper.tolist() == made[0].helper.tolist()
        assert other.slot.tolist() == made[0].slot.tolist()
        assert (other.bound, other.bids) == (made[0].bound, made[0].bids)


@fewer
@given(seeds)
def test_one_more_helper_never_means_fewer_served_in_zones(seed):
    instance, weights = on_a_map(seed, most=1)
    made = assign(instance, rows_of(weights), zones=2)
    fewer_helpers = replace(instance, helpers=instance.helpers.take(np.arange(weights.shape[1] - 1)))
    assert len(assign(fewer_helpers, rows_of(weights[:, :-1]), zones=2).ask) <= len(made.ask)


def test_thousands_of_equal_asks_in_zones_end_soon():
    weights = np.full((5000, 20), 1000)
    instance = Instance.of(
        Asks.of(5000, category=0, slots=FULL), Helpers.of(20, categories=1, capacity=3, slots=FULL)
    )
    made = assign(instance, rows_of(weights), zones=2)
    assert len(made.ask) == 60
    assert made.exact
    assert made.bids < 50 * 5000


def test_very_many_identical_asks_at_one_door_are_soon_told_who_comes():
    place = {"lat": 39.0, "lon": -76.0}
    instance = Instance.of(
        Asks.of(25_000, category=0, **place), Helpers.of(30, categories=1, capacity=3, **place)
    )
    pairs = find_pairs(instance, EngineRules(), most=5, keep_metres=False)
    made = assign(instance, pairs)
    assert len(pairs) == 5 * 25_000
    assert len(made.ask) == 90
    assert made.exact
    assert made.bids < 50_000


# ---- The parts.


@few
@given(seeds, st.integers(2, 4), st.booleans())
def test_a_zone_holds_the_asks_that_only_its_people_can_meet(seed, count, people):
    instance, weights = on_a_map(seed, people=people, asks=40, helpers=20)
    session = begun(instance, rows_of(weights), NO_REWARDS, seed, 2)
    near = session.near
    order = bidding_order(session)
    zones = zones_of(session.market, near.instance.helpers, order, count, 2)
    everybody = np.concatenate([*zones.inside, zones.between])
    assert sorted(everybody.tolist()) == list(range(len(session.market.units)))
    who = persons(near.instance)
    seen = []
    for units in zones.inside:
        asks = session.market.units["ask"][units]
        rows = [slice(near.first[ask], near.last[ask]) for ask in asks]
        seen.append({who[helper] for row in rows for helper in near.helper[row]})
    for place, one in enumerate(seen):
        assert not any(one & other for other in seen[place + 1 :])
    assert (session.market.units["zone"][zones.between] == BETWEEN).all()


def test_where_no_place_is_known_all_are_in_one_zone():
    instance, weights = on_a_map(5, nowhere=1, asks=40)
    session = begun(instance, rows_of(weights), NO_REWARDS, 0, 1)
    order = bidding_order(session)
    zones = zones_of(session.market, session.near.instance.helpers, order, 2, 1)
    assert [len(units) for units in zones.inside] == [len(order), 0]
    assert len(zones.between) == 0


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_work_in_parts_is_done_once_and_told_in_order(threads):
    assert [n for part in in_parts(threads, 7, lambda a, b: list(range(a, b))) for n in part] == list(
        range(7)
    )
    assert at_once(threads, [lambda: "a", lambda: "b"]) == ["a", "b"]


def test_who_has_time_left_at_a_price_draws_somebody_in():
    # Ask 1 comes to Ann at 95 and ask 0 sends it away; Ben's time at 89 is left over. He draws in ask 0, and Ann,
    # whom ask 1 has given up, draws it back: then her time costs nothing, and ask 1 comes when all bid once more.
    weights = np.array([[100, 90], [99, 0]])
    instance = Instance.of(Asks.of(2, category=0), Helpers.of(2, categories=1))
    session = begun(instance, rows_of(weights), NO_REWARDS, 0, 1)
    market = session.market
    market.people["floor"] = market.doors["week"] = np.array([95, 89]) << session.shift
    auction(market, np.array([1, 0]), (session.shift, 1, 64), ANYWHERE)
    assert (holes(market), hands_held(market).tolist()) == (1, [1, 0])
    assert draw_in(market, 1) == 2
    assert (holes(market), value_held(market, 0)) == (0, 100)
    assert market.doors["week"].tolist() == [0, 0]
    auction(market, np.array([1, 0]), (session.shift, 1, 64), ANYWHERE)
    assert value_held(market, 0) == 90 + 99
    assert draw_in(market, 1) == 0


@few
@given(seeds)
def test_room_is_made_by_moves_that_leave_each_a_part_that_suits(seed):
    chance = np.random.default_rng(seed)
    count = int(chance.integers(0, PARTS))
    masks = chance.integers(1, 1 << PARTS, count).tolist()
    wanted = int(chance.integers(1, 1 << PARTS))
    if not schedulable([*masks, wanted], count + 1):
        return
    slots = next(slots for slots in _ways(masks, ()))
    seats, person = np.zeros(count + 1, SEAT), np.zeros(1, PERSON)
    seats["slot"][:count], seats["mask"][:count] = slots, masks
    person["last_seat"], person["filled"] = count + 1, count
    part = make_room(seats, person[0], wanted)
    taken = [*seats["slot"][:count].tolist(), part]
    assert len(set(taken)) == len(taken)
    assert all(mask >> slot & 1 for mask, slot in zip([*masks, wanted], taken))


def _ways(masks, chosen):
    """Every way in which the masks can have parts of their own."""
    if len(chosen) == len(masks):
        yield chosen
        return
    for part in range(PARTS):
        if masks[len(chosen)] >> part & 1 and part not in chosen:
            yield from _ways(masks, (*chosen, part))
