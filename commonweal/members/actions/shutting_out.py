"""Keeping a member from helping, or out altogether, until a date; it lifts by itself."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from commonweal.base import bus, eventlog
from commonweal.base.eventlog import By
from commonweal.members.actions.ending import end_sign_ins
from commonweal.members.actions.membership import lock_member
from commonweal.members.actions.pausing import end_pause
from commonweal.members.events import MemberHeldFromHomes, MemberPaused, MemberShutOut
from commonweal.members.models import Confirmation, ContactPoint, KeptOut, Member


def hold_back(*, member: Member, until: datetime) -> Member:
    """Ask nothing of a member until ``until``, and let them agree to nothing; they can't end it themselves.

    What they have agreed to already still stands. A later end that holds already stays.
    """
    with transaction.atomic():
        locked = lock_member(member)
        _hold(locked, until)
        locked.save(update_fields=["state", "paused_until", "held_until"])
        eventlog.record(locked, "held_back", by=By.CARE_GIVER, until=until.isoformat())
        bus.publish(MemberPaused(network=locked.network_id, member=locked.pk))
    return locked


def hold_from_homes(*, member: Member, until: datetime) -> Member:
    """Ask a member for nothing at anybody's home until ``until``, and let them agree to nothing there.

    All else is as before, and what they have agreed to still stands. A later end that holds already stays.
    """
    with transaction.atomic():
        locked = lock_member(member)
        locked.homes_held_until = max(until, locked.homes_held_until or until)
        locked.save(update_fields=["homes_held_until"])
        eventlog.record(locked, "held_from_homes", by=By.CARE_GIVER, until=until.isoformat())
        bus.publish(MemberHeldFromHomes(network=locked.network_id, member=locked.pk))
    return locked


def let_back_to_homes(*, member: Member) -> Member:
    """Nothing keeps a member from helping at homes any more. Nothing happens where nothing did. Raises HasLeft."""
    with transaction.atomic():
        locked = lock_member(member)
        if locked.homes_held_until is not None:
            locked.homes_held_until = None
            locked.save(update_fields=["homes_held_until"])
            eventlog.record(locked, "let_back", by=By.PROGRAM)
    return locked


def shut_out(*, member: Member, until: datetime) -> Member:
    """Nobody signs in as this member until ``until``, on no device, and their contacts can't join anew meanwhile."""
    with transaction.atomic():
        locked = lock_member(member)
        _hold(locked, until)
        locked.out_until = until
        end_sign_ins(locked)
        locked.save(update_fields=["state", "paused_until", "held_until", "out_until"])
        points = ContactPoint.objects.filter(network_id=locked.network_id, member=locked)
        indexes = sorted(set(points.values_list("value_index", flat=True)))
        Confirmation.objects.filter(
            Q(member=locked) | Q(contact_index__in=indexes), network_id=locked.network_id
        ).delete()
        KeptOut.objects.bulk_create(
            [KeptOut(network_id=locked.network_id, contact_index=index, until=until) for index in indexes],
            update_conflicts=True,
            unique_fields=["network", "contact_index"],
            update_fields=["until"],
        )
        eventlog.record(locked, "shut_out", by=By.CARE_GIVER, until=until.isoformat())
        bus.publish(MemberShutOut(network=locked.network_id, member=locked.pk))
    return locked


def let_back(*, member: Member) -> Member:
    """Nothing keeps a member from helping or from coming in any more. Nothing happens where nothing did.

    Raises HasLeft for who has gone meanwhile: their contacts stay out until the date that was said.
    """
    with transaction.atomic():
        locked = lock_member(member)
        held_until = locked.held_until
        if held_until is None:
            return locked
        locked.held_until = locked.out_until = None
        locked.save(update_fields=["held_until", "out_until"])
        contacts = ContactPoint.objects.filter(network_id=locked.network_id, member=locked)
        KeptOut.objects.filter(
            network_id=locked.network_id, contact_index__in=contacts.values("value_index")
        ).delete()
        if locked.paused_until == held_until:
            end_pause(locked, By.PROGRAM)
        eventlog.record(locked, "let_back", by=By.PROGRAM)
    return locked


def end_shutting_out(*, at: datetime) -> int:
    """Forget what ended by ``at``: contacts that may join again, and the dates at their members; returns how many."""
    ended, _each = KeptOut.objects.filter(until__lte=at).delete()
    Member.objects.filter(out_until__lte=at).update(out_until=None)
    Member.objects.filter(held_until__lte=at).update(held_until=None)
    Member.objects.filter(homes_held_until__lte=at).update(homes_held_until=None)
    return ended


def _hold(member: Member, until: datetime) -> None:
    if member.state != Member.State.PAUSED or member.paused_until is not None:
        # Whoever rests until they come back by themselves still rests after this.
        member.paused_until = max(until, member.paused_until or until)
    member.state = Member.State.PAUSED
    member.held_until = max(until, member.held_until or until)
