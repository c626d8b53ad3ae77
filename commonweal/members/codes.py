"""One-time codes: six digits, or nine where somebody guesses, known to the program only as a keyed fingerprint.

Beside them go links, which are known again by a key.
"""

import secrets
import unicodedata
import uuid
from datetime import timedelta

from django.utils.crypto import constant_time_compare

from commonweal.base import crypto

DIGITS, MORE_DIGITS = 6, 9
LASTS = timedelta(minutes=10)
MOST_TRIES = 5
ID_LENGTH = 32  # of an id in a link, in hex

# Against guessing and against flooding somebody's mailbox: so many in an hour.
WITHIN = timedelta(hours=1)
MOST_CODES_TO_ONE = 5
MOST_CODES_FROM_ONE = 20
MOST_TRIES_FROM_ONE = 60
# Against guessing from many addresses at once: after so many wrong codes, new ones are longer and short ones count no
# more. To refuse all codes instead would let anybody keep a neighbour out.
MOST_WRONG_IN_NETWORK = 200
MOST_WRONG_FOR_ONE = 20
WRONG_WITHIN = timedelta(days=1)


def new_code(digits: int = DIGITS) -> str:
    """So many random digits."""
    return f"{secrets.randbelow(10**digits):0{digits}}"


def fingerprint(confirmation: uuid.UUID, code: str) -> str:
    """How a code is stored: an HMAC under a key that is not in the database, different for every confirmation.

    A million codes are tried in a second, so without the key the stored form would hide nothing.
    """
    return crypto.blind_index(f"{confirmation.hex}\x00{code}", "code")


def fits(confirmation: uuid.UUID, code: str, stored: str) -> bool:
    """Whether ``code`` is the one stored; takes as long whether it is or not."""
    return constant_time_compare(fingerprint(confirmation, code), stored)


def link_of(confirmation: uuid.UUID) -> str:
    """The secret of the link that goes out beside a code: which code it is, and an HMAC that nobody can make."""
    return f"{confirmation.hex}{crypto.blind_index(confirmation.hex, 'code link')}"


def read_link(link: str) -> uuid.UUID | None:
    """Which code a link belongs to, or None for a link that was made up."""
    try:
        confirmation = uuid.UUID(hex=link[:ID_LENGTH])
    except ValueError:
        return None
    return confirmation if constant_time_compare(link_of(confirmation), link) else None


def read_code(typed: str) -> str | None:
    """The code somebody typed, in whatever digits and with whatever gaps, or None if it can't be one."""
    digits = []
    for char in typed:
        value = unicodedata.decimal(char, None)
        if value is not None:
            digits.append(str(value))
        elif char not in " -‐‑–.\u00a0" and unicodedata.category(char) != "Cf":
            return None
    return "".join(digits) if len(digits) in (DIGITS, MORE_DIGITS) else None
