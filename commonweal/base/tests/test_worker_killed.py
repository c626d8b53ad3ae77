"""A worker that is killed in the middle of a task: the task is done again, by whoever comes next."""

import signal

import pytest

from commonweal.base.tests.site import wait_until

TASKS = "SELECT status FROM django_tasks_database_dbtaskresult"


@pytest.fixture
def hanging(site, tmp_path):
    """A worker that hangs in a task, and the diary of who did the task."""
    diary = tmp_path / "diary"
    site.python(
        f"from commonweal.base.tests.slow_work import hang_at_first; hang_at_first.enqueue({str(diary)!r})"
    )
    worker = site.start("worker")
    wait_until(diary.exists)
    return worker, diary


def test_task_of_a_killed_worker_is_done_by_the_next(site, hanging):
    worker, diary = hanging
    assert site.rows(TASKS) == [("RUNNING",)]
    worker.kill()
    worker.wait()

    done = site.run("worker", "--once")

    assert done.returncode == 0, done.stderr
    assert site.rows(TASKS) == [("SUCCESSFUL",)]
    assert len(set(diary.read_text().split())) == 2
    assert site.rows("SELECT worker FROM base_pulse") == []


def test_task_of_a_living_worker_is_left_to_it(site, hanging):
    _, diary = hanging

    site.run("worker", "--once")

    assert site.rows(TASKS) == [("RUNNING",)]
    assert len(diary.read_text().split()) == 1


def test_worker_ends_at_once_when_it_has_nothing_in_hand(site):
    worker = site.start("worker")
    wait_until(lambda: site.rows("SELECT worker FROM base_pulse"))

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=30) == 0
    assert site.rows("SELECT worker FROM base_pulse") == []
