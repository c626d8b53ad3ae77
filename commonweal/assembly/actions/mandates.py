"""Giving, renewing and ending mandates, making their ends known, and saying that one would take one."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from commonweal.assembly import notices
from commonweal.assembly.errors import (
    MandateHeld,
    MandateNotYours,
    MandateOver,
    MandateTooLong,
    MandateUnexplained,
)
from commonweal.assembly.events import MandateEnded, MandateGiven
from commonweal.assembly.models import Decision, Mandate, Standing
from commonweal.base import bus, clock, eventlog
from commonweal.base.eventlog import By
from commonweal.members.actions import lock_member
from commonweal.members.models import Member
from commonweal.networks.models import Network

LONGEST = timedelta(days=2 * 366)
LONGEST_REASON = 300
LAST_NOTICE = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """How something was decided: by which founder, and by which second one; by neither, where it was a command."""

    way: Decision.Way = Decision.Way.KEEPER
    by: Member | None = None
    agreed_by: Member | None = None

    @property
    def part(self) -> By:
        """In what part the event log has it."""
        return By.FOUNDER if self.by else By.PROGRAM

    @property
    def actor(self) -> uuid.UUID | None:
        """Who the event log has it from."""
        return self.by.pk if self.by else None


KEEPER = Decided()


def give_mandate(
    *, member: Member, role: str, until: datetime, reason: str, decided: Decided = KEEPER
) -> Mandate:
    """Give a member a role from now until ``until``, by a decision with a reason; who holds it already renews it.

    From a page this is done by ``ask_mandate``, which takes a second founder; unless told otherwise it is whoever keeps
    the machine who decides. Raises MandateTooLong for an end that is past or more than two years away,
    MandateUnexplained for a reason that is empty or too long, and MandateHeld for who holds the role as long already.
    """
    now = clock.now()
    check_until(until, now)
    reason = checked_reason(reason)
    with transaction.atomic():
        locked = lock_member(member)
        held = Mandate.objects.in_force(locked.network_id, now).filter(member=locked, role=role).first()
        if held and held.ends_at >= until:
            raise MandateHeld
        decision = decide(
            Decision(
                network_id=locked.network_id,
                does=Decision.Does.GIVES,
                words=reason,
                member=locked,
                role=role,
                until=until,
            ),
            decided,
        )
        if held:
            _close(held, now)
        mandate = Mandate.objects.create(
            network_id=locked.network_id,
            member=locked,
            role=role,
            reason=reason,
            starts_at=now,
            ends_at=until,
            tell_at=_first_notice(locked.network, now, until),
            decision=decision.pk,
        )
        Standing.objects.filter(network_id=locked.network_id, member=locked, role=role).delete()
        verb = "renewed" if held else "given"
        eventlog.record(mandate, verb, by=decided.part, actor=decided.actor, role=role)
        notices.mandate_given(mandate)
        bus.publish(MandateGiven(network=locked.network_id, member=locked.pk, role=role))
    return mandate


def end_mandate(*, mandate: Mandate, reason: str = "", decided: Decided = KEEPER) -> Mandate:
    """End a mandate before its date, by a decision. Raises MandateOver."""
    now = clock.now()
    with transaction.atomic():
        locked = _lock(mandate, now)
        decide(
            Decision(
                network_id=locked.network_id,
                does=Decision.Does.ENDS,
                words=reason.strip()[:LONGEST_REASON],
                member_id=locked.member_id,
                role=locked.role,
            ),
            decided,
        )
        _end(locked, now)
        eventlog.record(locked, "ended", by=decided.part, actor=decided.actor, role=locked.role)
    return locked


def give_back(*, mandate: Mandate, by: Member) -> Mandate:
    """Give one's own mandate back, which needs nobody. Raises MandateNotYours, MandateOver."""
    if mandate.member_id != by.pk:
        raise MandateNotYours
    now = clock.now()
    with transaction.atomic():
        locked = _lock(mandate, now)
        _end(locked, now)
        eventlog.record(locked, "given_back", by=By.MEMBER, actor=by.pk, role=locked.role)
    return locked


def end_mandates_of(*, network: uuid.UUID, member: uuid.UUID) -> int:
    """End every mandate of a member who has left, and what they stood for; returns how many."""
    now = clock.now()
    with transaction.atomic():
        held = list(Mandate.objects.in_force(network, now).filter(member=member).select_for_update())
        for mandate in held:
            _end(mandate, now)
            eventlog.record(mandate, "ended", by=By.PROGRAM, role=mandate.role)
        Standing.objects.filter(network_id=network, member=member).delete()
    return len(held)


def make_known(*, network: uuid.UUID, mandate: uuid.UUID) -> bool:
    """Write to the holder, the founders and the stewards that a mandate ends soon; or put on record that it has ended.

    Each notice is given once, whoever else is at it; returns False where there was nothing to make known.
    """
    now = clock.now()
    with transaction.atomic():
        locked = (
            Mandate.objects.select_for_update()
            .filter(network_id=network, pk=mandate, ended_at__isnull=True, tell_at__lte=now)
            .first()
        )
        if locked is None:
            return False
        if locked.ends_at <= now:
            locked.tell_at = None
            eventlog.record(locked, "ran_out", by=By.PROGRAM, role=locked.role)
            bus.publish(MandateEnded(network=network, member=locked.member_id, role=locked.role))
        else:
            last = locked.ends_at - LAST_NOTICE
            locked.tell_at = last if last > now else locked.ends_at
            notices.mandate_ends(locked, now)
            eventlog.record(locked, "end_told", by=By.PROGRAM, role=locked.role)
        locked.save(update_fields=["tell_at"])
    return True


def stand(*, member: Member, role: str) -> Standing:
    """A member would take a role, or keep it for longer. Saying so twice changes nothing."""
    with transaction.atomic():
        locked = lock_member(member)
        said, is_new = Standing.objects.get_or_create(
            network_id=locked.network_id, member=locked, role=Mandate.Role(role)
        )
        if is_new:
            eventlog.record(said, "stands", by=By.MEMBER, actor=locked.pk, role=role)
    return said


def stand_back(*, member: Member, role: str) -> None:
    """A member would rather not, after all."""
    with transaction.atomic():
        locked = lock_member(member)
        Standing.objects.filter(network_id=locked.network_id, member=locked, role=role).delete()


def decide(decision: Decision, decided: Decided) -> Decision:
    """Put a decision on record, in the caller's transaction, with how it came to be."""
    decision.way, decision.by, decision.agreed_by = decided.way, decided.by, decided.agreed_by
    decision.created_at = clock.now()
    decision.save(force_insert=True)
    return decision


def check_until(until: datetime, now: datetime) -> None:
    """Raises MandateTooLong for an end that is past or more than two years away."""
    if not now < until <= now + LONGEST:
        raise MandateTooLong


def checked_reason(reason: str) -> str:
    """The reason without blanks around it; raises MandateUnexplained."""
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise MandateUnexplained
    return reason


def _first_notice(network: Network, now: datetime, until: datetime) -> datetime:
    """When the end is made known first. A mandate that is shorter than the notice is made known on its last day."""
    for notice in (network.policy.span("notice_days"), LAST_NOTICE):
        if until - notice > now:
            return until - notice
    return until


def _lock(mandate: Mandate, now: datetime) -> Mandate:
    locked = Mandate.objects.select_for_update().get(network_id=mandate.network_id, pk=mandate.pk)
    if locked.ended_at or locked.ends_at <= now:
        raise MandateOver
    return locked


def _close(mandate: Mandate, now: datetime) -> None:
    mandate.ended_at, mandate.tell_at = now, None
    mandate.save(update_fields=["ended_at", "tell_at"])


def _end(mandate: Mandate, now: datetime) -> None:
    _close(mandate, now)
    bus.publish(MandateEnded(network=mandate.network_id, member=mandate.member_id, role=mandate.role))
