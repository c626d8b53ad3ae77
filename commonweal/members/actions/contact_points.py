"""The ways to reach a member: adding one, putting one first, taking one away."""

import uuid

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from commonweal.base import clock, crypto, eventlog
from commonweal.base.eventlog import By
from commonweal.members.actions.ending import end_sign_ins
from commonweal.members.actions.membership import lock_member
from commonweal.members.actions.telling import tell
from commonweal.members.contacts import Contact
from commonweal.members.errors import ContactNotFound, ContactTaken, LastContact, TooManyContacts
from commonweal.members.models import ContactPoint, Member

# Each is told of every change of the others.
MOST_CONTACTS = 10


def add_contact(*, member: Member, contact: Contact) -> ContactPoint:
    """A further way to reach a member, who has confirmed it; the others are told. Adding what is there confirms it.

    Raises ContactTaken when another member has confirmed the same contact, and TooManyContacts.
    """
    try:
        with transaction.atomic():
            locked = lock_member(member)
            point = _find(locked, contact) or _further(locked, contact)
            if point.confirmed_at is None:
                point.confirmed_at = clock.now()
                point.save()
                event = eventlog.record(
                    locked, "contact_added", by=By.MEMBER, actor=locked.pk, kind=contact.kind
                )
                tell(locked, "contact_added", occasion=event.pk, but=point)
    except IntegrityError:
        raise ContactTaken from None
    return point


def put_first(*, member: Member, contact_point: uuid.UUID) -> ContactPoint:
    """Send messages there from now on; raises ContactNotFound for what is not the member's own."""
    with transaction.atomic():
        locked = lock_member(member)
        point = _own(locked, contact_point)
        if not point.is_first:
            _points(locked).filter(is_first=True).update(is_first=False)
            point.is_first = True
            point.save(update_fields=["is_first"])
            eventlog.record(locked, "contact_put_first", by=By.MEMBER, actor=locked.pk, kind=point.kind)
    return point


def remove_contact(*, member: Member, contact_point: uuid.UUID, but: uuid.UUID | None = None) -> Member:
    """Forget a way to reach a member and end every sign-in: it may be gone because a device is.

    The browser called ``but`` may be signed in again where it is. The other ways to reach the member are told.
    Raises ContactNotFound for what is not the member's own, and LastContact for the only confirmed one.
    """
    with transaction.atomic():
        locked = lock_member(member)
        point = _own(locked, contact_point)
        others = _points(locked).exclude(pk=point.pk)
        heir = others.filter(confirmed_at__isnull=False).first()
        if heir is None:
            raise LastContact
        point.delete()
        if point.is_first:
            heir.is_first = True
            heir.save(update_fields=["is_first"])
        end_sign_ins(locked, but=but)
        event = eventlog.record(locked, "contact_removed", by=By.MEMBER, actor=locked.pk, kind=point.kind)
        # What was taken away is not written to: whoever reads it now may be the reason.
        tell(locked, "contact_removed", occasion=event.pk)
    return locked


def _points(member: Member) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(network_id=member.network_id, member=member)


def _further(member: Member, contact: Contact) -> ContactPoint:
    kept = _points(member).count()
    if kept >= MOST_CONTACTS:
        raise TooManyContacts
    return ContactPoint(
        network_id=member.network_id,
        member=member,
        kind=contact.kind,
        value=contact.value,
        is_first=not kept,
    )


def _find(member: Member, contact: Contact) -> ContactPoint | None:
    index = crypto.blind_index(contact.value, "contact")
    return _points(member).filter(value_index=index).order_by(F("confirmed_at").asc(nulls_last=True)).first()


def _own(member: Member, contact_point: uuid.UUID) -> ContactPoint:
    point = _points(member).filter(pk=contact_point).first()
    if point is None:
        raise ContactNotFound
    return point
