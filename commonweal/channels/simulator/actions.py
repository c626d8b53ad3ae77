"""Everything that is written for made-up phones."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from commonweal.base import clock, crypto
from commonweal.base.eventlog import By
from commonweal.base.ids import new_id
from commonweal.base.limits import count_once
from commonweal.channels.models import SimulatedText
from commonweal.channels.simulator.numbers import is_fictional
from commonweal.exchange.actions import put_through
from commonweal.exchange.notices import asker_name
from commonweal.exchange.queries import Relay, relays_from
from commonweal.intake.actions import receive
from commonweal.intake.models import Inbound
from commonweal.members.contacts import PHONE, Contact
from commonweal.networks.models import Network

KEEP = timedelta(days=3)
MOST_ON_SCREEN = 100
LONGEST = 2000
KEY = "simulator"
# Of one visitor: enough for playing, too little for flooding a desk.
MOST_WRITTEN, WITHIN = 60, timedelta(minutes=10)


def keep_sent(*, network: uuid.UUID, number: str, key: str, text: str, at: datetime | None = None) -> None:
    """Put a text from the network on the screen of a made-up phone; the same ``key`` again changes nothing."""
    _keep(network=network, number=number, key=key, text=text, from_network=True, at=at)


def write_text(*, network: Network, number: str, text: str, remote: str) -> Inbound:
    """Somebody writes to the network from a made-up phone; raises TooMany."""
    return _say(network, number, text, remote, is_voice=False)


def leave_voice(*, network: Network, number: str, text: str, remote: str) -> Inbound:
    """Somebody calls from a made-up phone; ``text`` stands for what they say after the tone. Raises TooMany."""
    return _say(network, number, text, remote, is_voice=True)


def call_through(*, network: Network, number: str, text: str, remote: str) -> None:
    """Somebody calls whom they are matched with, by the network's number: both screens say so, and neither a number.

    ``text`` stands for what they say. Raises TooMany, and Refused as ``put_through`` does; where nobody can be reached
    so, it is a call to the network.
    """
    relay = next(iter(relays_of(network, number)), None)
    if relay is None:
        leave_voice(network=network, number=number, text=text, remote=remote)
        return
    count_once("simulated", remote, most=MOST_WRITTEN, within=WITHIN)
    key = str(new_id())
    put_through(match=relay.match, by=relay.by, key=f"call:{key}")
    mine = asker_name(relay.match.ask) if relay.by == By.ASKER else relay.match.member.name
    here = _("You are put through to %(name)s: %(words)s") % {"name": relay.name, "words": text}
    there = _("%(name)s calls through the network: %(words)s") % {"name": mine, "words": text}
    for whose, heard in ((number, here), (relay.number, there)):
        if is_fictional(whose):
            _keep(
                network=network.pk, number=whose, key=f"{key}:{whose == number:d}", text=heard,
                from_network=whose != number, is_voice=True,
            )  # fmt: skip


def relays_of(network: Network, number: str) -> list[Relay]:
    """Whom the holder of a made-up phone can call through the network now."""
    return [one for one in relays_from(network, Contact(kind=PHONE, value=number)) if one.number]


def keep_sample(*, network: Network, number: str, text: str, at: datetime, from_network: bool) -> None:
    """Put a text on a screen as if it had come at that time: for a demonstration, whose past is made up."""
    _keep(network=network.pk, number=number, key=str(new_id()), text=text, from_network=from_network, at=at)


def erase_screens() -> int:
    """Forget what stood on screens when its days are over; returns how much that was."""
    return SimulatedText.objects.filter(erase_at__lte=clock.now()).delete()[0]


def _say(network: Network, number: str, text: str, remote: str, *, is_voice: bool) -> Inbound:
    count_once("simulated", remote, most=MOST_WRITTEN, within=WITHIN)
    key = str(new_id())
    taken = receive(
        network=network,
        channel=KEY,
        provider_id=key,
        sender=Contact(kind=PHONE, value=number),
        ours=network.phone,
        text=text,
        sort="voice" if is_voice else "text",
    )
    _keep(network=network.pk, number=number, key=key, text=text, from_network=False, is_voice=is_voice)
    return taken.inbound


@transaction.atomic
def _keep(
    *,
    network: uuid.UUID,
    number: str,
    key: str,
    text: str,
    from_network: bool,
    is_voice: bool = False,
    at: datetime | None = None,
) -> None:
    now = clock.now()
    row = SimulatedText(
        network_id=network,
        number=number,
        key=key,
        text=text[:LONGEST],
        from_network=from_network,
        is_voice=is_voice,
        at=at or now,
        erase_at=now + KEEP,
    )
    SimulatedText.objects.bulk_create([row], ignore_conflicts=True)
    screen = SimulatedText.objects.filter(network=network, number_index=crypto.blind_index(number, "contact"))
    older = list(screen.order_by("-at", "-id").values_list("pk", flat=True)[MOST_ON_SCREEN:])
    if older:
        screen.filter(pk__in=older).delete()
