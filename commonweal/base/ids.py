"""Ids for machines, codes for people, tokens for strangers."""

import hashlib
import secrets
import time
import uuid

# No 0/O, 1/I/L, 5/S, 8/B or U/V pairs to mix up when a code is read over the phone.
CODE_LETTERS = "234679ACDEFGHJKMNPQRTVWXYZ"
CODE_LENGTH = 6


def new_id() -> uuid.UUID:
    """A time-ordered id (UUID version 7, RFC 9562 §5.7): new rows land at the end of every index.

    The twelve bits after the millisecond hold its fraction (§6.2, method 3), about a quarter of a microsecond, so that
    what one process writes one after the other also sorts so.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76
    value |= fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)


def new_code() -> str:
    """A short code as it is stored, six letters without look-alikes (308 million of them)."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def shown_code(code: str) -> str:
    """The code as people read it: ``K7F-2QM``."""
    return f"{code[:3]}-{code[3:]}"


def read_code(typed: str) -> str | None:
    """What somebody typed as a code, in stored form, or None if it cannot be one."""
    letters = "".join(char for char in typed.upper() if char.isalnum())
    if len(letters) != CODE_LENGTH or any(letter not in CODE_LETTERS for letter in letters):
        return None
    return letters


def new_token() -> str:
    """What a stranger holds: 192 random bits, safe in a URL."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """How a token is stored. It is long and random, so a plain SHA-256 cannot be turned back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
