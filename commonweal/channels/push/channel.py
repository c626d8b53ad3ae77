"""Notices out. All of a member's devices are told, since nobody knows which one they look at."""

import json
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from commonweal.base import clock
from commonweal.channels.calling import call, refuse
from commonweal.channels.push import vapid
from commonweal.channels.push.sealing import seal
from commonweal.channels.push.subscription import Subscription
from commonweal.members.actions import forget_push_device
from commonweal.members.contacts import Contact
from commonweal.members.models import PushDevice
from commonweal.members.queries import devices_beside
from commonweal.messaging.catalogue import CATALOGUE
from commonweal.messaging.errors import ChannelDown, DeliveryFailed, PermanentFailure, RetryableFailure
from commonweal.messaging.port import OutgoingMessage

# So long a service keeps a notice for a device that is off: over a weekend, unless the message is of use for less.
LIVES_S = 3 * 24 * 3600
# Every notice has this length before it is sealed, so that its length says nothing.
LENGTH = 3000
MOST_LETTERS, MOST_OF_NAME = 500, 80
GONE = {404, 410}
# It does not know our key, or this browser was given another one: that says nothing of its neighbours.
NOT_OURS = {401, 403}


class DeviceGone(PermanentFailure):
    """Its owner has switched notices off in the browser, or the browser is no more."""


class Channel:
    """Every push service of every browser. One that can't be reached is left alone for the rest of the round.

    A service that is down is no ``ChannelDown``: the next member's browser may have another.
    """

    kinds = frozenset({"push"})

    def __init__(self) -> None:
        self._down: set[str] = set()

    def send(self, message: OutgoingMessage) -> str:
        """Tell every device of the member; it is done as soon as one service took it. The receipt is our own id.

        A device is told only what was written after it was switched on, since it may be somebody else's by now.
        """
        devices = _devices(message)
        if not devices:
            raise PermanentFailure("switched off")
        said, key, failures = notice(message), vapid.own_key(), list[DeliveryFailed]()
        for device in devices:
            try:
                self._hand_over(message, Subscription.of(device.value), said, key)
            except DeviceGone as failure:
                forget_push_device(device=device)
                failures.append(failure)
            except DeliveryFailed as failure:
                failures.append(failure)
        if len(failures) < len(devices):
            return str(message.id)
        raise next((failure for failure in failures if isinstance(failure, RetryableFailure)), failures[0])

    def close(self) -> None:
        """A new round tries every service again."""
        self._down.clear()

    def _hand_over(
        self, message: OutgoingMessage, to: Subscription, said: bytes, key: ec.EllipticCurvePrivateKey
    ) -> None:
        service = urlsplit(to.endpoint).netloc
        if service in self._down:
            raise RetryableFailure("this push service is down")
        headers = {
            **_about(message),
            "Authorization": vapid.authorization(to.endpoint, key=key, at=clock.now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
        }
        body = seal(said, p256dh=to.p256dh, auth=to.auth, length=LENGTH)
        try:
            answer = call("POST", to.endpoint, headers=headers, body=body, public=True)
            if answer.status in GONE:
                raise DeviceGone(f"HTTP {answer.status}")
            if answer.status in NOT_OURS:
                raise RetryableFailure(f"HTTP {answer.status}")
            if not 200 <= answer.status < 300:
                refuse(answer)
        except ChannelDown as failure:
            self._down.add(service)
            raise RetryableFailure(
                str(failure), retry_after=failure.retry_after, unsure=failure.unsure
            ) from None


def _devices(message: OutgoingMessage) -> list[PushDevice]:
    if message.network is None:
        return []
    to = Contact(kind=message.to.kind, value=message.to.value)
    return devices_beside(network=message.network, contact=to, since=message.queued_at)


def notice(message: OutgoingMessage) -> bytes:
    """What the device is given: few words, and the path of the page that tells the rest; without one, all the words."""
    words = message.written.subject if message.link else message.written.text
    told = {
        "title": message.network_name[:MOST_OF_NAME],
        "text": words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}…",
        "path": message.link.removeprefix(settings.COMMONWEAL_BASE_URL) or "/me/",
        "tag": message.id.hex,
        "language": message.to.language,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _about(message: OutgoingMessage) -> dict[str, str]:
    """How long the service keeps it, how much it matters, and by what it knows a second copy of the same."""
    spec = CATALOGUE[message.template]
    lives = int(spec.useful_for.total_seconds()) if spec.useful_for else LIVES_S
    if spec.by_day:
        urgency = "low"
    else:
        urgency = "high" if spec.answers else "normal"
    return {"TTL": str(lives), "Urgency": urgency, "Topic": message.id.hex}
