"""A phone to talk with the network by, and a reader that knows a handful of words.

Conversations are tested apart from the classifier: what a text means is said here, word by word.
"""

import itertools
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from commonweal.base import clock
from commonweal.exchange.tests.cast import Town
from commonweal.intake.actions import receive
from commonweal.intake.actions.conversing import converse_due
from commonweal.intake.models import Conversation, Inbound
from commonweal.intake.reading.model import Found, Reading
from commonweal.members.contacts import Contact
from commonweal.messaging.models import Message
from commonweal.messaging.writing import write
from commonweal.networks.models import Network

NUMBERS = itertools.count(1)
KNOWN = {
    "food": "groceries",
    "groceries": "groceries",
    "comida": "groceries",
    "طعام": "groceries",
    "ride": "ride",
}
SPANISH = re.compile(r"\b(necesito|necesitamos|comida|para|puedo|hoy|el)\b", re.IGNORECASE)


def read_message(network: Network, text: str, *, language: str = "", at: Any = None) -> Reading:
    """What the words that this reader knows say."""
    found: dict[str, Any] = {}
    words = text.casefold()
    slug = next((slug for word, slug in KNOWN.items() if word in words), "")
    if slug:
        found["category"] = Found(value=_category(network, slug), confidence=0.9, words=slug)
    for area in _areas(network):
        if area.name.casefold() in words:
            found["area"] = Found(value=area.pk, confidence=0.95, words=area.name)
    people = re.search(r"\b(?:for|para) (\d+)", words)
    if people:
        found["people"] = Found(value=int(people[1]), confidence=0.9, words=people[0])
    name = re.search(r"\b(?:i am|this is|soy) (\w+)", text, re.IGNORECASE)
    if name:
        found["called"] = Found(value=name[1], confidence=0.9, words=name[0])
    if "tomorrow" in words:
        day = clock.now() + timedelta(days=1)
        found["span"] = Found(value=(day, day + timedelta(hours=2)), confidence=0.9, words="tomorrow")
    if "today" in words or "hoy" in words:
        found["urgency"] = Found(value=2, confidence=0.9, words="today")
    if "can't breathe" in words or "fire" in words:
        found["danger"] = Found(value="health", confidence=0.9, words=text[:20])
    spoken = "ar" if re.search("[\u0600-\u06ff]", text) else "es" if SPANISH.search(text) else "en"
    return Reading(
        language=Found(value=language or spoken, confidence=0.9),
        is_offer=Found(value="i can" in words or "puedo" in words, confidence=0.9),
        **found,
    )


def _category(network: Network, slug: str) -> Any:
    from commonweal.networks.queries import categories_of

    return next(category.pk for category in categories_of(network) if category.slug == slug)


def _areas(network: Network) -> Any:
    from commonweal.networks.queries import areas_of

    return areas_of(network)


@dataclass
class Phone:
    """One number and whoever holds it."""

    network: Network
    number: str = "+14105550123"
    kind: str = "phone"
    heard: list[str] = field(default_factory=list)
    seen: set[Any] = field(default_factory=set)

    @property
    def contact(self) -> Contact:
        """As the network knows it."""
        return Contact(kind=self.kind, value=self.number)

    def send(self, text: str, **further: Any) -> Inbound:
        """A text goes out of this phone; nobody has worked on it yet."""
        further.setdefault("sort", "email" if self.kind == "email" else "text")
        provider_id = further.pop("provider_id", f"id-{next(NUMBERS)}")
        return receive(
            network=self.network,
            channel="test",
            provider_id=provider_id,
            sender=self.contact,
            text=text,
            **further,
        ).inbound

    def text(self, text: str, **further: Any) -> str:
        """Send a text, let it be worked on, and read what came back: the new texts, in one."""
        self.send(text, **further)
        converse_due()
        return self.read()

    def templates(self, text: str, **further: Any) -> list[str]:
        """The same, by the names of the templates."""
        self.send(text, **further)
        converse_due()
        return [message.template for message in self._fresh()]

    def read(self) -> str:
        """What came in since the last look."""
        said = [write(row.template, row.language, row.context, network="").text for row in self._fresh()]
        return "\n".join(said)

    def _fresh(self) -> list[Message]:
        rows = Message.objects.filter(network=self.network, due_at__lte=clock.now()).order_by(
            "created_at", "id"
        )
        fresh = [row for row in rows if row.pk not in self.seen and row.to == self.number]
        self.seen |= {row.pk for row in fresh}
        return fresh

    @property
    def talk(self) -> Conversation:
        """Where the conversation stands."""
        return next(
            talk for talk in Conversation.objects.filter(network=self.network) if talk.contact == self.number
        )


def phone_of(town: Town, number: str = "+14105550123") -> Phone:
    """A phone in the town."""
    return Phone(network=town.network, number=number)
