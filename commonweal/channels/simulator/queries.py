"""Reading the screens of made-up phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from commonweal.base import crypto
from commonweal.channels.models import ChannelSetup, SimulatedText
from commonweal.channels.simulator.actions import KEY, relays_of
from commonweal.exchange.models import Ask
from commonweal.intake.models import Inbound
from commonweal.members.contacts import PHONE, Contact
from commonweal.members.models import ContactPoint
from commonweal.messaging.models import Message
from commonweal.networks.models import Network

CHANNEL = "commonweal.channels.simulator.channel.Channel"
MOST_LISTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One bubble of a screen. ``state`` is an Inbound.State: how far what was written to the network has come."""

    text: str
    from_network: bool
    is_voice: bool
    at: datetime
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A made-up phone: ``key`` names it in addresses, ``shown`` is its number as people read it.

    ``through`` is whom its holder can call through the network; empty where there is nobody.
    """

    key: str
    shown: str
    through: str
    lines: Sequence[Line]


def is_simulated(network: Network) -> bool:
    """Whether the texts of this network go to made-up phones: it has set up nothing else for them."""
    if settings.COMMONWEAL_CHANNELS.get(PHONE) != CHANNEL:
        return False
    own = ChannelSetup.objects.filter(network=network).values_list("carries", flat=True)
    return not any(PHONE in carries for carries in own)


def key_of(number: str) -> str:
    """What names a phone in addresses: its blind index."""
    return crypto.blind_index(number, "contact")


def phone_of(network: Network, number: str) -> Phone:
    """A phone with all that stands on its screen, the oldest first."""
    rows = SimulatedText.objects.filter(network=network, number_index=key_of(number)).order_by("at", "id")
    found = list(rows)
    own = [row.key for row in found if not row.from_network]
    states = dict(
        Inbound.objects.filter(network=network, channel=KEY, provider_id__in=own).values_list(
            "provider_id", "state"
        )
    )
    lines = [
        Line(
            text=row.text,
            from_network=row.from_network,
            is_voice=row.is_voice,
            at=row.at,
            state=states.get(row.key, ""),
        )
        for row in found
    ]
    name = next((relay.name for relay in relays_of(network, number)), "")
    return Phone(key=key_of(number), shown=Contact(kind=PHONE, value=number).shown, through=name, lines=lines)


def is_free(network: Network, number: str) -> bool:
    """Whether nobody here ever had anything to do with this number: no member, no ask, no message to or from it."""
    index = key_of(number)
    return not (
        ContactPoint.objects.filter(network=network, value_index=index).exists()
        or Ask.objects.filter(network=network, contact_index=index).exists()
        or Message.objects.filter(network=network, to_index=index).exists()
        or Inbound.objects.filter(network=network, sender_index=index).exists()
        or SimulatedText.objects.filter(network=network, number_index=index).exists()
    )


def numbers_in_talk(network: Network) -> list[str]:
    """The made-up numbers that were written to or from last, the newest first. Only a demonstration shows them."""
    rows = SimulatedText.objects.filter(network=network).order_by("-at", "-id")[:200]
    return list(dict.fromkeys(row.number for row in rows))[:MOST_LISTED]
