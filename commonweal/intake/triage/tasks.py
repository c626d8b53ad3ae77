"""Each night: learn from what the desks put right, and forget the words it was learnt from when their time is over."""

from datetime import timedelta

from commonweal.base.schedule import every
from commonweal.intake.actions.correcting import erase_corrections
from commonweal.intake.models import Correction
from commonweal.networks.models import Network


@every(timedelta(days=1), name="intake.learn_triage")
def learn() -> int:
    """Let every network with new corrections learn from them, by itself; returns how many did."""
    from commonweal.intake.triage.own import learn  # loads NumPy

    fresh = Correction.objects.filter(taught_at__isnull=True).values("network_id")
    return sum(
        learn(network=network).taken for network in Network.objects.filter(pk__in=fresh).order_by("pk")
    )


@every(timedelta(days=1), name="intake.erase_corrections")
def erase() -> int:
    """Delete the corrections whose time is over; what was learnt of them stays, and holds no words."""
    return erase_corrections()
