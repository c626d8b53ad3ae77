"""Who wants no messages gets one confirmation, and then silence, until they want them again."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from commonweal.base.models import Event
from commonweal.base.tests.racing import CROWD, all_at_once, on_disk
from commonweal.members.contacts import Contact
from commonweal.messaging.actions import start_contact, stop_contact
from commonweal.messaging.invariants import nobody_stopped_was_written_to
from commonweal.messaging.models import Message, Stop
from commonweal.messaging.queries import is_stopped
from commonweal.messaging.sending import send_due
from commonweal.messaging.stopping import forget_words, put_on_stop_list
from commonweal.messaging.tests.conftest import BEN, NOON

__all__ = ["on_disk"]
HIS = Contact(kind="email", value=BEN.value)


@pytest.mark.django_db
def test_one_confirmation_and_no_more(queue, channel, network):
    assert stop_contact(network=network, contact=HIS, language="es", words="Basta ya")
    assert not stop_contact(network=network, contact=HIS, language="es", words="STOP")
    queue()

    send_due()

    (out,) = channel.sent
    assert (out.template, out.to.language) == ("stopped", "es")
    assert "START" in out.written.text
    stop = Stop.objects.get(network=network)
    assert (stop.contact, stop.words, stop.at) == (BEN.value, "Basta ya", NOON)
    assert [event.verb for event in Event.objects.filter(network=network, thing="stop")] == ["stopped"]


@pytest.mark.django_db
def test_by_which_words_is_forgotten_and_that_it_was_said_is_not(network, hand):
    put_on_stop_list(network=network, contact=HIS, words="Stop it, my husband reads this.")
    assert forget_words() == 0
    hand.advance(network.policy.span("erase_days"))

    assert forget_words() == 1

    assert is_stopped(network, HIS)
    assert Stop.objects.get().words == ""


@pytest.mark.django_db
def test_stop_may_be_silent(channel, network):
    stop_contact(network=network, contact=HIS, language="en", confirm=False)

    assert send_due() == 0


@pytest.mark.django_db
def test_start_undoes_it_and_the_next_stop_is_confirmed_again(queue, channel, network):
    stop_contact(network=network, contact=HIS, language="en")
    send_due()

    assert start_contact(network=network, contact=HIS)
    assert not start_contact(network=network, contact=HIS)
    assert not is_stopped(network, HIS)
    queue()
    stop_contact(network=network, contact=HIS, language="en")
    send_due()

    assert [out.template for out in channel.sent] == ["stopped", "stopped"]


@pytest.mark.django_db
def test_stop_holds_in_its_network_only_and_is_stored_encrypted(queue, channel, network, other_network):
    stop_contact(network=network, contact=HIS, language="en", confirm=False, words="leave me be")

    assert is_stopped(network, HIS)
    assert not is_stopped(other_network, HIS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact, words FROM messaging_stop")
        assert not any(word in str(cursor.fetchone()) for word in ("ben", "leave"))


@pytest.mark.django_db
def test_doctor_finds_who_was_written_to_all_the_same(queue, channel, network, hand):
    message = queue()
    stop_contact(network=network, contact=HIS, language="en", confirm=False)
    hand.advance(timedelta(minutes=2))
    sent = Message.objects.filter(pk=message.pk)
    sent.update(state="sent", due_at=None, sent_at=NOON + timedelta(minutes=2))
    assert not list(nobody_stopped_was_written_to())

    sent.update(sent_at=NOON + timedelta(minutes=4))
    (finding,) = nobody_stopped_was_written_to()
    assert str(message.pk) in finding.what


@pytest.mark.django_db(transaction=True)
def test_many_stops_at_once_are_one_and_confirmed_once(on_disk, channel, network):
    stop_contact(network=network, contact=Contact(kind="email", value="x@example.org"), language="en")

    came = all_at_once(lambda: stop_contact(network=network, contact=HIS, language="en"))

    assert came == Counter({"done": CROWD})
    assert Stop.objects.filter(network=network).count() == 2
    assert Message.objects.filter(network=network, template="stopped").count() == 2


@pytest.mark.django_db(transaction=True)
def test_stop_beats_everything_that_was_not_in_hand(on_disk, queue, channel, network):
    """Many workers send while the stop comes: once it is stored, nothing new is taken in hand."""
    for number in range(20):
        queue(key=str(number))
    stop_contact(network=network, contact=HIS, language="en")

    all_at_once(lambda: send_due(limit=10), crowd=6)
    send_due()

    assert Counter(out.template for out in channel.sent) == Counter({"stopped": 1})
    assert set(Message.objects.exclude(template="stopped").values_list("state", flat=True)) == {"cancelled"}
