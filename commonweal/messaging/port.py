"""The port that channels implement: what a message is outside of this room, and which channel carries it."""

import functools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from commonweal.networks.models import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where one person is reached: ``kind`` is ``email``, ``phone`` or ``push``; ``language`` is theirs."""

    kind: str
    value: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message in words: one line of subject, a plain body, and the short form for a text message."""

    subject: str
    body: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One message as a channel gets it. ``id`` stays the same over all tries: it is the key to be idempotent by.

    ``unsure``: an earlier try by this route may have gone through, nobody knows; a channel whose other side does not
    know ids again looks there first, for what is not older than ``queued_at``. ``stop_link`` leads to where the reader
    stops messages of this kind; empty for those that answer what they did. ``network`` is whose message it is, ``link``
    the page of ours that tells the rest, where there is one.
    """

    id: uuid.UUID
    template: str
    network_name: str
    to: Address
    written: Written
    stop_link: str = ""
    unsure: bool = False
    queued_at: datetime | None = None
    network: uuid.UUID | None = None
    link: str = ""


class Channel(Protocol):
    """A way out. ``kinds`` are the kinds of address it carries.

    ``send`` returns once the other side has taken the message, with its receipt ("" where there is none), and raises
    PermanentFailure, RetryableFailure or ChannelDown otherwise. ``close`` ends a round of sending.
    """

    kinds: frozenset[str]

    def send(self, message: OutgoingMessage) -> str:
        """Hand one message over and return the receipt."""
        ...

    def close(self) -> None:
        """Let go of what was kept open between two messages."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way out that a network has: its ``key`` stays the same, and is kept with what it carried."""

    key: str
    channel: Channel


# The routes of a network for one kind of address, the first choice first; None where the installation's own is meant.
Router = Callable[[Network, str], tuple[Route, ...] | None]
_routers: list[Router] = []


def use_router(router: Router) -> Router:
    """From now on, ``router`` says which routes a network has. Can stand above its definition."""
    _routers[:] = [router]
    return router


def routes(network: Network, kind: str) -> tuple[Route, ...]:
    """The ways out for this kind of address, the first choice first: the network's own, else the installation's."""
    own = _routers[0](network, kind) if _routers else None
    if own is not None:
        return own
    channel = installed_channel(kind)
    return (Route(key=kind, channel=channel),) if channel else ()


def installed_channel(kind: str) -> Channel | None:
    """What carries this kind of address by ``settings.COMMONWEAL_CHANNELS``, or None."""
    path = settings.COMMONWEAL_CHANNELS.get(kind)
    return _channel(path) if path else None


@functools.cache
def _channel(path: str) -> Channel:
    channel: Channel = import_string(path)()
    return channel
