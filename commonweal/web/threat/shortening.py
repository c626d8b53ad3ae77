"""What is kept when worse times begin, and while they last: everything that has served its purpose goes at once."""

import uuid
from typing import Any

from commonweal.base import clock, scrubbing
from commonweal.base.personal import End, registry
from commonweal.channels.simulator.actions import erase_screens
from commonweal.exchange.actions import erase_closed, erase_passed_on
from commonweal.exchange.models import Look
from commonweal.intake.actions.correcting import erase_corrections
from commonweal.intake.actions.forgetting import erase_inbound
from commonweal.intake.actions.overdue import erase_drafts
from commonweal.messaging.actions import erase_old
from commonweal.messaging.broadcasting import erase_broadcasts
from commonweal.networks.models import Network

# What waits for nothing but the policy's days. Looks and what was told to a care-giver have days of their own.
SHORTENED = frozenset({End.ASK, End.SENT, End.CAME, End.SETTLED})


def shorten(*, network: uuid.UUID) -> int:
    """Let everything go at once that only waits for its days to pass, and take the names from looks.

    Returns how many rows that were. What is still needed (an open ask, a message nobody has read) stays until then.
    """
    now, done = clock.now(), 0
    for kept in registry():
        has = {field.name for field in kept.model._meta.concrete_fields}
        if {"erase_at", "network"} <= has and any(thing.end in SHORTENED for thing in kept.things):
            rows: Any = kept.model._base_manager.filter(network_id=network, erase_at__gt=now)
            done += rows.update(erase_at=now)
    done += Look.objects.filter(network_id=network).exclude(actor=None, words="").update(actor=None, words="")
    return done


def is_anywhere() -> bool:
    """Whether worse times have begun for any network."""
    return Network.objects.filter(threat_since__isnull=False).exists()


def threatened() -> list[uuid.UUID]:
    """The networks for which they have."""
    return list(Network.objects.filter(threat_since__isnull=False).values_list("pk", flat=True))


def erase_now() -> None:
    """Erase all that is due, of every kind, and take it from the disk."""
    while erase_closed():
        pass
    erase_passed_on()
    erase_inbound()
    erase_drafts()
    erase_corrections()
    erase_old()
    erase_broadcasts()
    erase_screens()
    scrubbing.scrub()
