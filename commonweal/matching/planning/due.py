"""Which networks wait for a new plan: something has happened since the last, or time has passed."""

from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from commonweal.base.models import Event
from commonweal.exchange.lifecycle import Trigger
from commonweal.exchange.models import Ask
from commonweal.matching.models import Plan
from commonweal.networks.models import Network

# Whatever happens within two minutes is planned for at once, and planning takes a tenth of the time at most.
SHORTEST = timedelta(minutes=2)
PATIENCE = 10
# Windows pass by and people are rested again, even where nothing happens.
LONGEST = timedelta(hours=3)
# What changes who could help whom, by the words of the event log.
CHANGES = (
    *(trigger.value for trigger in Trigger if trigger is not Trigger.CHASED),
    "accepted", "declined", "lapsed", "confirmed", "rested", "profile_changed", "blocked", "unblocked", "left",
    "policy_changed", "pairs_changed",
)  # fmt: skip


def due_networks(at: datetime) -> list[Network]:
    """The networks that wait for a plan, the one that has waited longest first. Two queries each at most."""
    newest = Plan.objects.filter(network=OuterRef("pk")).order_by("-made_at", "-id")
    networks = Network.objects.annotate(
        planned_at=Subquery(newest.values("made_at")[:1]), took=Subquery(newest.values("seconds")[:1])
    )
    return [network for network in networks.order_by("planned_at", "id") if _is_due(network, at)]


def _is_due(network: Network, at: datetime) -> bool:
    planned_at: datetime | None = network.planned_at  # type: ignore[attr-defined]
    asks = Ask.objects.filter(network=network, on_board=True)
    if planned_at is None:
        return asks.exists()
    took = timedelta(seconds=network.took or 0)  # type: ignore[attr-defined]
    if at - planned_at < max(SHORTEST, PATIENCE * took):
        return False
    happened = Event.objects.filter(network=network, verb__in=CHANGES, at__gt=planned_at)
    return happened.exists() or (at - planned_at >= LONGEST and asks.exists())
