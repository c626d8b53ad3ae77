"""When one provider fails, the next one of its kind takes over, and then the next way that the person allows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from commonweal.base.invariants import examine, invariants
from commonweal.base.models import Event
from commonweal.members.contacts import Contact
from commonweal.messaging import failing, sending
from commonweal.messaging.actions import queue_message, retry_message, stop_contact
from commonweal.messaging.errors import ChannelDown, OptedOut, PermanentFailure, RetryableFailure
from commonweal.messaging.failing import BACK_OFF, LEASE
from commonweal.messaging.invariants import unsure_messages_stay_where_they_are
from commonweal.messaging.models import Message, Stop
from commonweal.messaging.port import Address, Route
from commonweal.messaging.sending import send_due
from commonweal.messaging.tests.conftest import NOON, TestChannel

pytestmark = pytest.mark.django_db
ROSA = Address(kind="phone", value="+14105550101", language="en")
SECOND = Contact(kind="phone", value="+14105550102")
MAIL = Contact(kind="email", value="rosa@example.org")


@pytest.fixture
def first(ways, second):
    channel = TestChannel()
    ways["phone"] = (Route(key="first", channel=channel), Route(key="second", channel=second))
    return channel


@pytest.fixture
def second(ways):
    return TestChannel()


@pytest.fixture
def post(ways):
    channel = TestChannel()
    ways["email"] = (Route(key="post", channel=channel),)
    return channel


@pytest.fixture
def text(network):
    def text(template="still_needed", key="1", others=(), **more):
        words = {"title": "Groceries", "link": "https://example.org/a/1", "network": "Alder Street"}
        if template == "code":
            words = {"code": "123456", "minutes": 10, "network": "Alder Street", "open_at": ""}
        return queue_message(
            network=network, to=ROSA, template=template, context=words, key=key, others=others, **more
        )

    return text


def look(message):
    return Message.objects.get(pk=message.pk)


def rounds(hand, count):
    """So many rounds of sending, each when the message is due again."""
    for _ in range(count):
        send_due()
        waiting = Message.objects.filter(due_at__isnull=False).order_by("due_at").first()
        if waiting:
            hand.move_to(max(waiting.due_at, NOON))


def test_message_remembers_what_carried_it(first, text):
    message = text()

    assert send_due() == 1
    assert (look(message).carried_by, look(message).receipt) == ("first", "taken 1")


def test_provider_that_is_down_is_passed_over_in_the_same_round(first, second, text):
    first.raises[ROSA.value] = ChannelDown("ConnectionRefusedError")
    message, another = text(key="1"), text(key="2")

    assert send_due() == 2
    assert [look(one).carried_by for one in (message, another)] == ["second", "second"]
    assert {one.id for one in second.sent} == {message.pk, another.pk}


def test_provider_that_refuses_is_passed_over_for_good(first, second, text):
    first.raises[ROSA.value] = PermanentFailure("HTTP 400")
    second.raises[ROSA.value] = RetryableFailure("HTTP 429")
    message = text()

    send_due()

    row = look(message)
    assert (row.passed, row.carried_by, row.attempts, row.state) == (["first"], "second", 1, "failed")


def test_provider_that_falters_gets_three_tries(first, second, text, hand):
    first.raises[ROSA.value] = RetryableFailure("HTTP 429")
    message = text()

    rounds(hand, 2)
    assert (look(message).attempts, second.sent) == (2, [])

    rounds(hand, 2)
    assert [one.id for one in second.sent] == [message.pk]
    assert look(message).passed == ["first"]


def test_code_is_passed_on_after_two_tries(first, second, text, hand):
    first.raises[ROSA.value] = RetryableFailure("HTTP 429")
    message = text(template="code")

    rounds(hand, 3)

    assert [one.id for one in second.sent] == [message.pk]
    assert hand.advance(timedelta(0)) < NOON + timedelta(minutes=10)


def test_what_may_have_gone_through_is_tried_by_no_other_with_the_same_id(first, second, text, hand):
    first.raises[ROSA.value] = ChannelDown("TimeoutError", unsure=True)
    message = text()

    send_due()
    assert (look(message).unsure, look(message).state, second.sent) == (True, "failed", [])
    assert not list(unsure_messages_stay_where_they_are())

    first.raises.clear()
    hand.advance(BACK_OFF[0])
    assert send_due() == 1

    (out,) = first.sent
    assert (out.id, out.unsure, out.queued_at) == (message.pk, True, NOON)
    assert (second.sent, look(message).unsure) == ([], False)


def test_another_takes_over_after_three_tries_of_unknown_outcome(first, second, text, hand):
    first.raises[ROSA.value] = ChannelDown("TimeoutError", unsure=True)
    message = text()

    rounds(hand, 4)

    (out,) = second.sent
    assert (out.id, out.unsure) == (message.pk, False)


def test_route_that_has_it_in_doubt_and_is_down_keeps_it(first, second, text, hand):
    """It is not offered elsewhere while nobody can ask, until its three tries are over."""
    first.raises[ROSA.value] = ChannelDown("TimeoutError", unsure=True)
    text()
    send_due()
    first.raises[ROSA.value] = ChannelDown("ConnectionRefusedError")
    hand.advance(BACK_OFF[0])

    assert send_due() == 0
    assert second.sent == []


def test_doubtful_one_waits_a_round_where_its_route_was_just_found_down(first, second, text, hand):
    first.raises[ROSA.value] = ChannelDown("TimeoutError", unsure=True)
    doubtful = text(key="1")
    send_due()
    hand.advance(BACK_OFF[0])
    fresh = text(key="0", template="code")
    first.raises[ROSA.value] = ChannelDown("ConnectionRefusedError")

    assert send_due() == 1

    assert look(fresh).carried_by == "second"
    assert (look(doubtful).state, look(doubtful).attempts) == ("failed", 1)


def test_killed_worker_leaves_a_doubt(first, second, text, hand):
    message = text()
    assert sending.claim_due(sending.Round(), 1)[0].message.pk == message.pk
    hand.advance(LEASE)

    assert send_due() == 1

    (out,) = first.sent
    assert (out.id, out.unsure) == (message.pk, True)


def test_doubt_about_a_route_that_is_gone_is_no_doubt(first, second, text, hand, ways):
    first.raises[ROSA.value] = ChannelDown("TimeoutError", unsure=True)
    text()
    send_due()
    ways["phone"] = ways["phone"][1:]
    hand.advance(BACK_OFF[0])

    assert send_due() == 1
    assert not second.sent[0].unsure


def test_next_way_takes_over_when_every_route_refuses(first, second, post, text):
    for channel in (first, second):
        channel.raises[ROSA.value] = PermanentFailure("HTTP 400")
    message = text(others=[SECOND, MAIL])

    assert send_due() == 1

    (out,) = first.sent
    assert out.to.value == SECOND.value
    assert out.id != message.pk
    row = look(message)
    assert (row.kind, row.to, row.turn, row.passed) == ("phone", SECOND.value, 1, [])
    assert row.others == [{"kind": "email", "value": MAIL.value}]
    assert row.to_index == Message(kind="phone", to=SECOND.value)._meta.get_field("to_index").pre_save(
        Message(to=SECOND.value), True
    )


def test_way_that_nothing_carries_is_left_out(first, second, text):
    for channel in (first, second):
        channel.raises[ROSA.value] = PermanentFailure("HTTP 400")
    message = text(others=[MAIL])

    send_due()

    assert (look(message).state, look(message).last_error) == ("dead", "refused")


def test_kind_that_nothing_carries_goes_by_the_next_way(post, text):
    message = text(others=[MAIL])

    assert send_due() == 1
    assert (look(message).kind, post.sent[0].to.value) == ("email", MAIL.value)


def test_way_that_was_out_of_order_is_tried_again_after_the_others(ways, post, text, hand):
    only = TestChannel()
    ways["phone"] = (Route(key="only", channel=only),)
    only.raises[ROSA.value] = ChannelDown("ConnectionRefusedError")
    post.raises[MAIL.value] = PermanentFailure("SMTP 550")
    message = text(others=[MAIL])

    rounds(hand, 4)
    assert look(message).to == ROSA.value
    only.raises.clear()
    rounds(hand, 1)

    assert look(message).state == "sent"
    assert [one.to.value for one in only.sent] == [ROSA.value]


def test_way_comes_back_once_only(ways, post, text, hand):
    only = TestChannel()
    ways["phone"] = (Route(key="only", channel=only),)
    only.raises[ROSA.value] = ChannelDown("ConnectionRefusedError")
    post.raises[MAIL.value] = ChannelDown("ConnectionRefusedError")
    message = text(others=[MAIL])

    rounds(hand, 40)

    row = look(message)
    assert (row.state, row.last_error) == ("dead", "unreachable")
    assert row.turn <= 3


def test_last_way_is_tried_as_long_as_ever(ways, text, hand):
    only = TestChannel()
    ways["phone"] = (Route(key="only", channel=only),)
    only.raises[ROSA.value] = RetryableFailure("HTTP 429")
    message = text()

    rounds(hand, 5)
    assert (look(message).state, look(message).attempts) == ("failed", 5)
    rounds(hand, 1)
    assert look(message).state == "dead"


def test_same_address_is_no_other_way(network, text):
    assert text(others=[Contact(kind="phone", value=ROSA.value), MAIL]).others == [
        {"kind": "email", "value": MAIL.value}
    ]


def test_surprise_of_a_channel_leaves_a_doubt(first, second, text):
    first.raises[ROSA.value] = ValueError("+14105550101 is odd")
    message = text()

    send_due()

    assert (look(message).unsure, look(message).last_detail, second.sent) == (True, "ValueError", [])


def test_lost_key_keeps_the_other_ways_closed(first, second, post, text, settings):
    for channel in (first, second):
        channel.raises[ROSA.value] = PermanentFailure("HTTP 400")
    message = text(others=[MAIL])
    claim = sending.claim_due(sending.Round(), 1)[0]
    settings.COMMONWEAL_KEYS = ["another key of more than thirty-two letters"]

    failing.move_on(
        Message.objects.defer("to", "others", "context").get(pk=claim.message.pk),
        lambda network, kind: (),
        Message.Trouble.REFUSED,
    )

    assert Message.objects.defer("to", "others", "context").get(pk=message.pk).state == "dead"


def test_provider_that_keeps_a_stop_list_of_its_own_is_believed(first, second, post, text, network):
    first.raises[ROSA.value] = OptedOut("HTTP 400 code 21610")
    message = text(others=[MAIL])

    assert send_due() == 1

    assert (look(message).kind, second.sent) == ("email", [])
    assert Stop.objects.get(network=network).contact == ROSA.value


def test_dead_letter_that_is_tried_again_is_a_new_one_for_the_channel(first, second, text):
    for channel in (first, second):
        channel.raises[ROSA.value] = PermanentFailure("HTTP 400")
    message = text()
    send_due()
    for channel in (first, second):
        channel.raises.clear()

    retry_message(message=look(message), by=None)
    send_due()

    (out,) = first.sent
    assert out.id != message.pk
    assert look(message).passed == []


def test_doctor_finds_a_doubt_without_a_route(first, text):
    message = text()
    Message.objects.filter(pk=message.pk).update(unsure=True)

    (finding,) = unsure_messages_stay_where_they_are()
    assert str(message.pk) in finding.what


def test_doctor_is_content_after_all_that(first, second, post, text, hand):
    first.raises[ROSA.value] = ChannelDown("TimeoutError", unsure=True)
    text(others=[MAIL])
    rounds(hand, 5)

    outbox = [entry for entry in invariants() if entry.id.startswith("messaging.")]
    assert not any(examined.findings for examined in examine(outbox))


def test_stopped_reader_gets_nothing_and_nothing_is_left_of_it(first, text, network):
    message = text()
    stop_contact(network=network, contact=Contact(kind="phone", value=ROSA.value), language="en")

    assert send_due() == 1

    (out,) = first.sent
    assert out.template == "stopped"
    row = look(message)
    assert (row.state, row.last_error, row.to, row.context, row.others) == (
        "cancelled",
        "stopped",
        "",
        {},
        {},
    )
    assert Event.objects.filter(network=network, thing="message", verb="withheld").count() == 1


def test_stopped_reader_is_written_to_where_they_allow_it(first, post, text, network):
    message = text(others=[MAIL])
    stop_contact(
        network=network, contact=Contact(kind="phone", value=ROSA.value), language="en", confirm=False
    )

    assert send_due() == 1
    assert (look(message).kind, look(message).to) == ("email", MAIL.value)


def test_other_way_that_is_stopped_is_left_out(first, second, post, text, network):
    for channel in (first, second):
        channel.raises[ROSA.value] = PermanentFailure("HTTP 400")
    stop_contact(network=network, contact=SECOND, language="en", confirm=False)
    message = text(others=[SECOND, MAIL])

    assert send_due() == 1
    assert (look(message).kind, look(message).to) == ("email", MAIL.value)


def test_stop_that_is_pressed_while_it_is_cancelled_changes_nothing(first, text, network):
    message = text()
    claim = sending.claim_due(sending.Round(), 1)[0]
    Message.objects.filter(pk=message.pk).update(state="cancelled", due_at=None)

    failing.leave_in_peace(claim.message, lambda network, kind: ())

    assert not Event.objects.filter(network=network, verb="withheld").exists()


def test_stop_list_holds_each_contact_once(network):
    contact = Contact(kind="phone", value=ROSA.value)
    stop_contact(network=network, contact=contact, language="en")

    with pytest.raises(IntegrityError), transaction.atomic():
        Stop.objects.create(network=network, kind="phone", contact=ROSA.value)
