"""Whatever anybody texts, in whatever order: an answer or a silence that the law wants, and nothing asked twice."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from commonweal.base import clock
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import MONDAY, found_town
from commonweal.intake.conversations import turning
from commonweal.intake.conversations.limits import MOST_REPLIES
from commonweal.intake.conversations.meanings import LANGUAGES, Meaning, words_of
from commonweal.intake.conversations.table import State, row_for
from commonweal.intake.models import Inbound
from commonweal.intake.tests import talking
from commonweal.intake.tests.conftest import member_phone
from commonweal.messaging.models import Message
from commonweal.messaging.queries import is_stopped
from commonweal.networks.actions import change_policy

QUESTIONS = {"say_what", "say_where", "say_when"}
KEYWORDS = sorted({word for language in LANGUAGES for word in words_of(language).whole})
SENTENCES = [
    "food for 4 in Abell tomorrow", "we need food", "a ride", "Abell", "tomorrow", "today", "I can shop for groceries",
    "this is Noor", "for 7", "1", "2", "3", "9", "necesito comida", "أحتاج طعام", "my mother can't breathe", "", "🎉",
    "cancel my ride", "not needed K7F-2QM", "K7F-2QM", "x " * 400, "someone left a thing here",
]  # fmt: skip


class Talking(RuleBasedStateMachine):
    """A helper's phone and a stranger's; both may say anything at any time."""

    @initialize()
    def begin(self):
        self.hand = clock.frozen(MONDAY)
        self.clock = self.hand.__enter__()
        self.town = found_town(f"town-{id(self)}-{Ask.objects.count()}")
        rosa = member_phone(self.town, self.town.rosa, "+14105550177")
        self.phones = [talking.phone_of(self.town), rosa]

    def teardown(self):
        if hasattr(self, "hand"):
            self.hand.__exit__(None, None, None)

    @rule(which=some.sampled_from([0, 1]), text=some.sampled_from(KEYWORDS) | some.sampled_from(SENTENCES))
    def say(self, which, text):
        phone = self.phones[which]
        was_stopped = is_stopped(self.town.network, phone.contact)
        before = self._state(phone)
        phone.read()
        templates = phone.templates(text)
        inbound = Inbound.objects.filter(network=self.town.network).order_by("-id")[0]
        assert inbound.state != "waiting"
        self._answered_by_the_table(phone, before, templates, was_stopped, text)
        self._not_twice(phone, templates)

    def _answered_by_the_table(self, phone, before, templates, was_stopped, text):
        heard = turning.heard_in(text, phone.talk.language)
        started = heard.meaning == Meaning.START
        if was_stopped and not started:
            assert templates == []
            return
        replies = [name for name in templates if name.startswith("say_") or name == "stopped"]
        assert len(replies) <= 1
        if heard.meaning == Meaning.STOP:
            assert replies == ["stopped"]
        row = row_for(before, heard.meaning)
        danger = "breathe" in text
        allowed = {"say_danger"} if danger else {*row.replies, "say_too_many"}
        assert set(replies) <= allowed, (before, heard)
        if not danger and row.then and replies and "say_too_many" not in replies:
            assert self._state(phone) in row.then, (before, heard)

    def _not_twice(self, phone, templates):
        """Within one ask or offer no question comes again, and there are three at most."""
        asked = phone.talk.held.get("asked", [])
        assert len(asked) <= 3
        assert len(set(asked)) == len(asked)
        for name in templates:
            if name in QUESTIONS:
                assert name == f"say_{asked[-1]}"

    def _state(self, phone):
        from commonweal.intake.models import Conversation

        talks = Conversation.objects.filter(network=self.town.network)
        return next((State(talk.state) for talk in talks if talk.contact == phone.number), State.IDLE)

    @rule()
    def invite(self):
        """Somebody asks for what Rosa may be able to do."""
        soon = clock.now() + timedelta(hours=2)
        ask = self.town.ask(starts_at=soon, ends_at=soon + timedelta(days=2))
        self.town.invited(ask, self.town.rosa)

    @rule()
    def go_in_twos(self):
        """From now on the first visits to homes are made in twos."""
        if not self.town.network.policy.home_pairs:
            change_policy(network=self.town.network, changes={"home_pairs": 3}, reason="Assembly")

    @rule(hours=some.sampled_from([1, 30]))
    def wait(self, hours):
        self.clock.advance(timedelta(hours=hours))

    @invariant()
    def no_flood_goes_out(self):
        if hasattr(self, "town"):
            hour = Message.objects.filter(
                network=self.town.network,
                template__startswith="say_",
                created_at__gt=clock.now() - timedelta(hours=1),
            )
            assert hour.count() <= 2 * 2 * (MOST_REPLIES + 1)


@pytest.fixture
def reader(monkeypatch):
    monkeypatch.setattr(turning, "read_message", talking.read_message)


def test_whatever_is_said_is_answered_as_the_table_says(db, reader):
    run_state_machine_as_test(
        Talking,
        settings=settings(
            max_examples=6, stateful_step_count=25, deadline=None, suppress_health_check=[*HealthCheck]
        ),
    )
