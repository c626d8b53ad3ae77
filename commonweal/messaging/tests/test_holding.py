"""The day's number of text messages, and the night."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from commonweal.base.models import Event
from commonweal.base.tests.racing import all_at_once, on_disk
from commonweal.messaging import tasks
from commonweal.messaging.actions import queue_message
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.errors import ChannelDown
from commonweal.messaging.models import Message, TextsOfDay
from commonweal.messaging.port import Address, Route
from commonweal.messaging.queries import waits_for_tomorrow
from commonweal.messaging.sending import send_due
from commonweal.messaging.tests.conftest import BEN, NOON, TestChannel
from commonweal.networks.actions import change_policy, create_network

__all__ = ["on_disk"]
pytestmark = pytest.mark.django_db
ROSA = Address(kind="phone", value="+14105550101", language="en")


@pytest.fixture
def network(db, hand):
    """In Baltimore it is seven in the morning at noon in London; the night ends at eight."""
    network = create_network(slug="cedar", name="Cedar Street", time_zone="America/New_York")
    change_policy(network=network, changes={"most_texts_day": 2}, reason="A cheap plan.")
    return network


@pytest.fixture
def provider(ways):
    channel = TestChannel()
    ways["phone"] = ways["email"] = (Route(key="provider", channel=channel),)
    return channel


@pytest.fixture
def put(network):
    def put(key, template="still_needed", to=ROSA):
        words = dict.fromkeys(CATALOGUE[template].needs, "10")
        return queue_message(network=network, to=to, template=template, context=words, key=key)

    return put


def look(message):
    return Message.objects.get(pk=message.pk)


def test_text_over_the_days_number_waits_for_the_next_morning(provider, put, network, hand):
    one, two, three = put("1"), put("2"), put("3")

    assert send_due() == 2

    assert [look(one).state, look(two).state] == ["sent", "sent"]
    row = look(three)
    assert (row.state, row.last_error, row.attempts) == ("queued", "limit", 0)
    assert row.due_at == datetime(2026, 3, 4, 13, 0, tzinfo=UTC)  # eight o'clock in Baltimore
    assert waits_for_tomorrow(network) == 1

    hand.move_to(row.due_at)
    assert send_due() == 1
    assert waits_for_tomorrow(network) == 0


def test_full_day_is_on_record_once(provider, put, network):
    for number in range(5):
        put(str(number))
    send_due()

    event = Event.objects.get(network=network, verb="texts_used_up")
    assert event.data == {"most": 2}
    day = TextsOfDay.objects.get(network=network)
    assert (str(day.day), day.texts, day.full_at) == ("2026-03-03", 2, NOON)


@pytest.mark.parametrize("template", ["code", "ask_received", "stopped", "agreed_helper"])
def test_codes_and_answers_always_go_out(provider, put, template):
    put("1"), put("2"), put("3")
    send_due()

    put("answer", template)

    assert send_due() == 1
    assert provider.sent[-1].template == template


def test_email_costs_nothing(provider, put):
    put("1"), put("2")
    send_due()

    put("mail", to=BEN)

    assert send_due() == 1


def test_message_is_counted_once_over_all_its_tries(provider, put, network, hand):
    provider.raises[ROSA.value] = ChannelDown("ConnectionRefusedError")
    put("1")
    for _ in range(3):
        send_due()
        hand.advance(timedelta(minutes=6))
    # Whose route is down and who was not tried is not counted either.
    assert TextsOfDay.objects.get(network=network).texts == 1


def test_day_begins_at_the_networks_midnight(provider, put, network, hand):
    hand.move_to(datetime(2026, 3, 4, 3, 0, tzinfo=UTC))
    put("1")
    send_due()
    hand.move_to(datetime(2026, 3, 4, 6, 0, tzinfo=UTC))
    put("2")
    send_due()

    days = TextsOfDay.objects.filter(network=network).order_by("day").values_list("day", "texts")
    assert [(str(day), texts) for day, texts in days] == [("2026-03-03", 1), ("2026-03-04", 1)]


def test_question_nobody_asked_for_waits_for_the_morning(provider, put, hand):
    check = put("1", "offer_check")
    ordinary = put("2")

    assert send_due() == 1

    assert look(ordinary).state == "sent"
    row = look(check)
    assert (row.due_at, row.last_error) == (datetime(2026, 3, 3, 13, 0, tzinfo=UTC), "")
    hand.move_to(row.due_at)
    assert send_due() == 1


def test_counts_of_long_ago_are_dropped(provider, put, network, hand):
    put("1")
    send_due()
    hand.advance(timedelta(days=89))
    tasks.erase_old()
    assert TextsOfDay.objects.exists()

    hand.advance(timedelta(days=2))
    tasks.erase_old()
    assert not TextsOfDay.objects.exists()


def test_unknown_template_is_held_by_nothing(provider, put):
    message = put("1")
    Message.objects.filter(pk=message.pk).update(template="no_such")

    assert send_due() == 0
    assert look(message).last_error == "unwritable"


@pytest.mark.django_db(transaction=True)
def test_many_senders_keep_to_the_days_number(on_disk, provider, put, network):
    for number in range(12):
        put(str(number))

    all_at_once(lambda: send_due(limit=5), crowd=6)
    send_due()

    assert len(provider.sent) == 2
    assert Counter(Message.objects.values_list("state", flat=True)) == Counter(queued=10, sent=2)
