"""What every page reads and hardly ever changes: kept in the process for a few seconds.

A page names a network's areas and categories many times a second; they change a few times a year. Whoever changes them
forgets them here, so that the same process shows the change at once and every other within ten seconds.
"""

import uuid
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

from django.db import transaction

T = TypeVar("T")

SECONDS = 10.0
MOST = 10_000
_kept: dict[tuple[str, uuid.UUID], tuple[float, Any]] = {}


def remembered(what: str, network_id: uuid.UUID, read: Callable[[], T]) -> T:
    """What ``read`` gave for this network a few seconds ago, or gives now. The value must not be changed."""
    key, now = (what, network_id), monotonic()
    found = _kept.get(key)
    if found is not None and now < found[0]:
        value: T = found[1]
        return value
    value = read()
    if len(_kept) >= MOST:
        _kept.clear()
    # Within a transaction the value may yet be undone, or hide what others committed.
    if not transaction.get_connection().in_atomic_block:
        _kept[key] = (now + SECONDS, value)
    return value


def forget(network_id: uuid.UUID) -> None:
    """Read anew what was remembered of a network, once the present transaction is committed."""

    def drop() -> None:
        for key in [key for key in list(_kept) if key[1] == network_id]:
            _kept.pop(key, None)

    transaction.on_commit(drop)
