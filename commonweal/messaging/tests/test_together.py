"""Messages that go out quickly are taken in hand together; what is known of each stays its own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commonweal.base.crypto import Unreadable
from commonweal.messaging import sending
from commonweal.messaging.actions import note_delivery, queue_message
from commonweal.messaging.errors import ChannelDown, PermanentFailure, RetryableFailure
from commonweal.messaging.models import Message, TextsOfDay
from commonweal.messaging.port import Address, Route
from commonweal.messaging.sending import send_due
from commonweal.messaging.tests.conftest import BEN, NOON, TestChannel

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(ways):
    channel = TestChannel()
    ways["phone"] = (Route(key="provider", channel=channel),)
    return channel


@pytest.fixture
def texts(network):
    def texts(count):
        return [
            queue_message(
                network=network,
                to=Address(kind="phone", value=f"+14105550{number:03}", language="en"),
                template="stopped",
                context={"network": network.name},
                key=str(number),
            )
            for number in range(count)
        ]

    return texts


def states():
    return sorted(Message.objects.values_list("state", flat=True))


def take(most=10):
    now = sending.Round()
    return sending.claim_due(now, most), now


def test_many_cost_a_few_statements(queue, channel):
    for number in range(63):
        queue(key=str(number))

    with CaptureQueriesContext(connection) as found:
        assert send_due() == 63

    assert len(found) < 63
    assert len({message.id for message in channel.sent}) == 63
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_each_keeps_its_own_receipt(queue, channel):
    for number in range(7):
        queue(key=str(number))

    send_due()

    rows = Message.objects.all()
    assert {row.pk: row.receipt for row in rows} == {
        message.id: f"taken {place}" for place, message in enumerate(channel.sent, start=1)
    }


def test_one_that_is_refused_holds_nobody_up(queue, channel):
    queue(key="1"), queue(key="2")
    queue(key="3", to=Address(kind="email", value="gone@example.org", language="en"))
    channel.raises["gone@example.org"] = PermanentFailure("HTTP 400")
    claims, now = take()

    assert sending._see_to_all(claims, now) == 2

    assert states() == ["dead", "sent", "sent"]


def test_what_was_not_begun_when_the_channel_goes_down_is_as_before(queue, channel):
    first = queue(key="1", to=Address(kind="email", value="slow@example.org", language="en"))
    others = [queue(key=str(number)) for number in range(2, 5)]
    before = {row.pk: row for row in Message.objects.all()}
    channel.raises["slow@example.org"] = ChannelDown("ConnectionRefusedError")
    claims, now = take()

    assert sending._see_to_all(claims, now) == 0

    assert Message.objects.get(pk=first.pk).state == "failed"
    for message in others:
        row = Message.objects.get(pk=message.pk)
        for name in sending.TAKEN:
            assert getattr(row, name) == getattr(before[row.pk], name)
    assert not sending.claim_due(now, 10)


def test_what_was_not_begun_when_it_turns_slow_goes_next(queue, channel, monkeypatch):
    queue(key="1"), queue(key="2")
    claims, now = take()
    ticks = iter([0.0, sending.QUICK_SECONDS + 0.1])
    monkeypatch.setattr("time.monotonic", lambda: next(ticks))

    assert sending._see_to_all(claims, now) == 1
    monkeypatch.undo()

    assert states() == ["queued", "sent"]
    assert len(sending.claim_due(now, 10)) == 1


def test_one_in_doubt_that_is_handed_back_stays_in_doubt(queue, channel, hand):
    first = queue(key="1")
    queue(key="2")
    channel.raises[BEN.value] = RetryableFailure("TimeoutError", unsure=True)
    send_due()
    hand.move_to(Message.objects.get(pk=first.pk).due_at)
    claims, _now = take()
    assert {claim.message.unsure for claim in claims} == {True}

    sending._hand_back(claims)

    assert set(Message.objects.values_list("state", "attempts", "unsure")) == {("failed", 1, True)}


def test_texts_that_are_handed_back_are_not_counted(provider, texts, network):
    texts(3)
    claims, _now = take()
    assert TextsOfDay.objects.get(network=network).texts == 3

    sending._hand_back(claims[1:])

    assert TextsOfDay.objects.get(network=network).texts == 1
    assert send_due() == 2
    assert TextsOfDay.objects.get(network=network).texts == 3


def test_one_that_was_taken_back_meanwhile_is_left_so(queue, channel):
    messages = [queue(key="1"), queue(key="2")]
    claims, _now = take()
    Message.objects.filter(pk=messages[0].pk).update(state="cancelled", due_at=None)

    sending._hand_back(claims)

    assert states() == ["cancelled", "queued"]


def test_bad_news_that_overtakes_the_receipt_is_heard(provider, texts, network):
    one, two, three = texts(3)
    claims, _now = take()
    assert note_delivery(network=network, receipt="SM", ours=str(two.pk), arrived=False)

    sending._note_all_sent([(claim.message, f"SM{place}") for place, claim in enumerate(claims)])

    found = {row.pk: row for row in Message.objects.all()}
    assert [found[each.pk].state for each in (one, two, three)] == ["sent", "dead", "sent"]
    assert (found[three.pk].receipt, found[three.pk].sent_at) == ("SM2", NOON)


def test_one_that_cannot_be_opened_keeps_nobody_back(queue, channel):
    broken = queue(key="1")
    queue(key="2"), queue(key="3")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_message SET context = 'nonsense' WHERE key = '1'")
    with pytest.raises(Unreadable):
        Message.objects.get(pk=broken.pk)
    claims, now = take()

    assert sending._see_to_all(claims, now) == 2

    assert states() == ["failed", "sent", "sent"]
