"""Evenness: known values, refusals, and slow twins that must agree."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.algorithms.measures import filled_by_group, gini, worst_group

amounts = st.lists(st.integers(0, 1000), max_size=30)
rows = st.lists(st.tuples(st.integers(-1, 5), st.integers(0, 5), st.integers(0, 5)), max_size=40)


def naive_gini(values: list[int]) -> Fraction:
    """Half the mean difference of all pairs over the mean."""
    if not sum(values):
        return Fraction(0)
    differences = sum(abs(a - b) for a in values for b in values)
    return Fraction(differences, 2 * len(values) * sum(values))


def naive_shares(entries) -> dict[int, Fraction]:
    shares = {}
    for group in sorted({group for group, _, _ in entries} - {-1}):
        wanted = sum(entry[1] for entry in entries if entry[0] == group)
        served = sum(entry[2] for entry in entries if entry[0] == group)
        if wanted:
            shares[group] = Fraction(served, wanted)
    return shares


def columns(entries):
    return tuple(np.array(entries, np.int64).reshape(-1, 3).T)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], 0), ([0, 0], 0), ([3], 0), ([2, 2, 2], 0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25)],
)
def test_gini_of_what_is_known(values, expected):
    assert gini(values) == pytest.approx(expected)


@given(amounts)
def test_gini_is_half_the_mean_difference_over_the_mean(values):
    assert gini(values) == pytest.approx(float(naive_gini(values)))
    assert 0 <= gini(values) < 1


@given(amounts, st.randoms(use_true_random=False), st.integers(1, 9))
def test_neither_order_nor_unit_changes_gini(values, chance, unit):
    shuffled = [unit * value for value in values]
    chance.shuffle(shuffled)
    assert gini(shuffled) == pytest.approx(gini(values))


@pytest.mark.parametrize("values", [[-1, 2], [float("nan")], [float("inf"), 1], [[1, 2]], 3])
def test_what_is_no_list_of_amounts_is_refused(values):
    with pytest.raises(ValueError, match="values"):
        gini(values)


@given(rows)
def test_each_group_has_its_share(entries):
    filled = filled_by_group(*columns(entries))
    expected = naive_shares(entries)
    assert filled.group.tolist() == list(expected)
    assert filled.share.tolist() == pytest.approx([float(share) for share in expected.values()])


@given(rows)
def test_the_worst_group_has_the_smallest_share(entries):
    expected = naive_shares(entries)
    worst = worst_group(*columns(entries))
    if not expected:
        assert worst is None
        return
    least = min(expected.values())
    assert worst is not None
    assert worst[0] == min(group for group, share in expected.items() if share == least)
    assert worst[1] == pytest.approx(float(least))


def test_a_group_too_small_to_count_is_not_the_worst():
    group, wanted, served = [1, 2, 2, 2], [1, 1, 1, 1], [0, 1, 1, 0]
    assert worst_group(group, wanted, served) == (1, 0)
    assert worst_group(group, wanted, served, least=2) == (2, pytest.approx(2 / 3))
    assert worst_group(group, wanted, served, least=4) is None


@pytest.mark.parametrize(
    ("group", "wanted", "served", "words"),
    [
        ([1, 2], [1], [1], "shapes differ"),
        ([1], [1], [1, 1], "shapes differ"),
        ([0.5], [1], [1], "whole numbers"),
        ([1], [-1], [1], "wanted"),
        ([1], [1], [float("nan")], "served"),
    ],
)
def test_what_cannot_be_grouped_is_refused(group, wanted, served, words):
    with pytest.raises(ValueError, match=words):
        filled_by_group(group, wanted, served)
