"""Reading members and how they are reached."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from commonweal.base import clock, crypto
from commonweal.base.models import Event
from commonweal.members.contacts import Contact
from commonweal.members.entrances import Passkey, SignIn, still_on
from commonweal.members.models import Block, ContactPoint, Member, PushDevice
from commonweal.networks.models import Network

STORY_LENGTH = 30


def contact_point_for(network: Network, contact: Contact) -> ContactPoint | None:
    """Where this contact is kept: confirmed if it is anywhere, else the oldest unconfirmed; with its member."""
    points = ContactPoint.objects.filter(
        network=network, value_index=crypto.blind_index(contact.value, "contact")
    )
    return (
        points.select_related("member")
        .order_by(F("confirmed_at").asc(nulls_last=True), "created_at", "id")
        .first()
    )


def member_for_contact(network: Network, contact: Contact) -> Member | None:
    """Who is reached by this contact, or None."""
    point = contact_point_for(network, contact)
    return point.member if point else None


def by_preference(points: QuerySet[ContactPoint]) -> QuerySet[ContactPoint]:
    """Ways to reach somebody in the order in which they are tried: put first, confirmed, and then the oldest."""
    return points.order_by("-is_first", F("confirmed_at").asc(nulls_last=True), "created_at", "id")


def reach_of(member: Member) -> ContactPoint | None:
    """Where messages to a member go: what they put first, else what is confirmed, else what there is, if anything."""
    return by_preference(ContactPoint.objects.filter(network_id=member.network_id, member=member)).first()


def contact_points(member: Member) -> list[ContactPoint]:
    """All the ways to reach a member, the first one first."""
    return list(by_preference(ContactPoint.objects.filter(network_id=member.network_id, member=member)))


def sign_ins_of(member: Member) -> list[SignIn]:
    """The browsers in which a member is signed in, the newest first."""
    mine = SignIn.objects.filter(network_id=member.network_id, member=member, epoch=member.epoch)
    return list(mine.filter(still_on(clock.now())).order_by("-made_at", "-id"))


def passkeys_of(member: Member) -> list[Passkey]:
    """A member's passkeys, the oldest first."""
    mine = Passkey.objects.filter(network_id=member.network_id, member=member)
    return list(mine.order_by("made_at", "id"))


def push_devices(member: Member) -> list[PushDevice]:
    """Where a member wants to be told what reaches them by no other way, the oldest first."""
    return list(PushDevice.objects.filter(network_id=member.network_id, member=member))


def devices_beside(*, network: uuid.UUID, contact: Contact, since: datetime | None) -> list[PushDevice]:
    """All the devices of the member who is told by ``contact``, as far as they were switched on by ``since``.

    None where nobody is told there, and where somebody else was by then: a browser can change hands.
    """
    index = crypto.blind_index(contact.value, "contact")
    known = PushDevice.objects.filter(network_id=network)
    if since is not None:
        known = known.filter(made_at__lte=since)
    return list(known.filter(member__in=known.filter(value_index=index).values("member")))


def blocks_of(member: Member) -> list[Block]:
    """Whom a member does not want to be brought together with, newest first; with their names."""
    return list(
        Block.objects.filter(network_id=member.network_id, member=member)
        .select_related("blocked")
        .order_by("-created_at", "-id")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on record about a member: when, and the verb of the event."""

    at: datetime
    verb: str


def story_of_member(member: Member) -> list[Entry]:
    """The newest things on record about a member or done by them as themselves, newest first."""
    events = Event.objects.filter(network_id=member.network_id, thing="member", thing_id=member.pk)
    return [Entry(at=event.at, verb=event.verb) for event in events.order_by("-at", "-id")[:STORY_LENGTH]]
