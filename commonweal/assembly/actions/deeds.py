"""What takes two founders: asking, agreeing, calling off, and doing it, once.

Everything that decides is locked in one order: the deed, the mandates of the founders, then what it is about.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from commonweal.assembly import notices
from commonweal.assembly.actions.mandates import (
    Decided,
    check_until,
    checked_reason,
    decide,
    end_mandate,
    give_mandate,
)
from commonweal.assembly.errors import (
    AlreadyAsked,
    AskerNoFounder,
    DeedNeeded,
    DeedOver,
    MandateOver,
    NoMandate,
    NotStanding,
    TakesTwo,
)
from commonweal.assembly.models import Decision, Deed, Mandate, Standing
from commonweal.base import clock, eventlog
from commonweal.base.eventlog import By
from commonweal.base.ids import new_code, read_code
from commonweal.members.models import Member
from commonweal.networks.models import Network

What, State, Way = Deed.What, Deed.State, Decision.Way
#: What is done by a command, with the code of the deed.
BY_COMMAND = (What.EXPORT, What.KEY, What.ERASE)


def ask_deed(*, what: str, by: Member, reason: str) -> Deed:
    """A founder asks for what can't be undone, with the reason. The only founder of a network has agreed with that.

    Raises NoMandate for who is no founder, MandateUnexplained, and AlreadyAsked while the same waits to be done.
    """
    if what not in BY_COMMAND:
        raise ValueError(f"{what} is not done by a command")
    return _ask(by, what, reason)


def ask_mandate(*, by: Member, member: Member, role: str, until: datetime, reason: str) -> Deed:
    """A founder puts a member forward, who has said that they would take the role; a second founder agrees.

    The only founder of a network gives it at once. Raises what ``ask_deed`` and ``give_mandate`` raise, and
    NotStanding.
    """
    check_until(until, clock.now())
    _check_stands(member.network_id, member.pk, role)
    return _ask(by, What.GIVE, reason, member=member, role=role, until=until)


def ask_end(*, by: Member, mandate: Mandate, reason: str) -> Deed:
    """A founder wants a mandate ended before its date; a second founder agrees. Raises what ``ask_deed`` raises."""
    return _ask(by, What.END, reason, member=mandate.member, role=mandate.role)


def agree_deed(*, deed: Deed, by: Member) -> Deed:
    """A second founder agrees, and so it is decided: a mandate is given or ended now, the rest may be done by its code.

    Raises DeedOver, NoMandate for who is no founder, TakesTwo for who asked, AskerNoFounder where who asked is none any
    more, and what the thing itself raises.
    """
    with transaction.atomic():
        locked = _lock(deed)
        if not locked.waits_for_second:
            raise DeedOver
        founders = founders_locked(locked.network_id)
        if by.pk not in founders:
            raise NoMandate
        if by.pk == locked.asked_by_id:
            raise TakesTwo
        if locked.asked_by_id not in founders:
            raise AskerNoFounder
        return _agreed(locked, by)


def cancel_deed(*, deed: Deed, by: Member) -> Deed:
    """A founder calls it off: who asked, or another one. Raises DeedOver and NoMandate."""
    with transaction.atomic():
        locked = _lock(deed)
        if not locked.is_open:
            raise DeedOver
        if by.pk not in founders_locked(locked.network_id):
            raise NoMandate
        locked.state, locked.over_at = State.CANCELLED, clock.now()
        locked.save(update_fields=["state", "over_at"])
        _record(locked, "called_off", by)
    return locked


def use_deed(*, network: Network, what: str, code: str) -> Deed:
    """Do now what two founders agreed to, by the deed's code; in the caller's transaction, or just before the doing.

    A network with one founder, or none, needs no code: then a deed of whoever keeps the machine is put on record.
    Raises DeedNeeded where there is no such deed, where it was done or its time is over, and where one of the two is
    no founder any more.
    """
    with transaction.atomic():
        typed = read_code(code) if code else None
        deed = (
            Deed.objects.select_for_update().filter(network=network, what=what, code=typed).first()
            if typed
            else None
        )
        founders = founders_locked(network.pk)
        if deed is None and not code and len(founders) < 2:
            deed = _by_keeper(network, what)
        elif deed is None or not _may_be_done(deed, founders):
            raise DeedNeeded
        deed.state, deed.over_at = State.DONE, clock.now()
        deed.save(update_fields=["state", "over_at"])
        _record(deed, "done", None)
    return deed


@contextmanager
def allowed(*, network: Network, what: str, code: str) -> Iterator[Deed]:
    """Do within what a deed allows; where that fails, the deed may be done again. Raises DeedNeeded."""
    deed = use_deed(network=network, what=what, code=code)
    try:
        yield deed
    except BaseException:
        with transaction.atomic():
            locked = _lock(deed)
            locked.state, locked.over_at = State.AGREED, None
            locked.save(update_fields=["state", "over_at"])
            _record(locked, "fell_through", None)
        raise


def founders_locked(network: uuid.UUID) -> set[uuid.UUID]:
    """Who the founders are, with their mandates locked until the transaction ends.

    Who has left is none. Who is suspended still counts: a care-giver alone does not make another the only founder.
    """
    held = Mandate.objects.in_force(network, clock.now()).filter(role=Mandate.Role.FOUNDER)
    there = held.exclude(member__state=Member.State.LEFT).order_by("pk")
    return {mandate.member_id for mandate in there.select_for_update(of=("self",))}


def _ask(by: Member, what: str, reason: str, **about: Any) -> Deed:
    reason = checked_reason(reason)
    now = clock.now()
    with transaction.atomic():
        founders = founders_locked(by.network_id)
        if by.pk not in founders:
            raise NoMandate
        same = Deed.objects.filter(network_id=by.network_id, what=what, role=about.get("role", ""))
        if any(one.is_open for one in same.filter(member=about.get("member"), over_at__isnull=True)):
            raise AlreadyAsked
        deed = Deed.objects.create(
            network_id=by.network_id,
            what=what,
            code=new_code(),
            reason=reason,
            asked_by=by,
            created_at=now,
            ends_at=now + by.network.policy.span("agree_days"),
            **about,
        )
        _record(deed, "asked", by)
        if len(founders) == 1:
            return _agreed(deed, None)
        notices.second_wanted(deed, founders - {by.pk})
    return deed


def _agreed(deed: Deed, second: Member | None) -> Deed:
    """Decide it. A mandate is given or ended here and now; the rest waits for the command."""
    now = clock.now()
    way = Way.TWO if second else Way.ALONE
    decided = Decided(way=way, by=deed.asked_by, agreed_by=second)
    deed.state, deed.agreed_by, deed.agreed_at = State.AGREED, second, now
    deed.ends_at = now + deed.network.policy.span("agree_days")
    _record(deed, "agreed", second or deed.asked_by)
    if deed.what in BY_COMMAND:
        allows = Decision(
            network_id=deed.network_id, does=Decision.Does.ALLOWS, words=deed.reason, what=deed.what
        )
        decide(allows, decided)
    else:
        _do_with_mandate(deed, decided)
        deed.state, deed.over_at = State.DONE, now
    deed.save(update_fields=["state", "agreed_by", "agreed_at", "ends_at", "over_at"])
    return deed


def _do_with_mandate(deed: Deed, decided: Decided) -> None:
    assert deed.member is not None
    if deed.what == What.GIVE:
        assert deed.until is not None
        _check_stands(deed.network_id, deed.member.pk, deed.role)
        give_mandate(
            member=deed.member, role=deed.role, until=deed.until, reason=deed.reason, decided=decided
        )
        return
    held = Mandate.objects.in_force(deed.network_id, clock.now()).filter(member=deed.member, role=deed.role)
    mandate = held.first()
    if mandate is None:
        raise MandateOver
    end_mandate(mandate=mandate, reason=deed.reason, decided=decided)


def _check_stands(network: uuid.UUID, member: uuid.UUID, role: str) -> None:
    if not Standing.objects.filter(network_id=network, member=member, role=role).exists():
        raise NotStanding


def _may_be_done(deed: Deed, founders: set[uuid.UUID]) -> bool:
    """Both who decided it are founders still; one alone is enough only while there is no second founder."""
    if not deed.waits_for_doing or deed.asked_by_id not in founders:
        return False
    return deed.agreed_by_id in founders if deed.agreed_by_id else len(founders) == 1


def _by_keeper(network: Network, what: str) -> Deed:
    """A deed of whoever keeps the machine, in a network where there are no two founders to agree."""
    now = clock.now()
    deed = Deed.objects.create(
        network=network, what=what, state=State.AGREED, code=new_code(), created_at=now, agreed_at=now,
        ends_at=now + network.policy.span("agree_days"),
    )  # fmt: skip
    decide(Decision(network=network, does=Decision.Does.ALLOWS, what=what), Decided())
    return deed


def _lock(deed: Deed) -> Deed:
    return Deed.objects.select_for_update().get(network_id=deed.network_id, pk=deed.pk)


def _record(deed: Deed, verb: str, by: Member | None) -> None:
    part = By.FOUNDER if by else By.PROGRAM
    eventlog.record(deed, verb, by=part, actor=by.pk if by else None, what=deed.what)
