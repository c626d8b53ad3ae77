"""The worker: schedules and tasks, one after the other, until told to stop."""

import os
import signal
import threading
import time
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from commonweal.base import clock, pulse, schedule, worker
from commonweal.base.models import Pulse, Schedule
from commonweal.base.worker import Worker

DONE: list[str] = []


@task()
def note(word):
    """Do what a test can see."""
    DONE.append(word)


@task()
def fail():
    """Fail, with a word that somebody wrote."""
    raise RuntimeError("amina@example.org")


@pytest.fixture(autouse=True)
def _only_what_the_test_makes(monkeypatch):
    DONE.clear()
    monkeypatch.setattr(schedule, "_registry", {})
    monkeypatch.setattr(worker, "SHORTEST_WAIT", 0.01)
    monkeypatch.setattr(worker, "LONGEST_WAIT", 0.01)
    monkeypatch.setattr(worker, "OUTAGE_WAIT", 0.01)


def states():
    return [task.status for task in DBTaskResult.objects.order_by("enqueued_at")]


@pytest.mark.django_db
def test_worker_does_what_is_due_and_ends():
    schedule.every(timedelta(hours=1), name="test.work")(lambda: DONE.append("periodic"))
    note.enqueue("a")
    note.enqueue("b")
    some_worker = Worker()

    some_worker.run_once()

    assert DONE == ["periodic", "a", "b"]
    assert states() == ["SUCCESSFUL", "SUCCESSFUL"]
    assert Schedule.objects.get().worker == ""
    assert some_worker.failed == 0
    assert not Pulse.objects.exists()


@pytest.mark.django_db
def test_work_that_makes_work_is_done_to_the_end():
    schedule.every(timedelta(hours=1), name="test.work")(lambda: note.enqueue("made"))

    Worker().run_once()

    assert DONE == ["made"]


@pytest.mark.django_db
def test_failures_are_counted_and_stop_nobody():
    def broken():
        raise RuntimeError("no")

    schedule.every(timedelta(hours=1), name="test.work")(broken)
    fail.enqueue()
    note.enqueue("after")
    some_worker = Worker()

    some_worker.run_once()

    assert DONE == ["after"]
    assert states() == ["FAILED", "SUCCESSFUL"]
    assert some_worker.failed == 2


@pytest.mark.django_db
def test_of_a_failure_the_kind_and_the_place_are_kept_and_no_words():
    fail.enqueue()

    Worker().run_once()

    kept = DBTaskResult.objects.get()
    assert kept.exception_class_path == "builtins.RuntimeError"
    assert kept.traceback.splitlines()[-1].endswith("in fail")
    assert "amina" not in kept.traceback


@pytest.mark.django_db
def test_task_for_later_waits():
    note.using(run_after=clock.now() + timedelta(hours=1)).enqueue("later")

    Worker().run_once()

    assert (DONE, states()) == ([], ["READY"])


@pytest.mark.django_db
def test_task_that_another_took_first_is_left(monkeypatch):
    note.enqueue("a")
    monkeypatch.setattr("django_tasks_db.models.DBTaskResultQuerySet.get_locked", lambda rows: None)

    assert Worker().round() is False
    assert states() == ["READY"]


@pytest.mark.django_db
def test_lost_work_is_looked_for_at_first_and_then_every_beat(monkeypatch):
    looks: list[int] = []
    monkeypatch.setattr(pulse, "return_lost_work", lambda: looks.append(1))
    some_worker = Worker()

    some_worker.round()
    some_worker.round()
    assert len(looks) == 1

    some_worker._looked_for_lost -= pulse.BEAT.total_seconds()
    some_worker.round()
    assert len(looks) == 2


@pytest.mark.django_db
def test_look_at_an_empty_queue_is_cheap(django_assert_max_num_queries):
    some_worker = Worker()
    some_worker.round()

    with django_assert_max_num_queries(2):
        assert some_worker.round() is False


@pytest.mark.django_db
def test_stop_ends_before_the_next_piece():
    note.enqueue("a")
    note.enqueue("b")
    some_worker = Worker()
    schedule.every(timedelta(hours=1), name="test.work")(some_worker.stop)

    some_worker.run_once()

    assert (DONE, some_worker.goes_on) == ([], False)


def test_worker_does_not_outlive_its_parent():
    assert Worker(parent=os.getppid()).goes_on
    assert not Worker(parent=os.getpid()).goes_on


def stop_soon(number, when):
    def send():
        deadline = time.monotonic() + 10
        while not when() and time.monotonic() < deadline:
            time.sleep(0.005)
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=send)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_the_worker_in_good_order(number):
    handlers = [signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)]
    note.enqueue("a")
    thread = stop_soon(number, lambda: DONE)

    Worker().run()

    thread.join()
    assert DONE == ["a"]
    assert not Pulse.objects.exists()
    assert [signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)] == handlers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [OperationalError, InterfaceError, ProgrammingError])
def test_outage_of_the_database_is_waited_out(monkeypatch, caplog, fault):
    """Once at the start and once in the middle: its server is started anew, or its tables are yet to be made."""
    real_beat, real_run_due = pulse.beat, schedule.run_due
    faults = {"beat": 1, "run_due": 1}

    def shaky(name, function):
        def call(*args, **kwargs):
            if faults[name]:
                faults[name] -= 1
                raise fault("the server closed the connection")
            return function(*args, **kwargs)

        return call

    monkeypatch.setattr("commonweal.base.worker.connections.close_all", lambda: None)
    monkeypatch.setattr(pulse, "beat", shaky("beat", real_beat))
    monkeypatch.setattr(schedule, "run_due", shaky("run_due", real_run_due))
    note.enqueue("a")
    thread = stop_soon(signal.SIGTERM, lambda: DONE)

    Worker().run()

    thread.join()
    assert DONE == ["a"]
    assert caplog.text.count(f"the database does not answer ({fault.__name__})") == 2


def test_pulse_is_renewed_while_long_work_goes_on(monkeypatch):
    beats: list[str] = []
    faults = iter([OperationalError("gone")])

    def beat(worker_id, *, doing):
        beats.append(doing)
        for fault in faults:
            raise fault

    monkeypatch.setattr(pulse, "BEAT", timedelta(seconds=0.01))
    monkeypatch.setattr(pulse, "beat", beat)
    monkeypatch.setattr("commonweal.base.worker.connections.close_all", lambda: None)
    some_worker = Worker()
    some_worker._note("test.long")

    with some_worker._beating():
        deadline = time.monotonic() + 10
        while len(beats) < 3 and time.monotonic() < deadline:
            time.sleep(0.005)

    count = len(beats)
    assert set(beats) == {"test.long"}
    time.sleep(0.03)
    assert len(beats) == count >= 3
