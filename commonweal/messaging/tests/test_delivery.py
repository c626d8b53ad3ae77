"""What the other side tells of a message after it took it, and how far it is believed."""

from collections import Counter
from datetime import timedelta

import pytest

from commonweal.base.tests.racing import all_at_once, on_disk
from commonweal.members.contacts import Contact
from commonweal.messaging import sending
from commonweal.messaging.actions import note_delivery, queue_message
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address, Route
from commonweal.messaging.sending import send_due
from commonweal.messaging.tests.conftest import NOON, TestChannel

__all__ = ["on_disk"]
pytestmark = pytest.mark.django_db
ROSA = Address(kind="phone", value="+14105550101", language="en")
MAIL = Contact(kind="email", value="rosa@example.org")


@pytest.fixture
def provider(ways):
    channel = TestChannel()
    ways["phone"] = (Route(key="provider", channel=channel),)
    return channel


@pytest.fixture
def post(ways):
    channel = TestChannel("posted")
    ways["email"] = (Route(key="post", channel=channel),)
    return channel


@pytest.fixture
def text(network):
    def text(template="still_needed", others=()):
        words = {"title": "Groceries", "link": "https://example.org/a/1", "network": "Alder Street"}
        if template == "code":
            words = {"code": "123456", "minutes": 10, "network": "Alder Street", "open_at": ""}
        return queue_message(
            network=network, to=ROSA, template=template, context=words, key="1", others=others
        )

    return text


@pytest.fixture
def told(network):
    def told(receipt="taken 1", arrived=False, **more):
        return note_delivery(network=network, receipt=receipt, arrived=arrived, **more)

    return told


def look(message):
    return Message.objects.get(pk=message.pk)


def test_message_that_arrived_is_marked_so(provider, text, told):
    message = text()
    send_due()

    assert told(arrived=True)
    assert told(arrived=True)

    assert (look(message).state, look(message).delivery) == ("sent", "arrived")


def test_news_of_a_message_that_nobody_knows_is_let_be(provider, text, told, other_network):
    text()
    send_due()

    assert not told(receipt="SM404")
    assert not note_delivery(network=other_network, receipt="taken 1", arrived=False)
    assert not told(receipt="")


def test_what_did_not_arrive_goes_by_the_next_way_once(provider, post, text, told):
    message = text(others=[MAIL])
    send_due()

    assert told(detail="code 30005")
    row = look(message)
    assert (row.state, row.kind, row.last_error, row.last_detail) == (
        "failed",
        "email",
        "undelivered",
        "code 30005",
    )
    assert told(detail="code 30005")

    assert send_due() == 1
    assert look(message).state == "sent"
    assert not told()
    assert len(post.sent) == 1


def test_what_did_not_arrive_goes_by_the_next_provider_first(ways, provider, text, told):
    other = TestChannel()
    ways["phone"] += (Route(key="other", channel=other),)
    text(others=[MAIL])
    send_due()

    told()

    assert send_due() == 1
    assert other.sent[0].to.value == ROSA.value


def test_second_failure_is_for_a_person(provider, post, text, told):
    message = text(others=[MAIL])
    send_due()
    told()
    send_due()

    assert told(receipt="posted 1")

    assert (look(message).state, look(message).last_error) == ("dead", "undelivered")


def test_what_did_not_arrive_and_has_no_other_way_is_for_a_person(provider, text, told):
    message = text()
    send_due()

    told()

    assert (look(message).state, look(message).delivery) == ("dead", "failed")


def test_code_that_did_not_arrive_in_its_time_is_not_sent_elsewhere(provider, post, text, told, hand):
    message = text("code", others=[MAIL])
    send_due()
    hand.advance(timedelta(minutes=11))

    told()

    assert look(message).state == "dead"


def test_provider_that_says_both_is_a_liar_and_a_person_decides(provider, post, text, told):
    message = text(others=[MAIL])
    send_due()
    told(arrived=True)

    told(arrived=False)

    assert (look(message).state, look(message).last_error) == ("dead", "undelivered")
    assert send_due() == 0


def test_what_arrived_after_all_is_not_sent_again(provider, post, text, told):
    message = text(others=[MAIL])
    send_due()
    told(arrived=False)

    told(arrived=True)

    row = look(message)
    assert (row.state, row.due_at, row.died_at, row.sent_at) == ("sent", None, None, NOON)
    assert row.erase_at is not None
    assert send_due() == 0


def test_dead_letter_that_arrived_after_all_is_off_the_list(provider, text, told):
    message = text()
    send_due()
    told(arrived=False)

    told(arrived=True)

    assert (look(message).state, look(message).died_at) == ("sent", None)


def test_news_may_overtake_the_receipt(provider, post, text, told):
    message = text(others=[MAIL])
    claim = sending.claim_due(sending.Round(), 1)[0]
    assert told(receipt="SM1", ours=str(message.pk))
    assert look(message).state == "sending"

    sending.note_sent(claim.message, "SM1")

    assert (look(message).state, look(message).kind) == ("failed", "email")
    assert send_due() == 1


def test_good_news_may_overtake_it_too(provider, text, told):
    message = text()
    claim = sending.claim_due(sending.Round(), 1)[0]
    told(receipt="SM1", ours=str(message.pk), arrived=True)

    sending.note_sent(claim.message, "SM1")

    assert (look(message).state, look(message).delivery) == ("sent", "arrived")


def test_channel_without_receipts_is_known_by_our_id(provider, text, told, monkeypatch):
    monkeypatch.setattr(provider, "send", lambda message: "")
    message = text()
    send_due()

    assert look(message).receipt == str(message.pk)
    assert told(receipt=str(message.pk), arrived=True)


def test_emptied_message_is_for_a_person_and_not_sent(provider, post, text, told):
    message = text(others=[MAIL])
    send_due()
    Message.objects.filter(pk=message.pk).update(to="", to_index="", others=[], context={}, erase_at=None)

    told()

    assert look(message).state == "dead"


def test_cancelled_message_stays_cancelled(provider, text, told):
    message = text()
    send_due()
    Message.objects.filter(pk=message.pk).update(state="cancelled")

    told()

    assert look(message).state == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_same_news_many_times_at_once_sends_it_on_once(on_disk, provider, post, text, told):
    text(others=[MAIL])
    send_due()

    all_at_once(told)
    all_at_once(lambda: send_due(limit=5), crowd=4)

    assert Counter(out.to.value for out in post.sent) == Counter({MAIL.value: 1})
