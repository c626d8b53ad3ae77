"""Reading a network's channels, as their page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise

from commonweal.channels.adapters import Adapter, adapters
from commonweal.channels.addresses import door_address
from commonweal.channels.errors import NothingToTestWith
from commonweal.channels.models import ChannelSetup
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.members.queries import contact_points, push_devices
from commonweal.messaging.models import Message
from commonweal.messaging.queries import is_stopped
from commonweal.networks.models import Network

ICONS = {"good": "check", "shaky": "careful", "bad": "cross", "new": "dots", "off": "pause"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChannel:
    """One channel in the list: what it is, how it is with it and since when, and what waits for it."""

    setup: ChannelSetup
    adapter: Adapter
    waiting: int

    @property
    def light_icon(self) -> str:
        """The drawing beside the word of the light."""
        return ICONS[self.setup.light]

    @property
    def can_send(self) -> bool:
        """Whether anything goes out through it, so that a test can."""
        return bool(self.setup.carries)

    @property
    def hooks(self) -> Sequence[tuple[str | Promise, str]]:
        """The addresses of ours that the other side has to know."""
        return [(hook.label, door_address(self.setup, hook.rest)) for hook in self.adapter.hooks]

    @property
    def trial_at(self) -> datetime | None:
        """When the last test came to its end, or began."""
        at = (self.setup.trial or {}).get("at")
        return datetime.fromisoformat(at) if at else None


def shown_channels(network: Network) -> list[ShownChannel]:
    """Every channel of the network in the order in which they are tried."""
    waiting = _waiting(network)
    setups = ChannelSetup.objects.filter(network=network, adapter__in=adapters()).defer(
        "credentials", "token"
    )
    return [_shown(setup, waiting) for setup in setups]


def shown_channel(setup: ChannelSetup) -> ShownChannel:
    """One of them."""
    return _shown(setup, _waiting(setup.network))


def test_contact(setup: ChannelSetup, member: Member) -> Contact:
    """Where a test reaches a steward: the first confirmed contact, or device, that the channel carries.

    Raises NothingToTestWith, also where they want no messages there.
    """
    contacts = [point.as_contact for point in contact_points(member) if point.confirmed_at]
    for contact in (*contacts, *(device.as_contact for device in push_devices(member))):
        if contact.kind in setup.carries and not is_stopped(setup.network, contact):
            return contact
    raise NothingToTestWith


def _shown(setup: ChannelSetup, waiting: Mapping[str, int]) -> ShownChannel:
    return ShownChannel(
        setup=setup,
        adapter=adapters()[setup.adapter],
        waiting=sum(waiting.get(kind, 0) for kind in setup.carries),
    )


def _waiting(network: Network) -> dict[str, int]:
    """How many messages wait in the outbox, by the kind of address."""
    rows: Any = Message.objects.filter(network=network, due_at__isnull=False).values_list("kind")
    return dict(rows.annotate(Count("pk")).order_by("kind"))
