"""News of messages."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsUsedUp:
    """The text messages of a network's day are used up; the rest waits. ``day`` is the id of its count."""

    network: uuid.UUID
    day: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDied:
    """A message was given up; a person has to see to it. ``about`` and ``about_id`` name what it was about."""

    network: uuid.UUID
    message: uuid.UUID
    template: str
    about: str
    about_id: uuid.UUID | None
