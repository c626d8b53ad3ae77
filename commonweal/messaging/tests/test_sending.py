"""Messages go out, are tried again, and are given up."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commonweal.base import bus
from commonweal.base.models import Event
from commonweal.messaging import failing, sending
from commonweal.messaging.actions import cancel_messages, queue_message
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.errors import ChannelDown, PermanentFailure, RetryableFailure
from commonweal.messaging.events import MessageDied
from commonweal.messaging.failing import BACK_OFF, LEASE
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address
from commonweal.messaging.sending import messages_are_due, send_due
from commonweal.messaging.tests.conftest import ANA, BEN, NOON
from commonweal.networks.models import Category

pytestmark = pytest.mark.django_db
PHONE = Address(kind="phone", value="+14105550100", language="en")


@pytest.fixture
def deaths(monkeypatch):
    heard: list[MessageDied] = []
    monkeypatch.setitem(bus._subscribers, MessageDied, [heard.append])
    return heard


def look(message):
    return Message.objects.get(pk=message.pk)


def test_message_goes_out_in_words(queue, channel, network):
    message = queue(to=BEN, title="A ride")
    assert messages_are_due()

    assert send_due() == 1

    (out,) = channel.sent
    assert (out.id, out.to, out.network_name, out.template) == (
        message.pk,
        BEN,
        "Alder Street",
        "still_needed",
    )
    assert out.written.subject == "Is it still needed? A ride"
    row = look(message)
    assert (row.state, row.sent_at, row.receipt, row.due_at) == ("sent", NOON, "taken 1", None)
    assert row.erase_at == NOON + network.policy.span("erase_days")
    assert channel.closed == 1
    assert not messages_are_due()
    assert send_due() == 0


def test_invitation_says_where_to_take_a_break_and_an_answer_does_not(queue, channel, network, settings):
    settings.COMMONWEAL_BASE_URL = "https://mutual.example"
    words = dict.fromkeys(CATALOGUE["invitation"].needs, "")
    queue_message(network=network, to=BEN, template="invitation", context=words, key="invitation")
    queue()

    send_due()

    assert [message.stop_link for message in channel.sent] == ["https://mutual.example/me/profile/", ""]


def test_what_is_not_due_waits(queue, channel, hand):
    queue(send_after=NOON + timedelta(hours=1))

    assert not messages_are_due()
    assert send_due() == 0

    hand.advance(timedelta(hours=1))
    assert send_due() == 1


def test_urgent_messages_go_first(queue, channel, network, hand):
    queue()
    hand.advance(timedelta(minutes=1))
    words = {"code": "123456", "minutes": 10, "network": "Alder Street", "open_at": ""}
    queue_message(network=network, to=ANA, template="code", context=words, key="code")

    assert send_due(limit=1) == 1
    assert channel.sent[0].template == "code"


def test_failing_message_is_tried_at_growing_intervals_then_given_up(
    queue, channel, hand, network, deaths, django_capture_on_commit_callbacks
):
    channel.raises[BEN.value] = RetryableFailure("SMTP 451")
    category = Category.objects.create(network=network, slug="meals", names={})
    message = queue(about=category)
    for attempt, wait in enumerate(BACK_OFF, start=1):
        assert send_due() == 0
        row = look(message)
        assert (row.state, row.attempts, row.due_at - hand.advance(timedelta(0))) == ("failed", attempt, wait)
        assert (row.last_error, row.last_detail) == ("unreachable", "SMTP 451")
        hand.advance(wait - timedelta(seconds=1))
        assert not messages_are_due()
        hand.advance(timedelta(seconds=1))

    with django_capture_on_commit_callbacks(execute=True):
        assert send_due() == 0

    row = look(message)
    assert (row.state, row.due_at, row.attempts) == ("dead", None, 6)
    assert row.died_at is not None
    assert deaths == [
        MessageDied(
            network=network.pk,
            message=message.pk,
            template="still_needed",
            about="category",
            about_id=category.pk,
        )
    ]
    event = Event.objects.get(network=network)
    assert (event.verb, event.by, event.data) == (
        "died",
        "program",
        {"template": "still_needed", "why": "unreachable"},
    )


@pytest.mark.parametrize(
    ("named", "waited"),
    [
        (timedelta(minutes=20), timedelta(minutes=20)),
        (timedelta(0), BACK_OFF[0]),
        (timedelta(days=9), timedelta(days=1)),
    ],
    ids=["longer than ours", "shorter than ours", "longer than a day"],
)
def test_other_side_may_name_a_longer_wait(queue, channel, named, waited):
    channel.raises[BEN.value] = RetryableFailure("busy", retry_after=named)
    message = queue()

    send_due()

    assert look(message).due_at == NOON + waited


def test_refused_message_is_given_up_at_once(queue, channel):
    channel.raises[BEN.value] = PermanentFailure("SMTP 550")
    message = queue()

    send_due()

    row = look(message)
    assert (row.state, row.last_error, row.last_detail, row.to) == ("dead", "refused", "SMTP 550", BEN.value)
    assert row.get_last_error_display() == "The other side refuses this message"


def test_channel_that_is_down_is_left_alone_for_the_round(queue, channel):
    channel.raises[BEN.value] = ChannelDown("ConnectionRefusedError")
    first, second = queue(key="1"), queue(key="2", to=ANA)

    assert send_due() == 0

    assert (look(first).state, look(first).attempts) == ("failed", 1)
    assert (look(second).state, look(second).attempts) == ("queued", 0)
    assert send_due() == 1


def test_one_bad_message_does_not_stop_the_others(queue, channel):
    channel.raises[BEN.value] = ValueError("ben@example.org is odd")
    bad, good = queue(key="1"), queue(key="2", to=ANA)

    assert send_due() == 1

    assert look(good).state == "sent"
    row = look(bad)
    assert (row.state, row.last_error, row.last_detail) == ("failed", "unreachable", "ValueError")


def test_message_costs_a_claim_a_look_and_a_note(queue, channel):
    """The claim is a savepoint, a look, an update and its release; then what it says is read, and the end is noted."""
    queue(key="1")
    queue(key="2")
    with CaptureQueriesContext(connection) as two:
        send_due()
    queue(key="3")
    with CaptureQueriesContext(connection) as one:
        send_due()

    assert len(two) - len(one) == 6


def test_log_names_no_address(queue, channel, caplog):
    channel.raises[BEN.value] = ValueError("ben@example.org is odd")
    queue()

    send_due()

    assert "ValueError" in caplog.text
    assert "ben@" not in caplog.text


def test_kind_without_a_channel_is_given_up(queue, channel):
    message = queue(to=PHONE)

    send_due()

    assert (look(message).state, look(message).last_error) == ("dead", "no_channel")


def test_code_that_comes_too_late_is_not_sent(network, channel, hand):
    words = {"code": "123456", "minutes": 10, "network": "Alder Street", "open_at": ""}
    code = queue_message(network=network, to=BEN, template="code", context=words, key="code")
    hand.advance(timedelta(minutes=11))

    assert send_due() == 0

    assert (look(code).state, look(code).last_error) == ("dead", "too_late")
    assert channel.sent == []


def test_lost_key_puts_the_message_off_and_its_return_sends_it(queue, channel, settings, hand):
    kept = settings.COMMONWEAL_KEYS
    message = queue()
    settings.COMMONWEAL_KEYS = ["another key of more than thirty-two letters"]

    assert send_due() == 0
    settings.COMMONWEAL_KEYS = kept
    assert (look(message).state, look(message).last_error) == ("failed", "unreadable")

    hand.advance(BACK_OFF[0])
    assert send_due() == 1


def test_words_that_are_missing_are_a_dead_letter(queue, channel):
    message = queue()
    Message.objects.filter(pk=message.pk).update(context={"title": "Groceries"})

    send_due()

    assert (look(message).state, look(message).last_error) == ("dead", "unwritable")


def claimed(message=None):
    """What a worker leaves behind that is killed while sending."""
    claims = sending.claim_due(sending.Round(), 1)
    return claims[0].message if claims else None


def test_message_of_a_killed_worker_is_tried_again_when_the_lease_is_over(queue, channel, hand):
    message = queue()
    claimed(message)

    assert send_due() == 0
    assert look(message).state == "sending"

    hand.advance(LEASE)
    assert send_due() == 1
    assert channel.sent[0].id == message.pk
    assert look(message).attempts == 2


def test_message_that_kills_every_worker_is_given_up(queue, channel, hand):
    message = queue()
    for _ in range(len(BACK_OFF) + 1):
        assert claimed(message) is not None
        hand.advance(LEASE)

    assert send_due() == 0
    assert (look(message).state, look(message).last_error) == ("dead", "interrupted")


def test_message_cancelled_while_it_fails_is_not_tried_again(queue, channel, network):
    category = Category.objects.create(network=network, slug="meals", names={})
    message = queue(about=category)
    held = claimed(message)
    cancel_messages(about=category)

    failing.wait(held, Message.Trouble.UNREACHABLE)
    failing.give_up(held, Message.Trouble.REFUSED)

    assert look(message).state == "cancelled"
    assert not Event.objects.filter(network=network).exists()


def test_message_cancelled_while_it_goes_out_did_go_out(queue, network):
    category = Category.objects.create(network=network, slug="meals", names={})
    message = queue(about=category)
    held = claimed(message)
    cancel_messages(about=category)

    sending.note_sent(held, "taken")

    assert (look(message).state, look(message).sent_at) == ("sent", NOON)


def test_round_ends_after_its_time(queue, channel, monkeypatch):
    queue(key="1")
    queue(key="2")
    ticks = iter([0.0, 0.0, 0.0, 0.0, sending.ROUND_SECONDS + 1])
    monkeypatch.setattr("time.monotonic", lambda: next(ticks))

    assert send_due() == 1


def test_channel_that_cannot_be_closed_harms_nobody(queue, channel, monkeypatch):
    def fail():
        raise OSError("gone")

    monkeypatch.setattr(channel, "close", fail)
    queue()

    assert send_due() == 1


def test_looking_for_due_messages_uses_the_index(queue):
    for number in range(5):
        queue(key=str(number))
    plan = sending._due().explain()

    assert "message_due" in plan or connection.vendor == "postgresql"


@pytest.mark.django_db(transaction=True)
def test_two_senders_never_take_the_same_message(queue):
    queue(key="1")
    queue(key="2")
    first = claimed()
    with transaction.atomic():
        second = claimed()

    assert first is not None
    assert second is not None
    assert first.pk != second.pk
    assert claimed() is None
