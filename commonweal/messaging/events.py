"""News of messages."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDied:
    """A message was given up; a person has to see to it. ``about`` and ``about_id`` name what it was about."""

    network: uuid.UUID
    message: uuid.UUID
    template: str
    about: str
    about_id: uuid.UUID | None
