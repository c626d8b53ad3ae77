"""Passkeys: adding one, coming in by one, taking one away."""

import uuid
from datetime import timedelta

from django.db import IntegrityError, transaction

from commonweal.base import clock, eventlog
from commonweal.base.errors import Refused
from commonweal.base.eventlog import By
from commonweal.base.limits import count_once
from commonweal.members import codes, passkeys
from commonweal.members.actions.ending import end_sign_ins
from commonweal.members.actions.membership import lock_member
from commonweal.members.actions.telling import tell
from commonweal.members.entrances import Passkey
from commonweal.members.errors import (
    PasskeyCopied,
    PasskeyNotFound,
    PasskeyTaken,
    PasskeyUnclear,
    TooManyPasskeys,
)
from commonweal.members.models import Member
from commonweal.members.passkeys import Answer, NewKey, Site
from commonweal.networks.models import Network

MOST_PASSKEYS = 10
# Each is told to every contact of the member, and a text costs the network money.
MOST_ADDED, ADDED_WITHIN = 10, timedelta(days=1)


def add_passkey(*, member: Member, new: NewKey, handle: str, name: str) -> Passkey:
    """A further way in for a member, whom every contact of theirs is told of.

    ``handle`` is what the device was told to know them by. Raises TooMany, TooManyPasskeys, or PasskeyTaken.
    """
    count_once("passkey-add", member.pk.hex, most=MOST_ADDED, within=ADDED_WITHIN)
    try:
        with transaction.atomic():
            locked = lock_member(member)
            if Passkey.objects.filter(network_id=locked.network_id, member=locked).count() >= MOST_PASSKEYS:
                raise TooManyPasskeys
            made = Passkey.objects.create(
                network_id=locked.network_id,
                member=locked,
                credential=new.credential,
                handle=handle,
                public_key=new.public_key,
                sign_count=new.sign_count,
                name=name,
            )
            event = eventlog.record(locked, "passkey_added", by=By.MEMBER, actor=locked.pk)
            tell(locked, "passkey_added", occasion=event.pk)
    except IntegrityError:
        raise PasskeyTaken from None
    return made


def sign_in_by_passkey(
    *, network: Network, site: Site, challenge: str, answer: Answer, remote: str
) -> Member:
    """Who comes in by a passkey. ``challenge`` is what this browser was asked to sign just now, at ``site``.

    A key that counts its uses must have counted on: one that did not lets nobody in from then on, and its member is
    told. Raises TooMany, PasskeyUnclear (also for a key that nobody has) or PasskeyCopied; what that notes must stay,
    so this is never called inside another transaction.
    """
    count_once("passkey-try", remote, most=codes.MOST_TRIES_FROM_ONE, within=codes.WITHIN)
    with transaction.atomic(durable=True):
        found = (
            Passkey.objects.select_for_update(of=("self",))
            .select_related("member")
            .filter(network=network, credential=answer.credential)
            .first()
        )
        if found is None or found.handle != answer.handle:
            raise PasskeyUnclear
        count = passkeys.check(site, challenge=challenge, answer=answer, public_key=found.public_key)
        refusal = _use(found, count)
    if refusal is not None:
        raise refusal
    member: Member = found.member
    return member


def remove_passkey(*, member: Member, passkey: uuid.UUID, but: uuid.UUID | None = None) -> Member:
    """Forget a passkey and end every sign-in: it may be gone because a device is.

    The browser called ``but`` may be signed in again where it is. Raises PasskeyNotFound for what is not the member's
    own.
    """
    with transaction.atomic():
        locked = lock_member(member)
        if not Passkey.objects.filter(network_id=locked.network_id, member=locked, pk=passkey).delete()[0]:
            raise PasskeyNotFound
        end_sign_ins(locked, but=but)
        event = eventlog.record(locked, "passkey_removed", by=By.MEMBER, actor=locked.pk)
        tell(locked, "passkey_removed", occasion=event.pk)
    return locked


def _use(passkey: Passkey, count: int) -> Refused | None:
    """Note the use of a key that answered truly; returns why it is refused, if it is."""
    if passkey.copied_at:
        return PasskeyCopied()
    if (count or passkey.sign_count) and count <= passkey.sign_count:
        passkey.copied_at = clock.now()
        passkey.save(update_fields=["copied_at"])
        event = eventlog.record(passkey.member, "passkey_copied", by=By.PROGRAM)
        tell(passkey.member, "passkey_copied", occasion=event.pk)
        return PasskeyCopied()
    passkey.sign_count, passkey.used_at = count, clock.now()
    passkey.save(update_fields=["sign_count", "used_at"])
    eventlog.record(passkey.member, "signed_in_by_passkey", by=By.MEMBER, actor=passkey.member_id)
    return None
