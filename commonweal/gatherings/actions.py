"""Going on shift, planning one, handing over, and going home."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from commonweal.assembly.access import holds_mandate
from commonweal.assembly.errors import NoMandate
from commonweal.assembly.models import Mandate
from commonweal.base import bus, clock, eventlog
from commonweal.base.eventlog import By
from commonweal.gatherings.errors import SameMember, ShiftOver, ShiftsOverlap, ShiftTooLong
from commonweal.gatherings.events import ShiftEnded, ShiftStarted
from commonweal.gatherings.models import Shift
from commonweal.members.actions import lock_member
from commonweal.members.models import Member

LONGEST = timedelta(hours=12)
FURTHEST = timedelta(days=366)


def start_shift(*, member: Member, until: datetime | None = None) -> Shift:
    """Put a member on shift now, until ``until`` or for as long as the network's policy says.

    A second press returns the shift that is on. Raises NoMandate, ShiftTooLong, or ShiftsOverlap with a planned one.
    """
    now = clock.now()
    ends_at = until or now + member.network.policy.span("shift_hours")
    _check(now, ends_at, now)
    with transaction.atomic():
        locked = _lock_dispatcher(member, now)
        running = Shift.objects.running(locked.network_id, now).filter(member=locked).first()
        return running or _add(locked, now, ends_at)


def plan_shift(*, member: Member, starts_at: datetime, ends_at: datetime) -> Shift:
    """Put a member's shift in the plan; a second press returns the one that is there.

    Raises NoMandate (it must last until then), ShiftTooLong or ShiftsOverlap.
    """
    now = clock.now()
    _check(starts_at, ends_at, now)
    with transaction.atomic():
        locked = _lock_dispatcher(member, starts_at)
        planned = Shift.objects.to_come(locked.network_id, now).filter(member=locked)
        return planned.filter(starts_at=starts_at, ends_at=ends_at).first() or _add(
            locked, starts_at, ends_at
        )


def end_shift(*, shift: Shift) -> Shift:
    """Go off shift now, or take one that has not begun out of the plan. Raises ShiftOver."""
    now = clock.now()
    with transaction.atomic():
        return _end(_lock_shift(shift, now), now, By.DISPATCHER)


def hand_over(*, shift: Shift, to: Member, until: datetime | None = None) -> Shift:
    """Give the rest of a shift to another dispatcher, who is on from now until ``until`` or until it would have ended.

    Raises ShiftOver, SameMember, NoMandate, ShiftTooLong or ShiftsOverlap.
    """
    now = clock.now()
    with transaction.atomic():
        # Members are locked before their shifts, here as everywhere.
        locked_member = _lock_dispatcher(to, now)
        ending = _lock_shift(shift, now)
        if ending.member_id == locked_member.pk:
            raise SameMember
        starts_at, ends_at = max(now, ending.starts_at), until or ending.ends_at
        _check(starts_at, ends_at, now)
        _end(ending, now, By.DISPATCHER)
        return _add(locked_member, starts_at, ends_at)


def end_shifts_of(*, network: uuid.UUID, member: uuid.UUID) -> int:
    """End every shift of a member who can't be on duty any more, planned ones too; returns how many."""
    now = clock.now()
    with transaction.atomic():
        shifts = list(Shift.objects.to_come(network, now).filter(member=member).select_for_update())
        for shift in shifts:
            _end(shift, now, By.PROGRAM)
    return len(shifts)


def _check(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if not (now <= starts_at < ends_at <= starts_at + LONGEST and starts_at <= now + FURTHEST):
        raise ShiftTooLong


def _lock_dispatcher(member: Member, at: datetime) -> Member:
    locked = lock_member(member)
    if not holds_mandate(locked, Mandate.Role.DISPATCHER, at):
        raise NoMandate
    return locked


def _lock_shift(shift: Shift, now: datetime) -> Shift:
    locked = Shift.objects.select_for_update().get(network_id=shift.network_id, pk=shift.pk)
    if locked.ended_at or locked.ends_at <= now:
        raise ShiftOver
    return locked


def _add(member: Member, starts_at: datetime, ends_at: datetime) -> Shift:
    """Write a shift of a locked member, whose other shifts can't change meanwhile."""
    others = Shift.objects.to_come(member.network_id, starts_at).filter(member=member, starts_at__lt=ends_at)
    if others.exists():
        raise ShiftsOverlap
    shift = Shift.objects.create(
        network_id=member.network_id, member=member, starts_at=starts_at, ends_at=ends_at
    )
    eventlog.record(shift, "begun", by=By.DISPATCHER, actor=member.pk, until=ends_at.isoformat())
    bus.publish(ShiftStarted(network=shift.network_id, shift=shift.pk, member=member.pk))
    return shift


def _end(shift: Shift, now: datetime, by: By) -> Shift:
    shift.ended_at = now
    shift.save(update_fields=["ended_at"])
    eventlog.record(shift, "ended", by=by, actor=shift.member_id if by == By.DISPATCHER else None)
    bus.publish(ShiftEnded(network=shift.network_id, shift=shift.pk, member=shift.member_id))
    return shift
