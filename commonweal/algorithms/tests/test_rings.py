"""Rings: what is listed, what is chosen, what is proved; each against a slow twin that tries everything."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.algorithms.rings import exact
from commonweal.algorithms.rings.choosing import improved, in_order, scarce_first
from commonweal.algorithms.rings.circles import find_circles
from commonweal.algorithms.rings.exact import (
    NotSolved,
    chosen_exactly,
    improved_by_tiles,
    relaxed_bound,
)
from commonweal.algorithms.rings.model import BadGifts, Gifts
from commonweal.algorithms.rings.pricing import PARTS, price
from commonweal.algorithms.rings.solving import find_rings, is_sound, plain_bound
from commonweal.algorithms.tests.rings_cast import (
    edges_of,
    gifts_of,
    graphs,
    naive_best,
    naive_circles,
    naive_is_choice,
    random_graph,
    rows_of,
)

lengths = st.sampled_from([2, 3, 4])
worths = st.tuples(*[st.integers(1, 9)] * 3)
TRIANGLE = {(0, 1, 1), (1, 2, 1), (2, 0, 1)}


def complete(people):
    return gifts_of(people, {(i, j, 1) for i in range(people) for j in range(people) if i != j})


def value_of(circles, chosen):
    assert naive_is_choice(rows_of(circles.members[chosen]))
    assert (np.diff(chosen) > 0).all()
    return int(circles.value[chosen].sum())


@given(graphs(), lengths, worths)
def test_every_circle_is_listed_once_with_its_value(gifts, longest, worth):
    circles = find_circles(gifts, longest=longest, worth=worth)
    rows = rows_of(circles.members)
    assert len(rows) == len(set(rows))
    assert dict(zip(rows, circles.value.tolist(), strict=True)) == naive_circles(gifts, longest, worth)
    assert circles.is_all
    assert circles.length.tolist() == [len(row) for row in rows]


@given(graphs(), lengths, worths)
def test_the_best_choice_is_found_and_proved(gifts, longest, worth):
    best = naive_best(naive_circles(gifts, longest, worth))
    rings = find_rings(gifts, longest=longest, worth=worth)
    assert (rings.value, rings.bound, rings.is_all) == (best, best, True)
    assert rings.share == 1
    assert is_sound(gifts, rings.members)
    assert rings.people == len({person for row in rows_of(rings.members) for person in row})


@given(graphs(), lengths, st.integers(0, 5))
def test_whatever_chooses_is_sound_and_below_the_bound(gifts, longest, seed):
    circles = find_circles(gifts, longest=longest)
    prices, best = price(circles, turns=20), naive_best(naive_circles(gifts, longest))
    simple = scarce_first(circles, seed=seed)
    better = improved(circles, simple, seed=seed, sweeps=5)
    tiled = improved_by_tiles(circles, simple, most=3)
    values = [value_of(circles, chosen) for chosen in (simple, better, tiled)]
    assert values[0] <= min(values[1:])
    assert max(values) <= best <= prices.bound
    assert value_of(circles, chosen_exactly(circles)) == best
    assert best <= relaxed_bound(circles) + 1e-6


@given(graphs(), lengths, st.integers(0, 30))
def test_the_prices_are_a_proof(gifts, longest, turns):
    """Checked as anybody may check them: no circle is worth more than its people's prices, and they add up."""
    prices = price(find_circles(gifts, longest=longest), turns=turns)
    assert (prices.price >= 0).all()
    for ring, value in naive_circles(gifts, longest).items():
        assert value <= Fraction(int(prices.price[list(ring)].sum()), PARTS)
    assert prices.bound == int(prices.price.sum()) // PARTS


@given(graphs(), st.integers(0, 1 << 30))
def test_what_numbers_people_have_changes_nothing(gifts, seed):
    order = np.random.default_rng(seed).permutation(len(gifts))
    renamed = gifts_of(len(gifts), {(order[i], order[j], w) for i, j, w in edges_of(gifts)})
    assert find_rings(renamed).value == find_rings(gifts).value
    listed = [find_circles(one, longest=4) for one in (renamed, gifts)]
    assert sorted(listed[0].value.tolist()) == sorted(listed[1].value.tolist())


@given(graphs(most_people=7), graphs(most_people=7), lengths)
def test_more_that_can_be_given_is_never_worth_less(gifts, further, longest):
    people = max(len(gifts), len(further))
    both = {(i, j): w for i, j, w in edges_of(further)}
    for i, j, w in edges_of(gifts):
        both[i, j] = max(w, both.get((i, j), 0))
    more = gifts_of(people, {(i, j, w) for (i, j), w in both.items()})
    assert find_rings(more, longest=longest).value >= find_rings(gifts, longest=longest).value
    assert find_rings(gifts, longest=4).value >= find_rings(gifts, longest=longest).value


@given(graphs(), st.integers(2, 50))
def test_weights_scaled_change_nothing(gifts, factor):
    scaled = gifts_of(len(gifts), {(i, j, w * factor) for i, j, w in edges_of(gifts)})
    assert find_rings(scaled).value == factor * find_rings(gifts).value


@given(graphs(most_people=6), st.integers(1, 6), lengths)
def test_where_not_all_is_listed_the_bound_still_holds(gifts, most, longest):
    circles = find_circles(gifts, longest=longest, most=most)
    everything = naive_circles(gifts, longest)
    assert len(circles) <= most
    assert set(rows_of(circles.members)) <= set(everything)
    assert circles.is_all == (len(circles) == len(everything))
    rings = find_rings(gifts, longest=longest, most=most)
    assert naive_best(everything) <= rings.bound
    assert rings.value <= rings.bound
    assert is_sound(gifts, rings.members)


def test_too_many_are_left_out_evenly():
    """Everybody may begin equally many, so that one who can do everything doesn't use up the list."""
    circles = find_circles(complete(40), longest=4, most=400)
    assert not circles.is_all
    begun = np.bincount(circles.members[:, 0], minlength=40)
    assert begun.tolist() == [10] * 37 + [4, 1, 0]  # the last three have no more among themselves
    assert find_rings(complete(40), longest=4, most=400).people == 40


def test_looking_for_very_long_ends(monkeypatch):
    monkeypatch.setattr("commonweal.algorithms.rings.circles.MOST_STEPS", 1)
    monkeypatch.setattr("commonweal.algorithms.rings.circles.LEAST_STEPS_EACH", 10)
    circles = find_circles(complete(20), longest=4)
    assert not circles.is_all
    assert len(circles) < 20 * 10


def test_a_large_graph_comes_near_its_bound_and_the_seed_decides_ties():
    gifts = random_graph(1500, 9)
    rings = find_rings(gifts, longest=3, seed=3, exact=0)
    assert is_sound(gifts, rings.members)
    assert rings.share >= 0.98
    again = find_rings(gifts, longest=3, seed=3, exact=0)
    assert (again.members == rings.members).all()
    other = find_rings(gifts, longest=3, seed=4, exact=0)
    assert abs(other.value - rings.value) <= 0.01 * rings.value
    assert other.members.shape != rings.members.shape or (other.members != rings.members).any()


def test_exchange_and_tiles_improve_the_simple_rule():
    circles = find_circles(random_graph(1200, 9))
    simple = scarce_first(circles)
    worth = value_of(circles, simple)
    assert value_of(circles, improved(circles, simple)) > worth
    assert value_of(circles, improved_by_tiles(circles, simple, most=400)) > worth
    pairs = circles.take(np.flatnonzero(circles.length == 2))
    assert value_of(pairs, chosen_exactly(pairs)) < worth


def test_circles_are_taken_in_the_order_that_is_given():
    circles = find_circles(gifts_of(3, {(0, 1, 1), (1, 0, 1), (1, 2, 5), (2, 1, 5)}))
    assert rows_of(circles.members) == [(0, 1), (1, 2)]
    assert in_order(circles, np.array([0, 1])).tolist() == [0]
    assert in_order(circles, np.array([1, 0])).tolist() == [1]
    assert find_rings(gifts_of(3, {(0, 1, 1), (1, 0, 1), (1, 2, 5), (2, 1, 5)})).value == 10


def test_short_rings_may_count_for_more():
    """Three may give in a ring; two of them alone need only two yeses."""
    gifts = gifts_of(3, TRIANGLE | {(1, 0, 1)})
    assert find_rings(gifts).members.tolist() == [[0, 1, 2, -1]]
    assert find_rings(gifts, worth=(64, 41, 26)).members.tolist() == [[0, 1, -1, -1]]


@pytest.mark.parametrize("gifts", [gifts_of(0, set()), gifts_of(5, set()), gifts_of(2, {(0, 1, 3)})])
def test_where_nobody_can_there_is_no_ring(gifts):
    rings = find_rings(gifts, longest=4)
    assert (rings.value, rings.bound, rings.people, rings.share, rings.listed) == (0, 0, 0, 1, 0)
    circles = find_circles(gifts)
    assert scarce_first(circles).tolist() == []
    assert relaxed_bound(circles) == 0


def test_what_all_would_give_or_take_bounds_everything():
    assert plain_bound(gifts_of(3, {(0, 1, 5), (0, 2, 2), (1, 0, 1)})) == 6
    assert plain_bound(gifts_of(3, {(0, 1, 5), (2, 1, 4)})) == 5


@pytest.mark.parametrize("rings", [[[0, 1, 2, -1], [2, 0, 1, -1]], [[1, 0, -1, -1]], [[0, -1, -1, -1]]])
def test_what_is_no_choice_of_rings_is_noticed(rings):
    gifts = gifts_of(3, TRIANGLE)
    assert is_sound(gifts, np.array([[0, 1, 2, -1]]))
    assert not is_sound(gifts, np.array(rings))


@pytest.mark.parametrize(
    ("people", "giver", "taker", "weight", "words"),
    [
        (-1, [], [], 1, "there can't be -1 people"),
        (2, [0], [2], 1, "taker[0] is 2, outside 0 to 1"),
        (2, [-1], [0], 1, "giver[0] is -1, outside 0 to 1"),
        (2, [0, 1], [1, 1], 1, "1 would give to themselves"),
        (2, [0, 0], [1, 1], 1, "from 0 to 1 stands there twice"),
        (2, [0], [1], 0, "weight[0] is 0, outside 1 to 1048576"),
        (2, [0], [1], [1, 2], "1 givers, 1 takers and 2 weights"),
        (2, [0.5], [1], 1, "giver is a list of whole numbers, not float64 of the shape (1,)"),
        (2, [[0]], [1], 1, "giver is a list of whole numbers, not int64 of the shape (1, 1)"),
    ],
)
def test_what_is_no_graph_is_refused(people, giver, taker, weight, words):
    with pytest.raises(BadGifts) as refused:
        Gifts.of(people, giver, taker, weight)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    "said", [{"longest": 1}, {"longest": 5}, {"worth": (0, 1, 1)}, {"worth": (1, 1, 129)}, {"most": 0}]
)
def test_what_cannot_be_wanted_is_refused(said):
    with pytest.raises(ValueError, match=r"two to four|from 1 to 128|at least one"):
        find_rings(gifts_of(3, TRIANGLE), **said)


def test_where_the_solver_gives_up_what_exchange_found_is_taken(monkeypatch):
    """On this graph the exchange leaves a gap that only the integer program closes."""

    def gives_up(circles, *, nodes):
        raise NotSolved("no time")

    gifts = random_graph(120, 5, seed=4)
    best = find_rings(gifts, longest=4)
    monkeypatch.setattr("commonweal.algorithms.rings.solving.chosen_exactly", gives_up)
    found = find_rings(gifts, longest=4)
    assert is_sound(gifts, found.members)
    assert found.value < best.value == best.bound < found.bound


def test_a_solver_that_gives_up_is_heard(monkeypatch):
    class GaveUp:
        status, message = 1, "no time"

    circles = find_circles(gifts_of(3, TRIANGLE))
    monkeypatch.setattr(exact, "milp", lambda *_, **__: GaveUp)
    monkeypatch.setattr(exact, "linprog", lambda *_, **__: GaveUp)
    for solve in (chosen_exactly, relaxed_bound):
        with pytest.raises(NotSolved, match="no time"):
            solve(circles)


def test_the_worked_example_of_the_page():
    """docs/explanation/rings.md: Ana, Ben, Cem and Dee."""
    ana, ben, cem, dee = range(4)
    arrows = {(ana, ben, 1), (ben, ana, 1), (ben, cem, 1), (cem, dee, 1), (dee, ben, 1)}
    circles = find_circles(gifts_of(4, arrows), worth=(64, 51, 41))
    assert dict(zip(rows_of(circles.members), circles.value.tolist(), strict=True)) == {
        (ana, ben): 128,
        (ben, cem, dee): 153,
    }
    prices = {ana: 0, ben: 2, cem: 1, dee: 0}
    plain = naive_circles(gifts_of(4, arrows), 3)
    assert all(value == sum(prices[person] for person in ring) for ring, value in plain.items())
    assert (
        find_rings(gifts_of(4, arrows)).value
        == sum(prices.values())
        == price(find_circles(gifts_of(4, arrows))).bound
    )
    more = gifts_of(4, arrows | {(dee, cem, 1)})
    assert find_rings(more, worth=(64, 51, 41)).value == 256
