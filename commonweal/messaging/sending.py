"""The sender: takes what is due out of the outbox and hands it to the channels.

At least once: a message is claimed for a time (a lease) and sent outside of any transaction. A worker killed between
sending and noting it leaves the lease to run out; the message then goes out again by the same route, with the same id,
marked as unsure, so that a channel which knows it again keeps the second copy back.
"""

import contextlib
import logging
import time
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from commonweal.base import clock
from commonweal.base.crypto import Unreadable
from commonweal.messaging import failing
from commonweal.messaging.catalogue import CATALOGUE, ORDINARY, URGENT
from commonweal.messaging.errors import ChannelDown, OptedOut, PermanentFailure, RetryableFailure
from commonweal.messaging.failing import LEASE, MOST_TRIES, row_of
from commonweal.messaging.holding import hold_until
from commonweal.messaging.models import Message, Stop
from commonweal.messaging.port import Address, Channel, OutgoingMessage, Route, routes
from commonweal.messaging.writing import Incomplete, write
from commonweal.networks.models import Network

logger = logging.getLogger(__name__)
State, Trouble = Message.State, Message.Trouble

# A round ends after this time, so that one slow channel does not keep the worker from everything else.
ROUND_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A message in hand, the route it is to take, if there is one, and whether its reader wants no messages there."""

    message: Message
    route: Route | None
    stopped: bool


class Round:
    """What is known during one round of sending: the routes of each network, and which channels are down."""

    def __init__(self) -> None:
        self._routes: dict[tuple[uuid.UUID, str], tuple[Route, ...]] = {}
        self._down: list[Channel] = []
        self._closed = Q(pk__in=[])

    def routes(self, network: Network, kind: str) -> tuple[Route, ...]:
        """The routes of a network for one kind of address, looked up once a round."""
        pair = (network.pk, kind)
        if pair not in self._routes:
            self._routes[pair] = routes(network, kind)
        return self._routes[pair]

    def is_down(self, route: Route) -> bool:
        """Whether the channel of a route was found to be down in this round."""
        return any(channel is route.channel for channel in self._down)

    def note_down(self, route: Route) -> None:
        """Leave the channel of this route alone for the rest of the round."""
        self._down.append(route.channel)

    def skip(self, message: Message) -> None:
        """Leave a message, whose ways are all down, for the next round; and with it all that can go no other way."""
        self._closed |= Q(pk=message.pk)
        if all(self.is_down(route) for route in self.routes(message.network, message.kind)):
            self._closed |= Q(network_id=message.network_id, kind=message.kind)

    def open(self, due: QuerySet[Message]) -> QuerySet[Message]:
        """What of it need not be skipped."""
        return due.exclude(self._closed)

    def close(self) -> None:
        """Let every channel go."""
        for route in {id(each.channel): each for found in self._routes.values() for each in found}.values():
            with contextlib.suppress(Exception):
                route.channel.close()


def messages_are_due() -> bool:
    """Whether anything waits to be sent now: one look at a partial index."""
    return _due().exists()


def send_due(limit: int = 200) -> int:
    """Send up to ``limit`` messages that are due, the urgent first; returns how many went out.

    A round lasts half a minute at most. A channel that cannot be reached is left alone for the rest of the round.
    """
    began, sent, now = time.monotonic(), 0, Round()
    try:
        for _ in range(limit):
            if time.monotonic() - began > ROUND_SECONDS:
                break
            claim = claim_next(now)
            if claim is None:
                break
            sent += _see_to(claim, now)
    finally:
        now.close()
    return sent


def _due() -> QuerySet[Message]:
    # Both priorities are named so that the index answers by its first column.
    due = Message.objects.filter(priority__in=(URGENT, ORDINARY), due_at__lte=clock.now())
    return due.order_by("priority", "due_at", "id")


def claim_next(now: Round) -> Claim | None:
    """Take the next due message for a lease. What is encrypted stays closed: a lost key must not stop the round."""
    stop = Stop.objects.filter(network_id=OuterRef("network_id"), contact_index=OuterRef("to_index"))
    with transaction.atomic():
        while True:
            due = now.open(_due()).annotate(stopped=Exists(stop)).select_related("network")
            locked = due.select_for_update(skip_locked=True, of=("self",))
            message = locked.defer("to", "context", "others").first()
            if message is None:
                return None
            route, usable = _choose(message, now)
            if route is None and usable:
                now.skip(message)
            elif later := hold_until(message):
                message.state, message.due_at, message.last_error = State.QUEUED, *later
                message.save(update_fields=["state", "due_at", "last_error"])
            else:
                _take(message, route)
                return Claim(message=message, route=route, stopped=message.stopped)


def _choose(message: Message, now: Round) -> tuple[Route | None, bool]:
    """The route to try, and whether there is one at all. What may have gone through by one is tried by no other."""
    # Who was in hand when its lease ran out may have been sent.
    message.unsure = message.unsure or message.state == State.SENDING
    usable = [route for route in now.routes(message.network, message.kind) if route.key not in message.passed]
    if message.unsure:
        usable = [route for route in usable if route.key == message.carried_by] or usable
        message.unsure = any(route.key == message.carried_by for route in usable)
    up = [route for route in usable if not now.is_down(route)]
    return (up[0] if up else None), bool(usable)


def _take(message: Message, route: Route | None) -> None:
    message.state = State.SENDING
    message.attempts += 1
    message.due_at = clock.now() + LEASE
    message.carried_by = route.key if route else ""
    # News of it may come before its receipt does; until then it is known by the id it goes out with.
    message.receipt = str(message.sent_as)
    message.delivery = ""
    message.save(update_fields=["state", "attempts", "due_at", "unsure", "carried_by", "receipt", "delivery"])


def _see_to(claim: Claim, now: Round) -> int:
    """Send a claimed message, or give it up where it can't be of use; returns 1 when it went out."""
    message, route = claim.message, claim.route
    if message.attempts > MOST_TRIES:
        failing.give_up(message, Trouble.INTERRUPTED)
    elif message.useful_until is not None and message.useful_until < clock.now():
        failing.give_up(message, Trouble.TOO_LATE)
    elif claim.stopped and message.template != "stopped":
        failing.leave_in_peace(message, now.routes)
    elif route is None:
        failing.move_on(message, now.routes, Trouble.NO_CHANNEL, message.kind)
    else:
        return _try(message, route, now)
    return 0


def _try(message: Message, route: Route, now: Round) -> int:
    """One try to send a claimed message; returns 1 when it went out."""
    try:
        receipt = route.channel.send(_outgoing(message))
    except OptedOut:
        failing.opted_out(message, now.routes)
    except PermanentFailure as failure:
        failing.move_on(message, now.routes, Trouble.REFUSED, str(failure))
    except RetryableFailure as failure:
        if isinstance(failure, ChannelDown):
            now.note_down(route)
        elsewhere = isinstance(failure, ChannelDown) and _has_other(message, now)
        failing.put_off(message, now.routes, failure, at_once=elsewhere)
    except Unreadable:
        failing.wait(message, Trouble.UNREADABLE)
    except (Incomplete, KeyError) as fault:
        failing.give_up(message, Trouble.UNWRITABLE, type(fault).__name__)
    except Exception as fault:  # noqa: BLE001 - a channel's surprise must not stop the others' messages
        # Only the kind of the fault: its words may hold an address.
        logger.error("sending message %s failed: %s", message.pk, type(fault).__name__)
        failing.put_off(message, now.routes, RetryableFailure(type(fault).__name__, unsure=True))
    else:
        note_sent(message, receipt)
        return 1
    return 0


def _has_other(message: Message, now: Round) -> bool:
    """Whether another route of the same kind is worth trying in this very round."""
    return any(
        route.key not in message.passed and not now.is_down(route)
        for route in now.routes(message.network, message.kind)
    )


def note_sent(message: Message, receipt: str) -> None:
    """It did go out, whatever happened to the row meanwhile (a cancellation, another try).

    Where the other side has told already that it did not arrive, the next way takes over at once.
    """
    news = {
        "state": State.SENT,
        "due_at": None,
        "sent_at": clock.now(),
        "died_at": None,
        "erase_at": failing.erase_at(message),
        "receipt": (receipt or str(message.sent_as))[:120],
        "unsure": False,
        "last_error": "",
        "last_detail": "",
    }
    if row_of(message).exclude(delivery=Message.Delivery.FAILED).update(**news):
        return
    with transaction.atomic():
        row_of(message).update(**news)
        failing.did_not_arrive(message, "")


def _outgoing(message: Message) -> OutgoingMessage:
    # What was kept closed so far, in one look.
    opened = row_of(message).only("to", "context").get()
    message.to, message.context = opened.to, opened.context
    name = message.network.name
    return OutgoingMessage(
        id=message.sent_as,
        template=message.template,
        network_name=name,
        to=Address(kind=message.kind, value=message.to, language=message.language),
        written=write(message.template, message.language, message.context, network=name),
        stop_link=_break_link() if CATALOGUE[message.template].unasked else "",
        unsure=message.unsure,
        queued_at=message.created_at,
        network=message.network_id,
    )


def _break_link() -> str:
    """Where a member takes a break from being asked."""
    return settings.COMMONWEAL_BASE_URL + reverse("members:profile")
