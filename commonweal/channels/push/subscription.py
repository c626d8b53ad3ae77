"""What a browser gives out when its owner switches notices on: an address at its push service, and two keys."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from commonweal.channels.calling import check_address
from commonweal.channels.push import base64url, sealing
from commonweal.members.contacts import PUSH, Contact

# Several times what any browser gives out.
LONGEST, LONGEST_ENDPOINT = 2000, 1500
AUTH = 16


class SubscriptionUnclear(ValidationError):
    """What came from the browser is not what browsers give out, or leads where nobody may be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One browser: its address at the push service, the point of its key (65 bytes), and a secret of 16 bytes."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    @classmethod
    def of(cls, value: str) -> "Subscription":
        """What is kept as the value of a contact."""
        kept = json.loads(value)
        keys = {name: base64url.read(kept[name]) for name in ("p256dh", "auth")}
        return cls(endpoint=kept["endpoint"], **keys)

    @property
    def as_contact(self) -> Contact:
        """As it is kept: the same browser always gives the same text."""
        kept = {
            "auth": base64url.written(self.auth),
            "endpoint": self.endpoint,
            "p256dh": base64url.written(self.p256dh),
        }
        return Contact(kind=PUSH, value=json.dumps(kept, separators=(",", ":"), sort_keys=True))

    @property
    def mark(self) -> str:
        """By which a page of ours finds out whether it stands in this very browser; nobody can call it by that."""
        return hashlib.sha256(self.endpoint.encode()).hexdigest()[:32]


def read_subscription(said: Any) -> Subscription:
    """What the browser's own JSON says, as values or as text; raises SubscriptionUnclear with words for the reader."""
    unclear = SubscriptionUnclear(
        gettext_lazy("This browser gave something that we can't use. Try again, or use another browser."),
        code="unclear",
    )
    try:
        read = json.loads(said) if isinstance(said, str) else said
        return Subscription(endpoint=_endpoint(read["endpoint"]), **_keys(read["keys"]))
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError, ValidationError):
        raise unclear from None


def _keys(keys: Any) -> dict[str, bytes]:
    p256dh, auth = base64url.read(keys["p256dh"]), base64url.read(keys["auth"])
    if len(auth) != AUTH:
        raise ValueError("a secret of another length")
    # Only the long form of a point is what browsers give out.
    if sealing.point_of(sealing.key_of(p256dh)) != p256dh:
        raise ValueError("a point in another form")
    return {"p256dh": p256dh, "auth": auth}


def _endpoint(said: Any) -> str:
    if (
        not isinstance(said, str)
        or len(said) > LONGEST_ENDPOINT
        or not said.isascii()
        or not said.isprintable()
    ):
        raise ValueError("no address")
    if " " in said or "#" in said:
        raise ValueError("no address")
    check_address(said.partition("?")[0], public=True)
    return said
