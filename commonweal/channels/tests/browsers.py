"""Browsers that give out what browsers give out, and can open what they are sent."""

import json

from cryptography.hazmat.primitives.asymmetric import ec

from commonweal.channels.push.base64url import written
from commonweal.channels.push.sealing import CURVE, point_of
from commonweal.channels.push.subscription import Subscription
from commonweal.channels.tests.test_push_sealing import opened

AUTH = b"sixteen secrets."


class Browser:
    """One browser, at an address of a push service."""

    def __init__(self, endpoint: str = "https://updates.push.services.mozilla.com/wpush/v2/one") -> None:
        self.secret = ec.generate_private_key(CURVE)
        self.point = point_of(self.secret.public_key())
        self.given = Subscription(endpoint=endpoint, p256dh=self.point, auth=AUTH)

    @property
    def said(self) -> dict[str, object]:
        """As its own JSON says it."""
        keys = {"p256dh": written(self.point), "auth": written(AUTH)}
        return {"endpoint": self.given.endpoint, "expirationTime": None, "keys": keys}

    def open(self, body: bytes) -> dict[str, str]:
        """What stands in a notice."""
        told: dict[str, str] = json.loads(opened(body, self.secret, AUTH))
        return told
