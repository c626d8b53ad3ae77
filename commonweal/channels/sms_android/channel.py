"""Text messages out, by a group's own phone."""

from typing import Any

from commonweal.channels.calling import refuse
from commonweal.channels.models import ChannelSetup
from commonweal.channels.sms_android.gateway import Gateway
from commonweal.messaging.catalogue import CATALOGUE, URGENT
from commonweal.messaging.port import OutgoingMessage

# The phone may be without a signal for a day; later than that the message would only confuse.
LIVES_S = 24 * 3600
# From this number on the phone sends at once, without the pauses that keep its operator calm.
AT_ONCE = 100


class Channel:
    """One phone. It knows a message by our id, and refuses the same one again: so nothing goes out twice."""

    kinds = frozenset({"phone"})

    def __init__(self, setup: ChannelSetup) -> None:
        self._gateway = Gateway.of(setup)

    def send(self, message: OutgoingMessage) -> str:
        """Hand the text to the phone's queue; the receipt is our own id."""
        answer = self._gateway.call("POST", "/messages", self._said(message))
        if answer.status not in (200, 201, 202, 409):
            refuse(answer)
        return str(message.id)

    def close(self) -> None:
        """Nothing is kept open."""

    def _said(self, message: OutgoingMessage) -> dict[str, Any]:
        spec = CATALOGUE.get(message.template)
        said: dict[str, Any] = {
            "id": str(message.id),
            "textMessage": {"text": message.written.text},
            "phoneNumbers": [message.to.value],
            "withDeliveryReport": True,
            "ttl": LIVES_S,
        }
        if spec is not None and spec.priority == URGENT:
            said["priority"] = AT_ONCE
        if self._gateway.sim:
            said["simNumber"] = self._gateway.sim
        if self._gateway.device:
            said["deviceId"] = self._gateway.device
        return said
