"""One pair: each hard rule alone, each term alone, and all of them together against a plain second telling."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.algorithms.matching import (
    Before,
    Fit,
    Helper,
    Need,
    Reason,
    Refusal,
    Rules,
    Term,
    first_meeting_time,
    judge,
)
from commonweal.algorithms.places import distance_m
from commonweal.algorithms.tests.matching_cast import (
    ASK,
    HOME,
    ROSA,
    START,
    easy_needs,
    helpers,
    like,
    needs,
    north,
    willing,
)

RULES = Rules()


def fit(need: Need, helper: Helper, rules: Rules = RULES) -> Fit:
    outcome = judge(need, helper, rules)
    assert isinstance(outcome, Fit), outcome
    return outcome


def points(need: Need, helper: Helper, rules: Rules = RULES) -> dict[str, int]:
    return {term.name: term.points for term in fit(need, helper, rules).terms}


def codes(need: Need, helper: Helper) -> tuple[str, ...]:
    outcome = judge(need, helper)
    return outcome.codes if isinstance(outcome, Refusal) else ()


def naive_codes(need: Need, helper: Helper, rules: Rules) -> set[str]:
    """The hard rules told a second time, as one plain list of conditions."""
    metres = None
    if need.in_person and need.cell is not None and helper.cell is not None:
        metres = distance_m(need.cell, helper.cell)
    placed_ask = need.in_person and need.cell is not None
    wordless = bool(need.languages and helper.languages) and not set(need.languages) & set(helper.languages)
    asked = helper.last_asked_h
    failed = {
        "own_ask": need.asker == helper.id,
        "blocked": helper.blocked,
        "unreachable": helper.unreachable,
        "paused": helper.paused,
        "other_category": need.category not in helper.categories,
        str(helper.before): helper.before != "",
        "rests_category": helper.rests_category,
        "too_far": metres is not None and metres > helper.radius_m,
        "outside_ring": placed_ask
        and helper.id != need.preferred
        and need.within_m is not None
        and (metres is None or metres > need.within_m),
        "no_common_time": first_meeting_time(need, helper) is None,
        "week_full": helper.agreed_this_week >= helper.per_week,
        "resting": asked is not None and asked < rules.rest_hours and helper.id != need.preferred,
        "needs_not_met": bool(need.needs - helper.able),
        "no_language": need.talk and wordless,
        "too_heavy": need.load > helper.carries,
        "no_vehicle": bool(need.vehicles) and helper.vehicle not in need.vehicles,
        "nothing_left": need.quantity > 0 and helper.quantity_left == 0,
        "other_gender": need.wish != "" and need.wish != helper.goes_as,
    }
    return {code for code, is_so in failed.items() if is_so}


@given(needs, helpers)
def test_refused_if_and_only_if_a_hard_rule_fails(need, helper):
    outcome = judge(need, helper, RULES)
    expected = naive_codes(need, helper, RULES)
    assert isinstance(outcome, Refusal) == bool(expected)
    if isinstance(outcome, Refusal):
        assert set(outcome.codes) == expected
        assert len(outcome.codes) == len(expected)


@pytest.mark.parametrize(
    ("code", "need", "helper"),
    [
        ("own_ask", replace(ASK, asker="rosa"), ROSA),
        ("blocked", ASK, replace(ROSA, blocked=True)),
        ("paused", ASK, replace(ROSA, paused=True)),
        ("unreachable", ASK, replace(ROSA, unreachable=True)),
        ("other_category", replace(ASK, category="ride"), ROSA),
        ("being_asked", ASK, replace(ROSA, before=Before.ASKED)),
        ("coming", ASK, replace(ROSA, before=Before.COMING)),
        ("said_no", ASK, replace(ROSA, before=Before.SAID_NO)),
        ("silent", ASK, replace(ROSA, before=Before.SILENT)),
        ("dropped", ASK, replace(ROSA, before=Before.DROPPED)),
        ("missed", ASK, replace(ROSA, before=Before.MISSED)),
        ("helped", ASK, replace(ROSA, before=Before.HELPED)),
        ("rests_category", ASK, replace(ROSA, rests_category=True)),
        ("too_far", ASK, replace(ROSA, cell=north(4), radius_m=1000)),
        ("outside_ring", replace(ASK, within_m=1000), replace(ROSA, cell=north(4))),
        ("outside_ring", replace(ASK, within_m=1000), replace(ROSA, cell=None)),
        ("no_common_time", ASK, replace(ROSA, slots=0)),
        ("no_common_time", replace(ASK, parts=()), ROSA),
        ("week_full", ASK, replace(ROSA, agreed_this_week=2)),
        ("resting", ASK, replace(ROSA, last_asked_h=19)),
        ("needs_not_met", replace(ASK, needs=frozenset({"stairs"})), ROSA),
        ("no_language", replace(ASK, talk=True), replace(ROSA, languages=("ht",))),
        ("too_heavy", replace(ASK, load=2), ROSA),
        ("no_vehicle", replace(ASK, vehicles=frozenset({"car"})), ROSA),
        ("nothing_left", replace(ASK, quantity=3), replace(ROSA, quantity_left=0)),
        ("other_gender", replace(ASK, wish="woman"), ROSA),
        ("other_gender", replace(ASK, wish="woman"), replace(ROSA, goes_as="man")),
    ],
)
def test_each_hard_rule_alone(code, need, helper):
    assert codes(ASK, ROSA) == ()
    assert codes(need, helper) == (code,)


@pytest.mark.parametrize(
    ("need", "helper"),
    [
        (ASK, replace(ROSA, cell=north(4), radius_m=1112)),
        (replace(ASK, within_m=1112), replace(ROSA, cell=north(4))),
        (replace(ASK, within_m=0), ROSA),
        (replace(ASK, within_m=0, cell=None), replace(ROSA, cell=None)),
        (replace(ASK, within_m=0, preferred="rosa"), replace(ROSA, cell=north(4))),
        (replace(ASK, in_person=False, within_m=0), replace(ROSA, cell=north(90), radius_m=0)),
        (ASK, replace(ROSA, agreed_this_week=1)),
        (ASK, replace(ROSA, last_asked_h=20)),
        (replace(ASK, preferred="rosa"), replace(ROSA, last_asked_h=0)),
        (replace(ASK, needs=frozenset({"stairs"})), replace(ROSA, able=frozenset({"stairs", "mask"}))),
        (replace(ASK, talk=True, languages=()), ROSA),
        (replace(ASK, talk=True), replace(ROSA, languages=())),
        (replace(ASK, load=1), ROSA),
        (replace(ASK, vehicles=frozenset({"car"})), replace(ROSA, vehicle="car")),
        (ASK, replace(ROSA, quantity_left=0)),
        (replace(ASK, wish="woman"), replace(ROSA, goes_as="woman")),
        (ASK, replace(ROSA, goes_as="man")),
    ],
)
def test_just_within_a_hard_rule(need, helper):
    assert codes(need, helper) == ()


def test_a_refusal_says_every_rule_and_its_facts():
    outcome = judge(
        replace(ASK, needs=frozenset({"stairs", "mask"})),
        replace(ROSA, cell=north(4), radius_m=500, agreed_this_week=3, last_asked_h=5),
    )
    assert isinstance(outcome, Refusal)
    assert [reason.as_json() for reason in outcome.reasons] == [
        {"code": "too_far", "m": 1100, "radius": 500},
        {"code": "week_full", "agreed": 3, "per_week": 2},
        {"code": "resting", "hours": 15},
        {"code": "needs_not_met", "needs": ("mask", "stairs")},
    ]
    assert outcome.distance_m == 1100


def test_the_example_of_the_page():
    """The worked example of docs/explanation/matching.md."""
    ask = replace(ASK, preferred="")
    rosa = replace(
        ROSA,
        cell=north(2),
        slots=1 << 9,
        languages=("en", "es"),
        per_week=3,
        agreed_this_week=1,
        last_asked_h=72,
    )
    outcome = fit(ask, rosa)
    assert outcome.terms == (
        Term("distance", -24),
        Term("language", 60),
        Term("rest", -94),
        Term("week", -53),
        Term("tie", 20),
        Term("wait", -15),
    )
    assert outcome.score == -106
    assert [reason.as_json() for reason in outcome.reasons] == [
        {"code": "distance", "m": 600},
        {"code": "language", "language": "es"},
        {"code": "free", "weekday": 1},
        {"code": "week", "agreed": 1, "per_week": 3},
    ]
    tuesday_at_three = START + (24 + 15) * 60
    assert outcome.meets == (tuesday_at_three, tuesday_at_three + 180)
    assert outcome.distance_m == 600


def test_an_unknown_place_counts_as_three_kilometres_and_is_said():
    assert points(ASK, replace(ROSA, cell=None))["distance"] == -120
    assert points(replace(ASK, cell=None), ROSA)["distance"] == -120
    assert fit(ASK, replace(ROSA, cell=None)).reasons[0] == Reason("area_unknown")
    assert fit(ASK, replace(ROSA, cell=None)).distance_m is None


def test_a_call_has_no_distance():
    outcome = fit(replace(ASK, in_person=False), replace(ROSA, cell=north(9)))
    assert "distance" not in points(replace(ASK, in_person=False), replace(ROSA, cell=north(9)))
    assert {reason.code for reason in outcome.reasons} & {"distance", "area_unknown"} == set()


def test_an_interpreter_is_said_and_costs():
    stranger = replace(ROSA, languages=("ht",))
    assert points(ASK, stranger)["language"] == -150
    assert Reason("interpreter") in fit(ASK, stranger).reasons
    silent = replace(ROSA, languages=())
    assert "language" not in points(ASK, silent)
    assert {reason.code for reason in fit(ASK, silent).reasons} == {"distance", "varies", "week"}


def test_the_language_that_is_said_is_the_one_the_asker_named_first():
    both = replace(ROSA, languages=("en", "es"))
    assert Reason("language", (("language", "es"),)) in fit(ASK, both).reasons


@pytest.mark.parametrize(("hours", "rest"), [(None, 0), (20, -112), (168, -60), (336, 0), (900, 0)])
def test_tiredness_wears_off(hours, rest):
    assert points(ASK, replace(ROSA, last_asked_h=hours)).get("rest", 0) == rest


def test_a_clock_that_ran_ahead_does_no_harm():
    asked_in_an_hour = replace(ROSA, last_asked_h=-1)
    outcome = judge(ASK, asked_in_an_hour)
    assert isinstance(outcome, Refusal)
    assert outcome.reasons == (Reason("resting", (("hours", 20),)),)
    assert points(replace(ASK, preferred="rosa"), asked_in_an_hour)["rest"] == -120


@pytest.mark.parametrize(("agreed", "per_week", "week"), [(0, 2, 0), (1, 2, -80), (3, 10, -48)])
def test_the_share_of_the_week_counts(agreed, per_week, week):
    helper = replace(ROSA, agreed_this_week=agreed, per_week=per_week)
    assert points(ASK, helper).get("week", 0) == week


@pytest.mark.parametrize(
    ("changes", "helped", "tie", "said"),
    [
        ({}, False, 20, ()),
        ({}, True, 0, ("known",)),
        ({"repeats": True}, True, 40, ("known",)),
        ({"repeats": True}, False, 0, ()),
        ({"talk": True}, True, 40, ("known",)),
    ],
)
def test_known_faces_where_it_goes_on_and_new_ones_where_it_does_not(changes, helped, tie, said):
    need, helper = replace(ASK, **changes), replace(ROSA, helped_asker=helped)
    assert points(need, helper).get("tie", 0) == tie
    assert tuple(r.code for r in fit(need, helper).reasons if r.code in {"known", "preferred"}) == said


def test_the_preferred_helper_comes_before_anyone():
    need = replace(ASK, preferred="rosa", repeats=True)
    worst = replace(
        ROSA, cell=north(70), radius_m=50_000, languages=("ht",), agreed_this_week=1, helped_asker=True
    )
    best = like(ROSA, "bea", helped_asker=True)
    assert fit(need, worst).score > fit(need, best).score
    assert fit(need, worst).reasons[0] == Reason("preferred")


@pytest.mark.parametrize(
    ("load", "carries", "vehicle", "comfort", "said"),
    [
        (1, 3, "van", 0, set()),
        (2, 2, "foot", 0, {"carries"}),
        (2, 3, "bicycle", 30, {"carries"}),
        (2, 2, "cargo", 30, {"carries", "vehicle"}),
        (2, 3, "van", 60, {"carries", "vehicle"}),
        (2, 2, "donkey", 0, {"carries"}),
    ],
)
def test_comfort_counts_for_heavy_things(load, carries, vehicle, comfort, said):
    need, helper = replace(ASK, load=load), replace(ROSA, carries=carries, vehicle=vehicle)
    assert points(need, helper).get("comfort", 0) == comfort
    assert {r.code for r in fit(need, helper).reasons} & {"carries", "vehicle"} == said


def test_a_ride_says_what_with():
    outcome = fit(replace(ASK, vehicles=frozenset({"car", "van"})), replace(ROSA, vehicle="car"))
    assert Reason("vehicle", (("vehicle", "car"),)) in outcome.reasons


def test_access_needs_that_are_met_are_said():
    outcome = fit(
        replace(ASK, needs=frozenset({"stairs"})), replace(ROSA, able=frozenset({"stairs", "mask"}))
    )
    assert Reason("able", (("needs", ("stairs",)),)) in outcome.reasons


@pytest.mark.parametrize(
    ("left", "gives", "covers", "facts"),
    [(10, 6, 120, {"quantity": 6, "of": 6}), (3, 3, 60, {"quantity": 3, "of": 6}), (None, 6, 0, None)],
)
def test_one_giver_who_covers_it_counts_more(left, gives, covers, facts):
    need, helper = replace(ASK, quantity=6), replace(ROSA, quantity_left=left)
    outcome = fit(need, helper)
    assert outcome.quantity == gives
    assert points(need, helper).get("covers", 0) == covers
    said = [reason.as_json() for reason in outcome.reasons if reason.code == "gives"]
    assert said == ([{"code": "gives", **facts}] if facts else [])


def test_an_ask_that_counts_nothing_is_given_nothing():
    assert fit(ASK, replace(ROSA, quantity_left=5)).quantity == 0


@pytest.mark.parametrize(("urgency", "wait"), [(0, -10), (1, -30), (2, -120)])
def test_each_day_of_waiting_weighs_by_how_much_it_hurries(urgency, wait):
    wednesday = replace(ROSA, slots=1 << 13)
    assert points(replace(ASK, urgency=urgency), wednesday)["wait"] == wait


@given(easy_needs, willing)
def test_a_score_is_the_sum_of_its_terms(need, helper):
    outcome = judge(need, helper, RULES)
    if isinstance(outcome, Fit):
        assert outcome.score == sum(term.points for term in outcome.terms)
        assert all(term.points for term in outcome.terms)
        assert len({term.name for term in outcome.terms}) == len(outcome.terms)
        assert outcome.reasons


@given(easy_needs, willing)
def test_a_judgement_without_weights_is_nought(need, helper):
    nothing = Rules(
        **dict.fromkeys(
            (
                "per_100_m",
                "language",
                "interpreter",
                "tired",
                "week",
                "preferred",
                "known",
                "new_tie",
                "comfort",
                "covers",
                "wait_calm",
                "wait_soon",
                "wait_today",
            ),
            0,
        )
    )
    outcome = judge(need, helper, nothing)
    if isinstance(outcome, Fit):
        assert (outcome.score, outcome.terms) == (0, ())


@given(easy_needs, willing, st.integers(0, 30), st.integers(0, 30))
def test_nearer_is_never_worse(need, helper, one, other):
    need = replace(need, cell=HOME)
    near, far = sorted((north(one), north(other)))
    farther = judge(need, replace(helper, cell=far), RULES)
    if isinstance(farther, Fit):
        nearer = judge(need, replace(helper, cell=near), RULES)
        assert isinstance(nearer, Fit)
        assert nearer.score >= farther.score


@given(easy_needs, willing, st.integers(20, 500), st.integers(20, 500))
def test_more_rest_is_never_worse(need, helper, one, other):
    short, long = sorted((one, other))
    tired = judge(need, replace(helper, last_asked_h=short), RULES)
    if isinstance(tired, Fit):
        assert fit(need, replace(helper, last_asked_h=long)).score >= tired.score
        assert fit(need, replace(helper, last_asked_h=None)).score >= tired.score


@given(easy_needs, willing, st.integers(0, 5), st.integers(0, 5))
def test_a_fuller_week_is_never_better(need, helper, one, other):
    less, more = sorted((one, other))
    busier = judge(need, replace(helper, agreed_this_week=more), RULES)
    if isinstance(busier, Fit):
        assert fit(need, replace(helper, agreed_this_week=less)).score >= busier.score


@given(easy_needs, willing)
def test_the_meeting_lies_in_the_window_and_in_no_other_meeting(need, helper):
    outcome = judge(need, helper, RULES)
    if isinstance(outcome, Fit):
        begin, until = outcome.meets
        assert need.parts[0].starts <= begin < until <= need.parts[-1].ends
        assert until - begin >= need.minutes
        assert all(until <= taken or begin >= free_again for taken, free_again in helper.busy)


def test_reasons_hold_no_key_of_a_person():
    outcome = fit(replace(ASK, asker="amina", preferred="rosa"), replace(ROSA, helped_asker=True))
    assert not {"amina", "rosa", "rosa-1"} & {str(value) for r in outcome.reasons for _, value in r.facts}


@pytest.mark.parametrize(
    "build",
    [
        lambda: Rules(per_100_m=-1),
        lambda: Rules(rested_after_h=0),
        lambda: replace(ASK, urgency=3),
        lambda: replace(ASK, urgency=-1),
        lambda: replace(ASK, quantity=-1),
        lambda: replace(ASK, minutes=0),
        lambda: replace(ROSA, slots=1 << 42),
        lambda: replace(ROSA, slots=-1),
        lambda: replace(ROSA, radius_m=-1),
        lambda: replace(ROSA, per_week=-1),
        lambda: replace(ROSA, agreed_this_week=-1),
        lambda: replace(ROSA, quantity_left=-1),
    ],
)
def test_what_makes_no_sense_is_refused(build):
    with pytest.raises(ValueError):
        build()


@pytest.mark.parametrize(("hours", "said"), [(None, False), (167, False), (168, True), (900, True)])
def test_who_was_not_asked_for_a_week_is_said_to_be_rested(hours, said):
    codes = [reason.code for reason in fit(ASK, replace(ROSA, last_asked_h=hours)).reasons]
    assert ("rested" in codes) == said
