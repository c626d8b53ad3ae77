"""What must be true of the outbox."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count

from commonweal.base import clock
from commonweal.base.invariants import Finding, invariant
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.models import Message

PATIENCE = timedelta(minutes=15)


@invariant("messaging.sent", "Messages go out when they are due")
def messages_go_out() -> Iterator[Finding]:
    """Nothing has been due for a quarter of an hour."""
    late = Message.objects.filter(priority__in=(0, 1), due_at__lt=clock.now() - PATIENCE).count()
    if late:
        yield Finding(
            what=f"{late} messages should have gone out more than a quarter of an hour ago.",
            do="Start `commonweal serve` or `commonweal worker`, or run `commonweal worker --once`.",
        )


@invariant("messaging.dead", "Every message that could not be delivered was seen to by a person")
def no_dead_letters() -> Iterator[Finding]:
    """The dead letters by the trouble they met; the desk lists them."""
    counts = Message.objects.filter(died_at__isnull=False).values_list("last_error").annotate(Count("pk"))
    for trouble, count in sorted(counts):
        yield Finding(
            what=f"{count} messages were given up: {Message.Trouble(trouble).label}.",
            do="Open the desk: each can be tried again, or dropped once the person was reached otherwise.",
        )


@invariant("messaging.sendable", "Everything that waits can be sent")
def pending_messages_are_sendable() -> Iterator[Finding]:
    """Each waiting message has a channel for its kind and a template with words."""
    waiting = Message.objects.filter(due_at__isnull=False).values_list("kind", "template").distinct()
    kinds = {kind for kind, _ in waiting} - set(settings.COMMONWEAL_CHANNELS)
    templates = {template for _, template in waiting} - set(CATALOGUE)
    for kind in sorted(kinds):
        yield Finding(
            what=f"Nothing here carries messages of the kind {kind}.", do="Set up a channel for it."
        )
    for template in sorted(templates):
        yield Finding(
            what=f"There are no words for messages of the kind {template}.",
            do="Install the version of the program again that queued them.",
        )
