"""One turn of a conversation: what was heard, and what it comes to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from commonweal.intake.conversations.meanings import Heard
from commonweal.intake.conversations.situation import Situation
from commonweal.intake.conversations.table import State
from commonweal.intake.models import Conversation, Inbound
from commonweal.intake.reading.model import Reading
from commonweal.members.contacts import Contact
from commonweal.networks.models import Network

# How much of a title a reply repeats.
LONGEST_TITLE = 28


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: a template of the outbox, and what it needs besides the network's name."""

    template: str
    context: Mapping[str, Any]


@dataclass(kw_only=True)
class Turn:
    """A message being answered. A deed calls the verbs of the rooms below, and says here what is to be answered.

    ``is_first``: nothing was ever said in this conversation. ``replies`` are written when the deed is done.
    ``elsewhere`` names a message that an action has queued to this very contact, which is answer enough. ``why`` is
    for a person to read it: empty where none has to. ``words`` are to be handed on, once it is said to whom.
    """

    network: Network
    talk: Conversation
    inbound: Inbound
    heard: Heard
    now: datetime
    read: Callable[[str], Reading]
    is_first: bool = False
    replies: list[Reply] = field(default_factory=list)
    elsewhere: str = ""
    why: str = ""
    words: str = ""

    @cached_property
    def contact(self) -> Contact:
        """Who is talked with."""
        return Contact(kind=self.talk.kind, value=self.talk.contact)

    @cached_property
    def there(self) -> Situation:
        """What is open between them and the network."""
        return Situation(network=self.network, contact=self.contact, now=self.now)

    @cached_property
    def reading(self) -> Reading:
        """The message as far as it can be understood."""
        return self.read(self.heard.text)

    @property
    def held(self) -> dict[str, Any]:
        """What was said so far and is not done yet."""
        return self.talk.held or {}

    def say(self, template: str, **context: Any) -> None:
        """Answer with a template of the outbox."""
        self.replies.append(Reply(template, context))

    def go(self, state: State, **held: Any) -> None:
        """Go on in this state, holding this and nothing else."""
        self.talk.state, self.talk.held = state.value, held

    def to_person(self, why: str) -> None:
        """Let a person read it; ``why`` is a word for the desk."""
        self.why = why


Deed = Callable[[Turn], None]
DEEDS: dict[str, Deed] = {}


def deed(function: Deed) -> Deed:
    """Register a deed under its function's name, which the table uses."""
    DEEDS[function.__name__.rstrip("_")] = function
    return function


def short(title: str) -> str:
    """A title that fits into a text message beside other words."""
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 2].rstrip() + ".."
