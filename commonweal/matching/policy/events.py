"""News of trials."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTried:
    """A member wants to see what a change would have done."""

    network: uuid.UUID
    trial: uuid.UUID
