"""Messages out as signed JSON, to any program that takes them (docs/reference/webhook.md)."""

import json

from commonweal.base import clock
from commonweal.channels.calling import call, refuse
from commonweal.channels.models import ChannelSetup
from commonweal.channels.signing import sign
from commonweal.messaging.errors import OptedOut
from commonweal.messaging.port import OutgoingMessage

SIGNATURE, TIMESTAMP = "X-Commonweal-Signature", "X-Commonweal-Timestamp"


class Channel:
    """One program. It knows a message by its id, and answers 409 to one that it has already."""

    def __init__(self, setup: ChannelSetup) -> None:
        self.kinds = frozenset(setup.carries)
        self._setup = setup

    def send(self, message: OutgoingMessage) -> str:
        """Hand it over; the receipt is what the program answers as ``receipt``, else our own id."""
        body = json.dumps(as_json(message), ensure_ascii=False).encode()
        now = str(int(clock.now().timestamp()))
        key = self._setup.credentials.get("secret", "")
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP: now,
            SIGNATURE: sign(key, now.encode(), b".", body),
        }
        answer = call("POST", self._setup.options.get("base", ""), headers=headers, body=body)
        code = answer.json().get("code")
        if answer.status == 422 and code == "stopped":
            raise OptedOut("HTTP 422 code stopped")
        if answer.status not in (200, 201, 202, 204, 409):
            refuse(answer)
        receipt = answer.json().get("receipt")
        return receipt if isinstance(receipt, str) and receipt else str(message.id)

    def close(self) -> None:
        """Nothing is kept open."""


def as_json(message: OutgoingMessage) -> dict[str, str]:
    """A message as the other program reads it."""
    return {
        "id": str(message.id),
        "network": message.network_name,
        "kind": message.to.kind,
        "to": message.to.value,
        "language": message.to.language,
        "subject": message.written.subject,
        "text": message.written.text if message.to.kind == "phone" else message.written.body,
        "stop": message.stop_link,
    }
