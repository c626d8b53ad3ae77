"""The one clock."""

import time
from datetime import UTC, timedelta

import pytest

from commonweal.base import clock
from commonweal.base.tests.conftest import NOON


def test_clock_runs_in_utc():
    before = time.time()
    now = clock.now()

    assert before <= now.timestamp() <= time.time()
    assert now.tzinfo is UTC


def test_stopped_clock_moves_only_when_told_and_only_forwards():
    with clock.frozen(NOON) as hand:
        assert clock.now() == clock.now() == NOON
        assert hand.advance(timedelta(hours=1)) == clock.now() == NOON + timedelta(hours=1)
        assert hand.move_to(NOON + timedelta(days=1)) == clock.now()
        with pytest.raises(ValueError, match="backwards"):
            hand.advance(timedelta(seconds=-1))
        with pytest.raises(ValueError, match="backwards"):
            hand.move_to(NOON)

    assert clock.now() > NOON


def test_clock_goes_on_after_a_fault_and_stops_nest():
    with clock.frozen(NOON):
        with pytest.raises(RuntimeError), clock.frozen(NOON + timedelta(days=1)):
            raise RuntimeError
        assert clock.now() == NOON

    assert clock.now() > NOON
