"""What was erased goes from the disk."""

from pathlib import Path

import pytest
from django.db import OperationalError, connection

from commonweal.base import scrubbing
from commonweal.base.eventlog import By
from commonweal.base.models import Event, Tally
from commonweal.base.tests.racing import on_disk

__all__ = ["on_disk"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite's file")
def test_the_file_forgets_and_the_log_is_cut(on_disk, hand):
    place = Path(connection.settings_dict["NAME"])
    Tally.objects.create(key="a key to be forgotten", ends_at="2026-01-01T00:00Z")
    Tally.objects.all().delete()

    assert scrubbing.scrub()

    assert not any(
        b"a key to be forgotten" in path.read_bytes() for path in place.parent.glob(place.name + "*")
    )
    log = place.with_name(place.name + "-wal")
    assert not log.exists() or log.stat().st_size == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL's tables")
@pytest.mark.parametrize("whole", [False, True])
def test_tables_are_vacuumed(on_disk, whole):
    assert scrubbing.scrub(whole=whole)


def test_inside_a_transaction_nothing_is_done(db):
    assert not scrubbing.scrub()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite's file")
def test_who_is_in_the_way_is_waited_for(on_disk, monkeypatch):
    def busy(words, of):
        raise OperationalError("database is locked")

    monkeypatch.setattr(scrubbing, "_vacuum", busy)
    assert not scrubbing.scrub()


def test_events_may_forget_who_it_was_and_nothing_else(db, alder):
    event = Event.objects.create(
        network_id=alder.pk, thing="network", thing_id=alder.pk, verb="seen", by=By.MEMBER, actor=alder.pk
    )
    assert Event.objects.filter(pk=event.pk).forget_actors() == 1
    assert Event.objects.filter(pk=event.pk).forget_actors() == 0
    assert Event.objects.get(pk=event.pk).actor is None
