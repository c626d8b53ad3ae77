"""Two searches in one moment, in two connections: what one has taken the other does not take again."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from commonweal.base import clock
from commonweal.exchange.models import Match
from commonweal.exchange.tests.cast import MONDAY, found_town
from commonweal.matching.actions import search_for
from commonweal.matching.search import look

NEAR = (15731, -24515)


@pytest.fixture
def crowded(shared_database):
    """Rosa and nobody else, in a database that other connections can see."""
    with clock.frozen(MONDAY):
        town = found_town()
        town.offer(town.rosa, cell=NEAR)
        yield town


def at_once(asks, monkeypatch):
    """Search for all of the asks in threads that have all judged before any of them acts."""
    together = threading.Barrier(len(asks))

    def look_together(*args, **kwargs):
        ranking = look(*args, **kwargs)
        together.wait(timeout=20)
        return ranking

    monkeypatch.setattr("commonweal.matching.actions.look", look_together)

    def search(ask):
        try:
            search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(asks)) as pool:
        list(pool.map(search, asks))


def test_two_asks_never_ask_one_person_in_one_moment(crowded, monkeypatch):
    asks = [crowded.ask(), crowded.ask()]
    at_once(asks, monkeypatch)
    assert Match.objects.filter(member=crowded.rosa, state="invited").count() == 1


def test_two_workers_with_one_ask_invite_once(crowded, monkeypatch):
    crowded.offer(crowded.lee, cell=NEAR)
    ask = crowded.ask()
    at_once([ask, ask], monkeypatch)
    assert Match.objects.filter(ask=ask).count() == 1
