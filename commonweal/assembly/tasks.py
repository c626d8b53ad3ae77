"""What this room does in the background: it makes known that a mandate ends."""

import uuid
from datetime import timedelta

from commonweal.assembly.actions import make_known
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
