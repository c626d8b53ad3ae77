"""Asks from the first word to the last, by the clock: the real worker, the real outbox, and nobody who presses.

A Monday in November, ten in the morning. Amina asks without an account; five neighbours can help, at growing distances.
"""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import Min

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.base.worker import Worker
from commonweal.exchange.access import ask_by_token, match_by_token
from commonweal.exchange.actions import (
    accept_invitation,
    decline_invitation,
    drop_out,
    pick_from_board,
    publish_ask,
    report_handover,
)
from commonweal.exchange.models import Ask, Handover, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, found_town, fresh, member_of
from commonweal.matching.actions import confirm_match
from commonweal.matching.queries import candidates_for
from commonweal.messaging.models import Message
from commonweal.messaging.sending import send_due
from commonweal.networks.actions import change_policy

SECOND = timedelta(seconds=1)
NAMES = ("Rosa", "Lee", "Sam", "Dev", "Priya")
AMINA = "amina@example.org"
TUESDAY = MONDAY + DAY


class Neighbourhood:
    """The network, its people, its letters, and its clock."""

    def __init__(self, hand, mode):
        self.hand, self.town = hand, found_town()
        self.network = self.town.network
        change_policy(network=self.network, changes={"mode": mode, "near_m": 4000}, reason="So we decided.")
        known = {"Rosa": self.town.rosa, "Lee": self.town.lee, "Sam": self.town.sam}
        self.people = {
            name: known.get(name) or member_of(self.network, name, languages=["en"], per_week=3)
            for name in NAMES
        }
        for distance, member in enumerate(self.people.values()):
            self.town.offer(member, cell=(15731 + 2 * distance, -24515), radius_m=4000)

    def publish(self, **changes):
        """Amina asks; what she gets is the code and the private link."""
        published = publish_ask(network=self.network, draft=self.town.draft(**changes))
        self.work()
        return published

    def work(self):
        """Whatever is due, and what that makes due."""
        worker = Worker()
        worker.run_once()
        assert worker.failed == 0
        send_due()  # what the last task wrote: the worker's own turn for it would come a second later

    def pass_time_until(self, moment):
        """Let the worker take its turns until then, one whenever something is due."""
        while clock.now() < moment:
            self.hand.move_to(min(moment, max(clock.now() + SECOND, *self._due())))
            self.work()

    def _due(self):
        """When the next step of an ask and the next letter are due."""
        step = Ask.objects.aggregate(at=Min("next_step_at"))["at"]
        letter = Message.objects.aggregate(at=Min("due_at"))["at"]
        return [min(filter(None, (step, letter)), default=clock.now() + DAY)]

    def letters(self):
        """Who got which letter since the last look: the first word of the address, and the subject."""
        taken, mail.outbox[:] = list(mail.outbox), []
        return [(letter.to[0].split("@")[0], letter.subject, letter.body) for letter in taken]


def to_whom(letters):
    """The names on the letters."""
    return [name for name, _subject, _body in letters]


def invitation_in(neighbourhood, letters):
    """The invitation that a letter's link leads to."""
    [token] = re.findall(r"/i/([\w-]+)/", letters[-1][2])
    return match_by_token(neighbourhood.network, token)


def everything_said(letters):
    """All the words that went out."""
    return "\n".join(subject + body for _name, subject, body in letters)


@pytest.fixture
def settle(transactional_db, hand_stopped, settings):
    """A neighbourhood that has decided how helpers are found; its letters are kept in `django.core.mail`."""
    settings.COMMONWEAL_CHANNELS = {"email": "commonweal.channels.email.channel.Channel"}
    return lambda mode: Neighbourhood(hand_stopped, mode)


@pytest.fixture
def hand_stopped():
    """The clock, stopped on Monday morning."""
    with clock.frozen(MONDAY) as hand:
        yield hand


def goes_well(neighbourhood, ask, match):
    """From the yes to the end: both read where to reach one another, are reminded, are asked, and say that it is done.

    Returns the letters that came beside.
    """
    neighbourhood.work()
    agreed = neighbourhood.letters()
    name = match.member.name.lower()
    assert sorted(to_whom(agreed)) == sorted(["amina", name])
    words = dict(zip(to_whom(agreed), [body for _name, _subject, body in agreed], strict=True))
    # A letter stays for ever: how to reach one another stands on the page behind its link.
    assert (AMINA in words[name], "/i/" in words[name]) == (False, True)
    assert (f"{name}@example.org" in words["amina"], "/a/" in words["amina"]) == (False, True)
    neighbourhood.pass_time_until(match.meets_at - HOUR)
    assert sorted(to_whom(neighbourhood.letters())) == sorted(["amina", name])
    neighbourhood.pass_time_until(match.meets_until + 2 * HOUR)
    letters = neighbourhood.letters()
    assert sorted(name for name, subject, _body in letters if "How did it go" in subject) == sorted(
        ["amina", name]
    )
    assert fresh(ask).state == "after"
    report_handover(match=match, outcome=Handover.Outcome.DONE, said_by=By.ASKER)
    neighbourhood.work()
    assert fresh(ask).state == "done"
    return [letter for letter in letters if "How did it go" not in letter[1]]


def stays_done(neighbourhood, ask):
    """Nothing more is written or done about it."""
    neighbourhood.pass_time_until(clock.now() + 3 * DAY)
    assert neighbourhood.letters() == []
    assert fresh(ask).state == "done"


def test_the_program_asks_the_next_person_until_somebody_comes(settle):
    neighbourhood = settle("invite")
    ask = neighbourhood.publish().ask
    letters = neighbourhood.letters()
    assert to_whom(letters) == ["amina", "rosa"]
    assert AMINA not in letters[1][2]
    neighbourhood.pass_time_until(MONDAY + 2 * HOUR)
    letters = neighbourhood.letters()
    assert to_whom(letters) == ["lee"]
    decline_invitation(match=invitation_in(neighbourhood, letters))
    neighbourhood.work()
    letters = neighbourhood.letters()
    assert to_whom(letters) == ["sam"]
    match = accept_invitation(match=invitation_in(neighbourhood, letters))
    assert goes_well(neighbourhood, ask, match) == []
    stays_done(neighbourhood, ask)


def test_who_cannot_come_after_all_is_replaced_by_itself(settle):
    neighbourhood = settle("invite")
    ask = neighbourhood.publish().ask
    match = accept_invitation(match=invitation_in(neighbourhood, neighbourhood.letters()))
    assert match.meets_at is not None
    neighbourhood.pass_time_until(match.meets_at - 3 * HOUR)
    neighbourhood.letters()
    drop_out(match=match)
    neighbourhood.work()
    letters = neighbourhood.letters()
    assert sorted(to_whom(letters)) == ["amina", "lee"]
    assert AMINA not in everything_said([letter for letter in letters if letter[0] == "lee"])
    another = accept_invitation(
        match=invitation_in(neighbourhood, [one for one in letters if one[0] == "lee"])
    )
    assert (fresh(ask).state, another.member.name) == ("agreed", "Lee")


def test_a_dispatcher_confirms(settle):
    neighbourhood = settle("dispatcher")
    ask = neighbourhood.publish().ask
    assert to_whom(neighbourhood.letters()) == ["amina"]
    assert fresh(ask).state == "desk"
    rows = candidates_for(fresh(ask))
    assert [row.name for row in rows] == list(NAMES)
    assert rows[1].reasons[0] == "600 m away"
    suggestion = Match.objects.get(pk=str(rows[1].match_id))
    confirm_match(match=suggestion, dispatcher=neighbourhood.town.jo)
    neighbourhood.work()
    letters = neighbourhood.letters()
    assert to_whom(letters) == ["lee"]
    match = accept_invitation(match=invitation_in(neighbourhood, letters))
    assert goes_well(neighbourhood, ask, match) == []
    stays_done(neighbourhood, ask)


def test_members_pick_from_the_board(settle):
    neighbourhood = settle("board")
    published = neighbourhood.publish()
    neighbourhood.pass_time_until(MONDAY + 5 * HOUR)
    assert to_whom(neighbourhood.letters()) == ["amina"]
    assert fresh(published.ask).state == "wide"
    match = pick_from_board(ask=published.ask, member=neighbourhood.people["Dev"])
    assert goes_well(neighbourhood, published.ask, match) == []
    assert ask_by_token(neighbourhood.network, published.token).state == "done"
    stays_done(neighbourhood, published.ask)


@pytest.mark.parametrize("mode", ["invite", "dispatcher", "board"])
def test_every_tuesday_the_same_helper_comes(settle, mode):
    neighbourhood = settle(mode)
    first = neighbourhood.publish(
        starts_at=TUESDAY + 4 * HOUR, ends_at=TUESDAY + 8 * HOUR, repeat_days=0b10, urgency=0
    ).ask
    match = somebody_comes(neighbourhood, first, mode)
    for week in range(3):
        letters = goes_well(neighbourhood, match.ask, match)
        following = Ask.objects.get(series=first.series, state="near")
        assert following.starts_at == first.starts_at + (week + 1) * 7 * DAY
        assert to_whom(letters) == [match.member.name.lower()]
        match = accept_invitation(match=invitation_in(neighbourhood, letters))
        assert match.ask_id == following.pk


def somebody_comes(neighbourhood, ask, mode):
    """The first yes, in each way of finding it."""
    letters = neighbourhood.letters()
    if mode == "board":
        return pick_from_board(ask=ask, member=neighbourhood.people["Dev"])
    if mode == "dispatcher":
        suggestion = Match.objects.get(pk=str(candidates_for(fresh(ask))[0].match_id))
        confirm_match(match=suggestion, dispatcher=neighbourhood.town.jo)
        neighbourhood.work()
        letters = neighbourhood.letters()
    return accept_invitation(match=invitation_in(neighbourhood, letters))
