"""The browsers in which a member is signed in: opening one, ending one, ending all the others."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from commonweal.base import clock, eventlog
from commonweal.base.eventlog import By
from commonweal.members.actions.ending import tell_no_more
from commonweal.members.actions.membership import lock_member
from commonweal.members.devices import read_device
from commonweal.members.entrances import FRESH, SignIn, noted, still_on
from commonweal.members.errors import SignInNotFound
from commonweal.members.models import Member, PushDevice
from commonweal.members.seeds import seeds_of
from commonweal.networks.models import Network


def keep_sign_in(
    *, member: Member, place: uuid.UUID | None, user_agent: str, is_proved: bool = True
) -> SignIn:
    """The row of a browser in which a member is signed in from now on.

    It is the one called ``place`` if that is the member's own (the same browser goes on, in the member's present
    epoch), else a new one, to which the notices of this browser move. ``is_proved`` says whether they have just typed a
    code or shown a passkey. It is over sooner if they hold a mandate now.
    """
    now = clock.now()
    is_short = member.pk in seeds_of(member.network)
    mine = SignIn.objects.filter(network_id=member.network_id, member=member)
    kept = {"epoch": member.epoch, "used_at": noted(now, is_short=is_short), "is_short": is_short}
    if is_proved:
        kept["proved_at"] = now
    if place and mine.filter(pk=place).update(**kept):
        return mine.get(pk=place)
    browser, system = read_device(user_agent)
    made = SignIn.objects.create(
        network_id=member.network_id,
        member=member,
        browser=browser,
        system=system,
        made_at=now,
        **{"proved_at": now - FRESH, **kept},
    )
    if place:
        PushDevice.objects.filter(network_id=member.network_id, member=member, place=place).update(
            place=made.pk
        )
    return made


def note_use(*, sign_in: SignIn) -> None:
    """Note the day on which a browser is used, once a day; in a short sign-in the hour, once an hour."""
    used_at = noted(clock.now(), is_short=sign_in.is_short)
    if sign_in.used_at < used_at:
        SignIn.objects.filter(network_id=sign_in.network_id, pk=sign_in.pk).update(used_at=used_at)


def prove(*, member: Member, place: uuid.UUID) -> None:
    """Note that a member has proved anew, in the browser called ``place``, who they are; on record."""
    with transaction.atomic():
        locked = lock_member(member)
        mine = SignIn.objects.filter(network_id=locked.network_id, member=locked, pk=place)
        if not mine.update(proved_at=clock.now()):
            raise SignInNotFound
        eventlog.record(locked, "proved", by=By.MEMBER, actor=locked.pk)


def shorten_sign_ins(*, network: Network) -> int:
    """Let the sign-ins of who holds a mandate end sooner from now on; returns how many that changes."""
    theirs = SignIn.objects.filter(network=network, member__in=seeds_of(network), is_short=False)
    # Only the day of their last use is known, which may be over for long: from now on it is hours.
    return theirs.update(is_short=True, used_at=noted(clock.now(), is_short=True))


def close_sign_in(*, network_id: uuid.UUID, place: uuid.UUID) -> None:
    """Drop the row of a browser that signs out by itself. Nothing happens where it is gone."""
    with transaction.atomic():
        SignIn.objects.filter(network_id=network_id, pk=place).delete()
        tell_no_more(network_id=network_id, place=place)


def end_sign_in(*, member: Member, place: uuid.UUID) -> None:
    """Sign a member out in one browser, from wherever they are; raises SignInNotFound for what is not their own."""
    with transaction.atomic():
        locked = lock_member(member)
        mine = SignIn.objects.filter(network_id=locked.network_id, member=locked, pk=place)
        if not mine.delete()[0]:
            raise SignInNotFound
        tell_no_more(network_id=locked.network_id, place=place)
        eventlog.record(locked, "signed_out_there", by=By.MEMBER, actor=locked.pk)


def forget_sign_ins(*, at: datetime) -> int:
    """Drop the rows of sign-ins that are over by ``at``, or because they were all ended; returns how many."""
    return SignIn.objects.filter(~still_on(at) | ~Q(epoch=F("member__epoch"))).delete()[0]
