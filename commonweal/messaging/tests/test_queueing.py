"""Messages are put in the outbox and taken back."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from commonweal.base.models import Event
from commonweal.messaging.actions import (
    cancel_messages,
    drop_message,
    erase_old,
    queue_message,
    retry_message,
    settle_past,
)
from commonweal.messaging.catalogue import URGENT
from commonweal.messaging.errors import NoLongerDead, UnknownTemplate
from commonweal.messaging.models import Message
from commonweal.messaging.tests.conftest import ANA, BEN, NOON
from commonweal.networks.models import Area, Category

pytestmark = pytest.mark.django_db


@pytest.fixture
def category(network):
    return Category.objects.create(network=network, slug="meals", names={"en": "Meals"})


def stored_text(message):
    with connection.cursor() as cursor:
        pk = message.pk.hex if connection.vendor == "sqlite" else message.pk
        cursor.execute('SELECT "to", context, to_index FROM messaging_message WHERE id = %s', [pk])
        return " ".join(cursor.fetchone())


def test_message_is_stored_encrypted_and_findable(queue, network):
    message = queue(to=ANA)

    stored = Message.objects.get(network=network, pk=message.pk)
    assert (stored.to, stored.language, stored.kind) == ("ana@example.org", "es", "email")
    assert stored.context["title"] == "Groceries for two"
    assert not re.search(r"\bana\b", stored_text(message))
    assert "Groceries" not in stored_text(message)
    assert Message.objects.filter(network=network, to_index=stored.to_index).exists()


def test_same_key_twice_is_one_message(queue, network):
    first = queue(key="received:1", title="Groceries")
    second = queue(key="received:1", title="Something else")

    assert second.pk == first.pk
    assert second.context["title"] == "Groceries"
    assert Message.objects.filter(network=network).count() == 1


def test_same_key_in_another_network_is_another_message(queue, other_network):
    assert queue(key="1").pk != queue(key="1", network=other_network).pk


def test_message_goes_with_its_transaction(queue, network):
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)

    assert not Message.objects.filter(network=network).exists()


def test_queueing_costs_two_queries(queue, network, django_assert_num_queries):
    with django_assert_num_queries(2):
        queue()


def test_message_waits_until_it_may_go(queue):
    assert queue(key="1", send_after=NOON + timedelta(hours=3)).due_at == NOON + timedelta(hours=3)
    assert queue(key="2", send_after=NOON - timedelta(hours=3)).due_at == NOON
    assert queue(key="3").due_at == NOON


def test_code_is_urgent_and_soon_useless(network):
    words = {"code": "123456", "minutes": 10, "network": "Alder Street", "open_at": ""}
    code = queue_message(network=network, to=BEN, template="code", context=words, key="code:1")

    assert code.priority == URGENT
    assert code.useful_until == NOON + timedelta(minutes=10)


@pytest.mark.parametrize("template", ["no_such", "code"])
def test_template_must_exist_and_get_what_it_needs(queue, network, template):
    with pytest.raises(UnknownTemplate):
        queue(template=template)

    assert not Message.objects.filter(network=network).exists()


def test_only_what_is_about_the_thing_is_taken_back(queue, network, category):
    area = Area.objects.create(network=network, slug="hill", name="Hill", cell_y=1, cell_x=1)
    reminder = queue(key="1", about=category, template="return_due", when="Tuesday")
    question = queue(key="2", about=category)
    elsewhere = queue(key="3", about=area)

    assert cancel_messages(about=category, templates=["return_due"]) == 1
    states = dict(Message.objects.filter(network=network).values_list("pk", "state"))
    assert states == {reminder.pk: "cancelled", question.pk: "queued", elsewhere.pk: "queued"}

    assert cancel_messages(about=category) == 1
    assert cancel_messages(about=category) == 0
    elsewhere.refresh_from_db()
    assert elsewhere.state == "queued"


def test_cancelled_message_forgets_to_whom_and_what(queue, category):
    message = queue(about=category)

    cancel_messages(about=category)

    message.refresh_from_db()
    assert (message.to, message.to_index, message.context, message.due_at) == ("", "", {}, None)


def kill(message):
    Message.objects.filter(pk=message.pk).update(
        state="dead",
        due_at=None,
        died_at=NOON,
        erase_at=NOON + timedelta(days=30),
        attempts=6,
        last_error="refused",
    )


def test_dead_letter_is_tried_again_from_the_start(queue, network):
    message = queue()
    kill(message)

    retry_message(message=message, by=None)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.due_at) == ("queued", 0, NOON)
    assert (message.died_at, message.erase_at, message.last_error) == (None, None, "")
    assert Event.objects.get(network=network).verb == "retried"


def test_dead_letter_is_dropped_and_forgotten(queue, network):
    message = queue()
    kill(message)

    drop_message(message=message, by=None, why="called")

    message.refresh_from_db()
    assert (message.state, message.to, message.context, message.died_at) == ("cancelled", "", {}, None)
    event = Event.objects.get(network=network)
    assert (event.verb, event.data) == ("dropped", {"template": "still_needed", "why": "called"})


@pytest.mark.parametrize("action", [retry_message, lambda **who: drop_message(**who, why="called")])
def test_what_is_not_dead_is_left_alone(queue, network, action):
    message = queue()

    with pytest.raises(NoLongerDead):
        action(message=message, by=None)

    message.refresh_from_db()
    assert message.state == "queued"
    assert not Event.objects.filter(network=network).exists()


def test_emptied_dead_letter_cannot_be_tried_again(queue, hand):
    message = queue()
    kill(message)
    hand.advance(timedelta(days=31))
    assert erase_old() == 1

    with pytest.raises(NoLongerDead):
        retry_message(message=message, by=None)


def test_only_messages_past_their_time_are_emptied(queue, network, hand):
    old, young = queue(key="1"), queue(key="2")
    kill(old)
    hand.advance(timedelta(days=30))

    assert erase_old() == 1
    assert erase_old() == 0

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.to, old.context, old.state) == ("", {}, "dead")
    assert young.to == BEN.value


@pytest.mark.parametrize(
    "broken",
    [{"due_at": None}, {"state": "sent"}, {"state": "dead", "due_at": None}, {"died_at": NOON}],
    ids=["waiting without a time", "sent with a time", "dead without a date", "date of death of the living"],
)
def test_database_refuses_contradictions(queue, broken):
    message = queue()

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**broken)


def test_past_that_was_filled_in_is_called_sent_and_the_future_waits(queue, network, other_network):
    past, future = queue(key="1"), queue(key="2", send_after=NOON + timedelta(days=1))
    elsewhere = queue(key="3", network=other_network)

    assert settle_past(network=network) == 1

    for message in (past, future, elsewhere):
        message.refresh_from_db()
    assert (past.state, past.sent_at, past.due_at) == ("sent", NOON, None)
    assert past.erase_at == NOON + timedelta(days=30)
    assert (future.state, elsewhere.state) == ("queued", "queued")
