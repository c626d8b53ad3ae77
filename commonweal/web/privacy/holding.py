"""What is held on one person, from the registry of what is kept about people (`base.personal`)."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from commonweal.base.fields import EncryptedJSONField
from commonweal.base.lists import in_a_row
from commonweal.base.personal import Finder, Kept, Personal, registry
from commonweal.exchange.models import Ask
from commonweal.members.models import Member
from commonweal.networks.languages import language_name
from commonweal.networks.models import Network

# More of one kind than this is counted, and its newest are shown.
MOST = 200
ROOMS = ("members", "exchange", "intake", "messaging", "assembly")
LANGUAGES = {"language", "languages"}
TIMES = ("at", "created_at", "received_at", "sent_at", "starts_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One thing that is held: what, why, who may read it besides the person, until when, and what it says.

    ``count`` is how many rows there are; ``entries`` are those that can be spelled out, with the moment they are of.
    """

    what: str
    why: str
    readers: str
    until: str
    count: int
    entries: tuple["Entry", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one row says, by field, and when it came to be."""

    at: datetime | None
    said: dict[str, str]

    @property
    def text(self) -> str:
        """All of it in a row."""
        return in_a_row(list(dict.fromkeys(self.said.values())))


def held_on_member(member: Member) -> list[Held]:
    """All that is held on a member; a query for each kind of thing."""
    return [
        held
        for kept in _nearest_first()
        if kept.of_member is not None
        for held in _held(kept, kept.of_member, member, member.network)
    ]


def held_on_asker(asks: Sequence[Ask]) -> list[Held]:
    """All that is held on who asked by a private link, which the asks of a series share."""
    found: dict[tuple[str, str], Held] = {}
    for ask in asks:
        for kept in _nearest_first():
            if kept.of_ask is None:
                continue
            for held in _held(kept, kept.of_ask, ask, ask.network):
                known = found.get((kept.model._meta.label, held.what))
                found[kept.model._meta.label, held.what] = held if known is None else _joined(known, held)
    return list(found.values())


def _nearest_first() -> list[Kept]:
    """What somebody said of themselves before what the program keeps to do its work."""
    place = {room: number for number, room in enumerate(ROOMS)}
    return sorted(registry(), key=lambda kept: place.get(kept.model._meta.app_label, len(ROOMS)))


def _joined(one: Held, other: Held) -> Held:
    return Held(
        what=one.what,
        why=one.why,
        readers=one.readers,
        until=one.until,
        count=one.count + other.count,
        entries=one.entries + other.entries,
    )


def _held(kept: Kept, finder: Finder, person: Any, network: Network) -> Iterator[Held]:
    found = finder(person)
    rows = list(found.order_by("-pk")[: MOST + 1])
    count = len(rows) if len(rows) <= MOST else found.count()
    for thing in kept.things if rows else ():
        entries = tuple(entry for row in rows[:MOST] if (entry := _entry(row, thing)).said)
        if entries or not thing.shown:
            yield Held(
                what=str(thing.what),
                why=str(thing.why),
                readers=in_a_row([str(reader.label) for reader in thing.readers]),
                until=thing.until(network.policy),
                count=len(entries) if thing.shown and count <= MOST else count,
                entries=entries,
            )


def _entry(row: models.Model, thing: Personal) -> Entry:
    said = {name: _said(row, name) for name in thing.shown}
    at = next((getattr(row, name) for name in TIMES if getattr(row, name, None)), None)
    return Entry(at=at, said={name: text for name, text in said.items() if text})


def _said(row: models.Model, name: str) -> str:
    """What a field says, for a person to read; of a place its words, of a language its name."""
    value, field = getattr(row, name), row._meta.get_field(name)
    if value in (None, "", [], {}):
        return ""
    if getattr(field, "choices", None):
        return str(getattr(row, f"get_{name}_display")())
    if name in LANGUAGES:
        codes = value if isinstance(value, list) else [value]
        return in_a_row([language_name(code) for code in codes])
    if isinstance(field, EncryptedJSONField):
        return str(value.get("text", "")) or in_a_row([str(part) for part in value.values()])
    if isinstance(value, list):
        return in_a_row([str(part) for part in value])
    return str(value)


def asks_of_link(network_id: uuid.UUID, token_hash: str) -> list[Ask]:
    """The asks that one private link leads to, the newest first."""
    found = Ask.objects.filter(network_id=network_id, token_hash=token_hash).order_by("-pk")
    return list(found.select_related("network", "category", "area", "by"))
