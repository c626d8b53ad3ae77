"""News of asks and offers; each carries ids only."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchWanted:
    """An ask is due to be searched for right now: newly published, changed, put back, or its invitation was refused.

    ``ahead`` is how far it goes ahead of others that wait.
    """

    network: uuid.UUID
    ask: uuid.UUID
    ahead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPublished:
    """A member offers something new, or changed what they offer."""

    network: uuid.UUID
    offer: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgreed:
    """Enough people have said yes."""

    network: uuid.UUID
    ask: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AskClosed:
    """An ask came to its end: done, withdrawn, or resting."""

    network: uuid.UUID
    ask: uuid.UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskErased:
    """An asker had their ask erased before its time."""

    network: uuid.UUID
    ask: uuid.UUID
