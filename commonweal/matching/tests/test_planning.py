"""Plans for a whole network: made, kept, made again to the same bytes, read by the search, and never in its way."""

import json
from dataclasses import fields
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from commonweal.algorithms.matching.assigning import EquityRules
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.base import pulse
from commonweal.base.invariants import invariants
from commonweal.exchange import actions
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh, member_of
from commonweal.matching import tasks
from commonweal.matching.actions import search_for
from commonweal.matching.beside import Beside
from commonweal.matching.errors import NoEngine
from commonweal.matching.models import Plan
from commonweal.matching.planning import background, making
from commonweal.matching.planning.due import due_networks
from commonweal.matching.planning.known import newest_plan
from commonweal.matching.planning.making import KEPT, make_plan, replayed
from commonweal.matching.search import look
from commonweal.matching.solving import running
from commonweal.matching.solving.messages import packed, unpacked
from commonweal.matching.solving.work import answer
from commonweal.matching.tests.engine import AtHand
from commonweal.networks.actions import change_policy
from commonweal.networks.policy import settings_by_name

NEAR = (15731, -24515)
WEEK = {"starts_at": MONDAY, "ends_at": MONDAY + 7 * DAY}


@pytest.fixture
def at_hand(monkeypatch):
    """The engine in this very process, which spares starting one for each plan; and it takes no time."""
    monkeypatch.setattr(making, "run", answer)
    monkeypatch.setattr(making, "EngineProcess", AtHand)
    monkeypatch.setattr(making, "time", SimpleNamespace(monotonic=lambda: 0.0))


def planned(town, at=MONDAY):
    """A plan made now."""
    return make_plan(network=town.network, at=at)


@pytest.fixture
def scarce(town):
    """Rosa could meet both asks and drives; Lee walks, farther away. One of the asks is a ride."""
    town.rosa.per_week = 1
    town.rosa.save()
    town.offer(
        town.rosa, cell=NEAR, vehicle="car", categories=(town.groceries.pk, town.ride.pk), radius_m=9000
    )
    town.offer(town.lee, cell=(NEAR[0] + 3, NEAR[1]), radius_m=9000)
    return town.ask(**WEEK), town.ask(category=town.ride.pk, **WEEK)


def test_the_plan_keeps_the_only_driver_for_the_ride(town, scarce, at_hand):
    groceries, ride = scarce
    assert look(groceries, at=MONDAY).fits[0].helper.id == str(town.rosa.pk)
    plan = planned(town)
    assert (plan.wanted, plan.met, plan.offers, plan.policy_number) == (2, 2, 2, 0)
    assert plan.value <= plan.bound
    known = newest_plan(town.network, at=MONDAY)
    assert (known.for_ask(groceries.pk), known.for_ask(ride.pk)) == ((town.lee.pk,), (town.rosa.pk,))
    assert look(groceries, at=MONDAY).fits[0].helper.id == str(town.lee.pk)


def test_the_search_invites_as_the_plan_has_it(town, scarce, at_hand):
    planned(town)
    for ask in scarce:
        search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)
    asked = {match.ask_id: match.member_id for match in Match.objects.filter(state=Match.State.INVITED)}
    assert asked == {scarce[0].pk: town.lee.pk, scarce[1].pk: town.rosa.pk}
    assert set(Match.objects.values_list("policy_number", flat=True)) == {0}


def test_a_plan_that_has_grown_old_brings_nobody_together_who_must_not_meet(town, scarce, at_hand, hand):
    planned(town)
    actions.pause_offer(offer=town.lee.offers.get())
    fits = look(scarce[0], at=MONDAY).fits
    assert [fit.helper.id for fit in fits] == [str(town.rosa.pk)]
    hand.advance(timedelta(hours=25))
    assert newest_plan(town.network, at=MONDAY + 25 * HOUR) is None


def test_what_closes_while_the_engine_works_stays_closed(town, scarce, monkeypatch):
    groceries, ride = scarce
    before = fresh(groceries).helps_most

    def slow(request):
        actions.withdraw_ask(ask=groceries)
        return answer(request)

    monkeypatch.setattr(making, "run", slow)
    plan = planned(town)
    assert plan.wanted == 2
    assert (fresh(groceries).state, fresh(groceries).helps_most) == ("withdrawn", before)
    assert fresh(ride).helps_most != before
    search_for(network_id=town.network.pk, ask_id=groceries.pk, at=MONDAY)
    assert not Match.objects.exists()


def test_the_preferred_helper_stays_first_whatever_the_plan_says(town, scarce, at_hand):
    groceries, _ride = scarce
    Ask.objects.filter(pk=groceries.pk).update(preferred=town.rosa)
    planned(town)
    ask = Ask.objects.select_related("network", "category", "by").get(pk=groceries.pk)
    assert look(ask, at=MONDAY).fits[0].helper.id == str(town.rosa.pk)


def test_why_somebody_is_needed_elsewhere(town, scarce, at_hand):
    planned(town)
    known = newest_plan(town.network, at=MONDAY)
    elsewhere = known.needed_elsewhere(town.rosa.pk, scarce[0].pk)
    assert (elsewhere.ask, elsewhere.choices, elsewhere.scarce) == (scarce[1].pk, 1, "vehicle")
    assert known.needed_elsewhere(town.rosa.pk, scarce[1].pk) is None
    assert known.needed_elsewhere(town.jo.pk, scarce[0].pk) is None
    assert known.worth(town.rosa.pk) > 0
    assert known.worth(town.jo.pk) == 0


def test_what_helps_most_comes_first_on_the_board(town, scarce, at_hand):
    _groceries, ride = scarce
    lonely = town.ask(category=town.borrow.pk, urgency=2, **WEEK)
    planned(town)
    ordered = Ask.objects.order_by("-helps_most").values_list("id", flat=True)
    assert list(ordered)[:2] == [lonely.pk, ride.pk]


def test_worse_off_areas_come_before_others(town, at_hand):
    town.offer(town.rosa, cell=NEAR, radius_m=400)
    near = town.ask(**WEEK)
    far = [town.ask(area=town.waverly.pk, cell=(NEAR[0] + 40, NEAR[1]), **WEEK) for _ in range(2)]
    nowhere = town.ask(area=None, cell=None, **WEEK)
    planned(town)
    points = dict(Ask.objects.values_list("id", "helps_most"))
    assert points[far[0].pk] == points[far[1].pk] > points[nowhere.pk]
    assert points[far[0].pk] > points[near.pk]


@pytest.mark.parametrize("there_are", ["nobody", "only asks", "only offers"])
def test_nobody_to_plan_for_is_a_plan_too(town, at_hand, there_are):
    if there_are == "only asks":
        town.ask(**WEEK)
    if there_are == "only offers":
        town.offer(town.rosa)
    plan = planned(town)
    assert (plan.met, plan.value, plan.bound) == (0, 0, 0)
    assert newest_plan(town.network, at=MONDAY).for_ask(town.network.pk) == ()


class TestAgain:
    def test_a_plan_comes_out_the_same_to_the_byte(self, town, scarce, at_hand):
        assert list(replayed(planned(town))) == [True]

    def test_the_process_of_the_engine_says_the_same(self, town, scarce):
        """The one test that starts it: whatever else is tested here is tested without."""
        plan = planned(town)
        assert answer(bytes(plan.inputs)) == bytes(plan.outcome)
        out = StringIO()
        call_command("plan", "--replay", str(plan.pk), stdout=out)
        assert "2 of 2 asks met by 2 offers" in out.getvalue()
        assert "the same once more with its 0 changes" in out.getvalue()

    def test_another_engine_is_noticed(self, town, scarce, at_hand):
        plan = planned(town)
        Plan.objects.filter(pk=plan.pk).update(outcome=packed({"ask": np.zeros(0)}))
        with pytest.raises(CommandError, match="comes out differently"):
            call_command("plan", "--replay", str(plan.pk))

    @pytest.mark.parametrize("key", ["x", "00000000-0000-0000-0000-000000000000"])
    def test_a_plan_that_is_not_there(self, db, key):
        with pytest.raises(CommandError, match="no plan"):
            call_command("plan", "--replay", key)

    def test_inputs_hold_no_words_and_no_ids(self, town, at_hand):
        ask = town.ask(**WEEK)
        town.offer(town.rosa)
        plan = planned(town)
        kept = b"".join(array.tobytes() for array in unpacked(bytes(plan.inputs)).values())
        assert ask.pk.bytes not in kept
        assert not any(word in kept for word in (b"Amina", b"Guilford", b"amina@example.org"))


class TestKeeping:
    def test_only_the_newest_are_kept_and_other_networks_keep_theirs(self, town, bo, at_hand):
        theirs = make_plan(network=bo.network, at=MONDAY)
        made = [planned(town, MONDAY + number * HOUR) for number in range(KEPT + 2)]
        kept = Plan.objects.filter(network=town.network).order_by("made_at")
        assert [plan.pk for plan in kept] == [plan.pk for plan in made[2:]]
        assert Plan.objects.filter(pk=theirs.pk).exists()

    def test_another_network_s_plan_is_not_read(self, town, bo, at_hand):
        planned(town)
        assert newest_plan(bo.network, at=MONDAY) is None

    def test_a_plan_once_read_costs_one_query(self, town, scarce, at_hand, django_assert_num_queries):
        planned(town)
        with django_assert_num_queries(2):
            first = newest_plan(town.network, at=MONDAY)
        with django_assert_num_queries(1):
            assert newest_plan(town.network, at=MONDAY) is first

    def test_not_more_plans_are_remembered_than_are_of_use(self, town, at_hand, monkeypatch):
        monkeypatch.setattr("commonweal.matching.planning.known.REMEMBERED", 1)
        planned(town)
        newest_plan(town.network, at=MONDAY)
        planned(town, MONDAY + HOUR)
        assert newest_plan(town.network, at=MONDAY + HOUR).made_at == MONDAY + HOUR


class TestDue:
    def test_a_network_with_asks_waits_for_its_first(self, town):
        assert due_networks(MONDAY) == []
        town.ask()
        assert due_networks(MONDAY) == [town.network]

    def test_after_something_has_happened_and_not_at_once(self, town, at_hand, hand):
        ask = town.ask(**WEEK)
        planned(town)
        later = MONDAY + timedelta(minutes=5)
        assert due_networks(later) == []
        hand.advance(timedelta(minutes=1))
        actions.withdraw_ask(ask=ask)
        assert due_networks(MONDAY + timedelta(minutes=1)) == []
        assert due_networks(later) == [town.network]

    def test_where_planning_takes_long_it_is_done_less_often(self, town, at_hand, hand):
        ask = town.ask(**WEEK)
        Plan.objects.filter(pk=planned(town).pk).update(seconds=60)
        hand.advance(timedelta(minutes=1))
        actions.withdraw_ask(ask=ask)
        assert due_networks(MONDAY + timedelta(minutes=9)) == []
        assert due_networks(MONDAY + timedelta(minutes=11)) == [town.network]

    def test_when_hours_have_passed_and_somebody_still_asks(self, town, bo, at_hand):
        town.ask(**WEEK)
        planned(town)
        make_plan(network=bo.network, at=MONDAY)
        assert due_networks(MONDAY + timedelta(hours=2)) == []
        assert due_networks(MONDAY + timedelta(hours=3)) == [town.network]

    def test_the_command_makes_those_that_are_due(self, town, bo, at_hand):
        town.ask(**WEEK)
        call_command("plan", "--due", stdout=StringIO())
        call_command("plan", "--due", stdout=StringIO())
        assert [plan.network for plan in Plan.objects.all()] == [town.network]

    def test_the_worker_starts_one_process_and_goes_on(self, town, monkeypatch):
        started = []

        class Process:
            over = None

            def __init__(self, command, env):
                started.append(command)

            def poll(self):
                return self.over

            def terminate(self):
                """It ends."""

            def wait(self):
                return 0

        monkeypatch.setattr(tasks, "keeper", Beside("plan", "--follow"))
        monkeypatch.setattr(background, "keeper", tasks.keeper)
        monkeypatch.setattr("subprocess.Popen", Process)
        town.ask(**WEEK)
        assert background.planning_is_wanted()
        tasks.plan()
        tasks.plan()
        assert not background.planning_is_wanted()
        assert [command[-2:] for command in started] == [["plan", "--follow"]]
        Process.over = 1
        assert not background.planning_is_wanted()
        Process.over = 0
        assert background.planning_is_wanted()
        tasks.plan()
        assert len(started) == 2
        tasks.keeper.stop()


class TestWithoutAnEngine:
    @pytest.fixture(params=["missing", "breaks", "slow"])
    def broken(self, request, monkeypatch):
        command = {
            "missing": ["/nowhere/python"],
            "breaks": [*running.command()[:1], "-c", "raise SystemExit(3)"],
            "slow": [*running.command()[:1], "-c", "import time; time.sleep(9)"],
        }[request.param]
        monkeypatch.setattr(running, "command", lambda: command)
        monkeypatch.setattr(running.run, "__kwdefaults__", {"seconds": 0.5})

    def test_nothing_is_planned_and_the_search_goes_on(self, town, broken):
        ask = town.ask(**WEEK)
        town.offer(town.rosa)
        with pytest.raises(NoEngine):
            planned(town)
        assert not Plan.objects.exists()
        search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)
        assert Match.objects.get().member == town.rosa

    def test_the_command_says_so(self, town, broken):
        with pytest.raises(CommandError, match="can't run here"):
            call_command("plan")

    def test_the_doctor_says_so(self, db, broken):
        [finding] = check("matching.engine")
        assert "can't run" in finding.what
        assert not finding.grave


def check(name):
    """What the doctor finds."""
    [entry] = [entry for entry in invariants() if entry.id == name]
    return list(entry.check())


def test_the_doctor_misses_plans_while_a_worker_runs(town, at_hand, hand):
    town.ask(starts_at=MONDAY, ends_at=MONDAY + 6 * DAY)
    hand.advance(timedelta(hours=7))
    assert check("matching.plans") == []
    pulse.beat("worker")
    assert [finding.what[:10] for finding in check("matching.plans")] == ["remington "]
    planned(town, MONDAY + 7 * HOUR)
    assert check("matching.plans") == []


def test_the_doctor_finds_the_engine_in_health(db, monkeypatch):
    monkeypatch.setattr("commonweal.matching.solving.trying.run", answer)
    assert check("matching.engine") == []


def test_the_command_plans_and_lists_for_people_and_programs(town, scarce, at_hand):
    out = StringIO()
    call_command("plan", "--network", "remington", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert (said["asks"], said["met"], said["network"], said["policy"]) == (2, 2, "remington", 0)
    out = StringIO()
    call_command("plan", "--list", stdout=out)
    assert said["plan"] in out.getvalue()
    with pytest.raises(CommandError):
        call_command("plan", "--network", "nowhere")


@pytest.mark.parametrize("request_", [b"", b"nonsense", packed({"kind.json": "plan"})])
def test_nonsense_is_refused_by_the_engine(request_):
    with pytest.raises((ValueError, KeyError, OSError, EOFError)):
        answer(request_)


def test_settings_with_the_names_of_weights_are_weights(town, scarce, at_hand):
    change_policy(network=town.network, changes={"rest_hours": 7}, reason="We rest less.")
    plan = planned(town)
    said = json.loads(unpacked(bytes(plan.inputs))["policy.json"].tobytes())
    assert (said["rest_hours"], plan.policy_number) == (7, 1)


def test_one_far_away_network_of_many_is_planned_in_one_go(town, at_hand):
    for number in range(6):
        town.offer(member_of(town.network, f"Neighbour{number}", languages=["en"], per_week=1), cell=NEAR)
    for _number in range(9):
        town.ask(**WEEK)
    assert planned(town).met == 6


@pytest.mark.parametrize("end", ["least", "most"])
def test_whatever_the_weights_as_many_are_met(town, scarce, at_hand, end):
    """All weights nought, and all of them as heavy as they may be, preferring and sparing the same people at once."""
    named = {entry.name for entry in fields(EngineRules)} | {entry.name for entry in fields(EquityRules)}
    settings = {
        name: setting for name, setting in settings_by_name().items() if name in named - {"rest_hours"}
    }
    wanted = {name: getattr(setting, end) for name, setting in settings.items() if not setting.choices}
    change_policy(network=town.network, changes=wanted, reason="To the last stop.")
    plan = planned(town)
    assert (plan.wanted, plan.met) == (2, 2)
    assert plan.value <= plan.bound


def test_the_process_of_the_engine_refuses_nonsense(db, caplog):
    with pytest.raises(NoEngine):
        running.run(b"nonsense")
    assert "ended with code 1" in caplog.text
