"""What follows when a message could not be sent: it waits, takes the next route, the next way, or is given up.

A route is one provider for one kind of address; a way is one address of the person. What may have gone through by a
route (an answer that never came) stays with that route and its id, until three tries were in vain. What was certainly
not taken goes on at once where the whole route is down, else after three tries. docs/explanation/messages.md says why.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from commonweal.base import bus, clock, crypto
from commonweal.base.crypto import Unreadable
from commonweal.base.eventlog import By, record
from commonweal.members.contacts import Contact
from commonweal.messaging import port
from commonweal.messaging.catalogue import URGENT
from commonweal.messaging.errors import RetryableFailure
from commonweal.messaging.events import MessageDied
from commonweal.messaging.models import Message
from commonweal.messaging.port import Route
from commonweal.messaging.queries import is_stopped
from commonweal.messaging.stopping import put_on_stop_list
from commonweal.networks.models import Network

State, Trouble = Message.State, Message.Trouble
Routes = Callable[[Network, str], tuple[Route, ...]]

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
LONGEST_WAIT = timedelta(days=1)
LEASE = timedelta(minutes=3)
MOST_TRIES = len(BACK_OFF) + 1
# How many vain tries a route gets where there is another: a code is of use for minutes only.
TRIES, TRIES_IF_URGENT = 3, 2


def put_off(message: Message, routes: Routes, failure: RetryableFailure, *, at_once: bool = False) -> None:
    """After a failure that may pass: try again later, or go on; ``at_once`` where another route is up right now."""
    message.unsure = message.unsure or failure.unsure
    if at_once and not message.unsure:
        _held_update(message, state=State.FAILED, due_at=clock.now(), **_trouble(failure))
        return
    tries = TRIES_IF_URGENT if message.priority == URGENT else TRIES
    if message.attempts >= tries and _goes_on(message, routes, str(failure), again=not message.unsure):
        return
    wait(message, Trouble.UNREACHABLE, str(failure), failure.retry_after)


def wait(
    message: Message, trouble: Message.Trouble, detail: str = "", at_least: timedelta | None = None
) -> None:
    """Try the same again later, or give up after the last of the waits."""
    if message.attempts > len(BACK_OFF):
        give_up(message, trouble, detail)
        return
    pause = BACK_OFF[message.attempts - 1]
    if at_least is not None:
        pause = min(max(pause, at_least), LONGEST_WAIT)
    _held_update(
        message,
        state=State.FAILED,
        due_at=clock.now() + pause,
        unsure=message.unsure,
        last_error=trouble,
        last_detail=detail[:120],
    )


def move_on(message: Message, routes: Routes, trouble: Message.Trouble, detail: str = "") -> None:
    """After a failure for good: the next route, else the next way, else a dead letter."""
    if not _goes_on(message, routes, detail, trouble=trouble):
        give_up(message, trouble, detail)


def leave_in_peace(message: Message, routes: Routes) -> None:
    """The reader wants no messages there: another way that they allow, else silence."""
    if _next_way(message, held(message), routes, {"last_error": Trouble.STOPPED, "last_detail": ""}):
        return
    with transaction.atomic():
        changed = held(message).update(
            state=State.CANCELLED, due_at=None, last_error=Trouble.STOPPED, **EMPTIED
        )
        if changed:
            record(message, "withheld", by=By.PROGRAM, template=message.template)


def opted_out(message: Message, routes: Routes) -> None:
    """The other side keeps a list of those who want no messages, and this reader is on it: now on ours too."""
    contact = Contact(kind=message.kind, value=message.to)
    with transaction.atomic():
        put_on_stop_list(network=message.network, contact=contact, words="")
        leave_in_peace(message, routes)


def did_not_arrive(message: Message, detail: str) -> bool:
    """A message that was sent turns out not to have arrived: the next way takes over, once; else a person sees it.

    The caller has locked its row. Returns whether it goes out again by itself.
    """
    trouble = {"last_error": Trouble.UNDELIVERED, "last_detail": detail[:120]}
    mine = row_of(message).filter(state=State.SENT)
    late = message.useful_until is not None and message.useful_until < clock.now()
    if message.to_index and not late and not message.bounced:
        news = trouble | {"sent_at": None, "erase_at": None, "bounced": True}
        if _next_route(message, mine, port.routes, news) or _next_way(message, mine, port.routes, news):
            return True
    _bury(message, mine, Trouble.UNDELIVERED, detail)
    return False


def give_up(message: Message, trouble: Message.Trouble, detail: str = "") -> None:
    """Make it a dead letter, which a person sees."""
    _bury(message, held(message), trouble, detail)


def row_of(message: Message) -> QuerySet[Message]:
    """The row of a message."""
    return Message.objects.filter(network_id=message.network_id, pk=message.pk)


def held(message: Message) -> QuerySet[Message]:
    """The row as long as it is still ours: not cancelled meanwhile, the lease not taken over."""
    return row_of(message).filter(state=State.SENDING, due_at=message.due_at)


def erase_at(message: Message) -> datetime:
    """When its address and words are forgotten, once nothing more happens to it."""
    return clock.now() + message.network.policy.span("erase_days")


EMPTIED: dict[str, Any] = {"to": "", "to_index": "", "others": [], "context": {}, "erase_at": None}


def _trouble(failure: RetryableFailure) -> dict[str, Any]:
    return {"last_error": Trouble.UNREACHABLE, "last_detail": str(failure)[:120]}


def _held_update(message: Message, **news: Any) -> None:
    held(message).update(**news)


def _goes_on(
    message: Message,
    routes: Routes,
    detail: str,
    *,
    trouble: Message.Trouble = Trouble.UNREACHABLE,
    again: bool = False,
) -> bool:
    """Try the next route, else the next way; False where there is neither."""
    why = {"last_error": trouble, "last_detail": detail[:120]}
    mine = held(message)
    return _next_route(message, mine, routes, why) or _next_way(message, mine, routes, why, again=again)


def _next_route(message: Message, mine: QuerySet[Message], routes: Routes, news: dict[str, Any]) -> bool:
    """Give the route of the last try up, and try the others of its kind, if there are any."""
    passed = [*message.passed, message.carried_by]
    if not any(route.key not in passed for route in routes(message.network, message.kind)):
        return False
    mine.update(**news, state=State.FAILED, due_at=clock.now(), attempts=0, unsure=False, passed=passed)
    return True


def _next_way(
    message: Message,
    mine: QuerySet[Message],
    routes: Routes,
    news: dict[str, Any],
    *,
    again: bool = False,
) -> bool:
    """Turn to the next address of the person that can be written to. ``again``: this one may be tried once more later.

    False where there is none, and where the key that opens the addresses is missing.
    """
    try:
        others, here = list(message.others or ()), {"kind": message.kind, "value": message.to, "again": True}
    except Unreadable:
        return False
    while others:
        way = others.pop(0)
        contact = Contact(kind=way["kind"], value=way["value"])
        if is_stopped(message.network, contact) or not routes(message.network, contact.kind):
            continue
        tried = any(other.get("again") for other in (*others, way))
        mine.update(
            **news,
            state=State.FAILED,
            due_at=clock.now(),
            attempts=0,
            turn=message.turn + 1,
            unsure=False,
            passed=[],
            carried_by="",
            kind=contact.kind,
            to=contact.value,
            to_index=crypto.blind_index(contact.value, "contact"),
            others=[*others, here] if again and not tried else others,
        )
        return True
    return False


def _bury(message: Message, mine: QuerySet[Message], trouble: Message.Trouble, detail: str) -> None:
    with transaction.atomic():
        changed = mine.update(
            state=State.DEAD,
            due_at=None,
            died_at=clock.now(),
            erase_at=erase_at(message),
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
