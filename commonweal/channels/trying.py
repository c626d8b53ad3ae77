"""Trying a channel out, in the background: a look at the other side, or one message to the steward who asks."""

import uuid

from django.utils import translation
from django.utils.translation import gettext as _

from commonweal.base import clock
from commonweal.base.ids import new_id
from commonweal.channels import health
from commonweal.channels.adapters import Checked, adapters
from commonweal.channels.errors import NothingToTestWith
from commonweal.channels.models import ChannelSetup
from commonweal.channels.queries import test_contact
from commonweal.members.models import Member
from commonweal.messaging.errors import DeliveryFailed, OptedOut
from commonweal.messaging.port import Address, OutgoingMessage
from commonweal.messaging.writing import write


def try_channel(
    *, network: uuid.UUID, setup: uuid.UUID, member: uuid.UUID, send: bool, language: str
) -> None:
    """Do what ``actions.try_out`` announced, and write down with the channel what came of it."""
    row = ChannelSetup.objects.select_related("network").filter(network_id=network, pk=setup).first()
    if row is None:
        return
    with translation.override(language):
        came = _send(row, Member.objects.get(network_id=network, pk=member), language) if send else look(row)
        trial = {
            "state": "well" if came.is_well else "ill",
            "words": came.words,
            "at": clock.now().isoformat(),
        }
    ChannelSetup.objects.filter(network_id=network, pk=setup).update(trial=trial)


def look(setup: ChannelSetup) -> Checked:
    """Look at the other side without writing to anybody, and note how it is."""
    came = adapters()[setup.adapter].check(setup)
    if came.is_well:
        health.note_success(setup)
    else:
        health.note_failure(setup, "did not pass its check")
    return came


def look_at_watched() -> int:
    """Look at every channel that goes silent without anybody noticing; returns how many are not well."""
    watched = [key for key, adapter in adapters().items() if adapter.watched]
    rows = ChannelSetup.objects.filter(adapter__in=watched, is_on=True).select_related("network")
    return sum(not look(row).is_well for row in rows)


def _send(setup: ChannelSetup, member: Member, language: str) -> Checked:
    make = adapters()[setup.adapter].channel
    try:
        contact = test_contact(setup, member)
    except NothingToTestWith as refusal:
        return Checked(is_well=False, words=str(refusal))
    name = setup.network.name
    message = OutgoingMessage(
        id=new_id(),
        template="channel_test",
        network_name=name,
        to=Address(kind=contact.kind, value=contact.value, language=language),
        written=write("channel_test", language, {"network": name}, network=name),
        network=setup.network_id,
    )
    if make is None:
        raise TypeError(f"{setup.adapter} carries nothing out")
    channel = make(setup)
    try:
        channel.send(message)
    except OptedOut:
        return Checked(is_well=False, words=_("The provider says that you want no messages there."))
    except DeliveryFailed as failure:
        health.note_failure(setup, str(failure))
        return Checked(is_well=False, words=_("It was not taken: %(what)s.") % {"what": failure})
    finally:
        channel.close()
    health.note_success(setup)
    return Checked(is_well=True, words=_("It was taken. It should be with you in a minute."))
