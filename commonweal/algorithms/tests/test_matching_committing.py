import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.algorithms.matching.committing import HourPrices, beats, last_moment, turns

chances = st.floats(0, 1)
some = st.integers(0, 50)


def test_one_asks_as_often_as_it_takes_to_be_sure():
    assert turns(chance=0.5, others=9, sure=0.9) == 4
    assert turns(chance=0.5, others=2, sure=0.9) == 3
    assert turns(chance=1, others=9, sure=0.9) == 1
    assert turns(chance=0, others=9, sure=0.9) == 10


def test_the_last_moment_leaves_time_for_every_answer():
    assert last_moment(deadline_h=48, answer_h=4, chance=0.5, others=9) == 32
    assert last_moment(deadline_h=48, answer_h=0, chance=0.5, others=9) == 48


@given(chances, chances, some, some)
def test_the_less_likely_and_the_more_candidates_the_earlier_one_begins(chance, other, few, many):
    few, many = sorted((few, many))
    low, high = sorted((chance, other))
    at = {"deadline_h": 10.0, "answer_h": 1.0}
    assert last_moment(chance=low, others=few, **at) <= last_moment(chance=high, others=few, **at)
    assert last_moment(chance=low, others=many, **at) <= last_moment(chance=low, others=few, **at) <= 9


@pytest.mark.parametrize(
    "wrong", [{"chance": 2.0}, {"sure": 1.0}, {"others": -1}, {"answer_h": -1.0}, {"answer_h": float("nan")}]
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError):
        last_moment(**{"deadline_h": 1.0, "answer_h": 1.0, "chance": 0.5, "others": 1, **wrong})


def naive(worth, area, categories, slots, at):
    """The mean of a cell, drawn to the wider means, one helper after the other."""
    place, kind, part = at
    cells = [
        (worth[h], area[h], k, s)
        for h in range(len(worth))
        for k in range(64)
        for s in range(42)
        if int(categories[h]) >> k & 1 and int(slots[h]) >> s & 1
    ]
    level = sum(cell[0] for cell in cells) / max(len(cells), 1)
    for same in (
        lambda c: c[2] == kind,
        lambda c: c[1:3] == (place, kind),
        lambda c: c[1:] == (place, kind, part),
    ):
        here = [cell[0] for cell in cells if same(cell)]
        level = (sum(here) + 4 * level) / (len(here) + 4)
    return level


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_the_prices_of_hours_agree_with_counting_one_by_one(seed, m):
    chance = np.random.default_rng(seed)
    worth, area = chance.integers(0, 1000, m), chance.integers(0, 2, m)
    categories, slots = chance.integers(0, 8, m).astype(np.uint64), chance.integers(0, 8, m).astype(np.uint64)
    prices = HourPrices.learn(worth, area, categories, slots)
    assert prices.table.shape == (int(area.max()) + 1, 64, 42)
    at = (int(area[0]), int(chance.integers(4)), int(chance.integers(4)))
    assert prices.table[at] == pytest.approx(naive(worth, area, categories, slots, at))
    mine = [
        prices.table[area[0], k, s]
        for k in range(3)
        for s in range(3)
        if int(categories[0]) >> k & 1 and int(slots[0]) >> s & 1
    ]
    assert prices.of(area, categories, slots)[0] == pytest.approx(np.mean(mine) if mine else 0, abs=0.51)


def test_without_helpers_there_are_no_prices():
    nobody = np.array([], np.int64)
    prices = HourPrices.learn(nobody, nobody, nobody.astype(np.uint64), nobody.astype(np.uint64))
    assert prices.table.shape == (0, 64, 42)
    assert prices.of(nobody, nobody.astype(np.uint64), nobody.astype(np.uint64)).tolist() == []


def test_a_pair_must_be_worth_more_than_the_hour():
    assert beats(np.array([10, 10, 11]), np.array([9, 10, 10])).tolist() == [True, False, True]
    assert beats(np.array([10]), np.array([19]), share=0.5).tolist() == [True]
