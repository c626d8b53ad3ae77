"""Joining, changing what is known, keeping apart, and leaving."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from commonweal.base import bus, clock, eventlog
from commonweal.base.crypto import blind_index
from commonweal.base.eventlog import By
from commonweal.base.ids import new_id
from commonweal.members.actions.ending import end_sign_ins, erase_entrances, erase_trust, take_back_vouch
from commonweal.members.contacts import Contact
from commonweal.members.errors import ContactTaken, HasLeft, MemberNotFound, ShutOut
from commonweal.members.events import KeptApart, MemberJoined, MemberLeft, WantedApart
from commonweal.members.models import Block, Confirmation, ContactPoint, KeptOut, Member
from commonweal.networks.models import Area, Network


def join(
    *,
    network: Network,
    name: str,
    contact: Contact | None,
    languages: Sequence[str],
    language: str = "en",
    per_week: int | None = None,
    imported_as: uuid.UUID | None = None,
) -> Member:
    """A new member who has confirmed ``contact``, and is reached by it.

    ``per_week`` is the most they want to help in a week; unsaid, it is the network's own limit. A sheet names the id
    (``imported_as``) that it made from its own name for somebody; it may know no contact, and the one it knows is
    unconfirmed. Raises ContactTaken when another member has confirmed the same contact, and ShutOut for the contact of
    somebody who is suspended or removed, until that ends.
    """
    now = clock.now()
    if contact is not None and imported_as is None and _is_kept_out(network, contact, now):
        raise ShutOut
    try:
        with transaction.atomic():
            member = Member.objects.create(
                id=imported_as or new_id(),
                network=network,
                name=name,
                languages=list(languages),
                language=language,
                created_at=now,
                per_week=network.policy.week_cap if per_week is None else per_week,
            )
            if contact is not None:
                ContactPoint.objects.create(
                    network=network,
                    member=member,
                    kind=contact.kind,
                    value=contact.value,
                    is_first=True,
                    created_at=now,
                    confirmed_at=None if imported_as else now,
                )
            eventlog.record(member, "joined", by=By.MEMBER, actor=member.pk)
            bus.publish(MemberJoined(network=network.pk, member=member.pk))
    except IntegrityError:
        raise ContactTaken from None
    return member


def _is_kept_out(network: Network, contact: Contact, now: datetime) -> bool:
    index = blind_index(contact.value, "contact")
    return KeptOut.objects.filter(network=network, contact_index=index, until__gt=now).exists()


def lock_member(member: Member) -> Member:
    """The member's row, locked for the rest of the transaction; raises HasLeft for who is gone."""
    locked = Member.objects.select_for_update().get(network_id=member.network_id, pk=member.pk)
    if locked.state == Member.State.LEFT:
        raise HasLeft
    return locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a member says about themselves. ``per_week`` is the most they want to help in a week; ``goes_as`` is their
    own word for themselves, empty where they'd rather not say."""

    name: str
    languages: tuple[str, ...]
    language: str
    per_week: int
    area: Area | None
    goes_as: str = ""


def change_profile(*, member: Member, profile: Profile) -> Member:
    """Put what a member says about themselves in place. Another area also means another place to start from."""
    with transaction.atomic():
        locked = lock_member(member)
        if locked.area_id != (profile.area.pk if profile.area else None):
            locked.area, locked.place = profile.area, {}
            locked.cell_y = profile.area.cell_y if profile.area else None
            locked.cell_x = profile.area.cell_x if profile.area else None
        locked.name, locked.languages = profile.name, list(profile.languages)
        locked.language, locked.per_week = profile.language, profile.per_week
        locked.goes_as = profile.goes_as
        locked.save(
            update_fields=[
                "name", "languages", "language", "per_week", "goes_as", "area", "place", "cell_y", "cell_x",
            ]
        )  # fmt: skip
        eventlog.record(locked, "profile_changed", by=By.MEMBER, actor=locked.pk)
    return locked


def record_sign_in(*, member: Member) -> None:
    """Note that somebody signed in as this member, where the member can see it."""
    with transaction.atomic():
        eventlog.record(member, "signed_in", by=By.MEMBER, actor=member.pk)


def sign_out_everywhere(*, member: Member, but: uuid.UUID | None = None) -> Member:
    """End every sign-in of a member in every browser; the one called ``but`` may be signed in again where it is."""
    with transaction.atomic():
        locked = lock_member(member)
        end_sign_ins(locked, but=but)
        eventlog.record(locked, "signed_out_everywhere", by=By.MEMBER, actor=locked.pk)
    return locked


def block(*, member: Member, blocked: Member) -> Block:
    """Never bring these two together again; the other is not told. Doing it twice changes nothing."""
    with transaction.atomic():
        locked = lock_member(member)
        if blocked.network_id != locked.network_id or blocked.pk == locked.pk:
            raise MemberNotFound
        made, is_new = Block.objects.get_or_create(
            network_id=locked.network_id, member=locked, blocked=blocked
        )
        if is_new:
            take_back_vouch(locked, blocked.pk)
            # Whom it is about is nobody's business but the member's, so the log does not name them.
            eventlog.record(locked, "blocked", by=By.MEMBER, actor=locked.pk)
            bus.publish(KeptApart(network=locked.network_id, member=locked.pk, other=blocked.pk))
        else:
            bus.publish(WantedApart(network=locked.network_id, member=locked.pk, other=blocked.pk))
    return made


def unblock(*, member: Member, blocked: uuid.UUID) -> None:
    """The two may be brought together again. Nothing happens where they might be anyway."""
    with transaction.atomic():
        locked = lock_member(member)
        if Block.objects.filter(network_id=locked.network_id, member=locked, blocked=blocked).delete()[0]:
            eventlog.record(locked, "unblocked", by=By.MEMBER, actor=locked.pk)


def leave(*, member: Member) -> None:
    """Erase everything personal about a member and sign them out everywhere. What happened stays, without a name."""
    with transaction.atomic():
        locked = lock_member(member)
        points = ContactPoint.objects.filter(network_id=locked.network_id, member=locked)
        contacts = list(points.values_list("value_index", flat=True))
        Confirmation.objects.filter(
            Q(member=locked) | Q(contact_index__in=contacts), network_id=locked.network_id
        ).delete()
        points.delete()
        erase_entrances(locked)
        Block.objects.filter(Q(member=locked) | Q(blocked=locked), network_id=locked.network_id).delete()
        erase_trust(locked)
        locked.name, locked.languages, locked.language, locked.place = "", [], "en", {}
        locked.goes_as = ""
        locked.area, locked.cell_y, locked.cell_x = None, None, None
        locked.state, locked.left_at, locked.paused_until = Member.State.LEFT, clock.now(), None
        locked.held_until = locked.homes_held_until = locked.out_until = None
        locked.per_week, locked.last_asked_at, locked.epoch = 0, None, locked.epoch + 1
        locked.vouched = 0
        locked.save()
        eventlog.record(locked, "left", by=By.MEMBER, actor=locked.pk)
        bus.publish(MemberLeft(network=locked.network_id, member=locked.pk))
