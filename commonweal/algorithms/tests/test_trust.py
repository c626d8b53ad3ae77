"""Trust: what flows, who is certified, and levels; each against a slow twin, and what no false account can change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.algorithms.tests.trust_cast import (
    EVERYBODY,
    HONEST,
    RING,
    all_among,
    attack_vouches,
    back_vouches,
    false_vouches,
    honest_vouches,
    naive_certified,
    naive_distances,
    naive_rooted,
    naive_spread,
    seed_lists,
    vouches_of,
)
from commonweal.algorithms.trust.certifying import capacities, certify, most_let_in
from commonweal.algorithms.trust.graph import BadVouches, Vouches, distances
from commonweal.algorithms.trust.reach import Level, find_reach, least_trust_for
from commonweal.algorithms.trust.spreading import entered, spread, steps_for

TOLERANCE = 1e-9
# Ana and Ben are known. Both vouch for Cem, Cem and Ben for Dee, Dee for Eli.
ANA, BEN, CEM, DEE, ELI = range(5)
TOWN = {(ANA, CEM), (BEN, CEM), (CEM, DEE), (BEN, DEE), (DEE, ELI)}

any_member = st.integers(0, EVERYBODY - 1)
towns = st.builds(
    lambda *parts: set().union(*parts), honest_vouches, false_vouches, attack_vouches, back_vouches
)


@given(towns)
def test_every_vouch_stands_there_once(edges):
    vouches = vouches_of(sorted(edges, reverse=True) * 2)
    assert list(zip(vouches.giver.tolist(), vouches.taker.tolist(), strict=True)) == sorted(edges)
    assert vouches.received.sum() == vouches.given.sum() == len(edges)


@pytest.mark.parametrize(
    ("members", "giver", "taker", "words"),
    [
        (3, [0, 1], [1, 1], "1 would vouch for themselves"),
        (3, [0, 3], [1, 0], r"giver\[1\] is 3, outside 0 to 2"),
        (3, [0], [-1], r"taker\[0\] is -1"),
        (3, [0, 1], [1], "2 givers and 1 takers"),
        (3, [0.5], [1], "whole numbers, not float64"),
        (3, [[0]], [1], r"of the shape \(1, 1\)"),
        (-1, [], [], "can't be -1 members"),
    ],
)
def test_what_is_no_vouch_is_refused(members, giver, taker, words):
    with pytest.raises(BadVouches, match=words):
        Vouches.of(members, giver, taker)


def test_nobody_at_all_is_a_graph_without_seeds():
    nobody = Vouches.of(0, [], [])
    assert len(nobody) == 0
    with pytest.raises(BadVouches, match="seeds names nobody"):
        spread(nobody, [])


@pytest.mark.parametrize(("members", "steps"), [(1, 1), (2, 1), (3, 2), (1024, 10), (1025, 11)])
def test_trust_flows_as_many_steps_as_the_logarithm(members, steps):
    assert steps_for(members) == steps


@given(towns, seed_lists, st.integers(1, 6))
def test_trust_flows_as_its_slow_twin_says(edges, seeds, steps):
    trust = spread(vouches_of(edges), seeds, steps=steps)
    slow = np.array(naive_spread(edges, seeds, EVERYBODY, steps), float)
    assert trust.last == pytest.approx(slow[-1])
    assert trust.mean == pytest.approx(slow.mean(0))
    assert trust.ranked == pytest.approx(slow[-1] / np.maximum(vouches_of(edges).received, 1))
    assert trust.steps == steps


def test_trust_takes_at_least_a_step():
    with pytest.raises(BadVouches, match="can't flow 0 steps"):
        spread(vouches_of(TOWN), [ANA], steps=0)


@given(towns, seed_lists)
def test_distances_and_rooted_members_are_what_their_slow_twins_say(edges, seeds):
    vouches = vouches_of(edges)
    assert distances(vouches, seeds).tolist() == naive_distances(edges, seeds, EVERYBODY)
    for wanted in (1, 2, 3):
        reach = find_reach(vouches, seeds, vouchers=wanted)
        rooted = naive_rooted(edges, seeds, wanted)
        assert set(np.flatnonzero(reach.rooted).tolist()) == rooted
        assert reach.vouchers.tolist() == [
            sum((giver, taker) in edges for giver in rooted) for taker in range(EVERYBODY)
        ]


@given(towns, seed_lists, st.randoms(use_true_random=False))
def test_the_numbers_of_members_change_nothing(edges, seeds, chance):
    place = list(range(EVERYBODY))
    chance.shuffle(place)
    moved = vouches_of([(place[giver], place[taker]) for giver, taker in edges])
    here = find_reach(vouches_of(edges), seeds, least_trust=0.05)
    there = find_reach(moved, [place[seed] for seed in seeds], least_trust=0.05)
    assert there.trust[place] == pytest.approx(here.trust)
    assert there.level[place].tolist() == here.level.tolist()
    counts = [
        certify(vouches_of(edges), seeds, wanted=9).count,
        certify(moved, [place[seed] for seed in seeds], wanted=9).count,
    ]
    assert counts[0] == counts[1]


@given(honest_vouches, false_vouches, back_vouches, seed_lists)
def test_a_crowd_nobody_vouches_for_has_no_trust_and_no_reach(honest, false, back, seeds):
    vouches = vouches_of(honest | false | back)
    assert not spread(vouches, seeds).last[RING].any()
    assert not find_reach(vouches, seeds, vouchers=1).level[RING].any()
    assert not certify(vouches, seeds, wanted=50).members[RING].any()
    assert most_let_in(vouches, capacities(vouches, seeds, wanted=50), RING) == 0


@given(honest_vouches, false_vouches, attack_vouches, back_vouches, seed_lists)
def test_whatever_the_false_vouch_they_have_no_more_than_what_entered(honest, false, attack, back, seeds):
    vouches = vouches_of(honest | false | attack | back)
    most = entered(vouches, seeds, RING)
    assert most == pytest.approx(entered(vouches_of(honest | attack), seeds, RING))
    trust = spread(vouches, seeds)
    assert trust.last[RING].sum() <= most[-1] + TOLERANCE
    assert trust.mean[RING].sum() <= most.mean() + TOLERANCE
    reach = find_reach(vouches, seeds, vouchers=1, least_trust=0.02)
    assert (reach.level[RING] == Level.TRUSTED).sum() <= most.mean() / 0.02 + TOLERANCE


@given(honest_vouches, false_vouches, false_vouches, attack_vouches, seed_lists)
def test_further_vouches_within_a_ring_bring_the_ring_nothing(honest, false, further, attack, seeds):
    ring = false | {(one, RING[place - 1]) for place, one in enumerate(RING)}
    before = spread(vouches_of(honest | ring | attack), seeds).last
    after = spread(vouches_of(honest | ring | further | attack), seeds).last
    assert after[RING].sum() == pytest.approx(before[RING].sum())
    assert after[:HONEST] == pytest.approx(before[:HONEST])


@given(honest_vouches, false_vouches, back_vouches, attack_vouches, seed_lists)
def test_vouching_for_honest_members_brings_a_ring_nothing(honest, false, back, attack, seeds):
    ring = false | {(one, RING[place - 1]) for place, one in enumerate(RING)}
    before = spread(vouches_of(honest | ring | attack), seeds)
    after = spread(vouches_of(honest | ring | attack | back), seeds)
    assert after.last[RING].sum() <= before.last[RING].sum() + TOLERANCE
    assert after.mean[RING].sum() <= before.mean[RING].sum() + TOLERANCE


@given(towns, seed_lists, any_member, st.sets(any_member, max_size=4), st.integers(1, 3))
def test_more_vouches_for_a_member_by_anybody_never_lower_their_level(edges, seeds, member, givers, vouchers):
    more = edges | {(giver, member) for giver in givers - {member}}
    for least in (0.0, 0.02, 0.1):
        before = find_reach(vouches_of(edges), seeds, vouchers=vouchers, least_trust=least)
        after = find_reach(vouches_of(more), seeds, vouchers=vouchers, least_trust=least)
        assert after.level[member] >= before.level[member]
        assert after.trust[member] >= before.trust[member] - TOLERANCE


@given(towns, seed_lists, st.integers(1, 40), st.integers(2, 4))
def test_as_many_are_certified_as_a_slow_flow_finds(edges, seeds, wanted, narrowing):
    vouches = vouches_of(edges)
    certified = certify(vouches, seeds, wanted=wanted, narrowing=narrowing)
    assert certified.count == naive_certified(edges, seeds, certified.capacity.tolist())
    assert certified.members[seeds].any()
    assert not certified.members[certified.capacity == 0].any()


@given(honest_vouches, false_vouches, attack_vouches, back_vouches, seed_lists, st.integers(1, 40))
def test_no_more_of_a_ring_are_certified_than_the_cut_lets_in(honest, false, attack, back, seeds, wanted):
    vouches = vouches_of(honest | false | attack | back)
    certified = certify(vouches, seeds, wanted=wanted)
    assert certified.members[RING].sum() <= most_let_in(vouches, certified.capacity, RING)
    within, without = (
        capacities(vouches_of(edges), seeds, wanted=wanted)[:HONEST]
        for edges in (honest | attack | false, honest | attack)
    )
    assert (within == without).all()


@pytest.mark.parametrize(("wanted", "narrowing"), [(0, 4), (1 << 31, 4), (5, 1), (5, 1 << 11)])
def test_capacities_that_make_no_sense_are_refused(wanted, narrowing):
    with pytest.raises(BadVouches, match="can't be wanted"):
        capacities(vouches_of(TOWN), [ANA], wanted=wanted, narrowing=narrowing)


def test_a_ring_of_ten_reaches_nothing_alone_nor_by_one_vouch_each():
    honest, ring = list(range(20)), list(range(20, 30))
    edges = all_among(honest) | all_among(ring)
    by_one = edges | {(giver, 20 + giver) for giver in range(10)}
    alone = find_reach(vouches_of(edges, 30), [0, 1])
    assert (alone.level[honest] == Level.TRUSTED).all()
    assert not alone.level[ring].any()
    assert (find_reach(vouches_of(by_one, 30), [0, 1]).level[ring] == Level.KNOWN).all()


def test_a_ring_that_fooled_two_members_twice_is_stopped_by_its_trust():
    honest, ring = list(range(200)), list(range(200, 210))
    street = {(one, (one + step) % 200) for one in honest for step in (-7, -3, -2, -1, 1, 2, 3, 7)}
    # 7 and 193 are vouched for by a seed: the nearer to a seed, the more trust a vouch carries.
    for fooled in ({90, 110}, {7, 193}):
        fooling = {(giver, taker) for giver in fooled for taker in (200, 201)}
        vouches = vouches_of(street | all_among(ring) | fooling, 210)
        seeds = [seed for first in range(0, 200, 20) for seed in (first, first + 1)]
        least = least_trust_for(spread(vouches, seeds).mean, honest, part=0.9)
        reach = find_reach(vouches, seeds, least_trust=least)
        assert (reach.level[honest] == Level.TRUSTED).sum() >= 180
        assert (reach.level[ring] == Level.VOUCHED).all()


def test_members_far_from_every_seed_look_like_strangers_so_each_area_wants_one():
    def area(first):
        return {
            (first + one, first + (one + step) % 60)
            for one in range(60)
            for step in (-9, -4, -2, -1, 1, 2, 4, 9)
        }

    # Two people who know each other are all that joins the areas.
    vouches = vouches_of(area(0) | area(60) | {(5, 65), (65, 5)}, 120)
    one_area, each_area = (spread(vouches, seeds).mean for seeds in ([0, 30], [0, 60]))
    assert one_area[60:].sum() < one_area[:60].sum() / 10
    assert each_area[60:].sum() == pytest.approx(each_area[:60].sum())


def test_the_reasons_for_a_level_are_the_page_s_example():
    vouches = vouches_of(TOWN, 5)
    reach = find_reach(vouches, [ANA, BEN], least_trust=0.1, steps=2)
    assert reach.level.tolist() == [Level.TRUSTED] * 4 + [Level.KNOWN]
    assert reach.trust == pytest.approx([1 / 6, 1 / 6, 1 / 4, 1 / 3, 1 / 12])
    why = reach.why(DEE)
    assert (why.level, why.by, why.wanted) == (Level.TRUSTED, (BEN, CEM), 2)
    assert (why.trust, why.least_trust) == (pytest.approx(1 / 3), 0.1)
    assert reach.why(ANA).is_seed
    assert not why.is_seed
    assert reach.why(ELI).by == (DEE,)
    assert certify(vouches, [ANA, BEN], wanted=8, narrowing=2).capacity.tolist() == [4, 4, 2, 2, 1]
    assert most_let_in(vouches, capacities(vouches, [ANA, BEN], wanted=8, narrowing=2), [ELI]) == 1
    with pytest.raises(BadVouches, match=r"member\[0\] is 5"):
        reach.why(5)


@pytest.mark.parametrize("asked", [{"vouchers": 0}, {"least_trust": -0.1}, {"least_trust": 1.1}])
def test_a_reach_that_nobody_could_ask_for_is_refused(asked):
    with pytest.raises(BadVouches, match="can't be asked for"):
        find_reach(vouches_of(TOWN), [ANA], **asked)


@pytest.mark.parametrize(("part", "least"), [(1, 0.1), (0.75, 0.2), (0.5, 0.3), (0.01, 0.4)])
def test_the_least_trust_is_what_a_part_of_known_members_has(part, least):
    trust = np.array([0.4, 0.1, 0.9, 0.3, 0.2])
    assert least_trust_for(trust, [0, 1, 3, 4], part=part) == least
    with pytest.raises(BadVouches, match="no part of the known"):
        least_trust_for(trust, [0], part=0)
