"""Who carries a one-time code to its owner, and the news that a way in was added or taken away.

Both go out through the outbox, in the transaction that makes them; but the outbox stands a floor above. So the room
that has it says here, when the program starts, who takes them.
"""

import uuid
from collections.abc import Sequence
from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from commonweal.members.models import Confirmation, ContactPoint, Member


class Courier(Protocol):
    """Takes a code on its way, inside the transaction that makes it; ``confirmation`` says to whom and until when.

    ``link`` is the path by which the browser that asked for the code can go on without typing it.
    """

    def __call__(self, *, confirmation: Confirmation, code: str, link: str) -> object: ...


class Herald(Protocol):
    """Takes news about a member's ways in to some of their contacts; ``occasion`` makes telling it twice harmless."""

    def __call__(
        self, *, member: Member, news: str, occasion: uuid.UUID, points: Sequence[ContactPoint]
    ) -> object: ...


_couriers: list[Courier] = []
_heralds: list[Herald] = []


def take_codes(courier: Courier) -> Courier:
    """From now on, ``courier`` takes the codes. Can stand above its definition."""
    _couriers[:] = [courier]
    return courier


def take_news(herald: Herald) -> Herald:
    """From now on, ``herald`` takes the news. Can stand above its definition."""
    _heralds[:] = [herald]
    return herald


def send_code(*, confirmation: Confirmation, code: str, link: str) -> None:
    """Give the code to whoever takes codes; raises ImproperlyConfigured where nobody does."""
    if not _couriers:
        raise ImproperlyConfigured("nobody takes one-time codes: no room called members.courier.take_codes")
    _couriers[0](confirmation=confirmation, code=code, link=link)


def send_news(*, member: Member, news: str, occasion: uuid.UUID, points: Sequence[ContactPoint]) -> None:
    """Give the news to whoever takes it; raises ImproperlyConfigured where nobody does."""
    if not _heralds:
        raise ImproperlyConfigured("nobody takes news of sign-ins: no room called members.courier.take_news")
    _heralds[0](member=member, news=news, occasion=occasion, points=points)
