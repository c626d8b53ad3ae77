"""News of members; each carries ids only."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactConfirmed:
    """Somebody proved that a contact is theirs. ``member`` is who has it; None if it is nobody's yet."""

    network: uuid.UUID
    confirmation: uuid.UUID
    member: uuid.UUID | None
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined:
    """A new member."""

    network: uuid.UUID
    member: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberPaused:
    """A member takes a break: nothing new is to be asked of them. What they have agreed to still stands."""

    network: uuid.UUID
    member: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberHeldFromHomes:
    """For a time a member is to be asked for nothing at anybody's home. What they have agreed to still stands."""

    network: uuid.UUID
    member: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCameBack:
    """A member's break is over."""

    network: uuid.UUID
    member: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft:
    """A member left: what they offered and agreed to is no longer theirs to do."""

    network: uuid.UUID
    member: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberShutOut:
    """A member can't take part for a time: what they agreed to is to be done by others."""

    network: uuid.UUID
    member: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptApart:
    """Two members are never to be brought together again; which of them wanted it is nobody's business."""

    network: uuid.UUID
    member: uuid.UUID
    other: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedApart:
    """A member wants never to be brought together with somebody from whom they are kept apart already."""

    network: uuid.UUID
    member: uuid.UUID
    other: uuid.UUID
