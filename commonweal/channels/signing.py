"""Signatures over a time and a body, as phones and programs of our own kind make them: HMAC-SHA256, in hex."""

import hashlib
import hmac
from datetime import timedelta

from commonweal.base import clock
from commonweal.channels.doors import Forged, is_signed

# So far may the other side's clock be off; what is older is somebody repeating what they overheard.
SKEW = timedelta(minutes=10)


class WrongTime(Forged):
    """Signed with the right key, at another time than now."""


def sign(key: str, *parts: bytes) -> str:
    """The signature of the parts, written one after the other, in lower-case hex."""
    return hmac.new(key.encode(), b"".join(parts), hashlib.sha256).hexdigest()


def check_time(timestamp: str) -> None:
    """Raises WrongTime for a time (Unix seconds) that is not about now, and Forged for what is no time."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Forged
    if abs(clock.now().timestamp() - int(timestamp)) > SKEW.total_seconds():
        raise WrongTime


def check_signature(key: str, given: str, *parts: bytes) -> None:
    """Raises Forged where ``given`` does not sign the parts, or there is no key."""
    if not key or not is_signed(sign(key, *parts), given.strip().lower()):
        raise Forged
