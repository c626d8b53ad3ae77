"""News of mandates; each carries ids only."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateGiven:
    """A member holds a role until a date."""

    network: uuid.UUID
    member: uuid.UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateEnded:
    """A member gave a role back, or it was taken from them, before its date."""

    network: uuid.UUID
    member: uuid.UUID
    role: str
