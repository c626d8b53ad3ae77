"""Reading the outbox."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from commonweal.base import crypto
from commonweal.members.contacts import Contact
from commonweal.messaging.models import Broadcast, Message, Stop
from commonweal.messaging.port import Written
from commonweal.messaging.writing import write
from commonweal.networks.models import Network

Trouble = Message.Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableMessage:
    """One message as a page shows it."""

    id: uuid.UUID
    kind: str
    to: str
    language: str
    template: str
    state: str
    created_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    written: Written


def recent_messages(network: Network, *, most: int = 50) -> Sequence[ReadableMessage]:
    """The newest messages of a network in words, newest first. Only a demonstration shows other people's mail."""
    rows = Message.objects.filter(network=network).exclude(to_index="").order_by("-id")[:most]
    return [
        ReadableMessage(
            id=row.pk,
            kind=row.kind,
            to=row.to,
            language=row.language,
            template=row.template,
            state=row.state,
            created_at=row.created_at,
            due_at=row.due_at,
            sent_at=row.sent_at,
            written=write(row.template, row.language, row.context, network=network.name),
        )
        for row in rows
    ]


def dead_letters(network: Network) -> QuerySet[Message]:
    """What could not be delivered and waits for a person, the oldest first. Address and words stay closed."""
    return (
        Message.objects.filter(network=network, died_at__isnull=False)
        .defer("to", "context")
        .order_by("died_at", "id")
    )


def is_stopped(network: Network, contact: Contact) -> bool:
    """Whether somebody wants no more messages at this contact."""
    index = crypto.blind_index(contact.value, "contact")
    return Stop.objects.filter(network=network, contact_index=index).exists()


def waits_for_tomorrow(network: Network) -> int:
    """How many text messages wait because the day's number of them is used up."""
    return Message.objects.filter(network=network, due_at__isnull=False, last_error=Trouble.LIMIT).count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far news has come: how many messages are out, how many wait."""

    sent: int
    waiting: int
    is_stopped: bool

    @property
    def words(self) -> str:
        """In words."""
        if self.is_stopped:
            return _("stopped, %(sent)s sent") % {"sent": self.sent}
        if self.waiting:
            return _("%(sent)s sent, %(waiting)s to go") % {"sent": self.sent, "waiting": self.waiting}
        return _("all sent")


def recent_broadcasts(network: Network, *, most: int = 10) -> Sequence[Broadcast]:
    """The newest news to many, newest first, with who sent it."""
    return list(Broadcast.objects.filter(network=network).select_related("by").order_by("-at", "-id")[:most])


def progress_of(broadcasts: Sequence[Broadcast]) -> list[Progress]:
    """How far each has come, in one query."""
    if not broadcasts:
        return []
    counts = (
        Message.objects.filter(
            network_id=broadcasts[0].network_id,
            about="broadcast",
            about_id__in=[one.pk for one in broadcasts],
        )
        .values_list("about_id")
        .annotate(
            sent=Count("pk", filter=Q(sent_at__isnull=False)),
            waiting=Count("pk", filter=Q(due_at__isnull=False)),
        )
    )
    known = {about: (sent, waiting) for about, sent, waiting in counts}
    found = []
    for one in broadcasts:
        sent, waiting = known.get(one.pk, (0, 0))
        unfilled = one.filled_at is None and one.stopped_at is None
        waiting = one.people - sent if unfilled else waiting
        found.append(Progress(sent=sent, waiting=waiting, is_stopped=one.stopped_at is not None))
    return found


def message_to(network: Network, to: Contact, *, receipts: Sequence[str]) -> Message | None:
    """The message of ours to this very contact that has one of these receipts: the first of them that is known."""
    if not receipts:
        return None
    index = crypto.blind_index(to.value, "contact")
    rows = Message.objects.filter(network=network, receipt__in=receipts, to_index=index)
    known = {message.receipt: message for message in rows.defer("to", "context", "others")}
    return next((known[receipt] for receipt in receipts if receipt in known), None)
