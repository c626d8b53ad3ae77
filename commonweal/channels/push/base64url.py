"""Base 64 as browsers write it: for addresses, without the signs at the end (RFC 4648, 5)."""

import base64
import re

_IS_ONE = re.compile(r"[A-Za-z0-9_-]*")


def written(raw: bytes) -> str:
    """Bytes as text."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read(text: str) -> bytes:
    """The bytes of a text, with or without the signs at its end; raises ValueError where it is none."""
    bare = text.rstrip("=")
    if not _IS_ONE.fullmatch(bare):
        raise ValueError("not base 64 for addresses")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
