"""The sender: takes what is due out of the outbox and hands it to the channels.

At least once: a message is claimed for a time (a lease) and sent outside of any transaction. A worker killed between
sending and noting it leaves the lease to run out; the message then goes out again by the same route, with the same id,
marked as unsure, so that a channel which knows it again keeps the second copy back.
"""

import contextlib
import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse

from commonweal.base import clock
from commonweal.base.crypto import Unreadable
from commonweal.messaging import failing
from commonweal.messaging.catalogue import CATALOGUE, ORDINARY, URGENT
from commonweal.messaging.errors import ChannelDown, OptedOut, PermanentFailure, RetryableFailure
from commonweal.messaging.failing import LEASE, MOST_TRIES, row_of
from commonweal.messaging.holding import count_unlimited, hold_until, uncount
from commonweal.messaging.models import Message, Stop
from commonweal.messaging.port import Address, Channel, OutgoingMessage, Route, routes
from commonweal.messaging.writing import Incomplete, write
from commonweal.networks.models import Network

logger = logging.getLogger(__name__)
State, Trouble = Message.State, Message.Trouble

# A round ends after this time, so that one slow channel does not keep the worker from everything else.
ROUND_SECONDS = 30.0
# So many are taken in hand together while they go out within this time: not for long, so that a code that comes
# meanwhile waits for no more than one slow message, and little is in doubt when the worker is killed.
MOST_TOGETHER, QUICK_SECONDS = 32, 0.5
# What taking a message in hand changes.
TAKEN = ("state", "attempts", "due_at", "unsure", "carried_by", "receipt", "delivery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A message in hand, the route it is to take, if there is one, and whether its reader wants no messages there.

    ``before`` is what taking it has changed.
    """

    message: Message
    route: Route | None
    stopped: bool
    before: dict[str, Any]


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


def send_due(limit: int = 400) -> int:
    """Send up to ``limit`` messages that are due, the urgent first; returns how many went out.

    A round lasts half a minute at most. A channel that cannot be reached is left alone for the rest of the round. As
    long as they go out quickly, more and more are taken in hand together, with one commit before and one after them.
    """
    began, sent, together, now = time.monotonic(), 0, 1, Round()
    try:
        while limit > 0 and (at := time.monotonic()) - began <= ROUND_SECONDS:
            claims = claim_due(now, min(together, limit))
            if not claims:
                break
            limit -= len(claims)
            sent += _see_to_all(claims, now)
            together = min(MOST_TOGETHER, 2 * together) if time.monotonic() - at < QUICK_SECONDS else 1
    finally:
        now.close()
    return sent


def _due() -> QuerySet[Message]:
    # Both priorities are named so that the index answers by its first column.
    due = Message.objects.filter(priority__in=(URGENT, ORDINARY), due_at__lte=clock.now())
    return due.order_by("priority", "due_at", "id")


def claim_due(now: Round, most: int) -> Sequence[Claim]:
    """Take up to ``most`` due messages for a lease, the urgent first; none where nothing is due.

    What is encrypted stays closed: a lost key must not stop the round. Rows that others hold are passed over, so that
    nobody is waited for while several are locked.
    """
    stop = Stop.objects.filter(network_id=OuterRef("network_id"), contact_index=OuterRef("to_index"))
    claims: list[Claim] = []
    networks: dict[uuid.UUID, Network] = {}
    with transaction.atomic():
        while not claims:
            due = now.open(_due()).annotate(stopped=Exists(stop)).select_related("network")
            locked = due.select_for_update(skip_locked=True, of=("self",))
            messages = list(locked.defer("to", "context", "others")[:most])
            if not messages:
                break
            for message in messages:
                message.network = networks.setdefault(message.network_id, message.network)
                claims += _claimed(message, now)
        count_unlimited(claim.message for claim in claims)
        _take(claims)
    return claims


def _claimed(message: Message, now: Round) -> list[Claim]:
    """The claim to a locked message; none where it has to wait."""
    before = {name: getattr(message, name) for name in TAKEN}
    route, usable = _choose(message, now)
    if route is None and usable:
        now.skip(message)
        return []
    if later := hold_until(message):
        message.state, message.due_at, message.last_error = State.QUEUED, *later
        message.save(update_fields=["state", "due_at", "last_error"])
        return []
    stopped: bool = message.stopped  # type: ignore[attr-defined]  # annotated
    return [Claim(message=message, route=route, stopped=stopped, before=before)]


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


def _take(claims: Sequence[Claim]) -> None:
    """Note them as being sent, those that go the same way in one statement."""
    alike: dict[tuple[str, bool], list[Message]] = {}
    for claim in claims:
        message = claim.message
        message.state = State.SENDING
        message.attempts += 1
        message.due_at = clock.now() + LEASE
        message.carried_by = claim.route.key if claim.route else ""
        # News of it may come before its receipt does; until then it is known by the id it goes out with.
        message.receipt = str(message.sent_as)
        message.delivery = ""
        alike.setdefault((message.carried_by, message.unsure), []).append(message)
    for (carried_by, unsure), messages in alike.items():
        due_at = messages[0].due_at
        for message in messages:
            message.due_at = due_at
        _rows(messages).update(
            state=State.SENDING,
            attempts=F("attempts") + 1,
            due_at=due_at,
            unsure=unsure,
            carried_by=carried_by,
            receipt=_each(messages, [message.receipt for message in messages]),
            delivery="",
        )


def _rows(messages: Sequence[Message]) -> QuerySet[Message]:
    networks = {message.network_id for message in messages}
    return Message.objects.filter(network__in=networks, pk__in=[message.pk for message in messages])


def _each(messages: Sequence[Message], values: Sequence[str]) -> Case:
    """A value of its own for each message."""
    pairs = zip(messages, values, strict=True)
    return Case(
        *(When(pk=message.pk, then=Value(value)) for message, value in pairs), output_field=CharField()
    )


def _see_to_all(claims: Sequence[Claim], now: Round) -> int:
    """Send the claimed messages, and note together what went out; returns how many did.

    When sending turns slow, or a channel is found to be down, those that were not begun are handed back.
    """
    sent: list[tuple[Message, str]] = []
    began = time.monotonic()
    _open(claims)
    try:
        for place, claim in enumerate(claims):
            if place and (_is_down(claim, now) or time.monotonic() - began > QUICK_SECONDS):
                _hand_back(claims[place:])
                break
            receipt = _see_to(claim, now)
            if receipt is not None:
                sent.append((claim.message, receipt))
    finally:
        _note_all_sent(sent)
    return len(sent)


def _is_down(claim: Claim, now: Round) -> bool:
    return claim.route is not None and now.is_down(claim.route)


def _open(claims: Sequence[Claim]) -> None:
    """Read what was kept closed, in one look; what can't be read is left to its own turn."""
    by_key = {claim.message.pk: claim.message for claim in claims}
    with contextlib.suppress(Unreadable):
        for opened in list(_rows(list(by_key.values())).only("to", "context")):
            message = by_key[opened.pk]
            message.to, message.context = opened.to, opened.context


def _hand_back(claims: Sequence[Claim]) -> None:
    """What was taken in hand and not begun waits again, as if it had not been taken."""
    with transaction.atomic():
        untried = [claim.message for claim in claims if failing.held(claim.message).update(**claim.before)]
        for claim in claims:
            claim.message.attempts = claim.before["attempts"]
        uncount(untried)


def _see_to(claim: Claim, now: Round) -> str | None:
    """Send a claimed message, or give it up where it can't be of use; returns the receipt when it went out."""
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
    return None


def _try(message: Message, route: Route, now: Round) -> str | None:
    """One try to send a claimed message; returns the receipt when it went out."""
    try:
        return route.channel.send(_outgoing(message))
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
    return None


def _has_other(message: Message, now: Round) -> bool:
    """Whether another route of the same kind is worth trying in this very round."""
    return any(
        route.key not in message.passed and not now.is_down(route)
        for route in now.routes(message.network, message.kind)
    )


def _note_all_sent(sent: Sequence[tuple[Message, str]]) -> None:
    """Note what went out, in one statement as far as nothing else has happened to it or is happening just now."""
    alike: dict[uuid.UUID, list[tuple[Message, str]]] = {}
    for message, receipt in sent:
        alike.setdefault(message.network_id, []).append((message, receipt))
    for several in alike.values():
        noted = _noted_together(several) if len(several) > 1 else set()
        for message, receipt in several:
            if message.pk not in noted:
                note_sent(message, receipt)


@transaction.atomic
def _noted_together(sent: Sequence[tuple[Message, str]]) -> set[uuid.UUID]:
    """Note messages of one network; which of them were. What others hold is left, so that nobody waits in a circle."""
    rows = _rows([message for message, _receipt in sent]).exclude(delivery=Message.Delivery.FAILED)
    free = set(rows.order_by("id").select_for_update(skip_locked=True).values_list("pk", flat=True))
    ours = [(message, receipt) for message, receipt in sent if message.pk in free]
    if ours:
        messages = [message for message, _receipt in ours]
        receipts = [_receipt(message, receipt) for message, receipt in ours]
        _rows(messages).update(**_went_out(messages[0]), receipt=_each(messages, receipts))
    return free


def _receipt(message: Message, given: str) -> str:
    return (given or str(message.sent_as))[:120]


def _went_out(message: Message) -> dict[str, Any]:
    return {
        "state": State.SENT,
        "due_at": None,
        "sent_at": clock.now(),
        "died_at": None,
        "erase_at": failing.erase_at(message),
        "unsure": False,
        "last_error": "",
        "last_detail": "",
    }


def note_sent(message: Message, receipt: str) -> None:
    """It did go out, whatever happened to the row meanwhile (a cancellation, another try).

    Where the other side has told already that it did not arrive, the next way takes over at once.
    """
    news = {**_went_out(message), "receipt": _receipt(message, receipt)}
    if row_of(message).exclude(delivery=Message.Delivery.FAILED).update(**news):
        return
    with transaction.atomic():
        row_of(message).update(**news)
        failing.did_not_arrive(message, "")


def _outgoing(message: Message) -> OutgoingMessage:
    if {"to", "context"} & message.get_deferred_fields():
        # It could not be opened together with the others.
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
        link=str(message.context.get("link", "")),
    )


def _break_link() -> str:
    """Where a member takes a break from being asked."""
    return settings.COMMONWEAL_BASE_URL + reverse("members:profile")
