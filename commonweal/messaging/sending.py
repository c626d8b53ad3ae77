"""The sender: takes what is due out of the outbox and hands it to the channels.

At least once: a message is claimed for a time (a lease) and sent outside of any transaction. A worker killed between
sending and noting it leaves the lease to run out, and the message goes out again with the same id.
"""

import contextlib
import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from commonweal.base import bus, clock
from commonweal.base.crypto import Unreadable
from commonweal.base.eventlog import By, record
from commonweal.messaging.catalogue import CATALOGUE, ORDINARY, URGENT
from commonweal.messaging.errors import ChannelDown, PermanentFailure, RetryableFailure
from commonweal.messaging.events import MessageDied
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address, Channel, OutgoingMessage, channel_for
from commonweal.messaging.writing import Incomplete, write

logger = logging.getLogger(__name__)
State, Trouble = Message.State, Message.Trouble

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
LONGEST_WAIT = timedelta(days=1)
LEASE = timedelta(minutes=3)
# A round ends after this time, so that one slow channel does not keep the worker from everything else.
ROUND_SECONDS = 30.0


class NoChannel(PermanentFailure):
    """No channel carries this kind of address."""


def messages_are_due() -> bool:
    """Whether anything waits to be sent now: one look at a partial index."""
    return _due().exists()


def send_due(limit: int = 200) -> int:
    """Send up to ``limit`` messages that are due, the urgent first; returns how many went out.

    A round lasts half a minute at most. A channel that cannot be reached is left alone for the rest of the round.
    """
    began, sent, down = time.monotonic(), 0, set[str]()
    used: dict[str, Channel] = {}
    try:
        for _ in range(limit):
            if time.monotonic() - began > ROUND_SECONDS:
                break
            message = _claim(without=down)
            if message is None:
                break
            if message.attempts > len(BACK_OFF) + 1:
                _give_up(message, Trouble.INTERRUPTED)
            elif message.useful_until is not None and message.useful_until < clock.now():
                _give_up(message, Trouble.TOO_LATE)
            else:
                sent += _try(message, used, down)
    finally:
        for channel in used.values():
            with contextlib.suppress(Exception):
                channel.close()
    return sent


def _due() -> QuerySet[Message]:
    # Both priorities are named so that the index answers by its first column.
    due = Message.objects.filter(priority__in=(URGENT, ORDINARY), due_at__lte=clock.now())
    return due.order_by("priority", "due_at", "id")


def _claim(*, without: set[str]) -> Message | None:
    """Take the next due message for a lease. What is encrypted stays closed: a lost key must not stop the round."""
    with transaction.atomic():
        due = _due().exclude(kind__in=without).select_for_update(skip_locked=True, of=("self",))
        message = due.defer("to", "context").first()
        if message is not None:
            message.state = State.SENDING
            message.attempts += 1
            message.due_at = clock.now() + LEASE
            message.save(update_fields=["state", "attempts", "due_at"])
    return message


def _try(message: Message, used: dict[str, Channel], down: set[str]) -> int:
    """One try to send a claimed message; returns 1 when it went out."""
    try:
        receipt = _channel(message.kind, used).send(_outgoing(message))
    except NoChannel:
        _give_up(message, Trouble.NO_CHANNEL, message.kind)
    except PermanentFailure as failure:
        _give_up(message, Trouble.REFUSED, str(failure))
    except RetryableFailure as failure:
        if isinstance(failure, ChannelDown):
            down.add(message.kind)
        _put_off(message, Trouble.UNREACHABLE, str(failure), failure.retry_after)
    except Unreadable:
        _put_off(message, Trouble.UNREADABLE)
    except (Incomplete, KeyError) as fault:
        _give_up(message, Trouble.UNWRITABLE, type(fault).__name__)
    except Exception as fault:  # noqa: BLE001 - a channel's surprise must not stop the others' messages
        # Only the kind of the fault: its words may hold an address.
        logger.error("sending message %s failed: %s", message.pk, type(fault).__name__)
        _put_off(message, Trouble.UNREACHABLE, type(fault).__name__)
    else:
        _note_sent(message, receipt)
        return 1
    return 0


def _note_sent(message: Message, receipt: str) -> None:
    """It did go out, whatever happened to the row meanwhile (a cancellation, another try)."""
    now = clock.now()
    _row(message).update(
        state=State.SENT,
        due_at=None,
        sent_at=now,
        died_at=None,
        erase_at=_erase_at(message),
        receipt=receipt[:120],
        last_error="",
        last_detail="",
    )


def _erase_at(message: Message) -> datetime:
    return clock.now() + message.network.policy.span("erase_days")


def _channel(kind: str, used: dict[str, Channel]) -> Channel:
    channel = used.get(kind) or channel_for(kind)
    if channel is None:
        raise NoChannel(kind)
    used[kind] = channel
    return channel


def _outgoing(message: Message) -> OutgoingMessage:
    return OutgoingMessage(
        id=message.pk,
        template=message.template,
        network_name=message.network.name,
        to=Address(kind=message.kind, value=message.to, language=message.language),
        written=write(message.template, message.language, message.context),
        stop_link=_break_link() if CATALOGUE[message.template].unasked else "",
    )


def _break_link() -> str:
    """Where a member takes a break from being asked."""
    return settings.COMMONWEAL_BASE_URL + reverse("members:profile")


def _put_off(
    message: Message, trouble: Message.Trouble, detail: str = "", at_least: timedelta | None = None
) -> None:
    """Try again later, or give up after the last of the waits."""
    if message.attempts > len(BACK_OFF):
        _give_up(message, trouble, detail)
        return
    wait = BACK_OFF[message.attempts - 1]
    if at_least is not None:
        wait = min(max(wait, at_least), LONGEST_WAIT)
    _held(message).update(
        state=State.FAILED, due_at=clock.now() + wait, last_error=trouble, last_detail=detail[:120]
    )


def _give_up(message: Message, trouble: Message.Trouble, detail: str = "") -> None:
    """Make it a dead letter, which a person sees."""
    with transaction.atomic():
        changed = _held(message).update(
            state=State.DEAD,
            due_at=None,
            died_at=clock.now(),
            erase_at=_erase_at(message),
            last_error=trouble,
            last_detail=detail[:120],
        )
        if not changed:
            return
        record(message, "died", by=By.PROGRAM, template=message.template, why=str(trouble))
        bus.publish(
            MessageDied(
                network=message.network_id,
                message=message.pk,
                template=message.template,
                about=message.about,
                about_id=message.about_id,
            )
        )


def _row(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(network_id=message.network_id, pk=message.pk)


def _held(message: Message) -> QuerySet[Message]:
    """The row as long as it is still ours: not cancelled meanwhile, the lease not taken over."""
    return _row(message).filter(state=State.SENDING, due_at=message.due_at)
