"""A worker beside the server: started again when it ends, ended in good order."""

import logging
import sys

import pytest

from commonweal.base import supervisor
from commonweal.base.supervisor import Supervisor, own_command, own_environment
from commonweal.base.tests.site import is_alive, wait_until

SLEEPS = [sys.executable, "-c", "import time; print('on', flush=True); time.sleep(600)"]
DEAF = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 5)


@pytest.fixture
def keep():
    """Keep a command going; it is ended after the test."""
    kept = []

    def keep(command):
        keeper = Supervisor(command)
        kept.append(keeper)
        keeper.start()
        wait_until(lambda: keeper.pid is not None)
        return keeper

    yield keep
    for keeper in kept:
        keeper.stop()


def test_child_runs_until_it_is_told_to_stop(keep):
    keeper = keep(SLEEPS)
    pid = keeper.pid
    assert is_alive(pid)

    keeper.stop()

    assert not is_alive(pid)


def test_child_that_was_killed_is_started_again(keep, caplog):
    keeper = keep(SLEEPS)
    first = keeper.pid
    keeper._child.kill()

    wait_until(lambda: keeper.pid != first)

    assert is_alive(keeper.pid)
    assert "the worker ended (code -9)" in caplog.text


def test_child_that_always_ends_is_started_with_growing_waits(keep, caplog, monkeypatch):
    monkeypatch.setattr(supervisor, "LONGEST_WAIT", 0.02)
    caplog.set_level(logging.WARNING)
    keeper = keep([sys.executable, "-c", "raise SystemExit(3)"])

    wait_until(lambda: caplog.text.count("code 3") >= 3)

    keeper.stop()
    assert not is_alive(keeper.pid)


def test_wait_is_short_again_after_a_long_life(keep, caplog, monkeypatch):
    monkeypatch.setattr(supervisor, "LONG_LIFE", 0)
    monkeypatch.setattr(supervisor, "LONGEST_WAIT", 600)
    keep([sys.executable, "-c", "raise SystemExit(3)"])

    wait_until(lambda: caplog.text.count("in 0 s") >= 3)


def test_child_that_does_not_listen_is_killed(keep, monkeypatch, tmp_path):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.1)
    keeper = keep([sys.executable, "-c", DEAF, str(tmp_path / "deaf")])
    wait_until((tmp_path / "deaf").exists)

    keeper.stop()

    wait_until(lambda: not is_alive(keeper.pid))


def test_stop_before_the_start_starts_nothing():
    keeper = Supervisor(SLEEPS)
    keeper._ended.set()

    keeper.start()
    keeper.stop()

    assert keeper.pid is None


def test_stop_between_two_lives_starts_no_other(keep, monkeypatch):
    keeper = Supervisor(SLEEPS)
    monkeypatch.setattr(keeper, "_spawn", lambda: None)

    keeper._keep()

    assert keeper.pid is None
    keeper._ended.set()
    assert Supervisor._spawn(keeper) is None


def test_own_command_is_by_the_same_python_and_finds_the_program():
    assert own_command("worker", "--once") == [sys.executable, "-m", "django", "worker", "--once"]
    assert all(part for part in own_environment()["PYTHONPATH"].split(":"))
