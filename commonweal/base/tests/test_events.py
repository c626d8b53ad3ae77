"""The event log only grows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from commonweal.base.eventlog import By, record, story_of
from commonweal.base.ids import new_id
from commonweal.base.models import Event
from commonweal.base.tests.conftest import NOON, model

pytestmark = pytest.mark.django_db


@pytest.fixture
def category(alder):
    return model("networks.Category").objects.create(network=alder, slug="meals", names={})


def test_event_says_who_what_when_and_about_what(category, alder):
    actor = new_id()

    event = record(category, "renamed", by=By.STEWARD, actor=actor, old="meals")

    event.refresh_from_db()
    assert (event.network_id, event.thing, event.thing_id) == (alder.pk, "category", category.pk)
    assert (event.verb, event.by, event.actor, event.at, event.data) == (
        "renamed",
        "steward",
        actor,
        NOON,
        {"old": "meals"},
    )


def test_story_is_told_from_its_beginning_and_only_of_the_thing(category, alder, birch, hand):
    other = model("networks.Category").objects.create(network=alder, slug="rides", names={})
    record(category, "opened", by=By.PROGRAM)
    record(other, "opened", by=By.PROGRAM)
    hand.advance(timedelta(minutes=1))
    record(category, "closed", by=By.PROGRAM)

    assert [event.verb for event in story_of(category)] == ["opened", "closed"]


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: Event.objects.filter(pk=event.pk).update(verb="other"),
        lambda event: Event.objects.filter(pk=event.pk).delete(),
        lambda event: Event.objects.bulk_update([event], ["verb"]),
    ],
    ids=["save", "delete", "update", "delete many", "update many"],
)
def test_program_refuses_to_change_what_happened(category, change):
    event = record(category, "opened", by=By.PROGRAM)

    with pytest.raises(TypeError, match="append-only"):
        change(event)


def test_database_refuses_to_change_what_happened(category):
    record(category, "opened", by=By.PROGRAM)

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE base_event SET verb = 'other'")

    assert Event.objects.get().verb == "opened"


def test_guard_can_be_taken_down_and_put_up_by_its_migration(category):
    from importlib import import_module

    migration = import_module("commonweal.base.migrations.0002_events_only_grow")
    record(category, "opened", by=By.PROGRAM)

    with connection.schema_editor(atomic=False) if connection.vendor != "sqlite" else _Editor() as editor:
        migration.unguard(None, editor)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE base_event SET verb = 'other'")
        migration.guard(None, editor)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE base_event SET verb = 'third'")
    assert Event.objects.get().verb == "other"


class _Editor:
    """SQLite's own editor cannot work inside the transaction of a test."""

    connection = connection

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        pass

    def execute(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
