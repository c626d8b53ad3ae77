"""What the ground floor forgets in the background."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult, get_date_max

from commonweal.base import tasks
from commonweal.base.limits import count_once
from commonweal.base.models import Tally
from commonweal.base.tests.conftest import NOON

pytestmark = pytest.mark.django_db


def test_counters_are_forgotten(hand):
    count_once("sign_in", "ana", most=1, within=timedelta(hours=1))
    hand.advance(timedelta(hours=2))

    tasks.forget_tallies()

    assert not Tally.objects.exists()


def test_finished_tasks_are_forgotten_after_two_weeks(hand):
    def make(status, finished_at):
        return DBTaskResult.objects.create(
            args_kwargs={},
            task_path="some.task",
            backend_name="default",
            run_after=get_date_max(),
            status=status,
            finished_at=finished_at,
        )

    make("SUCCESSFUL", NOON)
    make("FAILED", NOON)
    kept = {make("SUCCESSFUL", NOON + timedelta(days=1)).pk, make("READY", None).pk}
    hand.advance(timedelta(days=14, seconds=1))

    tasks.forget_tasks()

    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == kept


def test_sessions_that_ran_out_are_forgotten():
    Session.objects.create(session_key="old", session_data="", expire_date=NOON - timedelta(days=4000))
    Session.objects.create(session_key="new", session_data="", expire_date=NOON + timedelta(days=40000))

    tasks.forget_sessions()

    assert [session.session_key for session in Session.objects.all()] == ["new"]
