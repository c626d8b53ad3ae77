"""What the desk, the demonstration and the doctor see of the outbox."""

from datetime import timedelta

import pytest

from commonweal.base.invariants import examine, invariants
from commonweal.messaging import tasks
from commonweal.messaging.actions import cancel_messages
from commonweal.messaging.errors import PermanentFailure
from commonweal.messaging.invariants import messages_go_out, no_dead_letters, pending_messages_are_sendable
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address, installed_channel
from commonweal.messaging.queries import dead_letters, recent_messages
from commonweal.messaging.sending import send_due
from commonweal.messaging.tests.conftest import ANA, BEN, NOON
from commonweal.networks.models import Category

pytestmark = pytest.mark.django_db


def test_recent_messages_are_shown_in_words_newest_first(
    queue, network, other_network, django_assert_num_queries
):
    queue(key="1", title="A ride")
    queue(key="2", to=ANA)
    queue(key="3", network=other_network)

    with django_assert_num_queries(1):
        shown = recent_messages(network)

    assert [(message.to, message.state) for message in shown] == [
        (ANA.value, "queued"),
        (BEN.value, "queued"),
    ]
    assert shown[1].written.subject == "Is it still needed? A ride"
    assert len(recent_messages(network, most=1)) == 1


def test_what_is_forgotten_is_not_shown(queue, network):
    category = Category.objects.create(network=network, slug="meals", names={})
    queue(about=category)
    cancel_messages(about=category)

    assert recent_messages(network) == []


def test_dead_letters_are_listed_closed_and_only_to_their_network(
    queue, network, other_network, channel, hand, django_assert_num_queries
):
    channel.raises = {BEN.value: PermanentFailure("SMTP 550")}
    first, second = queue(key="1"), queue(key="2")
    queue(key="3", to=ANA)
    send_due()

    with django_assert_num_queries(1):
        found = list(dead_letters(network))

    assert [message.pk for message in found] == [first.pk, second.pk]
    assert {"to", "context"} <= found[0].get_deferred_fields()
    assert not dead_letters(other_network).exists()


def test_doctor_finds_nothing_in_a_sound_outbox(queue, channel):
    queue()
    send_due()

    outbox = [entry for entry in invariants() if entry.id.startswith("messaging.")]
    assert len(outbox) == 5
    assert not any(examined.findings for examined in examine(outbox))


def test_doctor_notices_messages_that_do_not_go_out(queue, hand):
    queue()
    hand.advance(timedelta(minutes=14))
    assert not list(messages_go_out())

    hand.advance(timedelta(minutes=2))
    (finding,) = messages_go_out()
    assert finding.what.startswith("1 messages should have gone out")


def test_doctor_counts_dead_letters_by_their_trouble(queue, channel):
    channel.raises = {BEN.value: PermanentFailure("SMTP 550")}
    queue(key="1")
    queue(key="2")
    queue(key="3", to=Address(kind="phone", value="+14105550100", language="en"))
    send_due()

    assert [finding.what for finding in no_dead_letters()] == [
        "1 messages were given up: Nothing here can carry a message of this kind.",
        "2 messages were given up: The other side refuses this message.",
    ]


def test_doctor_notices_what_can_never_be_sent(queue):
    queue(to=Address(kind="pigeon", value="x", language="en"))
    Message.objects.update(template="no_such")

    assert [finding.what for finding in pending_messages_are_sendable()] == [
        "Nothing in alder carries messages of the kind pigeon.",
        "There are no words for messages of the kind no_such.",
    ]


def test_background_sends_and_forgets(queue, channel, hand, network):
    queue()
    tasks.send_due()
    assert Message.objects.get().state == "sent"

    hand.move_to(NOON + network.policy.span("erase_days"))
    tasks.erase_old()
    assert Message.objects.get().to == ""


def test_settings_say_which_channel_carries_what(settings):
    settings.COMMONWEAL_CHANNELS = {"email": "commonweal.channels.console.channel.Channel"}

    channel = installed_channel("email")
    assert channel is not None
    assert channel.kinds == {"email", "phone"}
    assert installed_channel("email") is installed_channel("email")
    assert installed_channel("pigeon") is None


def test_message_is_known_by_its_id(queue):
    message = queue()

    assert str(message) == str(message.pk)
