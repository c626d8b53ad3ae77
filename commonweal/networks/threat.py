"""Worse times: a network keeps as little as can be, from the moment it says so until it says that they are over."""

import uuid
from datetime import datetime

from django.db import transaction

from commonweal.base import bus, clock, eventlog
from commonweal.base.eventlog import By
from commonweal.networks.events import ThreatBegan
from commonweal.networks.models import Network, PolicyVersion


def begin_threat(*, network: Network, by: uuid.UUID | None = None) -> bool:
    """Keep as little as can be from now on; what is kept already is shortened at once. False where it was so already.

    ``by`` is the steward who says so; None for whoever looks after the machine.
    """
    with transaction.atomic():
        locked = Network.objects.select_for_update().get(pk=network.pk)
        if locked.threat_since is not None:
            return False
        locked.threat_since = clock.now()
        locked.save(update_fields=["threat_since"])
        _record(locked, "threat_began", by)
        bus.publish(ThreatBegan(network=locked.pk))
    network.threat_since = locked.threat_since
    return True


def end_threat(*, network: Network, by: uuid.UUID | None = None) -> bool:
    """Keep things for as long as the policy says again; what is erased stays erased. False where it was so already."""
    with transaction.atomic():
        locked = Network.objects.select_for_update().get(pk=network.pk)
        if locked.threat_since is None:
            return False
        locked.threat_since = None
        locked.save(update_fields=["threat_since"])
        _record(locked, "threat_ended", by)
    network.threat_since = None
    return True


def is_threatened(network_id: uuid.UUID) -> bool:
    """Whether worse times have begun for a network."""
    return Network.objects.filter(pk=network_id, threat_since__isnull=False).exists()


def coarse(at: datetime) -> datetime:
    """The day of a moment, in UTC."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _record(network: Network, verb: str, by: uuid.UUID | None) -> None:
    last = PolicyVersion.objects.filter(network=network).latest("number")
    eventlog.record(last, verb, by=By.STEWARD if by else By.PROGRAM, actor=by)
