"""How likely a yes is: the prior, a person's own answers, and what is learnt."""

import itertools
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonweal.algorithms.pacing import PRIOR, Chances, Circumstances
from commonweal.algorithms.pacing.chances import FEATURES, chance_of, features, log_odds
from commonweal.algorithms.pacing.learning import (
    Answer,
    brier_score,
    calibration_error,
    fit,
    irls,
    learn,
    platt,
)

about = st.builds(
    Circumstances,
    metres=st.none() | st.integers(0, 60_000),
    knows_kind=st.booleans(),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    pings_week=st.integers(0, 30),
    hours_since=st.none() | st.floats(0, 1e5),
    knows_asker=st.booleans(),
    preferred=st.booleans(),
    said_yes=st.just(2),
    answered=st.integers(2, 40),
)
LEARNT = Chances(
    yes=30,
    n=100,
    weights=tuple(0.1 if name not in {"pings_week", "just_asked"} else -0.3 for name in FEATURES),
)


def town(n, people, seed, *, tires=0.35, keen=1.0):
    """Answers of made-up people: each willing in their own measure, less the more they are asked."""
    dice = random.Random(seed)
    willing = [dice.gauss(-0.6, keen) for _ in range(people)]
    history = [[0, 0] for _ in range(people)]
    for at in range(n):
        one, pings, knows = dice.randrange(people), int(dice.expovariate(0.7)), dice.random() < 0.4
        metres = dice.choice([200, 900, 2000, 5000, None])
        yes, answered = history[one]
        circumstances = Circumstances(
            metres=metres, knows_kind=knows, pings_week=pings, said_yes=yes, answered=answered
        )
        says = dice.random() < chance_of(willing[one] - tires * pings + 0.8 * knows - (metres == 5000))
        history[one] = [yes + says, answered + 1]
        yield Answer(person=f"p{one}", at=at, about=circumstances, yes=says)


@pytest.fixture(scope="module")
def learnt():
    """What two thousand answers of a made-up town teach, and the answers."""
    answers = list(town(2000, 120, seed=5))
    return learn(answers), answers


def test_a_new_person_in_a_new_network_gets_the_prior():
    assert PRIOR.rate == 0.3
    assert PRIOR.chance(Circumstances()) == pytest.approx(0.3)


def test_a_person_s_own_answers_move_them_away_from_their_network():
    four_of_five = Circumstances(said_yes=4, answered=5)
    assert PRIOR.chance(four_of_five) == pytest.approx((4 + 4 * 0.3) / 9)
    assert PRIOR.chance(Circumstances(said_yes=0, answered=5)) == pytest.approx(4 * 0.3 / 9)


def test_the_prior_tires():
    tired = Circumstances(pings_week=2, hours_since=72)
    assert PRIOR.chance(tired) == pytest.approx(0.3 * 0.85**2 * 0.75)


@pytest.mark.parametrize("chances", [PRIOR, LEARNT])
@given(about=about, more=st.integers(0, 5), sooner=st.floats(0, 1))
def test_a_chance_is_one_and_being_asked_more_or_sooner_never_raises_it(chances, about, more, sooner):
    chance = chances.chance(about)
    assert 0.02 <= chance <= 0.98
    fields = {name: getattr(about, name) for name in Circumstances.__slots__}
    again = Circumstances(**{**fields, "pings_week": about.pings_week + more})
    assert chances.chance(again) <= chance + 1e-12
    if about.hours_since is not None:
        hasty = Circumstances(**{**fields, "hours_since": about.hours_since * sooner})
        assert chances.chance(hasty) <= chance + 1e-12


@given(about)
def test_a_model_reads_what_it_knows_by_name(about):
    assert len(features(about, 0.3)) == len(FEATURES)
    stored = LEARNT.as_json()
    again = Chances.read(stored, yes=30, n=100)
    assert again == LEARNT
    assert again.is_learnt
    assert again.chance(about) == LEARNT.chance(about)


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"features": ["other"], "weights": [1.0]},
        {"features": list(FEATURES), "weights": [1.0], "slope": 1, "shift": 0},
        {"features": list(FEATURES), "weights": [math.nan] * len(FEATURES), "slope": 1, "shift": 0},
        {"features": list(FEATURES), "weights": None, "slope": 1, "shift": 0},
        {"features": list(FEATURES), "slope": 1, "shift": 0},
    ],
)
def test_a_stored_model_that_makes_no_sense_leaves_the_prior(stored):
    assert Chances.read(stored, yes=3, n=9) == Chances(yes=3, n=9)


def test_the_prior_alone_is_stored_without_weights():
    assert PRIOR.as_json() == {"features": [], "weights": [], "slope": 1.0, "shift": 0.0}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Circumstances(hour=24),
        lambda: Circumstances(weekday=7),
        lambda: Circumstances(said_yes=2, answered=1),
        lambda: Circumstances(pings_week=-1),
        lambda: Circumstances(metres=-1),
        lambda: Circumstances(hours_since=math.nan),
        lambda: Chances(yes=2, n=1),
        lambda: Chances(weights=(1.0,)),
        lambda: Chances(slope=-1),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(ValueError):
        make()


@given(st.floats(-1e4, 1e4))
def test_odds_and_chances_go_back_and_forth_without_overflow(odds):
    assert 0 <= chance_of(odds) <= 1
    if abs(odds) < 4:
        assert log_odds(chance_of(odds)) == pytest.approx(odds)


def naive_logistic(seen, said, ridge):
    """Small steps downhill until nothing changes."""
    weights = np.zeros(seen.shape[1])
    bears = np.array([0.0] + [ridge] * (seen.shape[1] - 1))
    for _ in range(20_000):
        chance = 1 / (1 + np.exp(-seen @ weights))
        weights -= 0.02 * (seen.T @ (chance - said) + bears * weights)
    return weights


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_the_fit_is_that_of_the_naive_twin(seed):
    dice = np.random.default_rng(seed)
    seen = np.column_stack([np.ones(30), dice.normal(size=(30, 2))])
    said = (dice.random(30) < 1 / (1 + np.exp(-seen @ [0.2, 1.0, -0.7]))).astype(float)
    assert irls(seen, said) == pytest.approx(naive_logistic(seen, said, 2.0), abs=1e-4)


def test_a_fit_that_would_step_too_far_takes_smaller_steps():
    dice = np.random.default_rng(28)
    seen = np.column_stack([np.ones(4), dice.standard_t(1, size=(4, 2)) * 3])
    said = (dice.random(4) < dice.choice([0.5, 0.1])).astype(float)
    chance = 1 / (1 + np.exp(-seen @ irls(seen, said, ridge=1e-9)))
    assert brier_score(chance, said) < 1e-3


def test_what_is_learnt_is_better_than_the_prior_and_calibrated(learnt):
    chances, _answers = learnt
    assert chances.is_learnt
    assert chances.brier < chances.prior_brier - 0.005
    assert chances.error < 0.05
    by_name = dict(zip(FEATURES, chances.weights, strict=True))
    assert by_name["pings_week"] < -0.15
    assert by_name["knows_kind"] > 0.3
    assert by_name["far"] < -0.4
    assert 0.5 < by_name["history"] < 1.5


def test_what_is_learnt_holds_for_people_nobody_has_seen(learnt):
    chances, _answers = learnt
    strangers = list(town(3000, 150, seed=77))
    said = np.array([one.yes for one in strangers], dtype=float)
    told = np.array([chances.chance(one.about) for one in strangers])
    assert calibration_error(told, said) < 0.06
    assert brier_score(told, said) == pytest.approx(chances.brier, abs=0.02)


def test_the_order_of_the_answers_changes_nothing_and_it_comes_out_the_same_every_time(learnt):
    chances, answers = learnt
    shuffled = list(answers)
    random.Random(1).shuffle(shuffled)
    assert learn(shuffled) == chances


@pytest.mark.parametrize(
    "answers",
    [
        [],
        list(itertools.islice(town(400, 40, seed=1), 199)),
        list(town(400, 9, seed=1)),
        [Answer(person=f"{at}", at=at, about=Circumstances(), yes=at < 10) for at in range(400)],
    ],
)
def test_too_few_answers_teach_only_the_rate(answers):
    chances = learn(answers)
    assert chances == Chances(yes=sum(one.yes for one in answers), n=len(answers))


def test_answers_that_nothing_foretells_leave_the_prior_and_say_how_good_it_is():
    dice = random.Random(3)
    answers = [
        Answer(
            person=f"{at % 90}", at=at, about=Circumstances(hour=dice.randrange(24)), yes=dice.random() < 0.5
        )
        for at in range(260)
    ]
    chances = learn(answers)
    assert not chances.is_learnt
    assert chances.brier >= chances.prior_brier > 0.2


def test_that_the_willing_are_asked_more_is_not_learnt_as_if_asking_helped():
    answers = list(town(1500, 80, seed=9, tires=-0.6))
    chances = learn(answers)
    assert chances.is_learnt
    by_name = dict(zip(FEATURES, chances.weights, strict=True))
    assert by_name["pings_week"] == 0


def test_of_two_that_seem_to_help_each_is_left_out():
    seen = np.zeros((40, len(FEATURES)))
    seen[:, 0] = 1
    seen[20:, FEATURES.index("pings_week")] = 3
    seen[10:30, FEATURES.index("just_asked")] = 1
    weights = fit(seen, (seen[:, FEATURES.index("pings_week")] > 0).astype(float))
    assert weights[FEATURES.index("pings_week")] == 0
    assert weights[FEATURES.index("just_asked")] <= 0


def test_scores_that_say_the_opposite_are_not_turned_round():
    scores, said = np.linspace(-2, 2, 50), (np.arange(50) < 25).astype(float)
    assert platt(scores, said) == (0.0, 0.0)
    slope, _shift = platt(-scores + np.where(np.arange(50) % 7, 0, 3), said)
    assert slope > 0


def test_the_measures():
    chances, said = np.array([0.0, 1.0, 0.5, 0.5]), np.array([0.0, 1.0, 0.0, 1.0])
    assert brier_score(chances, said) == 0.125
    assert calibration_error(np.full(100, 0.3), (np.arange(100) < 30).astype(float)) == pytest.approx(0)
    assert calibration_error(np.full(100, 0.5), (np.arange(100) < 30).astype(float)) == pytest.approx(0.2)
    assert calibration_error(np.repeat([0.0, 1.0], 50), np.repeat([0.0, 1.0], 50)) == 0
