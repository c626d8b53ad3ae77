"""Reading the outbox."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from commonweal.base import crypto
from commonweal.members.contacts import Contact
from commonweal.messaging.models import Message, Stop
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
