"""The doctor's checks of the ground floor: each finds nothing where all is well, and the fault where there is one."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django_tasks_db.models import DBTaskResult, get_date_max

from commonweal.base import clock, pulse, schedule
from commonweal.base.eventlog import By, record
from commonweal.base.models import Pulse, Schedule
from commonweal.base.soundness import background, machine, stored
from commonweal.base.tests.conftest import NOON, model

pytestmark = pytest.mark.django_db
LONG_KEY = "a key that is long and has many different letters"


def told(check):
    return [finding.what for finding in check()]


@pytest.fixture
def category(alder):
    return model("networks.Category").objects.create(network=alder, slug="meals", names={})


@pytest.fixture
def member(alder):
    return model("members.Member").objects.create(network=alder, name="Ana")


# --- what is stored


def test_tables_are_those_of_the_code():
    assert told(stored.migrations_are_applied) == []

    recorder = MigrationRecorder(connection)
    ((_app, newest),) = MigrationLoader(connection).graph.leaf_nodes("base")
    recorder.migration_qs.filter(app="base", name=newest).delete()
    recorder.record_applied("base", "9999_from_the_future")
    recorder.record_applied("gone_app", "0001_initial")

    assert told(stored.migrations_are_applied) == [
        f"1 migrations are not applied: base.{newest}.",
        "The database was made by a newer version of the program: base.9999_from_the_future.",
    ]


@pytest.mark.parametrize(
    ("keys", "complaints"),
    [
        ([LONG_KEY], []),
        ([LONG_KEY, LONG_KEY[::-1]], []),
        (["short"], ["Key 1 is too easy to guess."]),
        ([LONG_KEY, "ab" * 40], ["Key 2 is too easy to guess."]),
        ([LONG_KEY, LONG_KEY], ["The same key is there twice."]),
    ],
)
def test_keys_are_long_random_and_different(settings, tmp_path, keys, complaints):
    settings.COMMONWEAL_DATA, settings.COMMONWEAL_KEYS = tmp_path, keys

    assert told(stored.keys_are_sound) == complaints


def test_key_file_is_closed_to_others(settings, tmp_path):
    settings.COMMONWEAL_DATA, settings.COMMONWEAL_KEYS = tmp_path, [LONG_KEY]
    path = tmp_path / "keys"
    path.write_text(LONG_KEY)
    path.chmod(0o600)
    assert told(stored.keys_are_sound) == []

    path.chmod(0o640)
    (finding,) = stored.keys_are_sound()
    assert finding.do == f"Run `chmod 600 {path}`."


def test_ciphertexts_that_no_key_opens_are_found(settings, member):
    assert told(stored.ciphertexts_open) == []

    settings.COMMONWEAL_KEYS = [LONG_KEY]

    assert told(stored.ciphertexts_open) == ["No key opens 1 of the looked-at values of members.Member.name."]


def test_dangling_keys_are_found(category):
    assert told(stored.foreign_keys_hold) == []

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "ALTER TABLE base_event ADD CONSTRAINT test_never_checked FOREIGN KEY (network_id) "
                "REFERENCES networks_network (id) NOT VALID"
            )
            expected = "1 foreign keys were never checked: test_never_checked."
        else:
            # The constraint is only asked at the end of the transaction, which the test takes back.
            cursor.execute("UPDATE networks_category SET network_id = 'nobody'")
            expected = "Rows point at rows that are gone: networks_category → networks_network."

    assert told(stored.foreign_keys_hold) == [expected]
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM networks_category")


def test_rows_that_point_into_another_network_are_found(alder, birch, member):
    point = model("members.ContactPoint").objects.create(
        network=alder, member=member, kind="email", value="ana@example.org"
    )
    assert told(stored.keys_stay_in_their_network) == []

    type(point).objects.update(network=birch)

    assert told(stored.keys_stay_in_their_network) == [
        "1 rows of members.ContactPoint point at another network by member."
    ]


def test_missing_guard_of_the_event_log_is_found():
    assert told(stored.event_log_is_guarded) == []

    with connection.cursor() as cursor:
        on_table = " ON base_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER base_event_only_grows{on_table}")

    assert told(stored.event_log_is_guarded) == [
        "The database would let events be changed: its guard is missing."
    ]


def test_long_lists_are_cut():
    assert stored._few("abcdefg") == "a, b, c, d, e and 2 more"
    assert stored._few("ab") == "a, b"


# --- the machine


def test_right_clock():
    assert told(machine.clock_is_right) == []


def test_clock_before_the_program_was_installed():
    with clock.frozen(datetime(2001, 1, 1, tzinfo=UTC)):
        assert "The clock says 2001-01-01, before this program was installed." in told(machine.clock_is_right)


def test_clock_that_ran_backwards(category, hand, monkeypatch):
    monkeypatch.setattr(
        machine, "Path", lambda name: SimpleNamespace(stat=lambda: SimpleNamespace(st_mtime=0))
    )
    hand.advance(timedelta(hours=2))
    record(category, "opened", by=By.PROGRAM)
    with clock.frozen(NOON):
        assert told(machine.clock_is_right)[0].startswith("The newest event is of 2026-03-03 14:00 UTC")


def test_clock_of_the_database(monkeypatch):
    monkeypatch.setattr("commonweal.base.soundness.machine.connection.vendor", "postgresql")
    monkeypatch.setattr(machine, "_database_time", lambda: clock.now() - timedelta(seconds=90))

    assert told(machine.clock_is_right) == ["The database's clock differs from ours by -90 seconds."]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has the machine's own clock")
def test_time_is_asked_of_postgresql():
    assert abs(machine._database_time() - clock.now()) < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("free", "size", "complains"), [(10**9, 0, False), (10**8, 0, True), (10**9, 6 * 10**8, True)]
)
def test_room_on_the_disk(settings, tmp_path, monkeypatch, free, size, complains):
    settings.COMMONWEAL_DATA = tmp_path
    if size:
        with (tmp_path / "commonweal.sqlite3").open("wb") as file:
            os.truncate(file.fileno(), size)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free))

    assert bool(told(machine.disk_has_room)) is complains


# --- work in the background


def test_somebody_works(hand):
    (finding,) = background.workers_are_alive()
    assert (finding.what, finding.grave) == ("No worker is running.", False)

    pulse.beat("w1")
    assert told(background.workers_are_alive) == []


@pytest.fixture
def work(monkeypatch, hand):
    """One piece of periodic work, due now."""
    monkeypatch.setattr(schedule, "_registry", {})

    def work(*, wanted=True):
        schedule.every(timedelta(minutes=2), name="test.work", wanted=lambda: wanted)(lambda: None)
        assert told(background.schedule_is_kept) == []
        schedule.enter_all()

    return work


def test_overdue_work_is_found(work, hand):
    work()
    hand.advance(timedelta(minutes=10))
    assert told(background.schedule_is_kept) == []

    hand.advance(timedelta(seconds=1))
    assert told(background.schedule_is_kept) == ["test.work has been due since 2026-03-03 12:00 UTC."]

    Schedule.objects.update(worker="w1")
    assert told(background.schedule_is_kept) == []


def test_work_that_nobody_wants_is_not_overdue(work, hand):
    work(wanted=False)
    hand.advance(timedelta(days=1))

    assert told(background.schedule_is_kept) == []


def test_failed_work_is_found(work):
    work()
    Schedule.objects.update(last_error="RuntimeError")

    assert told(background.schedule_is_kept) == ["test.work failed at its last turn (RuntimeError)."]


@pytest.fixture
def tasks(hand):
    """A task in some state."""

    def tasks(status, **more):
        made = DBTaskResult.objects.create(
            args_kwargs={},
            task_path="some.task",
            backend_name="default",
            run_after=get_date_max(),
            status=status,
            **more,
        )
        DBTaskResult.objects.filter(pk=made.pk).update(enqueued_at=NOON)

    return tasks


def test_tasks_left_by_a_killed_worker_are_found(tasks, hand):
    tasks("RUNNING", started_at=NOON, worker_ids=["w1"])
    tasks("RUNNING", started_at=NOON, worker_ids=[])
    assert told(background.tasks_are_done) == []

    hand.advance(pulse.LIFE + timedelta(seconds=1))
    pulse.beat("w1")
    assert told(background.tasks_are_done) == ["1 tasks were left by a worker that was killed."]

    Pulse.objects.all().delete()
    assert told(background.tasks_are_done) == ["2 tasks were left by a worker that was killed."]


def test_tasks_that_wait_too_long_are_found(tasks, hand):
    tasks("READY")
    assert told(background.tasks_are_done) == []

    hand.advance(timedelta(minutes=11))
    assert told(background.tasks_are_done) == ["1 tasks have been waiting for more than ten minutes."]


def test_failed_tasks_are_counted_by_what_they_are(tasks):
    for _ in range(2):
        tasks("FAILED", exception_class_path="builtins.KeyError")
    tasks("SUCCESSFUL")

    (finding,) = background.tasks_are_done()
    assert (finding.what, finding.grave) == ("some.task failed 2 times (KeyError).", False)
