"""Trying a change on last month: what is played, what is stored, and what is shown of it."""

import dataclasses
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from commonweal.assembly.actions import give_mandate
from commonweal.base import clock
from commonweal.base.eventlog import story_of
from commonweal.base.tests.site import wait_until
from commonweal.matching.beside import Beside
from commonweal.matching.errors import NoEngine
from commonweal.matching.figures import Figures, GroupFigures
from commonweal.matching.models import AcceptanceModel, PolicyTrial
from commonweal.matching.need import rules_of
from commonweal.matching.policy import actions, background, tasks
from commonweal.matching.policy.comparing import compared
from commonweal.matching.policy.errors import NotYourTrial
from commonweal.matching.policy.sections import SECTIONS, WEIGHTS, not_played, remarks, sections
from commonweal.matching.policy.words import (
    evenness_in_words,
    served_in_words,
    value_in_words,
    way_in_words,
    week_in_words,
)
from commonweal.matching.queries import candidates_for
from commonweal.networks.actions import change_policy
from commonweal.networks.errors import NoSuchSetting, NothingChanged, PolicyChangedMeanwhile, Unexplained
from commonweal.networks.models import Network
from commonweal.networks.policy import Policy, settings_by_name

SERVED, FEWER = 12, 10
PLAIN = Figures(
    asks=30, served=SERVED, urgent=4, urgent_served=2, metres=900, farthest_m=2000, interpreted=3, most_per_week=3,
    over_three=0, helpers=8, offered=20, evenness=0.3, groups=(),
)  # fmt: skip


def figures(**changes):
    """What a half of a trial keeps."""
    return dataclasses.asdict(dataclasses.replace(PLAIN, **changes))


def group(kind, key, asks, served):
    return GroupFigures(kind=kind, key=str(key), asks=asks, served=served)


class Player:
    """Plays nothing: more are served the more a language counts. Remembers what it was asked."""

    def __init__(self, *faults):
        self.asked, self.faults = [], list(faults)

    def __call__(self, network, *, since, until, policy):
        self.asked.append((network.pk, until - since, policy))
        if self.faults:
            raise self.faults.pop()
        return dataclasses.replace(PLAIN, served=policy.language // 10)


@pytest.fixture
def trial(town):
    return actions.try_change(network=town.network, by=town.rosa, changes={"language": 200}, number=0)


def fresh():
    return PolicyTrial.objects.get()


def play(trial, player):
    actions.work_out(network_id=trial.network_id, trial_id=trial.pk, play=player)


@pytest.mark.django_db
def test_a_trial_plays_the_last_four_weeks_before_and_after(town, trial):
    player = Player()

    play(trial, player)

    assert [(span, policy.language) for _network, span, policy in player.asked] == [
        (timedelta(days=28), 60),
        (timedelta(days=28), 200),
    ]
    done = fresh()
    assert (done.state, done.done) == ("done", 2)
    assert (done.figures["before"]["served"], done.figures["after"]["served"]) == (6, 20)


@pytest.mark.django_db
def test_a_trial_is_compared_with_the_rules_it_was_tried_on(town, trial):
    change_policy(network=town.network, changes={"language": 0}, reason="Meanwhile")
    player = Player()

    play(trial, player)

    assert [policy.language for *_others, policy in player.asked] == [60, 200]


@pytest.mark.django_db
def test_a_trial_begun_twice_is_played_once(trial):
    player = Player()

    play(trial, player)
    play(trial, player)

    assert len(player.asked) == 2


@pytest.mark.django_db
def test_a_trial_that_cannot_be_played_says_so(trial):
    play(trial, Player(NoEngine()))

    assert (fresh().state, fresh().figures) == ("failed", {})


@pytest.mark.django_db
def test_a_fault_is_said_on_the_trial_and_not_kept_quiet(trial):
    with pytest.raises(KeyError):
        play(trial, Player(KeyError("x")))

    assert fresh().state == "failed"


@pytest.mark.django_db
class TestStopping:
    def test_one_that_waits_is_never_played(self, town, trial):
        actions.stop_trial(trial=trial, by=town.rosa)
        player = Player()
        play(trial, player)
        assert (player.asked, fresh().state, fresh().is_under_way) == ([], "stopped", False)
        assert not background.playing_is_wanted()

    @pytest.mark.parametrize("half", [1, 2])
    def test_one_that_is_played_goes_no_further(self, town, trial, half):
        player = Player()

        def stopped_in(network, **about):
            came = player(network, **about)
            if len(player.asked) == half:
                actions.stop_trial(trial=trial, by=town.rosa)
            return came

        play(trial, stopped_in)
        assert (len(player.asked), fresh().state, fresh().figures) == (half, "stopped", {})

    def test_a_fault_after_that_changes_nothing(self, town, trial):
        def stopped_and_broken(network, **about):
            actions.stop_trial(trial=trial, by=town.rosa)
            raise NoEngine

        play(trial, stopped_and_broken)
        assert fresh().state == "stopped"

    def test_what_has_ended_stays_as_it_is(self, town, trial):
        play(trial, Player())
        actions.stop_trial(trial=trial, by=town.rosa)
        assert fresh().state == "done"
        assert [event.verb for event in story_of(trial)] == ["policy_tried"]

    def test_only_who_began_it_or_a_steward(self, town, trial):
        with pytest.raises(NotYourTrial):
            actions.stop_trial(trial=trial, by=town.lee)
        give_mandate(member=town.jo, role="steward", until=clock.now() + timedelta(days=9), reason="Chosen.")
        actions.stop_trial(trial=trial, by=town.jo)
        assert fresh().state == "stopped"
        assert story_of(trial).last().verb == "policy_trial_stopped"

    def test_tried_again_it_is_another_trial(self, town, trial):
        actions.stop_trial(trial=trial, by=town.rosa)
        again = actions.try_again(trial=trial, by=town.rosa)
        assert (again.state, again == trial) == ("waiting", False)


@pytest.mark.django_db
def test_a_press_queues_the_work_and_a_second_one_nothing(town, trial):
    again = actions.try_change(network=town.network, by=town.rosa, changes={"language": 200}, number=0)

    assert again == trial
    (queued,) = DBTaskResult.objects.all()
    assert queued.args_kwargs["args"] == [str(town.network.pk), str(trial.pk)]
    other = actions.try_change(network=town.network, by=town.lee, changes={"language": 200}, number=0)
    assert other != trial


@pytest.fixture
def started(monkeypatch):
    """The commands that are started beside the worker, without starting them."""
    commands = []

    class Process:
        def __init__(self, command, env):
            commands.append(command[-1])

        def poll(self):
            return None

        def terminate(self):
            commands.append("ended")

        def wait(self):
            return 0

    monkeypatch.setattr("subprocess.Popen", Process)
    monkeypatch.setattr(background, "player", Beside("trials"))
    monkeypatch.setattr(tasks, "player", background.player)
    yield commands
    background.player.stop()


@pytest.mark.django_db
def test_the_worker_has_it_played_beside_it_and_goes_on(trial, started):
    assert background.playing_is_wanted()
    tasks.work_out.func(str(trial.network_id), str(trial.pk))
    tasks.play_trials()
    assert started == ["trials"]
    assert not background.playing_is_wanted()
    background.player.stop()
    assert started == ["trials", "ended"]
    assert background.playing_is_wanted()


@pytest.mark.django_db
def test_nobody_waits_where_all_is_played(trial):
    play(trial, Player())
    assert not background.playing_is_wanted()


@pytest.mark.django_db
def test_what_waits_is_played_in_turn_by_the_command(town, trial, monkeypatch):
    actions.try_change(network=town.network, by=town.lee, changes={"language": 120}, number=0)
    monkeypatch.setattr(actions.work_out, "__kwdefaults__", {"play": Player()})
    out = StringIO()
    call_command("trials", stdout=out)
    assert out.getvalue() == "2 played.\n"
    assert set(PolicyTrial.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db
class TestLost:
    """The process that played a trial was killed."""

    @pytest.fixture
    def left(self, trial, hand):
        PolicyTrial.objects.update(state="running", seen_at=clock.now(), tries=1, done=1)
        return hand

    def test_one_that_shows_life_is_left_alone(self, left):
        left.advance(timedelta(seconds=29))
        assert not background.playing_is_wanted()
        assert actions.return_lost_trials() == 0
        assert fresh().state == "running"

    def test_one_without_waits_once_more(self, left, trial):
        left.advance(timedelta(seconds=31))
        assert background.playing_is_wanted()
        assert actions.return_lost_trials() == 1
        assert (fresh().state, fresh().done) == ("waiting", 0)
        play(trial, Player())
        assert (fresh().state, fresh().tries) == ("done", 2)

    def test_one_that_was_lost_twice_is_given_up(self, left, trial):
        PolicyTrial.objects.update(tries=2)
        left.advance(timedelta(seconds=31))
        assert actions.return_lost_trials() == 1
        assert (fresh().state, fresh().is_under_way) == ("failed", False)

    def test_while_it_is_played_it_shows_life_whatever_the_database_says(self, trial, monkeypatch, caplog):
        monkeypatch.setattr(actions, "BEAT", 0.0)
        ended, beats = threading.Event(), []

        class Mine:
            def filter(self, **which):
                return self

            def update(self, **values):
                beats.append(values)
                if len(beats) == 1:
                    raise OperationalError
                ended.set()

        with actions.showing_life(Mine()):
            assert ended.wait(20)
        assert set(beats[-1]) == {"seen_at"}
        assert "OperationalError" in caplog.text


def test_a_trial_whose_process_was_killed_is_taken_up_again(site):
    """Real processes: one is killed in the middle of playing, and the next plays it to the end."""
    site.python(
        "from commonweal.exchange.tests.cast import found_town\n"
        "from commonweal.matching.policy.actions import try_change\n"
        "town = found_town(); town.offer(town.rosa)\n"
        "try_change(network=town.network, by=town.rosa, changes={'per_100_m': 0}, number=0)"
    )
    state = "SELECT state, tries FROM matching_policytrial"
    first = site.start("trials")
    wait_until(lambda: site.rows(state) == [("running", 1)])
    first.kill()
    first.wait()
    assert site.rows(state) == [("running", 1)]
    site.execute("UPDATE matching_policytrial SET seen_at = '2020-01-01 00:00:00+00:00'")
    second = site.start("trials")
    # It may be the first to have the engine compiled.
    wait_until(lambda: site.rows(state) == [("done", 2)], 240)
    assert second.wait(60) == 0


@pytest.mark.django_db
def test_settings_that_find_nobody_are_not_played(town):
    trial = actions.try_change(network=town.network, by=town.rosa, changes={"erase_days": 9}, number=0)

    assert trial.state == "needless"
    assert not trial.is_under_way
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "number", "refusal"),
    [
        ({"language": 401}, 0, NoSuchSetting),
        ({"language": True}, 0, NoSuchSetting),
        ({"magic": 1}, 0, NoSuchSetting),
        ({"language": 60}, 0, NothingChanged),
        ({}, 0, NothingChanged),
        ({"language": 100}, 1, PolicyChangedMeanwhile),
    ],
)
def test_what_cannot_be_tried_is_refused_and_stores_nothing(town, changes, number, refusal):
    with pytest.raises(refusal):
        actions.try_change(network=town.network, by=town.rosa, changes=changes, number=number)

    assert not PolicyTrial.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", " ", "a" * 301])
def test_a_proposal_has_a_reason(town, trial, reason):
    with pytest.raises(Unexplained):
        actions.propose(trial=trial, by=town.rosa, reason=reason)


@pytest.mark.django_db
def test_a_proposal_keeps_the_figures_when_the_trial_goes(town, trial, hand):
    play(trial, Player())
    proposal = actions.propose(trial=fresh(), by=town.rosa, reason="So.")
    assert tasks.forget_trials() == 0

    hand.advance(timedelta(days=8))

    assert tasks.forget_trials() == 1
    assert not PolicyTrial.objects.exists()
    proposal.refresh_from_db()
    assert proposal.figures["after"]["served"] == 20


@pytest.mark.django_db
def test_the_month_is_really_played_by_the_engine(town, hand):
    """From the form to the figures: the asks of the cast, the engine in a process of its own, and what it says."""
    for member in (town.rosa, town.lee):
        town.offer(member)
    town.ask()
    hand.advance(timedelta(days=4))
    actions.try_change(network=town.network, by=town.rosa, changes={"per_100_m": 0}, number=0)

    actions.work_out_waiting()

    done = fresh()
    assert done.state == "done"
    for half in ("before", "after"):
        assert (done.figures[half]["asks"], done.figures[half]["served"]) == (1, 1)
    assert "as many served as before" in compared(done.figures, town.network).headline


def test_every_setting_has_a_place_of_its_own():
    placed = [name for section in SECTIONS for name in section.names]

    assert len(placed) == len(set(placed))
    assert sorted(name for section in sections() for name in section.names) == sorted(settings_by_name())


def test_a_setting_without_a_place_comes_last(monkeypatch):
    monkeypatch.setattr("commonweal.matching.policy.sections.SECTIONS", SECTIONS[1:])

    assert [section.names for section in sections()][-1] == SECTIONS[0].names


def test_weights_are_those_of_matching_and_begin_as_they_are_there():
    assert rules_of(Policy()) == type(rules_of(Policy()))()
    changed = dataclasses.replace(Policy(), per_100_m=7, language=0, week=400)
    rules = rules_of(changed)
    assert (rules.per_100_m, rules.language, rules.week) == (7, 0, 400)


def test_rules_that_stand_against_one_another_are_remarked_upon():
    nothing = dataclasses.replace(Policy(), **dict.fromkeys(WEIGHTS, 0))
    assert [str(words)[:21] for words in remarks(nothing)] == ["Nothing counts any mo"]
    assert remarks(Policy()) == []
    for changes, words in (
        ({"served": 0}, "for nothing by itself"),
        ({"per_100_m": 0}, "Distance counts for nothing"),
        ({"wait_calm": 200}, "Calm asks"),
        ({"wait_soon": 200}, "Calm asks"),
        ({"urgent_answer_minutes": 300}, "longer to answer"),
        ({"rested_after_h": 10}, "count as rested"),
    ):
        (said,) = remarks(dataclasses.replace(Policy(), **changes))
        assert words in str(said)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (lambda: value_in_words("language", 60, Policy()), "counts 60, as much as 1.5 km of way"),
        (lambda: value_in_words("language", 0, Policy()), "does not count"),
        (lambda: value_in_words("language", 60, dataclasses.replace(Policy(), per_100_m=0)), "counts 60"),
        (lambda: value_in_words("per_100_m", 4, Policy()), "counts 4"),
        (lambda: value_in_words("near_m", 900, Policy()), "900"),
        (lambda: served_in_words(0), "as many served as before"),
        (lambda: served_in_words(31), "31 more served"),
        (lambda: served_in_words(-1), "1 fewer served"),
        (lambda: way_in_words(None, 900), ""),
        (lambda: way_in_words(900, None), ""),
        (lambda: way_in_words(900, 904), "as far on average as before"),
        (lambda: way_in_words(900, 1300), "400 m further on average"),
        (lambda: way_in_words(1300, 900), "400 m nearer on average"),
        (lambda: week_in_words(0), "nobody helps at all"),
        (lambda: week_in_words(1), "nobody above once a week"),
        (lambda: week_in_words(3), "nobody above 3 times a week"),
        (lambda: evenness_in_words(0.1), "evenly shared"),
        (lambda: evenness_in_words(0.3), "fairly evenly shared"),
        (lambda: evenness_in_words(0.5), "unevenly shared"),
        (lambda: evenness_in_words(0.9), "a few do most of it"),
    ],
)
def test_figures_are_said_in_words(said, words):
    with translation.override("en"):
        assert said() == words


@pytest.mark.django_db
def test_small_groups_are_not_shown_and_never_one_alone(town):
    abell, waverly = town.abell.pk, town.waverly.pk

    def shown(asks):
        groups = (group("area", abell, 20, 4), group("area", waverly, asks, 1), group("need", "stairs", 3, 1))
        after = (group("area", abell, 20, 16), *groups[1:])
        made = compared({"before": figures(groups=groups), "after": figures(groups=after)}, town.network)
        areas, _languages, needs = made.families
        return made.headline, [each.name for each in areas.groups], list(areas.few), list(needs.few)

    stairs = ["There are stairs up to my door"]
    headline, areas, few, needs = shown(5)
    assert (areas, few, needs) == (["Abell", "Waverly"], [], stairs)
    assert "12 more in Abell" in headline
    headline, areas, few, _needs = shown(4)
    assert (areas, few) == ([], ["Abell", "Waverly"])
    assert not any("Abell" in words for words in headline)


@pytest.mark.django_db
@pytest.mark.parametrize(("n", "yes", "cells"), [(60, 20, ("4.5", "–")), (49, 20, None), (60, 0, None)])
def test_how_often_people_are_asked_is_said_where_enough_have_answered(town, n, yes, cells):
    AcceptanceModel.objects.create(network=town.network, n=n, yes=yes)
    made = compared({"before": figures(), "after": figures(served=0, helpers=0)}, town.network)
    lines = {line.label: (line.before, line.after) for line in made.lines}
    assert lines.get("Invitations for each who helps, if as many say yes as so far") == cells


def test_what_playing_does_not_read_is_named():
    assert [str(label) for label in not_played(["covers", "language", "rest_hours"])] == [
        str(settings_by_name()["covers"].label),
        str(settings_by_name()["rest_hours"].label),
    ]


@pytest.mark.django_db
def test_fewer_in_an_area_is_said_too_and_areas_that_are_gone_are_left_out(town):
    before = (group("area", town.abell.pk, 20, 10), group("area", "gone", 9, 9))
    after = (group("area", town.abell.pk, 20, 5), group("area", "gone", 9, 9))
    made = compared({"before": figures(groups=before), "after": figures(groups=after)}, town.network)

    assert "5 fewer in Abell" in made.headline
    (abell,) = made.families[0].groups
    assert (abell.percent_before, abell.percent_after) == (50, 25)
    assert compared({}, town.network) is None


@pytest.mark.django_db
def test_a_change_of_the_policy_is_seen_in_the_next_suggestions(town):
    """Rosa is near, Lee speaks the language: which counts for more is the members' to say."""
    far = (town.waverly.cell_y, town.waverly.cell_x)
    town.rosa.languages, town.lee.languages = ["en"], ["es"]
    town.rosa.save()
    town.lee.save()
    town.offer(town.rosa)
    town.offer(town.lee, cell=far)
    ask = town.ask(languages=("es",))
    assert [row.name for row in candidates_for(ask)] == ["Lee", "Rosa"]

    network = Network.objects.get(pk=town.network.pk)
    change_policy(network=network, changes={"language": 0, "interpreter": 0}, reason="We walk little.")

    ask = type(ask).objects.get(pk=ask.pk)
    assert [row.name for row in candidates_for(ask)] == ["Rosa", "Lee"]
