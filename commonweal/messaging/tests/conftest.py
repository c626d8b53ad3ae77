"""A network, a stopped clock, and a channel that does what a test tells it."""

from datetime import UTC, datetime

import pytest

from commonweal.base import clock
from commonweal.messaging import port
from commonweal.messaging.actions import queue_message
from commonweal.messaging.port import Address, Route, use_router
from commonweal.networks.models import Network

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
ANA = Address(kind="email", value="ana@example.org", language="es")
BEN = Address(kind="email", value="ben@example.org", language="en")


class TestChannel:
    """Takes everything, unless it was told what to raise for an address."""

    __test__ = False
    kinds = frozenset({"email"})

    def __init__(self, name="taken"):
        self.name = name
        self.sent, self.closed, self.raises = [], 0, {}

    def send(self, message):
        fault = self.raises.get(message.to.value)
        if fault is not None:
            raise fault
        self.sent.append(message)
        return f"{self.name} {len(self.sent)}"

    def close(self):
        self.closed += 1


@pytest.fixture
def hand():
    with clock.frozen(NOON) as hand:
        yield hand


@pytest.fixture
def network(db, hand):
    return Network.objects.create(slug="alder", name="Alder Street")


@pytest.fixture
def other_network(db, hand):
    return Network.objects.create(slug="birch", name="Birch Street")


@pytest.fixture
def ways(monkeypatch):
    """The routes of every network by kind of address; a test puts its own there."""
    ways: dict[str, tuple[Route, ...]] = {}
    monkeypatch.setattr(port, "_routers", [])
    use_router(lambda network, kind: ways.get(kind, ()))
    return ways


@pytest.fixture
def channel(ways):
    channel = TestChannel()
    ways["email"] = (Route(key="post", channel=channel),)
    return channel


@pytest.fixture
def queue(network):
    """Queue one message; what a test does not care about has a value already."""

    def queue(
        to=BEN, template="still_needed", key="1", about=None, send_after=None, network=network, **context
    ):
        words = {
            "title": "Groceries for two",
            "link": "https://example.org/a/1",
            "network": network.name,
            **context,
        }
        return queue_message(
            network=network,
            to=to,
            template=template,
            context=words,
            key=key,
            about=about,
            send_after=send_after,
        )

    return queue
