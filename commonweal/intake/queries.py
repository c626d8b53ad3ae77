"""Reading what came in, for the desk."""

import uuid
from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from commonweal.base.crypto import blind_index
from commonweal.base.paging import Cursor, Page, page_of
from commonweal.exchange.models import Ask
from commonweal.intake.errors import DraftNotFound
from commonweal.intake.models import Attachment, Draft, Inbound
from commonweal.networks.models import Network

SORTS = ("text", "email", "voice", "paper")
# What is waiting fits one page of a desk that keeps its promises; more than this nobody goes through at once.
MOST = 200


def to_read(network: Network, *, sort: str = "", only: str = "", limit: int = MOST) -> Sequence[Draft]:
    """The messages that a person is to read, danger first and then the oldest promise.

    ``only`` "follow" are those that are to be looked at again.
    """
    drafts = _drafts(network).filter(state=Draft.State.WAITING)
    if sort in SORTS:
        drafts = drafts.filter(inbound__sort=sort)
    if only == "follow":
        drafts = drafts.filter(is_followed_up=True)
    return list(drafts.order_by("-is_danger", "due_at", "id")[:limit])


def was_read(network: Network, cursor: Cursor | None = None, limit: int = 50) -> Page[Draft]:
    """The messages that were seen to, newest first."""
    return page_of(_drafts(network).exclude(state=Draft.State.WAITING), cursor, limit)


def from_sender(network: Network, contact: str, limit: int = MOST) -> Sequence[Draft]:
    """The messages at the desk from one number or address, by its keyed index, newest first."""
    found = _drafts(network).filter(inbound__sender_index=blind_index(contact, "contact"))
    return list(found.order_by("-created_at", "-id")[:limit])


def count_waiting(network: Network) -> tuple[int, int]:
    """How many messages wait to be read, and how many of them sound like danger to life."""
    drafts = Draft.objects.filter(network=network, state=Draft.State.WAITING)
    counted = drafts.aggregate(all=Count("pk"), dangers=Count("pk", filter=Q(is_danger=True)))
    return counted["all"], counted["dangers"]


def draft_for_desk(network: Network, key: uuid.UUID) -> Draft:
    """A message at the desk, for somebody who was let in there; raises DraftNotFound."""
    draft = _drafts(network).filter(pk=key).first()
    if draft is None:
        raise DraftNotFound
    return draft


def attachment_of(draft: Draft, position: int) -> Attachment:
    """One thing that came with a message; raises DraftNotFound where its content is not here (any more)."""
    found = Attachment.objects.filter(
        network_id=draft.network_id, inbound_id=draft.inbound_id, position=position
    ).first()
    if found is None:
        raise DraftNotFound
    return found


def kinds_of(draft: Draft) -> dict[int, str]:
    """The kind of each thing that came with it and is here, by its place; "" before it was seen to."""
    kept = Attachment.objects.filter(network_id=draft.network_id, inbound_id=draft.inbound_id)
    return dict(kept.values_list("position", "kind"))


def said_before(draft: Draft, limit: int = 5) -> Sequence[Inbound]:
    """The messages of the same sender before this one, newest first."""
    index = draft.inbound.sender_index
    if not index:
        return []
    earlier = Inbound.objects.filter(
        network_id=draft.network_id, sender_index=index, said_at__lt=draft.inbound.said_at
    )
    return list(earlier.order_by("-said_at", "-id")[:limit])


def open_asks_of(draft: Draft) -> Sequence[Ask]:
    """The open asks of whoever wrote, newest first: what they say may be about one of those."""
    index = draft.inbound.sender_index
    if not index:
        return []
    asks = Ask.objects.filter(network_id=draft.network_id, contact_index=index, closed_at__isnull=True)
    return list(asks.select_related("category", "area", "network").order_by("-created_at", "-id")[:5])


def _drafts(network: Network) -> QuerySet[Draft]:
    return Draft.objects.filter(network=network).select_related(
        "network", "inbound", "held_by", "ask", "closed_by"
    )
