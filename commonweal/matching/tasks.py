"""Searching, which is the worker's: no request waits for it. The exchange calls again for a search that was lost."""

import uuid

from django_tasks import task

from commonweal.base import clock
from commonweal.matching import actions, queries
from commonweal.matching.rings import tasks as rings

__all__ = ["rings", "search", "search_for_offer"]

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
