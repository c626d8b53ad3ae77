"""Whom to invite, how many and when: by the clock, by what they answered before, and never beyond their limit."""

from datetime import timedelta

import pytest

from commonweal.base.eventlog import By
from commonweal.base.ids import new_id
from commonweal.exchange.actions import (
    accept_invitation,
    decline_invitation,
    pick_from_board,
    withdraw_ask,
)
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh, letters
from commonweal.matching.actions import invite_candidate, search_for
from commonweal.matching.errors import CantBeAsked
from commonweal.matching.models import AcceptanceModel
from commonweal.matching.pacing.choosing import choose, rested_at
from commonweal.matching.pacing.invariants import nobody_is_asked_too_often
from commonweal.matching.pacing.learning import answers_of, learn_chances
from commonweal.matching.pacing.limits import Asked, asked_lately, most_a_week
from commonweal.matching.queries import who_could
from commonweal.matching.search import look
from commonweal.matching.tasks import learn
from commonweal.members.actions import pause
from commonweal.members.models import Member
from commonweal.messaging.models import Message
from commonweal.networks.actions import change_policy

S = Match.State
NEAR, FAR = (15731, -24515), (15743, -24515)
EVENING, NIGHT, MORNING = MONDAY + 10 * HOUR, MONDAY + 12 * HOUR, MONDAY + 22 * HOUR  # 20, 22 and 8 o'clock


def names(ask, state=S.INVITED):
    """Who is being asked, in the order of the invitations."""
    matches = Match.objects.filter(ask=ask, state=state).select_related("member").order_by("created_at", "id")
    return [match.member.name for match in matches]


def told(town, member, state, *, ago, origin="program", answered=True, ask=None, **more):
    """An invitation of the past and what came of it."""
    at = MONDAY - ago
    silent = state in {S.LAPSED, S.INVITED, S.TAKEN_BACK}
    return Match.objects.create(
        network=town.network, ask=ask or town.past, member=member, state=state, origin=origin, invited_at=at,
        answered_at=None if silent or not answered else at + HOUR, ended_at=at + HOUR, **more,
    )  # fmt: skip


def set_policy(town, **changes):
    """Change the policy as the members might."""
    change_policy(network=town.network, changes=changes, reason="A test.")


@pytest.fixture
def helpers(town):
    """Rosa and Lee beside the asker, Sam across town; and an ask of long ago, for what was answered before."""
    town.offer(town.rosa, cell=NEAR)
    town.offer(town.lee, cell=NEAR)
    town.offer(town.sam, cell=FAR, radius_m=9000)
    town.past = town.ask(contact="past@example.org")
    withdraw_ask(ask=town.past, said_by=By.ASKER, why="other")
    return town


class TestLikeliest:
    def test_who_says_yes_more_often_is_asked_first(self, helpers, worker):
        for days in (20, 30, 40):
            told(helpers, helpers.rosa, S.DECLINED, ago=days * DAY)
            told(helpers, helpers.lee, S.DONE, ago=days * DAY)
        ask = helpers.ask()
        worker.work()
        assert names(ask) == ["Lee"]

    def test_what_a_dispatcher_s_invitation_came_to_teaches_nothing(self, helpers, worker):
        for days in (20, 30, 40):
            told(helpers, helpers.lee, S.DONE, ago=days * DAY, origin="dispatcher")
        ask = helpers.ask()
        fits = look(ask, at=MONDAY).fits
        before = choose(ask, fits, most=3, at=MONDAY)
        Match.objects.filter(member=helpers.lee).delete()
        assert choose(ask, fits, most=3, at=MONDAY) == before

    def test_as_few_are_asked_as_make_a_yes_sure_enough(self, helpers, worker):
        set_policy(helpers, at_once=3, near_m=5000, sure_enough=50)
        for days in range(10, 60, 2):
            told(helpers, helpers.rosa, S.DONE, ago=days * DAY)
        ask = helpers.ask()
        worker.work()
        assert names(ask) == ["Rosa"]

    def test_where_nobody_is_known_more_are_asked_up_to_the_cap(self, helpers, worker):
        set_policy(helpers, at_once=2, near_m=5000)
        ask = helpers.ask()
        worker.work()
        assert len(names(ask)) == 2

    def test_who_was_asked_already_counts(self, helpers):
        set_policy(helpers, sure_enough=40)
        ask = helpers.ask()
        fits = look(ask, at=MONDAY).fits
        assert choose(ask, fits, most=3, at=MONDAY).pings == 2
        helpers.invited(ask, helpers.jo)
        assert choose(ask, fits, most=3, at=MONDAY).pings == 1
        for days in (20, 30, 40):
            told(helpers, helpers.jo, S.DONE, ago=days * DAY)
        assert choose(ask, fits, most=3, at=MONDAY).why == "sure_enough"

    def test_who_is_needed_elsewhere_is_asked_later(self, helpers, monkeypatch):
        ask = helpers.ask()
        fits = [fit for fit in look(ask, at=MONDAY).fits if fit.helper.id != str(helpers.sam.pk)]
        first, second = (fit.helper.id for fit in fits)

        class KnownPlan:
            def worth(self, member):
                return 900 if str(member) == first else 0

            def __init__(self, mine=()):
                self.mine = mine

            def for_ask(self, ask_id):
                return self.mine

        monkeypatch.setattr("commonweal.matching.pacing.choosing.newest_plan", lambda *a, **k: KnownPlan())
        assert choose(ask, fits, most=1, at=MONDAY).asked == (second,)
        here = KnownPlan(mine=(Member.objects.get(pk=first).pk,))
        monkeypatch.setattr("commonweal.matching.pacing.choosing.newest_plan", lambda *a, **k: here)
        assert choose(ask, fits, most=1, at=MONDAY).asked == (first,)

    def test_a_search_costs_so_many_queries_however_many_offer(self, helpers, django_assert_max_num_queries):
        ask = helpers.ask()
        with django_assert_max_num_queries(15):
            ranking = look(ask, at=MONDAY)
            choose(ask, ranking.fits, most=1, at=MONDAY)
        for _more in range(5):
            helpers.offer(helpers.jo, cell=NEAR)
        with django_assert_max_num_queries(15):
            ranking = look(ask, at=MONDAY)
            choose(ask, ranking.fits, most=1, at=MONDAY)

    def test_nobody_to_choose_from(self, helpers):
        assert choose(helpers.ask(), [], most=3, at=MONDAY).why == "nobody"


class TestLimits:
    def test_who_was_invited_often_enough_is_not_asked_by_the_program(self, helpers, worker):
        for hours in range(5):
            told(helpers, helpers.rosa, S.LAPSED, ago=timedelta(days=6, hours=hours))
            told(helpers, helpers.lee, S.LAPSED, ago=timedelta(days=6, hours=hours))
        ask = helpers.ask()
        worker.work()
        assert names(ask) == ["Sam"]

    def test_nor_by_a_person_and_it_is_said_why(self, helpers):
        for hours in range(5):
            told(helpers, helpers.rosa, S.LAPSED, ago=timedelta(days=6, hours=hours))
        ask = helpers.ask()
        with pytest.raises(CantBeAsked, match="has been asked often enough this week"):
            invite_candidate(ask=ask, member_id=helpers.rosa.pk, dispatcher=helpers.jo)
        rows = {row.words: row.names for row in who_could(ask).refusals}
        assert rows["has been asked often enough this week"] == ["Rosa"]
        assert letters("invitation").count() == 0

    def test_a_week_later_they_are_asked_again(self, helpers):
        for hours in range(5):
            told(helpers, helpers.rosa, S.LAPSED, ago=timedelta(days=6, hours=hours))
        ask = helpers.ask()
        assert asked_lately(ask, [helpers.rosa.pk], at=MONDAY) == {helpers.rosa.pk: Asked(5, 0)}
        assert asked_lately(ask, [helpers.rosa.pk], at=MONDAY + DAY) == {}
        assert asked_lately(ask, [], at=MONDAY) == {}

    def test_who_wants_to_help_more_often_is_asked_more_often(self, helpers):
        policy = helpers.network.policy
        assert most_a_week(policy, 2) == 5
        assert most_a_week(policy, 9) == 9

    def test_what_they_may_still_say_yes_to_counts_in_their_week(self, helpers):
        Member.objects.filter(pk=helpers.rosa.pk).update(per_week=1)
        other = helpers.ask(contact="other@example.org")
        told(helpers, helpers.rosa, S.INVITED, ago=HOUR, ask=other)
        ask = helpers.ask()
        ranking = look(ask, at=MONDAY, ready=False)
        assert {refusal.codes for refusal in ranking.refusals} == {("asked_enough",)}
        assert str(helpers.rosa.pk) not in {fit.helper.id for fit in ranking.fits}

    def test_the_doctor_finds_who_was_asked_beyond_it(self, helpers):
        assert list(nobody_is_asked_too_often()) == []
        for hours in range(6):
            told(helpers, helpers.rosa, S.LAPSED, ago=timedelta(days=1, hours=hours))
        (finding,) = nobody_is_asked_too_often()
        assert "1 members were invited more often than 5 times" in finding.what
        Member.objects.filter(pk=helpers.rosa.pk).update(per_week=6)
        assert list(nobody_is_asked_too_often()) == []

    def test_the_doctor_knows_which_limit_held(self, helpers, hand):
        set_policy(helpers, most_invitations_week=8)
        hand.advance(30 * DAY)
        for hours in range(6):
            told(helpers, helpers.rosa, S.LAPSED, ago=timedelta(days=-29, hours=-hours))
        set_policy(helpers, most_invitations_week=5)
        assert list(nobody_is_asked_too_often()) == []

    def test_a_limit_reached_in_this_very_moment_holds(self, helpers, monkeypatch):
        ask = helpers.ask()

        def slow_look(*args, **kwargs):
            ranking = look(*args, **kwargs)
            for hours in range(5):
                told(helpers, helpers.rosa, S.LAPSED, ago=timedelta(days=1, hours=hours))
                told(helpers, helpers.lee, S.LAPSED, ago=timedelta(days=1, hours=hours))
            return ranking

        monkeypatch.setattr("commonweal.matching.actions.look", slow_look)
        search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)
        assert names(ask) == []


class TestNight:
    def test_in_the_night_nobody_is_asked_and_in_the_morning_the_search_goes_on(self, helpers, worker, hand):
        hand.advance(NIGHT - MONDAY)
        ask = helpers.ask()
        worker.work()
        assert (names(ask), fresh(ask).next_step_at) == ([], MORNING)
        worker.pass_time(hours=9, minutes=40)
        assert (names(ask), fresh(ask).state) == ([], "near")
        worker.pass_time(minutes=20)
        assert len(names(ask)) == 1
        assert fresh(ask).state == "near"

    def test_what_is_for_today_goes_out_at_night(self, helpers, worker, hand):
        hand.advance(NIGHT - MONDAY)
        ask = helpers.ask(urgency=2, starts_at=NIGHT, ends_at=NIGHT + 12 * HOUR)
        worker.work()
        match = Match.objects.get(ask=ask, state=S.INVITED)
        assert match.answer_by == NIGHT + timedelta(minutes=30)
        assert Message.objects.get(template="invitation").due_at == NIGHT

    def test_what_would_be_over_by_the_morning_goes_out_at_night(self, helpers, worker, hand):
        hand.advance(NIGHT - MONDAY)
        ask = helpers.ask(starts_at=NIGHT + 9 * HOUR, ends_at=MORNING + timedelta(minutes=20))
        worker.work()
        assert len(names(ask)) == 1

    def test_an_answer_is_never_due_in_the_night(self, helpers, worker, hand):
        hand.advance(EVENING - MONDAY)
        ask = helpers.ask()
        worker.work()
        assert Match.objects.get(ask=ask).answer_by == MORNING
        worker.pass_time(hours=11)
        assert names(ask) == names(ask, S.INVITED) != []
        worker.pass_time(hours=1)
        assert len(names(ask, S.LAPSED)) == len(names(ask)) == 1

    def test_who_is_asked_by_hand_at_night_hears_of_it_in_the_morning(self, helpers, hand):
        hand.advance(NIGHT - MONDAY)
        match = invite_candidate(ask=helpers.ask(), member_id=helpers.rosa.pk, dispatcher=helpers.jo)
        assert match.answer_by == MORNING + 2 * HOUR
        assert letters("invitation").get().due_at == MORNING

    def test_a_search_at_night_that_nobody_called_for_changes_nothing(self, helpers, worker, hand):
        hand.advance(NIGHT - MONDAY)
        ask = helpers.ask()
        worker.work()
        hand.advance(HOUR)
        search_for(network_id=ask.network_id, ask_id=ask.pk, at=NIGHT + HOUR)
        assert (names(ask), fresh(ask).next_step_at) == ([], MORNING)

    def test_a_network_without_a_night(self, helpers, worker, hand):
        set_policy(helpers, quiet_until=21)
        hand.advance(NIGHT - MONDAY)
        ask = helpers.ask()
        worker.work()
        assert len(names(ask)) == 1


class TestRest:
    def test_before_a_person_is_called_in_it_is_waited_for_who_only_rests(self, town, worker, hand):
        town.offer(town.rosa, cell=NEAR)
        Member.objects.filter(pk=town.rosa.pk).update(last_asked_at=MONDAY - 17 * HOUR)
        ask = town.ask(ends_at=MONDAY + 3 * DAY)
        worker.work()
        assert (fresh(ask).state, fresh(ask).next_step_at) == ("wide", MONDAY + 3 * HOUR)
        worker.pass_time(hours=3)
        assert (fresh(ask).state, names(ask)) == ("wide", ["Rosa"])

    def test_nobody_is_waited_for_beyond_the_time_of_the_ring(self, town, worker):
        town.offer(town.rosa, cell=NEAR)
        Member.objects.filter(pk=town.rosa.pk).update(last_asked_at=MONDAY - HOUR)
        ask = town.ask(ends_at=MONDAY + 3 * DAY)
        worker.work()
        assert fresh(ask).state == "desk"

    def test_nor_for_what_is_for_today(self, town, worker):
        town.offer(town.rosa, cell=NEAR)
        Member.objects.filter(pk=town.rosa.pk).update(last_asked_at=MONDAY - 19 * HOUR)
        ask = town.ask(urgency=2, starts_at=MONDAY, ends_at=MONDAY + 8 * HOUR)
        worker.work()
        assert fresh(ask).state == "desk"

    def test_nobody_rests_who_couldn_t_come_anyway(self, town):
        town.offer(town.rosa, cell=NEAR, slots=0)
        Member.objects.filter(pk=town.rosa.pk).update(last_asked_at=MONDAY - 19 * HOUR)
        ask = town.ask()
        assert rested_at(ask, look(ask, at=MONDAY, ready=False), MONDAY) is None

    def test_a_no_to_this_kind_of_thing_holds_for_as_long_as_the_members_settled(self, helpers, worker, hand):
        set_policy(helpers, rest_kind_days=7)
        told(helpers, helpers.rosa, S.DECLINED, ago=8 * DAY, rest="category")
        told(helpers, helpers.lee, S.DECLINED, ago=6 * DAY, rest="category")
        ask = helpers.ask()
        worker.work()
        assert names(ask) == ["Rosa"]

    def test_who_pauses_in_the_middle_of_an_invitation_is_let_go_and_the_next_asked_at_once(
        self, helpers, worker
    ):
        ask = helpers.ask()
        worker.work()
        (first,) = names(ask)
        asked = Match.objects.get(ask=ask)
        with worker.commits():
            pause(member=asked.member)
        worker.work()
        assert fresh(asked).state == S.TAKEN_BACK
        assert names(ask) == [{"Rosa": "Lee", "Lee": "Rosa"}[first]]
        assert fresh(ask).state == "near"


class TestLearning:
    def test_answers_in_the_circumstances_of_their_moment(self, helpers):
        network = helpers.network
        told(helpers, helpers.rosa, S.DONE, ago=30 * DAY, reasons=[{"code": "distance", "m": 600}])
        told(helpers, helpers.rosa, S.DECLINED, ago=29 * DAY, origin="dispatcher")
        told(helpers, helpers.rosa, S.LAPSED, ago=28 * DAY, reasons=[{"code": "preferred"}])
        told(helpers, helpers.rosa, S.TAKEN_BACK, ago=27 * DAY)
        told(helpers, helpers.rosa, S.ACCEPTED, ago=5 * DAY)
        told(helpers, helpers.lee, S.INVITED, ago=DAY)
        told(helpers, helpers.lee, S.DONE, ago=400 * DAY)
        answers = list(answers_of(network, at=MONDAY))
        assert [(member, yes) for member, _at, _about, yes in answers] == [
            (helpers.rosa.pk, True),
            (helpers.rosa.pk, False),
            (helpers.rosa.pk, True),
        ]
        first, second, third = (about for _member, _at, about, _yes in answers)
        assert (first.metres, first.answered, first.pings_week, first.hours_since) == (600, 0, 0, None)
        assert (first.hour, first.weekday, first.preferred) == (11, 5, False)
        assert (second.answered, second.said_yes, second.pings_week, second.hours_since) == (1, 1, 2, 24)
        assert (second.preferred, second.knows_kind, second.knows_asker) == (True, True, False)
        assert (third.answered, third.said_yes, third.pings_week, third.hours_since) == (2, 1, 0, 22 * 24)

    def test_an_answer_that_had_not_come_is_not_known(self, helpers):
        told(helpers, helpers.rosa, S.DONE, ago=30 * DAY)
        told(helpers, helpers.rosa, S.DONE, ago=30 * DAY - HOUR / 2)
        _first, second = (about for _member, _at, about, _yes in answers_of(helpers.network, at=MONDAY))
        assert (second.answered, second.pings_week) == (0, 1)

    def test_who_helped_an_asker_before_knows_them(self, helpers):
        Ask.objects.filter(pk=helpers.past.pk).update(by=helpers.jo)
        told(helpers, helpers.rosa, S.DONE, ago=30 * DAY)
        told(helpers, helpers.rosa, S.DECLINED, ago=20 * DAY)
        _first, second = (about for _member, _at, about, _yes in answers_of(helpers.network, at=MONDAY))
        assert second.knows_asker

    def test_few_answers_move_the_rate_and_no_more(self, helpers):
        for days in range(10, 14):
            told(helpers, helpers.rosa, S.DONE, ago=days * DAY)
        model = learn_chances(network=helpers.network, at=MONDAY)
        assert (model.n, model.yes, model.brier) == (4, 4, None)
        assert model.chances.rate == 0.5
        assert not model.chances.is_learnt
        assert AcceptanceModel.objects.get(network=helpers.network).chances == model.chances

    def test_every_night_every_network_learns_anew_and_keeps_one_model(self, helpers, bo):
        told(helpers, helpers.rosa, S.DONE, ago=10 * DAY)
        assert learn() == 1
        told(helpers, helpers.rosa, S.DECLINED, ago=9 * DAY)
        assert learn() == 1
        assert AcceptanceModel.objects.get(network=helpers.network).n == 2
        assert AcceptanceModel.objects.get(network=bo.network).n == 0

    def test_many_answers_teach_a_model_that_the_search_uses(self, helpers):
        people = [new_id() for _ in range(40)]
        Member.objects.bulk_create(Member(pk=key, network=helpers.network, name="") for key in people)
        told_of = [
            Match(
                network=helpers.network, ask=helpers.past, member_id=key, origin="program",
                state=S.DONE if (near := (turn + index) % 2) and turn % 4 else S.DECLINED,
                invited_at=(at := MONDAY - timedelta(days=20 + 20 * turn, hours=index % 6)),
                answered_at=at + HOUR, ended_at=at + HOUR,
                reasons=[{"code": "distance", "m": 300 if near else 4000}],
            )
            for index, key in enumerate(people) for turn in range(8)
        ]  # fmt: skip
        Match.objects.bulk_create(told_of)
        model = learn_chances(network=helpers.network, at=MONDAY)
        assert model.chances.is_learnt
        assert model.brier < model.prior_brier
        assert model.error is not None
        ask = helpers.ask()
        fits = {fit.helper.id: fit for fit in look(ask, at=MONDAY).fits}
        choice = choose(ask, list(fits.values()), most=3, at=MONDAY)
        assert choice.order[-1] == str(helpers.sam.pk)

    def test_a_no_answered_yes_and_a_pick_leave_their_traces_as_they_should(self, helpers, worker):
        ask = helpers.ask()
        worker.work()
        match = Match.objects.get(ask=ask)
        decline_invitation(match=match)
        assert [yes for _m, _at, _about, yes in answers_of(helpers.network, at=MONDAY + HOUR)] == [False]
        other = helpers.ask(contact="other@example.org")
        with worker.commits():
            pick_from_board(ask=other, member=helpers.jo)
        assert [yes for _m, _at, _about, yes in answers_of(helpers.network, at=MONDAY + HOUR)] == [False]
        third = helpers.ask(contact="third@example.org")
        worker.work()
        accept_invitation(match=Match.objects.get(ask=third, state=S.INVITED))
        assert [yes for _m, _at, _about, yes in answers_of(helpers.network, at=MONDAY + HOUR)] == [
            False,
            True,
        ]


def test_no_reason_on_a_match_says_how_likely_anybody_was(helpers, worker):
    """A chance is never kept beside a person, nor shown to anybody."""
    told(helpers, helpers.rosa, S.DECLINED, ago=10 * DAY)
    ask = helpers.ask()
    worker.work()
    codes = {reason["code"] for match in Match.objects.filter(ask=ask) for reason in match.reasons}
    assert codes <= {
        "distance",
        "varies",
        "free",
        "week",
        "language",
        "known",
        "preferred",
        "able",
        "vehicle",
    }
