"""Giving a steward a channel of the own network, or refusing as if it did not exist."""

import uuid

from commonweal.assembly.access import require_mandate
from commonweal.assembly.models import Mandate
from commonweal.channels.adapters import Adapter, adapters
from commonweal.channels.errors import NoSuchAdapter, SetupNotFound
from commonweal.channels.models import ChannelSetup
from commonweal.networks.models import Network

of_stewards = require_mandate(Mandate.Role.STEWARD)


def setup_of(network: Network, key: uuid.UUID) -> ChannelSetup:
    """A channel of this network; raises SetupNotFound, also where the program no longer knows its kind."""
    setup = ChannelSetup.objects.select_related("network").filter(network=network, pk=key).first()
    if setup is None or setup.adapter not in adapters():
        raise SetupNotFound
    return setup


def adapter_called(key: str) -> Adapter:
    """A kind of channel; raises NoSuchAdapter."""
    found = adapters().get(key)
    if found is None:
        raise NoSuchAdapter
    return found
