"""Many count, claim and record at the same moment, on a database that really locks."""

from collections import Counter
from datetime import timedelta

import pytest

from commonweal.base import pulse, schedule
from commonweal.base.limits import count_once
from commonweal.base.models import Schedule
from commonweal.base.tests.racing import CROWD, all_at_once, on_disk

__all__ = ["on_disk"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_limit_lets_exactly_so_many_through(on_disk, hand):
    hour = timedelta(hours=1)

    outcomes = all_at_once(lambda: count_once("sign_in", "ana", most=5, within=hour))

    assert outcomes == Counter({"done": 5, "TooMany": CROWD - 5})


def test_due_work_is_done_once(on_disk, hand, monkeypatch):
    done: list[int] = []
    monkeypatch.setattr(schedule, "_registry", {})
    schedule.every(timedelta(hours=1), name="test.work")(lambda: done.append(1))
    assert all_at_once(schedule.enter_all) == Counter({"done": CROWD})

    assert all_at_once(lambda: schedule.run_due("w1")) == Counter({"done": CROWD})

    assert len(done) == 1


def test_lost_work_is_returned_once(on_disk, hand):
    Schedule.objects.create(name="test.work", worker="gone", due_at=hand.advance(timedelta(0)))
    back: list[int] = []

    assert all_at_once(lambda: back.append(pulse.return_lost_work())) == Counter({"done": CROWD})

    assert sum(back) == 1
