"""Who lives, and what becomes of the work of those who do not."""

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from commonweal.base import pulse
from commonweal.base.models import Pulse, Schedule
from commonweal.base.pulse import BEAT, LIFE, MOST_TRIES, beat, living, machine, return_lost_work, stop
from commonweal.base.tests.conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]


@pytest.fixture
def running():
    """A task that a worker has in hand, and the row of periodic work that it has too."""

    def running(worker, tries=1):
        Schedule.objects.create(
            name=f"test.{worker}", worker=worker, due_at=NOON + timedelta(days=1), last_started_at=NOON
        )
        return DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}},
            task_path="commonweal.base.tests.test_pulse.nothing",
            backend_name="default",
            run_after=get_date_max(),
            status=TaskResultStatus.RUNNING,
            started_at=NOON,
            worker_ids=[f"before{number}" for number in range(tries - 1)] + [worker],
        )

    return running


@pytest.fixture
def dead_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def state(task):
    task.refresh_from_db()
    return task.status


def holder(worker):
    return Schedule.objects.get(name=f"test.{worker}").worker


def test_pulse_says_who_where_and_what(hand):
    beat("w1")
    hand.advance(BEAT)
    beat("w1", doing="test.work")

    (row,) = living()
    assert (row.worker, row.pid, row.machine, row.doing) == ("w1", os.getpid(), machine(), "test.work")
    assert (row.started_at, row.seen_at) == (NOON, NOON + BEAT)
    assert str(row) == "w1"


def test_worker_that_ends_in_good_order_leaves_no_trace():
    beat("w1")

    stop("w1")

    assert not Pulse.objects.exists()


def test_living_worker_keeps_its_work(running, hand):
    beat("w1")
    task = running("w1")
    hand.advance(LIFE)

    assert return_lost_work() == 0
    assert (state(task), holder("w1")) == ("RUNNING", "w1")


def test_work_of_a_silent_worker_goes_back(running, hand):
    beat("w1")
    Pulse.objects.update(machine="another machine")
    task = running("w1")
    hand.advance(LIFE + timedelta(seconds=1))

    assert return_lost_work() == 2

    assert (state(task), task.started_at, holder("w1")) == ("READY", None, "")
    assert Schedule.objects.get().due_at == hand.advance(timedelta(0))
    assert not Pulse.objects.exists()
    assert return_lost_work() == 0


def test_killed_neighbour_on_the_same_machine_is_noticed_at_once(running, dead_pid):
    beat("w1")
    Pulse.objects.update(pid=dead_pid)
    task = running("w1")

    assert return_lost_work() == 2
    assert state(task) == "READY"


def test_same_process_number_on_another_machine_says_nothing(running, dead_pid):
    beat("w1")
    Pulse.objects.update(pid=dead_pid, machine="another machine")
    task = running("w1")

    assert return_lost_work() == 0
    assert state(task) == "RUNNING"


def test_process_of_another_account_lives(running, monkeypatch):
    def forbidden(pid, signal):
        raise PermissionError

    beat("w1")
    monkeypatch.setattr("os.kill", forbidden)

    assert [row.worker for row in living()] == ["w1"]


def test_worker_that_never_showed_a_pulse_gets_its_time(running, hand):
    task = running("stranger")
    hand.advance(LIFE)
    assert return_lost_work() == 0

    hand.advance(timedelta(seconds=1))
    assert return_lost_work() == 2
    assert state(task) == "READY"


def test_task_without_any_worker_is_lost(running):
    task = running("w1")
    DBTaskResult.objects.update(worker_ids=[], started_at=None)

    assert return_lost_work() == 1
    assert state(task) == "READY"


def test_pulse_from_before_the_clock_was_set_back_is_old(running, hand):
    beat("w1")
    Pulse.objects.update(seen_at=NOON + timedelta(hours=5), machine="another machine")
    task = running("w1")

    assert return_lost_work() == 2
    assert state(task) == "READY"


def test_task_that_takes_its_workers_down_is_given_up(running, dead_pid):
    beat("w1")
    Pulse.objects.update(pid=dead_pid)
    task = running("w1", tries=MOST_TRIES)

    return_lost_work()

    assert (state(task), task.finished_at) == ("FAILED", NOON)
    assert task.exception_class_path == "commonweal.base.pulse.WorkerLost"


def test_work_that_was_done_meanwhile_is_not_put_back(running, dead_pid, monkeypatch):
    beat("w1")
    Pulse.objects.update(pid=dead_pid)
    task = running("w1")
    lives = pulse._lives

    def finish_and_look(row):
        DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
        Schedule.objects.update(worker="w2")
        return lives(row)

    monkeypatch.setattr(pulse, "_lives", finish_and_look)

    assert return_lost_work() == 0
    assert (state(task), holder("w1")) == ("SUCCESSFUL", "w2")


def test_machine_is_named_apart_from_a_container_of_the_same_name(monkeypatch, tmp_path):
    assert machine().startswith(socket.gethostname())

    monkeypatch.setattr(pulse, "Path", lambda name: tmp_path / "not there")
    assert machine() == socket.gethostname()


def nothing():
    """What the tasks of this module would do."""
