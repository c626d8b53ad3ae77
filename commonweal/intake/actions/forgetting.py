"""Forgetting what nobody needs any more: who wrote what, and where a conversation stood."""

import uuid
from typing import Any

from django.db import transaction

from commonweal.base import clock
from commonweal.intake.models import Attachment, Conversation, Draft, Inbound

EMPTY: dict[str, Any] = {
    "sender": "", "sender_index": "", "ours": "", "subject": "", "text": "", "media": [], "erase_at": None,
}  # fmt: skip
BATCH = 500


def erase_inbound() -> int:
    """Empty every message and drop every conversation whose time is over; returns how many of both.

    What still waits to be worked on is kept until it was. That something came in, by which door and when, stays.
    """
    done = 0
    while erased := _erase_messages() + _erase_talks():
        done += erased
    return done


@transaction.atomic
def forget_messages_of(*, network_id: uuid.UUID, ask: uuid.UUID) -> int:
    """Erase now what was written to us about an ask; returns how many messages. What nobody has read yet stays."""
    now = clock.now()
    Draft.objects.filter(network_id=network_id, ask_id=ask).exclude(state=Draft.State.WAITING).update(
        reading={}, note="", erase_at=None
    )
    Inbound.objects.filter(network_id=network_id, ask_id=ask).update(erase_at=now)
    return _erase_messages()


@transaction.atomic
def _erase_messages() -> int:
    due = Inbound.objects.filter(erase_at__lte=clock.now(), due_at__isnull=True).order_by("erase_at")
    due = due.exclude(drafts__state=Draft.State.WAITING)  # nobody has read it yet
    found = list(due.values_list("network_id", "id")[:BATCH])
    networks, keys = {network for network, _key in found}, [key for _network, key in found]
    Attachment.objects.filter(network__in=networks, inbound__in=keys).delete()
    return Inbound.objects.filter(network__in=networks, pk__in=keys).update(**EMPTY)


@transaction.atomic
def _erase_talks() -> int:
    due = Conversation.objects.filter(erase_at__lte=clock.now()).order_by("erase_at")
    keys = list(due.values_list("id", flat=True)[:BATCH])
    return Conversation.objects.filter(pk__in=keys).delete()[0] if keys else 0
