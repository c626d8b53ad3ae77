"""The event bus: news travels upwards as frozen dataclasses, after the transaction that made it true.

A subscriber that fails does not undo what happened, and does not keep others from hearing of it. Nothing may depend
on a subscriber for its truth: a process can die between the commit and the call. What must happen is written in the
same transaction (an outbox row, an ask's next step); a subscriber only makes it happen sooner.

A subscriber that does nothing but queue work for the worker is called ``at_once``, inside the transaction: the work is
then queued if and only if what causes it happened, and costs no second durable commit.
"""

import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")
logger = logging.getLogger(__name__)
_muted = ContextVar("commonweal_bus_muted", default=False)
_subscribers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
_at_once: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(
    kind: type[E], *, at_once: bool = False
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function for one kind of event; used in a room's ``subscribers.py``.

    ``at_once`` is for a function that only queues work: it is called inside the transaction, and undone with it.
    """

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        (_at_once if at_once else _subscribers)[kind].append(function)
        return function

    return register


def publish(event: object) -> None:
    """Tell everyone who listens, once the surrounding transaction is committed; at once where there is none."""
    if _muted.get():
        return
    for function in _at_once[type(event)]:
        function(event)
    if _subscribers[type(event)]:
        transaction.on_commit(lambda: _deliver(event))


@contextlib.contextmanager
def muted() -> Iterator[None]:
    """Tell nobody of what happens inside: for filling in a past, where what follows is written down as well."""
    token = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(token)


def _deliver(event: object) -> None:
    for function in _subscribers[type(event)]:
        try:
            function(event)
        except Exception:
            logger.exception("a subscriber of %s failed", type(event).__name__)
