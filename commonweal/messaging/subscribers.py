"""What the outbox takes from the room below: one-time codes, and news of a member's ways in."""

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from commonweal.members.codes import LASTS
from commonweal.members.contacts import EMAIL
from commonweal.members.courier import take_codes, take_news
from commonweal.members.models import Confirmation, ContactPoint, Member
from commonweal.messaging.actions import queue_message
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address
from commonweal.networks.models import Network


@take_codes
def queue_code(*, confirmation: Confirmation, code: str, link: str) -> Message:
    """Put a code in the outbox, in the transaction that makes it; a letter also holds the link, a text is short."""
    return queue_message(
        network=confirmation.network,
        to=Address(kind=confirmation.kind, value=confirmation.contact, language=confirmation.language),
        template="code",
        context={
            "code": code,
            "minutes": int(LASTS.total_seconds()) // 60,
            "open_at": _home(confirmation.network) + link if confirmation.kind == EMAIL else "",
            "network": confirmation.network.name,
        },
        key=f"code:{confirmation.pk}",
        about=confirmation,
    )


@take_news
def queue_news(*, member: Member, news: str, occasion: uuid.UUID, points: Sequence[ContactPoint]) -> None:
    """Tell a member at each of these contacts that a way in was added or taken away, in the same transaction."""
    network = member.network
    for point in points:
        queue_message(
            network=network,
            to=Address(kind=point.kind, value=point.value, language=member.language),
            template=news,
            context={"link": _home(network) + reverse("members:profile"), "network": network.name},
            key=f"{news}:{occasion}:{point.pk}",
            about=member,
        )


def _home(network: Network) -> str:
    """Where the pages of a network are."""
    return f"https://{network.domain}" if network.domain else settings.COMMONWEAL_BASE_URL
