"""The browsers in which a member is signed in: opening one, ending one, ending all the others."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from commonweal.base import clock, eventlog
from commonweal.base.eventlog import By
from commonweal.members.actions.ending import tell_no_more
from commonweal.members.actions.membership import lock_member
from commonweal.members.devices import read_device
from commonweal.members.entrances import SignIn
from commonweal.members.errors import SignInNotFound
from commonweal.members.models import Member


def keep_sign_in(*, member: Member, place: uuid.UUID | None, user_agent: str) -> SignIn:
    """The row of a browser in which a member is signed in from now on.

    It is the one called ``place`` if that is the member's own (the same browser goes on, in the member's present
    epoch), else a new one.
    """
    today = clock.now().date()
    mine = SignIn.objects.filter(network_id=member.network_id, member=member)
    if place and mine.filter(pk=place).update(epoch=member.epoch, used_on=today):
        return mine.get(pk=place)
    browser, system = read_device(user_agent)
    return SignIn.objects.create(
        network_id=member.network_id,
        member=member,
        epoch=member.epoch,
        browser=browser,
        system=system,
        made_at=clock.now(),
        used_on=today,
    )


def note_use(*, sign_in: SignIn) -> None:
    """Note the day on which a browser is used, once a day."""
    today = clock.now().date()
    if sign_in.used_on < today:
        SignIn.objects.filter(network_id=sign_in.network_id, pk=sign_in.pk).update(used_on=today)


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
    """Drop the rows whose sessions are over by ``at``, by age or because they were all ended; returns how many."""
    oldest = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    over = Q(made_at__lte=oldest) | ~Q(epoch=F("member__epoch"))
    return SignIn.objects.filter(over).delete()[0]
