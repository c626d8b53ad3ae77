"""Whom to invite now: examples, a naive twin, and what must be true of every choice."""

import itertools
import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonweal.algorithms.pacing import (
    Candidate,
    Chances,
    Circumstances,
    Pace,
    at_least,
    awake_after,
    cover,
    in_time,
    is_quiet,
    quiet_until,
    rested,
    tiredness,
)

chances = st.floats(0, 1)
people = st.lists(
    st.builds(
        Candidate,
        key=st.text("abcdefgh", min_size=1, max_size=3),
        chance=chances,
        rested=st.sampled_from([0.0, 0.5, 1.0]),
        in_time=st.sampled_from([0.0, 0.7, 1.0]),
        value=st.floats(0, 12_000),
        price=st.floats(0, 5_000),
        left=st.integers(-1, 2),
        free_in_h=st.sampled_from([0.0, 3.0, 9.5]),
        first=st.booleans(),
    ),
    max_size=9,
    unique_by=lambda one: one.key,
)
paces = st.builds(
    Pace,
    hands=st.integers(1, 3),
    waiting=st.lists(chances, max_size=3).map(tuple),
    quiet_h=st.sampled_from([0.0, 0.0, 6.5]),
)
MOST = st.integers(0, 6)


def naive_at_least(hands, given_chances):
    """Every way in which they can answer, one by one."""
    total = 0.0
    for answers in itertools.product((True, False), repeat=len(given_chances)):
        if sum(answers) >= hands:
            total += math.prod(
                chance if yes else 1 - chance for yes, chance in zip(answers, given_chances, strict=True)
            )
    return total


def yes_of(one):
    """A yes takes somebody rested who is willing and answers in time."""
    return one.chance * one.rested * one.in_time


def naive_cover(candidates, target, most, pace):
    """The same told backwards: of all beginnings of the order, the shortest that will do."""
    if pace.waiting and naive_at_least(pace.hands, pace.waiting) >= target:
        return ()
    if pace.quiet_h and candidates:
        return ()
    may = [
        one for one in candidates
        if one.left > 0 and not one.free_in_h and one.rested and one.in_time and one.chance
    ]  # fmt: skip
    may.sort(key=lambda one: one.key)
    may.sort(key=yes_of, reverse=True)
    may.sort(key=lambda one: yes_of(one) * one.value / (1 + one.price / 1000), reverse=True)
    may.sort(key=lambda one: one.first, reverse=True)
    will_do = [
        size
        for size in range(1, min(most, len(may)) + 1)
        if naive_at_least(pace.hands, [*pace.waiting, *map(yes_of, may[:size])]) >= target
    ]
    size = min(will_do, default=min(most, len(may)))
    return tuple(one.key for one in may[:size])


def close_calls(candidates, target, pace):
    """Whether the target is met so closely that rounding decides."""
    known = [*pace.waiting]
    order = cover(candidates, target=1.0, most=99, rules=Pace(hands=pace.hands)).asked
    by_key = {one.key: one for one in candidates}
    sums = [at_least(pace.hands, known)]
    for key in order:
        known.append(by_key[key].says_yes)
        sums.append(at_least(pace.hands, known))
    return any(abs(one - target) < 1e-9 for one in sums)


@given(st.integers(1, 4), st.lists(chances, max_size=6))
def test_the_chance_that_enough_say_yes_is_that_of_the_naive_count(hands, given_chances):
    assert at_least(hands, given_chances) == pytest.approx(naive_at_least(hands, given_chances), abs=1e-9)


@given(people, chances, MOST, paces)
def test_the_choice_is_that_of_the_naive_twin(candidates, target, most, pace):
    if not close_calls(candidates, target, pace):
        assert cover(candidates, target=target, most=most, rules=pace).asked == naive_cover(
            candidates, target, most, pace
        )


@given(people, chances, MOST, paces)
def test_nobody_above_their_limit_nobody_who_rests_and_never_more_than_allowed(
    candidates, target, most, pace
):
    choice = cover(candidates, target=target, most=most, rules=pace)
    by_key = {one.key: one for one in candidates}
    assert choice.pings == len(set(choice.asked)) <= most
    assert all(
        by_key[key].left > 0 and by_key[key].rested > 0 and not by_key[key].free_in_h for key in choice.asked
    )
    assert not set(choice.asked) & set(choice.left_out)
    if choice.asked:
        assert choice.wait_h is None
        assert choice.why in {"sure_enough", "as_many_as_allowed", "all_there_are"}
        assert (choice.chance >= target) == (choice.why == "sure_enough")


@given(people, chances, chances, MOST, paces)
def test_to_be_surer_never_asks_fewer_and_begins_with_the_same(candidates, one, other, most, pace):
    low, high = sorted((one, other))
    fewer = cover(candidates, target=low, most=most, rules=pace).asked
    more = cover(candidates, target=high, most=most, rules=pace).asked
    assert more[: len(fewer)] == fewer


@given(people, chances, MOST, paces, st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_read_changes_nothing(candidates, target, most, pace, random):
    before = cover(candidates, target=target, most=most, rules=pace)
    random.shuffle(candidates)
    assert cover(candidates, target=target, most=most, rules=pace) == before


def some(*given_chances, **common):
    return [Candidate(key=f"{index}", chance=chance, **common) for index, chance in enumerate(given_chances)]


def test_as_few_as_make_it_sure_enough():
    choice = cover(some(0.5, 0.4, 0.3, 0.2), target=0.75, most=10)
    assert choice.asked == ("0", "1", "2")
    assert choice.chance == pytest.approx(1 - 0.5 * 0.6 * 0.7)
    assert choice.expected_pings == pytest.approx(3 / 0.79)
    assert choice.why == "sure_enough"


def test_the_cap_holds_and_is_said():
    choice = cover(some(0.5, 0.4, 0.3), target=0.9, most=2)
    assert (choice.asked, choice.why) == (("0", "1"), "as_many_as_allowed")
    assert cover(some(0.5), target=0.9, most=2).why == "all_there_are"
    assert cover(some(0.5), target=0.9, most=0).asked == ()


def test_who_was_asked_before_counts():
    assert cover(some(0.5, 0.5), target=0.7, most=5, rules=Pace(waiting=(0.5,))).asked == ("0",)
    enough = cover(some(0.5), target=0.7, most=5, rules=Pace(waiting=(0.8,)))
    assert (enough.asked, enough.why, enough.wait_h) == ((), "sure_enough", None)


def test_who_is_worth_more_elsewhere_is_asked_later_and_who_is_preferred_first():
    dear = Candidate(key="dear", chance=0.6, price=1000)
    plain = Candidate(key="plain", chance=0.4)
    usual = Candidate(key="usual", chance=0.1, first=True)
    assert cover([dear, plain, usual], target=1.0, most=3).asked == ("usual", "plain", "dear")


def test_who_is_worth_more_here_is_asked_first():
    far, near = Candidate(key="far", chance=0.5, value=850), Candidate(key="near", chance=0.5, value=1020)
    assert cover([far, near], target=0.1, most=1).asked == ("near",)


def test_when_to_wait_and_why():
    quiet = cover(some(0.5), target=0.8, most=2, rules=Pace(quiet_h=4.5))
    assert (quiet.asked, quiet.wait_h, quiet.why) == ((), 4.5, "quiet")
    resting = [Candidate(key=key, chance=0.5, free_in_h=hours) for key, hours in (("a", 7), ("b", 2.5))]
    choice = cover(resting, target=0.8, most=2)
    assert (choice.wait_h, choice.why, dict(choice.left_out)) == (
        2.5,
        "all_rest",
        {"a": "resting", "b": "resting"},
    )
    spent = cover([*some(0.5, left=0), Candidate(key="n", chance=0.0)], target=0.8, most=2)
    assert (spent.wait_h, spent.why, dict(spent.left_out)) == (
        None,
        "nobody",
        {"0": "asked_enough", "n": "says_no"},
    )
    assert cover([], target=0.8, most=2).why == "nobody"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Candidate(key="a", chance=1.1),
        lambda: Candidate(key="a", chance=math.nan),
        lambda: Candidate(key="a", chance=0.5, rested=-0.1),
        lambda: Candidate(key="a", chance=0.5, value=math.inf),
        lambda: Candidate(key="a", chance=0.5, price=-1),
        lambda: Pace(hands=0),
        lambda: Pace(waiting=(2.0,)),
        lambda: Pace(quiet_h=math.nan),
        lambda: cover([], target=1.2, most=1),
        lambda: rested(math.nan),
        lambda: rested(1, rest_hours=-1),
        lambda: rested(1, recovery_hours=0),
        lambda: tiredness(-1),
        lambda: is_quiet(datetime(2026, 1, 1, tzinfo=UTC), starts=24, ends=8, zone=UTC),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(ValueError):
        make()


def test_recovery():
    assert rested(None) == 1
    assert rested(19.9) == 0
    assert rested(20) == 0.5
    assert rested(92) == 0.75
    assert tiredness(0) == 1
    assert tiredness(2) == pytest.approx(0.7225)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 400))
def test_more_rest_is_never_worse(one, other, rest):
    low, high = sorted((one, other))
    assert 0 <= rested(low, rest_hours=rest) <= rested(high, rest_hours=rest) <= 1


NEW_YORK = ZoneInfo("America/New_York")
NIGHT = {"starts": 21, "ends": 8, "zone": NEW_YORK}


def here(*parts, fold=0):
    return datetime(*parts, tzinfo=NEW_YORK, fold=fold)


def test_the_night_by_the_clock_on_the_wall():
    assert quiet_until(here(2026, 11, 23, 20, 59), **NIGHT) == here(2026, 11, 23, 20, 59)
    assert quiet_until(here(2026, 11, 23, 21, 0), **NIGHT) == here(2026, 11, 24, 8)
    assert quiet_until(here(2026, 11, 24, 3, 0), **NIGHT) == here(2026, 11, 24, 8)
    assert quiet_until(here(2026, 11, 24, 8, 0), **NIGHT) == here(2026, 11, 24, 8)
    assert quiet_until(here(2026, 11, 24, 8, 0), **NIGHT).tzinfo is UTC


def test_a_siesta_and_no_night_at_all():
    siesta = {"starts": 13, "ends": 16, "zone": NEW_YORK}
    assert quiet_until(here(2026, 11, 23, 14, 0), **siesta) == here(2026, 11, 23, 16)
    assert not is_quiet(here(2026, 11, 23, 16, 0), **siesta)
    never = {"starts": 8, "ends": 8, "zone": NEW_YORK}
    assert not is_quiet(here(2026, 11, 23, 8, 0), **never)
    assert awake_after(here(2026, 11, 23, 20), timedelta(days=2), **never) == here(2026, 11, 25, 20)


def test_the_night_in_which_the_clock_changes():
    short, long = here(2026, 3, 7, 21), here(2026, 10, 31, 21)
    assert quiet_until(short, **NIGHT) - short == timedelta(hours=10)
    assert quiet_until(long, **NIGHT) - long == timedelta(hours=12)
    leapt_over = {"starts": 21, "ends": 2, "zone": NEW_YORK}
    assert quiet_until(here(2026, 3, 8, 1, 59), **leapt_over) == datetime(2026, 3, 8, 7, tzinfo=UTC)
    twice = {"starts": 21, "ends": 1, "zone": NEW_YORK}
    assert quiet_until(here(2026, 11, 1, 0, 30), **twice) == datetime(2026, 11, 1, 5, tzinfo=UTC)


def test_time_is_counted_outside_the_nights():
    six = timedelta(hours=6)
    assert awake_after(here(2026, 11, 23, 10), six, **NIGHT) == here(2026, 11, 23, 16)
    assert awake_after(here(2026, 11, 23, 19), six, **NIGHT) == here(2026, 11, 24, 12)
    assert awake_after(here(2026, 11, 23, 23), six, **NIGHT) == here(2026, 11, 24, 14)
    assert awake_after(here(2026, 11, 23, 15), six, **NIGHT) == here(2026, 11, 24, 8)
    assert awake_after(here(2026, 11, 23, 15), timedelta(hours=26), **NIGHT) == here(2026, 11, 25, 15)


hours = st.integers(0, 23)
minutes = st.integers(0, 3 * 366 * 24 * 60)
moments = minutes.map(lambda passed: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=passed))
zones = st.sampled_from(["America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "Asia/Kolkata"]).map(
    ZoneInfo
)


@given(moments, hours, hours, zones, st.timedeltas(timedelta(0), timedelta(days=5)))
def test_what_comes_out_is_never_in_the_night_and_never_too_soon(at, starts, ends, zone, span):
    night = {"starts": starts, "ends": ends, "zone": zone}
    morning, later = quiet_until(at, **night), awake_after(at, span, **night)
    assert not is_quiet(morning, **night)
    assert not is_quiet(later, **night)
    assert at <= morning <= at + timedelta(hours=25)
    assert later >= max(at + span, morning)


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.01, 1e4))
def test_more_time_for_an_answer_is_never_worse(hours, more, takes):
    assert 0 <= in_time(hours, answer_hours=takes) <= in_time(hours + more, answer_hours=takes) <= 1


def test_an_answer_comes_in_time_as_often_as_answers_are_that_fast():
    assert in_time(3.0, answer_hours=3.0) == pytest.approx(1 - math.exp(-1))
    assert in_time(0.0, answer_hours=3.0) == in_time(-5.0, answer_hours=3.0) == 0.0
    for hours, takes in ((math.nan, 3.0), (3.0, 0.0), (3.0, math.nan)):
        with pytest.raises(ValueError, match="answers take a time"):
            in_time(hours, answer_hours=takes)


def test_who_could_only_answer_too_late_is_not_asked():
    late = Candidate(key="Ann", chance=0.9, in_time=0.0)
    choice = cover([late, Candidate(key="Bea", chance=0.2)], target=1.0, most=2)
    assert choice.asked == ("Bea",)
    assert choice.left_out == {"Ann": "too_late"}


def test_the_worked_example_of_the_documentation():
    network = Chances()
    rosa = network.chance(Circumstances(said_yes=4, answered=5))
    lee = network.chance(Circumstances())
    sam = network.chance(Circumstances(said_yes=2, answered=2))
    candidates = [
        Candidate(key="Rosa", chance=rosa, value=940),
        Candidate(key="Lee", chance=lee, value=1020),
        Candidate(key="Sam", chance=sam, value=900, price=1000),
        Candidate(key="Jo", chance=0.5, value=1010, left=0),
    ]
    assert [round(one.wanted) for one in candidates[:3]] == [543, 306, 240]
    assert [round(one, 3) for one in (rosa, lee, sam)] == [0.578, 0.3, 0.533]
    choice = cover(candidates, target=0.6, most=2)
    assert choice.asked == ("Rosa", "Lee")
    assert choice.order == ("Rosa", "Lee", "Sam")
    assert round(choice.chance, 3) == 0.704
    assert choice.left_out == {"Jo": "asked_enough"}
