"""News of networks."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCreated:
    """There is a new network."""

    network: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChanged:
    """A network put new settings in force."""

    network: uuid.UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchesWanted:
    """Helpers with one kind of thing have to be vouched for better or less well than before."""

    network: uuid.UUID
    category: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatBegan:
    """Worse times have begun for a network: what is kept is to become as little as can be."""

    network: uuid.UUID
