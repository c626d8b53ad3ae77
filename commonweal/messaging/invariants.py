"""What must be true of the outbox."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef

from commonweal.base import clock
from commonweal.base.invariants import Finding, invariant
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.failing import LEASE
from commonweal.messaging.models import Message, Stop
from commonweal.messaging.port import routes
from commonweal.networks.models import Network

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
    """Each waiting message has a way out of its network for its kind, and a template with words."""
    waiting = Message.objects.filter(due_at__isnull=False)
    networks = Network.objects.in_bulk(waiting.values_list("network", flat=True).distinct())
    pairs = waiting.order_by("kind", "network").values_list("network", "kind").distinct()
    for network, kind in pairs:
        if not routes(networks[network], kind):
            yield Finding(
                what=f"Nothing in {networks[network].slug} carries messages of the kind {kind}.",
                do="Set up a channel for it, or switch one on.",
            )
    for template in sorted(set(waiting.values_list("template", flat=True).distinct()) - set(CATALOGUE)):
        yield Finding(
            what=f"There are no words for messages of the kind {template}.",
            do="Install the version of the program again that queued them.",
        )


@invariant("messaging.stopped", "Nobody was written to who wants no messages")
def nobody_stopped_was_written_to() -> Iterator[Finding]:
    """Nothing but the confirmation went out to a stopped contact, from a lease after they stopped."""
    stop = Stop.objects.filter(
        network_id=OuterRef("network_id"),
        contact_index=OuterRef("to_index"),
        at__lt=OuterRef("sent_at") - LEASE,
    )
    sent = Message.objects.filter(Exists(stop), sent_at__isnull=False).exclude(template="stopped")
    for message in sent.only("pk", "template")[:5]:
        yield Finding(
            what=f"The message {message.pk} ({message.template}) went to somebody who had stopped messages.",
            do="This is a fault of the program: say so to its makers, with the name of the template.",
        )


@invariant("messaging.alone", "What may have gone through stays with the route that had it")
def unsure_messages_stay_where_they_are() -> Iterator[Finding]:
    """A message whose last try may have gone through names the route of that try, and has not passed it."""
    for message in Message.objects.filter(due_at__isnull=False, unsure=True).only("carried_by", "passed"):
        if not message.carried_by or message.carried_by in message.passed:
            yield Finding(
                what=f"The message {message.pk} may have gone out, and nobody knows by which route.",
                do="This is a fault of the program: say so to its makers.",
            )
