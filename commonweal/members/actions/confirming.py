"""One-time codes: asking for one, and typing it."""

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db import transaction
from django.urls import reverse

from commonweal.base import bus, clock, crypto, eventlog
from commonweal.base.errors import Refused, TooMany
from commonweal.base.ids import new_id, new_token, token_hash
from commonweal.base.limits import count_once, refuse_spent
from commonweal.members import codes, courier
from commonweal.members.contacts import Contact
from commonweal.members.errors import (
    CodeExpired,
    CodeOver,
    CodeTooShort,
    CodeUsed,
    ConfirmationNotFound,
    TooManyTries,
    WrongCode,
)
from commonweal.members.events import ContactConfirmed
from commonweal.members.models import Confirmation, Member
from commonweal.members.queries import contact_point_for
from commonweal.networks.models import Network

FORGOTTEN_AFTER = timedelta(days=1)


class Guessing(TypedDict):
    """A limit on wrong codes, as base.limits takes it."""

    what: str
    whose: str
    most: int
    within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A code is on its way. ``token`` goes into the link of the page where it is typed and is given out this once.

    ``demo_code`` is the code itself in a demonstration, where no message goes out; it is empty everywhere else.
    """

    token: str
    demo_code: str


def start_confirmation(
    *,
    network: Network,
    contact: Contact,
    purpose: str,
    language: str,
    remote: str,
    draft: dict[str, Any] | None = None,
    member: Member | None = None,
) -> Started:
    """Send a code to ``contact``, whether or not anybody here is known by it: the answer tells nothing.

    ``draft`` waits, encrypted, until the code is typed. ``remote`` is where the visitor comes from
    (base.remote.address_of). Raises TooMany after too many codes to one contact or from one address.
    """
    _limit(network, contact, remote)
    is_guessed_at = _is_guessed_at(network.pk, crypto.blind_index(contact.value, "contact"))
    code = codes.new_code(codes.MORE_DIGITS if is_guessed_at else codes.DIGITS)
    token, now = new_token(), clock.now()
    key = new_id()
    with transaction.atomic():
        confirmation = Confirmation.objects.create(
            id=key,
            network=network,
            kind=contact.kind,
            contact=contact.value,
            code_hash=codes.fingerprint(key, code),
            token_hash=token_hash(token),
            purpose=purpose,
            member=member,
            language=language,
            draft=draft or {},
            created_at=now,
            expires_at=now + codes.LASTS,
        )
        courier.send_code(
            confirmation=confirmation,
            code=code,
            link=reverse("members:link", args=[codes.link_of(confirmation.pk)]),
        )
        eventlog.record(confirmation, "code_sent", by=eventlog.By.PROGRAM, purpose=purpose)
    return Started(token=token, demo_code=code if network.is_demo else "")


def send_again(*, network: Network, token: str, remote: str) -> Started:
    """A new code for the same contact, purpose and draft; raises ConfirmationNotFound, CodeUsed or TooMany."""
    before = Confirmation.objects.filter(network=network, token_hash=token_hash(token)).first()
    if before is None:
        raise ConfirmationNotFound
    if before.used_at:
        raise CodeUsed
    return start_confirmation(
        network=network,
        contact=before.as_contact,
        purpose=before.purpose,
        language=before.language,
        remote=remote,
        draft=before.draft,
        member=before.member,
    )


def confirm_code(*, network: Network, token: str, code: str, remote: str) -> Confirmation:
    """Use up a code: who typed it has the contact. A contact that was imported unconfirmed becomes its member's own.

    Raises ConfirmationNotFound, CodeExpired, CodeUsed, TooManyTries, CodeTooShort, WrongCode, or TooMany. A wrong try
    must stay counted, so this is never called inside another transaction.
    """
    count_once("code-try", remote, most=codes.MOST_TRIES_FROM_ONE, within=codes.WITHIN)
    with transaction.atomic(durable=True):
        found = _lock(network, token)
        refusal = _try(found, code, clock.now())
    if isinstance(refusal, WrongCode | TooManyTries):
        for guessed in _guessing(found.network_id, found.contact_index):
            with suppress(TooMany):  # the limit is heard of by who asks for the next code
                count_once(**guessed)
    if refusal is not None:
        raise refusal
    return found


def confirm_by_link(*, network: Network, token: str, link: str, remote: str) -> Confirmation:
    """Use up a code by the link in its letter, in the browser that holds ``token`` because it asked for the code.

    A link can't be guessed, so guessing at codes elsewhere does not stop it. Raises ConfirmationNotFound (also where
    the two do not belong together), CodeExpired, CodeUsed, TooManyTries, or TooMany.
    """
    count_once("code-try", remote, most=codes.MOST_TRIES_FROM_ONE, within=codes.WITHIN)
    with transaction.atomic():
        found = _lock(network, token)
        if codes.read_link(link) != found.pk:
            raise ConfirmationNotFound
        over = _why_over(found, clock.now())
        if over:
            raise over
        _use(found, clock.now())
    return found


def forget_confirmations(*, at: datetime) -> int:
    """Delete codes that ran out a day before ``at``, with the contacts and drafts they held; returns how many."""
    return Confirmation.objects.filter(expires_at__lt=at - FORGOTTEN_AFTER).delete()[0]


def _limit(network: Network, contact: Contact, remote: str) -> None:
    """Count outside the transaction, so that a refusal does not undo the count."""
    count_once("code-from", remote, most=codes.MOST_CODES_FROM_ONE, within=codes.WITHIN)
    whose = f"{network.pk.hex}\x00{contact.value}"
    count_once("code-to", whose, most=codes.MOST_CODES_TO_ONE, within=codes.WITHIN)


def _lock(network: Network, token: str) -> Confirmation:
    waiting = Confirmation.objects.filter(network=network, token_hash=token_hash(token))
    found = waiting.select_for_update().first()
    if found is None:
        raise ConfirmationNotFound
    return found


def _guessing(network: uuid.UUID, contact_index: str) -> tuple[Guessing, Guessing]:
    """What wrong codes are counted by, whoever types them: for whom they are, and in which network."""
    return (
        Guessing(
            what="wrong-code-for",
            whose=f"{network.hex}\x00{contact_index}",
            most=codes.MOST_WRONG_FOR_ONE,
            within=codes.WRONG_WITHIN,
        ),
        Guessing(
            what="wrong-code-in",
            whose=network.hex,
            most=codes.MOST_WRONG_IN_NETWORK,
            within=codes.WITHIN,
        ),
    )


def _is_guessed_at(network: uuid.UUID, contact_index: str) -> bool:
    """Whether so many wrong codes were typed for this contact, or in this network, that six digits are too few."""
    try:
        for guessed in _guessing(network, contact_index):
            refuse_spent(**guessed)
    except TooMany:
        return True
    return False


def _try(confirmation: Confirmation, code: str, now: datetime) -> Refused | None:
    """Use the code up or count a wrong try; returns why it is refused, if it is."""
    fits = codes.fits(confirmation.pk, code, confirmation.code_hash)
    over = _why_over(confirmation, now)
    if over:
        return over
    if len(code) < codes.MORE_DIGITS and _is_guessed_at(confirmation.network_id, confirmation.contact_index):
        return CodeTooShort()
    if fits:
        _use(confirmation, now)
        return None
    confirmation.tries += 1
    confirmation.save(update_fields=["tries"])
    left = codes.MOST_TRIES - confirmation.tries
    return WrongCode(left) if left else TooManyTries()


def _why_over(confirmation: Confirmation, now: datetime) -> CodeOver | None:
    if confirmation.used_at:
        return CodeUsed()
    if confirmation.expires_at <= now:
        return CodeExpired()
    return TooManyTries() if confirmation.tries >= codes.MOST_TRIES else None


def _use(confirmation: Confirmation, now: datetime) -> None:
    confirmation.used_at = now
    confirmation.save(update_fields=["used_at"])
    point = contact_point_for(confirmation.network, confirmation.as_contact)
    if point and point.confirmed_at is None:
        point.confirmed_at = now
        point.save(update_fields=["confirmed_at"])
    member = point.member_id if point else None
    eventlog.record(
        confirmation, "code_confirmed", by=eventlog.By.MEMBER, actor=member, purpose=confirmation.purpose
    )
    bus.publish(
        ContactConfirmed(
            network=confirmation.network_id,
            confirmation=confirmation.pk,
            member=member,
            purpose=confirmation.purpose,
        )
    )
