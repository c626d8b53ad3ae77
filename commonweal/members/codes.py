"""One-time codes: six digits, known to the program only as a keyed fingerprint."""

import secrets
import unicodedata
import uuid
from datetime import timedelta

from django.utils.crypto import constant_time_compare

from commonweal.base import crypto

DIGITS = 6
LASTS = timedelta(minutes=10)
MOST_TRIES = 5

# Against guessing and against flooding somebody's mailbox: so many in an hour.
WITHIN = timedelta(hours=1)
MOST_CODES_TO_ONE = 5
MOST_CODES_FROM_ONE = 20
MOST_TRIES_FROM_ONE = 60


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def fingerprint(confirmation: uuid.UUID, code: str) -> str:
    """How a code is stored: an HMAC under a key that is not in the database, different for every confirmation.

    A million codes are tried in a second, so without the key the stored form would hide nothing.
    """
    return crypto.blind_index(f"{confirmation.hex}\x00{code}", "code")


def fits(confirmation: uuid.UUID, code: str, stored: str) -> bool:
    """Whether ``code`` is the one stored; takes as long whether it is or not."""
    return constant_time_compare(fingerprint(confirmation, code), stored)


def read_code(typed: str) -> str | None:
    """The code somebody typed, in whatever digits and with whatever gaps, or None if it can't be one."""
    digits = []
    for char in typed:
        value = unicodedata.decimal(char, None)
        if value is not None:
            digits.append(str(value))
        elif char not in " -‐‑–.\u00a0" and unicodedata.category(char) != "Cf":
            return None
    return "".join(digits) if len(digits) == DIGITS else None
