"""The port that channels implement: what a message is outside of this room, and which channel carries it."""

import functools
import uuid
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where one person is reached: ``kind`` is ``email`` or ``phone``, ``value`` normalised, ``language`` theirs."""

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

    ``stop_link`` leads to where the reader stops messages of this kind; empty for those that answer what they did.
    """

    id: uuid.UUID
    template: str
    network_name: str
    to: Address
    written: Written
    stop_link: str = ""


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


def channel_for(kind: str) -> Channel | None:
    """The channel that carries this kind of address by ``settings.COMMONWEAL_CHANNELS``, or None."""
    path = settings.COMMONWEAL_CHANNELS.get(kind)
    return _channel(path) if path else None


@functools.cache
def _channel(path: str) -> Channel:
    channel: Channel = import_string(path)()
    return channel
