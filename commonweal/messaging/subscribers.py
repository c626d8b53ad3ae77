"""What the outbox takes from the room below: one-time codes."""

from commonweal.members.codes import LASTS
from commonweal.members.courier import take_codes
from commonweal.members.models import Confirmation
from commonweal.messaging.actions import queue_message
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address


@take_codes
def queue_code(*, confirmation: Confirmation, code: str) -> Message:
    """Put a code in the outbox, in the transaction that makes it."""
    return queue_message(
        network=confirmation.network,
        to=Address(kind=confirmation.kind, value=confirmation.contact, language=confirmation.language),
        template="code",
        context={
            "code": code,
            "minutes": int(LASTS.total_seconds()) // 60,
            "network": confirmation.network.name,
        },
        key=f"code:{confirmation.pk}",
        about=confirmation,
    )
