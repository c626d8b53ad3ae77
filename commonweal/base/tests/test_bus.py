"""News travels after the commit, to everyone who listens."""

from collections import defaultdict
from dataclasses import dataclass

import pytest
from django.db import transaction

from commonweal.base import bus

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Rained:
    where: str


@dataclass(frozen=True)
class Snowed:
    where: str


@pytest.fixture
def heard(monkeypatch):
    """What a listener hears; another one before it always fails."""
    heard: list[Rained] = []
    monkeypatch.setattr(bus, "_subscribers", defaultdict(list))
    monkeypatch.setattr(bus, "_at_once", defaultdict(list))

    @bus.subscribe(Rained)
    def fails(event):
        raise RuntimeError("no ears")

    @bus.subscribe(Rained)
    def hears(event):
        heard.append(event)

    return heard


def test_news_travels_after_the_commit(heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        bus.publish(Rained("Hill"))
        bus.publish(Snowed("Hill"))
        assert heard == []

    assert heard == [Rained("Hill")]


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_back_is_no_news(heard):
    with transaction.atomic():
        bus.publish(Rained("Hill"))
        transaction.set_rollback(True)
    assert heard == []

    bus.publish(Rained("Dale"))
    assert heard == [Rained("Dale")]


def test_failing_listener_is_logged_and_harms_nobody(heard, caplog, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        bus.publish(Rained("Hill"))

    assert heard == [Rained("Hill")]
    assert "a subscriber of Rained failed" in caplog.text


def test_past_is_filled_in_without_news(heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        with bus.muted():
            bus.publish(Rained("Hill"))
        bus.publish(Rained("Dale"))

    assert heard == [Rained("Dale")]


@pytest.mark.django_db(transaction=True)
def test_work_is_queued_with_what_causes_it_and_undone_with_it(heard):
    queued: list[Rained] = []

    @bus.subscribe(Rained, at_once=True)
    def queues(event):
        queued.append(event)

    with transaction.atomic():
        bus.publish(Rained("Hill"))
        assert (queued, heard) == ([Rained("Hill")], [])
    assert heard == [Rained("Hill")]


def test_subscribing_leaves_the_function_as_it_is():
    def listen(event):
        return event

    assert bus.subscribe(Snowed)(listen) is listen
    bus._subscribers[Snowed].remove(listen)
