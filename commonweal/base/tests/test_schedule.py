"""Periodic work: each piece when it is due, by one worker at a time."""

from datetime import timedelta

import pytest

from commonweal.base import schedule
from commonweal.base.models import Schedule
from commonweal.base.schedule import Periodic, Turn, enter_all, every, periodic_work, run_due
from commonweal.base.tests.conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]
HOUR = timedelta(hours=1)


@pytest.fixture
def registry(monkeypatch):
    """An empty registry, so that only the work of the test is done."""
    entries: dict[str, Periodic] = {}
    monkeypatch.setattr(schedule, "_registry", entries)
    return entries


@pytest.fixture
def work(registry):
    """Register a piece of work that notes its turns."""

    def work(name="test.work", interval=HOUR, fails=False, **more):
        turns: list[str] = []

        @every(interval, name=name, **more)
        def piece():
            turns.append(Schedule.objects.get(name=name).worker)
            if fails:
                raise RuntimeError("ana@example.org")

        enter_all()
        return turns

    return work


def row(name="test.work"):
    return Schedule.objects.get(name=name)


def test_work_is_done_when_due_and_again_after_its_interval(work, hand):
    turns = work()

    assert run_due("w1") == Turn(done=1, failed=0)
    assert run_due("w1") == Turn(done=0, failed=0)
    hand.advance(HOUR - timedelta(seconds=1))
    assert run_due("w1").done == 0
    hand.advance(timedelta(seconds=1))
    assert run_due("w2").done == 1

    assert turns == ["w1", "w2"]
    assert (row().worker, row().due_at, row().last_finished_at) == ("", NOON + 2 * HOUR, NOON + HOUR)


def test_work_missed_for_days_is_done_once(work, hand):
    turns = work()
    hand.advance(timedelta(days=3))

    run_due("w1")
    run_due("w1")

    assert len(turns) == 1
    assert row().due_at == NOON + timedelta(days=3) + HOUR


def test_work_in_somebodys_hands_is_left_to_them(work, hand):
    turns = work()
    Schedule.objects.update(worker="w1")
    hand.advance(timedelta(days=1))

    assert run_due("w2").done == 0
    assert turns == []


def test_of_two_who_see_it_due_one_does_it(work, registry):
    work()
    seen = row()

    claims = [schedule._claim(seen, registry["test.work"], worker) for worker in ("w1", "w2")]

    assert claims == [True, False]
    assert row().worker == "w1"


def test_piece_that_fails_comes_round_again_and_its_words_are_not_kept(work, hand, caplog):
    turns = work(fails=True)
    other = work(name="test.other")

    assert run_due("w1") == Turn(done=2, failed=1)

    assert (row().last_error, row().worker, row().last_finished_at) == ("RuntimeError", "", NOON)
    assert "test.work failed" in caplog.text
    assert len(other) == 1
    hand.advance(HOUR)
    run_due("w1")
    assert len(turns) == 2


def test_success_wipes_the_memory_of_a_failure(work):
    work()
    Schedule.objects.update(last_error="RuntimeError")

    run_due("w1")

    assert row().last_error == ""


def test_unwanted_turn_passes_without_a_write(work, django_assert_num_queries):
    turns = work(wanted=lambda: False)

    with django_assert_num_queries(1):
        assert run_due("w1").done == 0
    assert (turns, row().due_at) == ([], NOON)


def test_worker_that_lost_its_place_writes_nothing(work, registry, hand):
    """It was thought dead, and another has the work now."""

    @every(HOUR, name="test.slow")
    def slow():
        Schedule.objects.filter(name="test.slow").update(worker="w2", last_error="")

    enter_all()
    run_due("w1")

    assert (row("test.slow").worker, row("test.slow").last_finished_at) == ("w2", None)


def test_stop_is_heard_between_two_pieces(work):
    first, second = work(name="test.a"), work(name="test.b")
    answers = iter([True, False])

    assert run_due("w1", go_on=lambda: next(answers)).done == 1
    assert (len(first), len(second)) == (1, 0)


def test_what_is_being_done_is_told(work):
    work(name="test.a")
    told: list[str] = []

    run_due("w1", doing=told.append)

    assert told == ["test.a", ""]


def test_rows_of_unknown_work_are_left_alone(work):
    work()
    Schedule.objects.create(name="test.gone", due_at=NOON)

    assert run_due("w1").done == 1
    assert row("test.gone").last_started_at is None


def test_entering_twice_keeps_what_is_there(work):
    work()
    Schedule.objects.update(due_at=NOON + HOUR)

    enter_all()

    assert row().due_at == NOON + HOUR
    assert str(row()) == "test.work"


def test_name_belongs_to_one_function(registry):
    def one():
        return None

    assert every(HOUR, name="test.one")(one) is one
    every(HOUR, name="test.one")(one)
    with pytest.raises(ValueError, match=r"test\.one"):
        every(HOUR, name="test.one")(lambda: None)


def test_every_room_says_its_work_by_room_and_name():
    names = [entry.name for entry in periodic_work()]

    assert names == sorted(names)
    assert {"base.forget_tallies", "base.forget_tasks", "base.forget_sessions"} <= set(names)
    assert all(entry.name.count(".") == 1 and entry.interval > timedelta(0) for entry in periodic_work())
