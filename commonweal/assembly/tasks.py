"""What this room does in the background: it makes known that a mandate ends, and keeps care going."""

import uuid
from datetime import timedelta

from django.db.models import QuerySet

from commonweal.assembly.actions import make_known
from commonweal.assembly.care import actions as care
from commonweal.assembly.care.models import Report
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.base.schedule import every

BATCH = 500


@every(timedelta(hours=1), name="assembly.make_ends_known", wanted=lambda: _due(1) != [])
def make_ends_known() -> int:
    """Tell of every mandate that ends soon, and put on record which have ended; each in a transaction of its own."""
    return sum(make_known(network=network, mandate=mandate) for network, mandate in _due(BATCH))


def _due(limit: int) -> list[tuple[uuid.UUID, uuid.UUID]]:
    due = Mandate.objects.filter(tell_at__lte=clock.now()).order_by("tell_at")
    return list(due.values_list("network_id", "id")[:limit])


@every(timedelta(minutes=10), name="assembly.nag_late", wanted=lambda: _late().exists())
def nag_late() -> int:
    """Call steps of care that are overdue to mind."""
    return care.nag_late()


@every(timedelta(minutes=10), name="assembly.end_measures")
def end_measures() -> int:
    """End what keeps people safe for a time, when the time is over."""
    return care.end_measures()


@every(timedelta(hours=24), name="assembly.erase_care")
def erase_care() -> int:
    """Forget what was told in confidence, and what came of it, once its time is over."""
    return care.erase_old()


def _late() -> QuerySet[Report]:
    return Report.objects.filter(nag_at__lte=clock.now())
