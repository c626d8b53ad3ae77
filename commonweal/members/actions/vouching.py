"""Vouching: "I know this person". Nobody is listed; who is new shows a code to somebody who knows them."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.db import transaction

from commonweal.base import clock, eventlog
from commonweal.base.crypto import blind_index
from commonweal.base.eventlog import By
from commonweal.base.ids import CODE_LETTERS, token_hash
from commonweal.members.actions.ending import reckon_anew, take_back_vouch
from commonweal.members.actions.membership import lock_member
from commonweal.members.apart import blocked_ids
from commonweal.members.contacts import Contact
from commonweal.members.errors import TooManyVouches, VouchCodeOver
from commonweal.members.models import Member
from commonweal.members.trusting import ContactBlock, Vouch, VouchCode

# A code is shown across a table or read over the phone: two days, and so many people.
LASTS = timedelta(days=2)
USES = 3
LETTERS = 8
# The end of what says that a member and somebody without an account are kept apart.
BLOCK_LASTS = timedelta(days=730)


@transaction.atomic
def show_code(*, member: Member) -> str:
    """A new code to show to people who know one, eight letters; the one before ends. It is kept as a hash only."""
    locked = lock_member(member)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(LETTERS))
    VouchCode.objects.filter(network_id=locked.network_id, member=locked).delete()
    VouchCode.objects.create(
        network_id=locked.network_id,
        member=locked,
        code_hash=token_hash(code),
        uses_left=USES,
        expires_at=clock.now() + LASTS,
    )
    return code


@transaction.atomic
def vouch_by_code(*, giver: Member, code: VouchCode, how: str) -> Vouch:
    """Vouch for whoever showed this code. Vouching twice is one vouch, and uses the code once.

    Raises VouchCodeOver for one that has run out meanwhile, and as ``vouch`` does.
    """
    fresh = VouchCode.objects.select_for_update().filter(network_id=code.network_id, pk=code.pk).first()
    if fresh is None or fresh.expires_at <= clock.now():
        raise VouchCodeOver
    made, is_new = _vouch(giver, fresh.member, how)
    if is_new:
        if fresh.uses_left < 1:
            raise VouchCodeOver
        fresh.uses_left -= 1
        fresh.save(update_fields=["uses_left"])
    return made


@transaction.atomic
def vouch(*, giver: Member, taker: Member, how: str) -> Vouch:
    """One member says that they know another. Doing it twice changes how they know them, at most.

    Raises VouchCodeOver for oneself, for who has left or is in another network, and where the two are kept apart, so
    that nothing can be read from it; TooManyVouches beyond the policy's number; HasLeft.
    """
    return _vouch(giver, taker, how)[0]


@transaction.atomic
def withdraw_vouch(*, giver: Member, taker: uuid.UUID) -> None:
    """Take a vouch back; nobody is told. Nothing happens where there is none."""
    locked = lock_member(giver)
    found = Vouch.objects.filter(network_id=locked.network_id, giver=locked, taker=taker).first()
    if found is not None and take_back_vouch(locked, found.taker_id):
        eventlog.record(locked, "vouch_taken_back", by=By.MEMBER, actor=locked.pk)


@transaction.atomic
def block_contact(*, member: Member, contact: Contact, by_member: bool) -> ContactBlock:
    """Never bring a member together with whoever is reached by this contact; the other is not told."""
    locked = lock_member(member)
    made, is_new = ContactBlock.objects.get_or_create(
        network_id=locked.network_id,
        member=locked,
        contact_index=blind_index(contact.value, "contact"),
        by_member=by_member,
        defaults={"contact": contact.value},
    )
    if is_new and by_member:
        eventlog.record(locked, "blocked", by=By.MEMBER, actor=locked.pk)
    return made


@transaction.atomic
def unblock_contact(*, member: Member, block: uuid.UUID) -> None:
    """The two may be brought together again. Nothing happens where they might be anyway."""
    locked = lock_member(member)
    mine = ContactBlock.objects.filter(network_id=locked.network_id, member=locked, by_member=True, pk=block)
    if mine.delete()[0]:
        eventlog.record(locked, "unblocked", by=By.MEMBER, actor=locked.pk)


def forget_vouch_codes(*, at: datetime) -> int:
    """Forget codes that ran out, and what kept somebody without an account apart two years ago; returns how many."""
    codes = VouchCode.objects.filter(expires_at__lte=at).delete()[0]
    return codes + ContactBlock.objects.filter(created_at__lte=at - BLOCK_LASTS).delete()[0]


def _vouch(giver: Member, taker: Member, how: str) -> tuple[Vouch, bool]:
    locked = lock_member(giver)
    if taker.network_id != locked.network_id or taker.pk == locked.pk or taker.state == Member.State.LEFT:
        raise VouchCodeOver
    if taker.pk in blocked_ids(locked.network, locked.pk):
        raise VouchCodeOver
    mine = Vouch.objects.filter(network_id=locked.network_id, giver=locked)
    found = mine.filter(taker=taker).first()
    if found is not None:
        found.how = Vouch.How(how)
        found.save(update_fields=["how"])
        return found, False
    if mine.count() >= locked.network.policy.most_vouches:
        raise TooManyVouches
    made = Vouch.objects.create(network_id=locked.network_id, giver=locked, taker=taker, how=Vouch.How(how))
    reckon_anew(locked.network_id)
    # Whom it is about stands in the row; the log says only that somebody vouched.
    eventlog.record(locked, "vouched", by=By.MEMBER, actor=locked.pk)
    return made, True
