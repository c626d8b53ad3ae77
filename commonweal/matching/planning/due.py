"""Which networks wait for a new plan, and in which something has happened that the newest plan does not know yet."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from commonweal.base.models import Event
from commonweal.exchange.lifecycle import Trigger
from commonweal.exchange.models import Ask
from commonweal.matching.models import Plan, PlanChange
from commonweal.networks.models import Network

# Whatever the changes of a plan have not answered within two minutes is planned for, in a tenth of the time at most.
SHORTEST = timedelta(minutes=2)
PATIENCE = 10
# A plan that was mended is made anew now and then: only then are visits joined, and rules priced.
MENDED = timedelta(minutes=30)
MOST_CHANGES = 200
# Windows pass by and people are rested again, even where nothing happens.
LONGEST = timedelta(hours=3)
# What no change of a plan can answer, by the words of the event log: other rules, and a block whose end is not told.
RULES = ("policy_changed", "pairs_changed", "vouched_changed", "unblocked")
# What changes who could help whom.
CHANGES = (
    *(trigger.value for trigger in Trigger if trigger is not Trigger.CHASED),
    "accepted", "declined", "lapsed", "confirmed", "rested", "profile_changed", "blocked", "left",
    "paused", "came_back", "held_back", "held_from_homes", "shut_out", "let_back", *RULES,
)  # fmt: skip


def due_networks(at: datetime) -> list[Network]:
    """The networks that wait for a new plan, the one that has waited longest first. One query."""
    events = Event.objects.filter(network=OuterRef("pk"))
    late = events.filter(verb__in=CHANGES, at__gt=OuterRef("followed_at"), at__lte=at - SHORTEST)
    networks = _networks(
        unanswered=Exists(late),
        ruled=Exists(events.filter(verb__in=RULES, at__gt=OuterRef("planned_at"))),
        asked=Exists(Ask.objects.filter(network=OuterRef("pk"), on_board=True)),
    )
    return [network for network in networks if _is_due(vars(network), at)]


def networks_with_news(at: datetime) -> list[Network]:
    """The networks whose newest plan does not know yet what has happened. One query."""
    events = Event.objects.filter(network=OuterRef("pk"), verb__in=CHANGES)
    news = Exists(events.filter(at__gt=OuterRef("followed_at"), at__lte=at))
    return [network for network in _networks(news=news) if vars(network)["news"]]


def _networks(**more: Exists) -> QuerySet[Network, Any]:
    """All networks with the newest plan of each: when it was made, how long that took, and how far it was followed;
    whoever waits longest first."""
    newest = Plan.objects.filter(network=OuterRef("pk")).order_by("-made_at", "-id")
    networks = Network.objects.annotate(
        planned=Subquery(newest.values("pk")[:1]),
        planned_at=Subquery(newest.values("made_at")[:1]),
        took=Subquery(newest.values("seconds")[:1]),
    )
    changes = PlanChange.objects.filter(network=OuterRef("pk"), plan=OuterRef("planned")).order_by("-number")
    followed = networks.annotate(
        changes=Coalesce(Subquery(changes.values("number")[:1]), 0),
        followed_at=Coalesce(Subquery(newest.values("followed_at")[:1]), F("planned_at")),
    )
    return followed.annotate(**more).order_by("planned_at", "id")


def _is_due(said: Mapping[str, Any], at: datetime) -> bool:
    """By what `_networks` says of one network."""
    planned_at, changes = said["planned_at"], said["changes"]
    if planned_at is None:
        return bool(said["asked"])
    age = at - planned_at
    if age < max(SHORTEST, PATIENCE * timedelta(seconds=said["took"])):
        return False
    grown_old = changes >= MOST_CHANGES or (changes and age >= MENDED) or (age >= LONGEST and said["asked"])
    return bool(grown_old or said["unanswered"] or said["ruled"])
