"""Who carries a one-time code to its owner.

A code goes out through the outbox, in the transaction that makes it; but the outbox stands a floor above. So the room
that has it says here, when the program starts, who takes codes.
"""

from typing import Protocol

from django.core.exceptions import ImproperlyConfigured

from commonweal.members.models import Confirmation


class Courier(Protocol):
    """Takes a code on its way, inside the transaction that makes it; ``confirmation`` says to whom and until when."""

    def __call__(self, *, confirmation: Confirmation, code: str) -> object: ...


_couriers: list[Courier] = []


def take_codes(courier: Courier) -> Courier:
    """From now on, ``courier`` takes the codes. Can stand above its definition."""
    _couriers[:] = [courier]
    return courier


def send_code(*, confirmation: Confirmation, code: str) -> None:
    """Give the code to whoever takes codes; raises ImproperlyConfigured where nobody does."""
    if not _couriers:
        raise ImproperlyConfigured("nobody takes one-time codes: no room called members.courier.take_codes")
    _couriers[0](confirmation=confirmation, code=code)
