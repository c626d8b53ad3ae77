"""Fingerprints that must stay the same for as long as the installation lives, whatever becomes of its keys.

The row of a sheet that was imported years ago is known again by one; what it was made of is long erased, so it can't
be made anew under another key. They are made with the first key's index key. When that key is taken out, its index key,
which opens nothing, stays: encrypted in the database.
"""

from commonweal.base import crypto
from commonweal.base.models import Secret

NAME = "lasting"


def fingerprint(value: str, use: str) -> str:
    """A keyed fingerprint (128 bits in hex) of a value, the same for ever for the same value and use."""
    kept = Secret.objects.filter(name=NAME).first()
    if kept is None:
        return crypto.blind_index(value, use)
    return crypto.fingerprint_with(bytes.fromhex(kept.value), value, use)


def hold_on(oldest: str) -> None:
    """Keep what the fingerprints were made with so far, before the key it comes from is taken out."""
    Secret.objects.get_or_create(name=NAME, defaults={"value": crypto.index_key_of(oldest).hex()})
