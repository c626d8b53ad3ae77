"""Many helpers: the order, its tie-breaks, and that the order in which they come changes nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.algorithms.matching import Fit, Helper, Need, Ranking, judge, rank
from commonweal.algorithms.tests.matching_cast import (
    ASK,
    HOME,
    ROSA,
    easy_needs,
    helpers,
    like,
    needs,
    north,
    willing,
)


def naive_rank(need: Need, everyone: list[Helper]) -> tuple[list[Helper], list[Helper]]:
    """Take out the best of those left, again and again, looking at every pair; then the same for those who can't."""
    judged = [judge(need, helper) for helper in everyone]
    fits = [outcome for outcome in judged if isinstance(outcome, Fit)]
    ordered = []
    while fits:
        best = fits[0]
        for fit in fits[1:]:
            if is_better(fit, best):
                best = fit
        ordered.append(best.helper)
        fits = [fit for fit in fits if fit.helper.id != best.helper.id]
    able = {helper.id for helper in ordered}
    refused = [
        outcome for outcome in judged if not isinstance(outcome, Fit) and outcome.helper.id not in able
    ]
    refused.sort(key=lambda r: (r.helper.id, r.helper.offer))
    refused.sort(key=lambda r: (r.distance_m is None, r.distance_m or 0))
    refused.sort(key=lambda r: len(r.codes))
    others: dict[str, Helper] = {}
    for refusal in refused:
        others.setdefault(refusal.helper.id, refusal.helper)
    return ordered, list(others.values())


def is_better(one: Fit, other: Fit) -> bool:
    """The words of `rank`'s promise, one after the other."""
    if one.score != other.score:
        return one.score > other.score
    if one.distance_m != other.distance_m:
        return other.distance_m is None or (one.distance_m is not None and one.distance_m < other.distance_m)
    a, b = one.helper, other.helper
    if a.agreed_this_week != b.agreed_this_week:
        return a.agreed_this_week < b.agreed_this_week
    if a.last_asked_h != b.last_asked_h:
        return a.last_asked_h is None or (b.last_asked_h is not None and a.last_asked_h > b.last_asked_h)
    return (a.id, a.offer) < (b.id, b.offer)


def unlike(everyone: list[Helper]) -> list[Helper]:
    """No offer twice."""
    return list({(helper.id, helper.offer): helper for helper in everyone}.values())


crowds = st.lists(st.one_of(helpers, willing), max_size=7).map(unlike)


@given(st.one_of(needs, easy_needs), crowds, st.randoms(use_true_random=False))
def test_the_order_is_the_promised_one_and_does_not_depend_on_who_comes_first(need, everyone, chance):
    shuffled = list(everyone)
    chance.shuffle(shuffled)
    ranking = rank(need, shuffled)
    assert ranking == rank(need, everyone)
    fits, refused = naive_rank(need, everyone)
    assert [fit.helper for fit in ranking.fits] == fits
    assert [refusal.helper for refusal in ranking.refusals] == refused


@given(st.one_of(needs, easy_needs), crowds)
def test_every_member_appears_exactly_once(need, everyone):
    ranking = rank(need, everyone)
    shown = [fit.helper.id for fit in ranking.fits] + [refusal.helper.id for refusal in ranking.refusals]
    assert sorted(shown) == sorted({helper.id for helper in everyone})


@given(easy_needs, crowds, willing)
def test_one_more_helper_changes_nothing_between_the_others(need, everyone, newcomer):
    newcomer = replace(newcomer, id="z")
    before = [fit.helper.id for fit in rank(need, everyone).fits]
    after = [fit.helper.id for fit in rank(need, [*everyone, newcomer]).fits if fit.helper.id != "z"]
    assert after == before


def order(*everyone: Helper, need: Need = ASK) -> list[str]:
    return [fit.helper.id for fit in rank(need, everyone).fits]


def test_nearer_comes_first():
    assert order(like(ROSA, "ann", cell=north(3)), like(ROSA, "bea", cell=north(1))) == ["bea", "ann"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"cell": HOME, "agreed_this_week": 1, "per_week": 13}, {"cell": north(1)}),
        ({"agreed_this_week": 1, "per_week": 320}, {"agreed_this_week": 2, "per_week": 640}),
        ({"last_asked_h": None}, {"last_asked_h": 900}),
        ({"last_asked_h": 901}, {"last_asked_h": 900}),
    ],
)
def test_ties_are_broken_as_promised(first, second):
    ranking = rank(ASK, [like(ROSA, "ann", **second), like(ROSA, "zoe", **first)])
    assert [fit.helper.id for fit in ranking.fits] == ["zoe", "ann"]
    assert ranking.fits[0].score == ranking.fits[1].score


def test_the_last_tie_break_is_the_key():
    assert order(like(ROSA, "bea"), like(ROSA, "ann")) == ["ann", "bea"]


def test_a_known_place_comes_before_an_unknown_one_that_scores_alike():
    placed = like(ROSA, "zoe", cell=(HOME[0] + 10, HOME[1] + 4), radius_m=9000)
    ranking = rank(ASK, [like(ROSA, "ann", cell=None), placed])
    assert [(fit.helper.id, fit.distance_m) for fit in ranking.fits] == [("zoe", 3000), ("ann", None)]
    assert ranking.fits[0].score == ranking.fits[1].score


def test_a_member_with_two_offers_appears_with_the_better_one():
    far = replace(ROSA, offer="rosa-far", cell=north(6))
    assert [fit.helper.offer for fit in rank(ASK, [far, ROSA]).fits] == ["rosa-1"]
    assert [fit.helper.offer for fit in rank(ASK, [ROSA, far]).fits] == ["rosa-1"]


def test_a_member_who_fits_with_one_offer_is_not_refused_for_another():
    elsewhere = replace(ROSA, offer="rosa-2", categories=frozenset({"ride"}))
    ranking = rank(ASK, [elsewhere, ROSA])
    assert [fit.helper.offer for fit in ranking.fits] == ["rosa-1"]
    assert ranking.refusals == ()


def test_who_fails_the_fewest_rules_is_shown_first():
    ranking = rank(
        ASK,
        [
            like(ROSA, "ann", paused=True, slots=0),
            like(ROSA, "bea", paused=True, cell=north(2)),
            like(ROSA, "cas", paused=True, cell=north(1)),
            replace(like(ROSA, "cas", paused=True, slots=0), offer="cas-2"),
            like(ROSA, "dov", paused=True, cell=None),
        ],
    )
    assert [(refusal.helper.offer, refusal.codes) for refusal in ranking.refusals] == [
        ("cas-1", ("paused",)),
        ("bea-1", ("paused",)),
        ("dov-1", ("paused",)),
        ("ann-1", ("paused", "no_common_time")),
    ]


def test_nobody_is_nobody():
    assert rank(ASK, []) == Ranking(fits=(), refusals=())
