"""Giving and ending mandates."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from commonweal.assembly.errors import MandateHeld, MandateOver, MandateTooLong, MandateUnexplained
from commonweal.assembly.events import MandateEnded, MandateGiven
from commonweal.assembly.models import Mandate
from commonweal.base import bus, clock, eventlog
from commonweal.base.eventlog import By
from commonweal.members.actions import lock_member
from commonweal.members.models import Member

LONGEST = timedelta(days=2 * 366)
LONGEST_REASON = 300


def give_mandate(
    *, member: Member, role: str, until: datetime, reason: str, by: Member | None = None
) -> Mandate:
    """Give a member a role from now until ``until``, with the reason; ``by`` is the steward, None the program's keeper.

    Raises MandateTooLong for an end that is past or more than two years away, MandateUnexplained for a reason that is
    empty or too long, and MandateHeld for who holds the role.
    """
    now = clock.now()
    if not now < until <= now + LONGEST:
        raise MandateTooLong
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise MandateUnexplained
    with transaction.atomic():
        locked = lock_member(member)
        if Mandate.objects.in_force(locked.network_id, now).filter(member=locked, role=role).exists():
            raise MandateHeld
        mandate = Mandate.objects.create(
            network_id=locked.network_id,
            member=locked,
            role=role,
            reason=reason,
            starts_at=now,
            ends_at=until,
        )
        eventlog.record(mandate, "given", by=_part(by), actor=by.pk if by else None, role=role)
        bus.publish(MandateGiven(network=locked.network_id, member=locked.pk, role=role))
    return mandate


def end_mandate(*, mandate: Mandate, by: Member | None = None) -> Mandate:
    """End a mandate before its date: given back by its holder, or taken by a steward. Raises MandateOver."""
    now = clock.now()
    with transaction.atomic():
        locked = Mandate.objects.select_for_update().get(network_id=mandate.network_id, pk=mandate.pk)
        if locked.ended_at or locked.ends_at <= now:
            raise MandateOver
        _end(locked, now)
        eventlog.record(locked, "ended", by=_part(by), actor=by.pk if by else None, role=locked.role)
    return locked


def end_mandates_of(*, network: uuid.UUID, member: uuid.UUID) -> int:
    """End every mandate of a member who has left; returns how many."""
    now = clock.now()
    with transaction.atomic():
        held = list(Mandate.objects.in_force(network, now).filter(member=member).select_for_update())
        for mandate in held:
            _end(mandate, now)
            eventlog.record(mandate, "ended", by=By.PROGRAM, role=mandate.role)
    return len(held)


def _end(mandate: Mandate, now: datetime) -> None:
    mandate.ended_at = now
    mandate.save(update_fields=["ended_at"])
    bus.publish(MandateEnded(network=mandate.network_id, member=mandate.member_id, role=mandate.role))


def _part(by: Member | None) -> By:
    return By.STEWARD if by else By.PROGRAM
