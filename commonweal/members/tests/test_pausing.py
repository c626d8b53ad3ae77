"""Breaks."""

from datetime import timedelta

import pytest

from commonweal.base import bus
from commonweal.base.models import Event
from commonweal.members import tasks
from commonweal.members.actions import come_back, end_pauses, pause, start_confirmation
from commonweal.members.events import MemberCameBack, MemberPaused
from commonweal.members.models import Confirmation, Member
from commonweal.members.tests.cast import ALMA, HERE
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


def state(member):
    return Member.objects.get(pk=member.pk).state


def test_break_begins_and_ends_by_a_press(alma, monkeypatch, django_capture_on_commit_callbacks):
    heard: list[object] = []
    monkeypatch.setitem(bus._subscribers, MemberPaused, [heard.append])
    monkeypatch.setitem(bus._subscribers, MemberCameBack, [heard.append])

    with django_capture_on_commit_callbacks(execute=True):
        assert pause(member=alma, until=NOON + WEEK).paused_until == NOON + WEEK
        assert come_back(member=alma).paused_until is None
        come_back(member=alma)

    assert state(alma) == Member.State.ACTIVE
    assert heard == [
        MemberPaused(network=alma.network_id, member=alma.pk),
        MemberCameBack(network=alma.network_id, member=alma.pk),
    ]


def test_pausing_again_moves_the_end(alma):
    pause(member=alma, until=NOON + WEEK)

    assert pause(member=alma).paused_until is None


def test_break_ends_by_itself_and_an_open_one_does_not(alma, ben, hand):
    pause(member=alma, until=NOON + WEEK)
    pause(member=ben)

    assert end_pauses(at=NOON + WEEK - timedelta(seconds=1)) == 0
    hand.advance(WEEK)
    tasks.end_pauses()

    assert (state(alma), state(ben)) == (Member.State.ACTIVE, Member.State.PAUSED)
    came_back = Event.objects.get(verb="came_back")
    assert (came_back.by, came_back.actor) == (Event.By.PROGRAM, None)


def test_breaks_end_a_few_at_a_time(alma, ben):
    for member in (alma, ben):
        pause(member=member, until=NOON + WEEK)

    assert end_pauses(at=NOON + WEEK, limit=1) == 1
    assert end_pauses(at=NOON + WEEK, limit=1) == 1
    assert end_pauses(at=NOON + WEEK, limit=1) == 0


def test_a_break_prolonged_at_the_last_moment_goes_on(alma, monkeypatch):
    pause(member=alma, until=NOON + WEEK)
    due = Member.objects.filter(pk=alma.pk)
    stale = list(due)
    pause(member=alma, until=NOON + 2 * WEEK)
    monkeypatch.setattr(Member.objects, "filter", lambda **_: _Sliced(stale))

    assert end_pauses(at=NOON + WEEK) == 0
    monkeypatch.undo()
    assert state(alma) == Member.State.PAUSED


class _Sliced(list):
    """What a query gave a moment ago."""

    def order_by(self, _by):
        return self


def test_old_codes_and_sessions_are_forgotten_by_the_clock(alma, codes, hand, client):
    start_confirmation(network=alma.network, contact=ALMA, purpose="sign_in", language="en", remote=HERE)
    hand.advance(timedelta(days=2))

    tasks.forget_confirmations()
    tasks.forget_sessions()

    assert not Confirmation.objects.exists()
