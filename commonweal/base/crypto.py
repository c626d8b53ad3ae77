"""Encryption of personal data, and the keyed index by which it can still be found.

Keys come from ``settings.COMMONWEAL_KEYS``. Each is stretched into separate keys for separate uses with HKDF
(RFC 5869), so that what leaks of one use says nothing of another. The newest key writes; all of them read; indexes are
under the oldest until it is taken out (`keys`).
"""

import base64
import functools
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """A stored value that no key of ours opens: a key is missing, or the value was changed."""


def _derive(secret: str, use: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"commonweal:" + use.encode()).derive(
        secret.encode()
    )


@functools.cache
def _box(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derive(secret, "fields"))) for secret in secrets])


@functools.cache
def _index_key(oldest: str) -> bytes:
    return _derive(oldest, "index")


def encrypt(text: str) -> str:
    """The text as an authenticated ciphertext (Fernet: AES-128-CBC and HMAC-SHA256) under the newest key."""
    return _box(tuple(settings.COMMONWEAL_KEYS)).encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """The text of a ciphertext; raises Unreadable when no key fits."""
    try:
        return _box(tuple(settings.COMMONWEAL_KEYS)).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        if _heard_of_new_key():
            return decrypt(stored)
        raise Unreadable("no key opens this value") from error


def _heard_of_new_key() -> bool:
    """Whether the file of keys has new ones in front of ours, which are in use from now on.

    So a program that was running when a key was added reads what others write under it.
    """
    path = Path(settings.COMMONWEAL_DATA) / "keys"
    if os.environ.get("COMMONWEAL_KEYS") or not path.exists():
        return False
    there = [line.strip() for line in path.read_text().splitlines() if line.strip()]
    ours = list(settings.COMMONWEAL_KEYS)
    if len(there) <= len(ours) or there[-len(ours) :] != ours:
        return False
    settings.COMMONWEAL_KEYS = there
    return True


def opened_by(stored: str) -> int | None:
    """The place of the key that opens a ciphertext, 0 for the newest; None when none does."""
    for place, secret in enumerate(settings.COMMONWEAL_KEYS):
        try:
            _box((secret,)).decrypt(stored.encode())
        except InvalidToken:
            continue
        return place
    return None


def under_newest(stored: str) -> str:
    """The same text as a ciphertext under the newest key; raises cryptography's InvalidToken when no key fits."""
    return _box(tuple(settings.COMMONWEAL_KEYS)).rotate(stored.encode()).decode()


def blind_index(value: str, use: str) -> str:
    """A keyed fingerprint (HMAC-SHA256, 128 bits in hex) of a normalised value, the same for the same value and use.

    It is keyed because a bare hash of a phone number is guessed in seconds. The oldest key is used, so that adding
    a newer one for encryption does not lose what was indexed before.
    """
    return index_under(settings.COMMONWEAL_KEYS[-1], value, use)


def index_under(secret: str, value: str, use: str) -> str:
    """The keyed fingerprint of a value under a certain key."""
    return fingerprint_with(index_key_of(secret), value, use)


def index_key_of(secret: str) -> bytes:
    """What a key's fingerprints are made with; it opens nothing."""
    return _index_key(secret)


def fingerprint_with(key: bytes, value: str, use: str) -> str:
    """The fingerprint of a value made with an index key."""
    return hmac.new(key, f"{use}\x00{value}".encode(), hashlib.sha256).hexdigest()[:32]


def mark(secret: str) -> str:
    """By which a key is known again without being given away: 64 bits derived from it, in hex."""
    return _derive(secret, "mark").hex()[:16]
