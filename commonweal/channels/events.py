"""News of channels; each carries ids only."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTried:
    """A steward wants to know whether a channel works: by a look at the other side, or by a message to themselves."""

    network: uuid.UUID
    setup: uuid.UUID
    member: uuid.UUID
    send: bool
    language: str
