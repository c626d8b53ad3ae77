"""The browsers in which a member wants to be told: switching one on and off, and what becomes of it by itself."""

import uuid

from django.db import IntegrityError, transaction

from commonweal.base import clock, crypto, eventlog
from commonweal.base.eventlog import By
from commonweal.members.actions.membership import lock_member
from commonweal.members.contacts import Contact
from commonweal.members.devices import read_device
from commonweal.members.errors import PushDeviceNotFound, TooManyPushDevices
from commonweal.members.models import Member, PushDevice
from commonweal.networks.models import Network

MOST = 5
ON, OFF = "push_switched_on", "push_switched_off"


def add_push_device(
    *, member: Member, contact: Contact, place: uuid.UUID, user_agent: str = ""
) -> PushDevice:
    """Tell a member in this browser too, signed in as ``place``. Whomever it told before is told there no more.

    Doing it twice changes nothing. Raises TooManyPushDevices.
    """
    try:
        return _add(member, contact, place, user_agent)
    except IntegrityError:
        # Somebody switched the same browser on in the same moment. Now it is there, and moves.
        return _add(member, contact, place, user_agent)


def remove_push_device(*, member: Member, device: uuid.UUID) -> None:
    """Tell a member there no more; raises PushDeviceNotFound for what is not the member's own."""
    with transaction.atomic():
        locked = lock_member(member)
        mine = PushDevice.objects.select_for_update(of=("self",)).filter(
            network_id=locked.network_id, member=locked
        )
        found = mine.filter(pk=device).first()
        if found is None:
            raise PushDeviceNotFound
        _switch_off(found, By.MEMBER)


def forget_push_device(*, device: PushDevice) -> None:
    """Its browser says that it is gone. Nothing happens where it was forgotten meanwhile."""
    with transaction.atomic():
        rows = PushDevice.objects.select_for_update(of=("self",))
        found = rows.filter(network_id=device.network_id, pk=device.pk).first()
        if found is not None:
            _switch_off(found, By.PROGRAM)


def renew_push_device(*, network: Network, before: Contact, after: Contact) -> bool:
    """Its browser has changed what it gives out; False where nothing was known by what it gave out before."""
    try:
        return _renew(network, before, after)
    except IntegrityError:
        # What it gives out now was said elsewhere in the same moment: there it stands.
        return False


def _add(member: Member, contact: Contact, place: uuid.UUID, user_agent: str) -> PushDevice:
    index = crypto.blind_index(contact.value, "contact")
    with transaction.atomic():
        locked = lock_member(member)
        there = PushDevice.objects.select_for_update(of=("self",)).filter(
            network_id=locked.network_id, value_index=index
        )
        # Without its member: a row that was waited for would not be found where it has another one meanwhile.
        device = there.first()
        if device is not None and device.member_id == locked.pk:
            there.update(place=place)
            return device
        if PushDevice.objects.filter(network_id=locked.network_id, member=locked).count() >= MOST:
            raise TooManyPushDevices
        if device is None:
            device = PushDevice(network_id=locked.network_id, value=contact.value)
        else:
            # The row stays, so that whoever waits for it finds it.
            eventlog.record(device.member, OFF, by=By.PROGRAM)
        device.member, device.place, device.made_at = locked, place, clock.now()
        device.browser, device.system = read_device(user_agent)
        device.save()
        eventlog.record(locked, ON, by=By.MEMBER, actor=locked.pk)
    return device


def _switch_off(device: PushDevice, by: By) -> None:
    actor = device.member_id if by == By.MEMBER else None
    eventlog.record(device.member, OFF, by=by, actor=actor)
    device.delete()


def _renew(network: Network, before: Contact, after: Contact) -> bool:
    old, new = (crypto.blind_index(contact.value, "contact") for contact in (before, after))
    with transaction.atomic():
        rows = PushDevice.objects.select_for_update(of=("self",)).filter(network=network)
        # Both at once and in one order, so that two who say the same don't wait for one another.
        found = {device.value_index: device for device in rows.filter(value_index__in=[old, new])}
        device = found.get(old)
        if device is None:
            return False
        if old != new and new in found:
            device.delete()
        else:
            device.value = after.value
            device.save(update_fields=["value"])
    return True
