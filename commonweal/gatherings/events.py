"""News of shifts; each carries ids only."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftStarted:
    """A dispatcher is on shift."""

    network: uuid.UUID
    shift: uuid.UUID
    member: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEnded:
    """A dispatcher went off shift, or handed over."""

    network: uuid.UUID
    shift: uuid.UUID
    member: uuid.UUID
