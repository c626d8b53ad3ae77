"""Whom a network knows itself: all vouching begins with them (docs/explanation/trust.md).

They are who holds a mandate; but mandates stand some floors above. So the room that has them says here, when the
program starts, how they are found.
"""

import uuid
from collections.abc import Callable

from commonweal.networks.models import Network

Finder = Callable[[Network], set[uuid.UUID]]
_finders: list[Finder] = []


def seeds_are(finder: Finder) -> Finder:
    """From now on, ``finder`` says who they are. Can stand above its definition."""
    _finders[:] = [finder]
    return finder


def seeds_of(network: Network) -> set[uuid.UUID]:
    """Whom the network knows itself, by id; nobody where no room says."""
    return {member for finder in _finders for member in finder(network)}
