"""The night, and somebody who takes a break while they are being asked."""

from datetime import timedelta

import pytest

from commonweal.base.eventlog import By
from commonweal.exchange.actions import (
    accept_invitation,
    propose,
    put_off_search,
    send_to_desk,
    stand_back,
    withdraw_ask,
)
from commonweal.exchange.actions.moving import ring_ends_at
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.errors import InvitationOver
from commonweal.exchange.models import Match
from commonweal.exchange.queries.status import ask_status
from commonweal.exchange.quiet import answer_by, invites_from, search_ends
from commonweal.exchange.subscribers import ask_others
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh, letters, verbs
from commonweal.members.actions import pause
from commonweal.members.events import MemberPaused
from commonweal.messaging.models import Message

S = Match.State
# 20, 22 and 8 o'clock by the network's clock.
EVENING, NIGHT, MORNING = MONDAY + 10 * HOUR, MONDAY + 12 * HOUR, MONDAY + 22 * HOUR


class TestNight:
    @pytest.mark.parametrize(
        ("at", "urgency", "ends", "goes_out"),
        [
            (MONDAY, 1, MONDAY + 3 * DAY, MONDAY),
            (NIGHT, 1, MONDAY + 3 * DAY, MORNING),
            (NIGHT, 0, MONDAY + 3 * DAY, MORNING),
            (NIGHT, 2, MONDAY + 3 * DAY, NIGHT),
            (NIGHT, 1, MORNING + HOUR, MORNING),
            (NIGHT, 1, MORNING + HOUR / 2, NIGHT),
        ],
    )
    def test_when_an_invitation_goes_out(self, town, at, urgency, ends, goes_out):
        ask = town.ask(starts_at=MONDAY, ends_at=ends, urgency=urgency)
        assert invites_from(ask, at) == goes_out

    def test_an_answer_is_due_by_day(self, town):
        ask = town.ask()
        assert answer_by(ask, MONDAY, pressing=False) == MONDAY + 2 * HOUR
        assert answer_by(ask, EVENING, pressing=False) == MORNING
        assert answer_by(ask, NIGHT, pressing=False) == MORNING + 2 * HOUR
        assert answer_by(ask, NIGHT, pressing=True) == MORNING + HOUR / 2

    def test_a_ring_does_not_end_while_everybody_sleeps(self, town, hand):
        ask = town.ask()
        assert ring_ends_at(ask) == MONDAY + 4 * HOUR
        assert search_ends(ask, EVENING, 4 * HOUR) == MORNING + 3 * HOUR
        assert ring_ends_at(send_to_desk(ask=ask, said_by=By.PROGRAM)) is None

    def test_what_is_for_today_has_no_night(self, town):
        ask = town.ask(urgency=2, starts_at=MONDAY, ends_at=MONDAY + DAY)
        assert search_ends(ask, EVENING, 4 * HOUR) == EVENING + 4 * HOUR

    def test_the_asker_reads_that_nobody_is_woken(self, town, hand):
        hand.advance(NIGHT - MONDAY)
        ask = town.ask()
        assert "Nobody is woken for it; we go on asking" in ask_status(ask).next_sentence

    def test_a_search_is_put_off_and_never_lost(self, town):
        ask = town.ask()
        put_off_search(ask=ask, until=MONDAY + HOUR)
        assert fresh(ask).next_step_at == MONDAY + HOUR
        put_off_search(ask=ask, until=MONDAY + DAY)
        assert fresh(ask).next_step_at == ring_ends_at(ask)

    def test_what_a_person_has_or_nobody_searches_for_is_not_put_off(self, town):
        ask = send_to_desk(ask=town.ask(), said_by=By.PROGRAM)
        before = ask.next_step_at
        put_off_search(ask=ask, until=MONDAY + HOUR / 4)
        assert fresh(ask).next_step_at == before
        withdraw_ask(ask=ask, said_by=By.ASKER, why="other")
        put_off_search(ask=ask, until=MONDAY + HOUR)
        assert fresh(ask).next_step_at is None

    def test_who_is_invited_by_hand_at_night_hears_of_it_in_the_morning(self, town, hand):
        hand.advance(NIGHT - MONDAY)
        match = town.invited(town.ask(), town.rosa)
        assert match.answer_by == MORNING + 2 * HOUR
        assert letters("invitation").get().due_at == MORNING


class TestBreak:
    def test_what_they_are_asked_is_taken_back_and_others_are_asked_at_once(self, town, run_commits):
        ask = town.ask()
        match = town.invited(ask, town.rosa)
        with run_commits():
            pause(member=town.rosa, until=MONDAY + 7 * DAY)
        assert fresh(match).state == S.TAKEN_BACK
        assert fresh(match).ended_at == MONDAY
        assert fresh(ask).next_step_at <= MONDAY + timedelta(minutes=2)
        assert verbs(ask)[-1] == "taken_back"
        assert Message.objects.get(template="invitation").state == Message.State.CANCELLED
        assert not letters("invitation_taken_back").exists()
        with pytest.raises(InvitationOver):
            accept_invitation(match=match)

    def test_what_was_only_suggested_is_taken_back_without_another_search(self, town, run_commits):
        ask = town.ask()
        (match,) = propose(ask=ask, candidates=[Candidate(member_id=town.rosa.pk)])
        before = fresh(ask).next_step_at
        stand_back(member=town.rosa)
        assert fresh(match).state == S.TAKEN_BACK
        assert fresh(ask).next_step_at == before

    def test_what_they_have_agreed_to_stays_theirs_and_others_keep_their_invitations(self, town):
        ask = town.ask()
        theirs, other = town.agreed(town.ask(), town.rosa), town.invited(ask, town.lee)
        stand_back(member=town.rosa)
        assert (fresh(theirs).state, fresh(other).state) == (S.ACCEPTED, S.INVITED)

    def test_what_was_settled_a_moment_ago_stays_as_it_is(self, town, monkeypatch):
        match = town.invited(town.ask(), town.rosa)
        stale = [Match.objects.get(pk=match.pk)]
        accept_invitation(match=match)
        monkeypatch.setattr(Match.objects, "filter", lambda **_by: stale)
        stand_back(member=town.rosa)
        monkeypatch.undo()
        assert fresh(match).state == S.ACCEPTED

    def test_news_of_somebody_who_is_gone_changes_nothing(self, town, bo):
        ask_others(MemberPaused(network=town.network.pk, member=bo.pk))
