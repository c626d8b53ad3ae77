"""Searching, which is the worker's: no request waits for it. The exchange calls again for a search that was lost."""

import uuid
from datetime import timedelta

from django_tasks import task

from commonweal.base import clock
from commonweal.base.schedule import every
from commonweal.matching import actions, queries
from commonweal.matching.pacing.learning import learn_chances
from commonweal.matching.planning.background import keeper, planning_is_wanted
from commonweal.matching.policy import tasks as policy
from commonweal.matching.rings import tasks as rings
from commonweal.networks.models import Network

__all__ = ["learn", "plan", "policy", "rings", "search", "search_for_offer"]

HIGHEST = 100


@task()
def search(network_id: str, ask_id: str) -> None:
    """Look for people for one ask."""
    actions.search_for(network_id=uuid.UUID(network_id), ask_id=uuid.UUID(ask_id), at=clock.now())


@task()
def search_for_offer(network_id: str, offer_id: str) -> None:
    """Look once more for people for the open asks that an offer could meet, those that wait longest first."""
    at = clock.now()
    for ask_id in queries.asks_for_offer(uuid.UUID(network_id), uuid.UUID(offer_id), at=at):
        search.enqueue(network_id, str(ask_id))


@every(timedelta(seconds=10), name="matching.plan", wanted=planning_is_wanted)
def plan() -> None:
    """Have the plans kept of the networks in which something has happened, in a process of its own."""
    keeper.start()


@every(timedelta(hours=24), name="matching.learn_chances")
def learn() -> int:
    """Learn from the answers of each network how likely a yes is; returns for how many there was something to learn."""
    learnt = 0
    for network in Network.objects.order_by("pk"):
        learnt += learn_chances(network=network, at=clock.now()).n > 0
    return learnt
