"""What the tests of matching share: the cast of the exchange, a stopped clock, and a worker that is wound by hand."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from commonweal.exchange.tasks import advance_due
from commonweal.exchange.tests.conftest import bo, hand, run_commits, shared_database, town

__all__ = ["bo", "hand", "run_commits", "shared_database", "town", "worker"]

TURN = timedelta(minutes=20)


class Worker:
    """Does what is due, and what that makes due; ``pass_time`` lets the clock go on between its turns."""

    def __init__(self, hand, run_commits):
        self._hand, self._run_commits = hand, run_commits

    def commits(self):
        """What is told on commit within it is told at its end."""
        return self._run_commits()

    def work(self):
        """Everything that is due now."""
        busy = True
        while busy:
            with self._run_commits():
                busy = advance_due() > 0
            busy = self._tasks() or busy

    def pass_time(self, **span):
        """Let so much time go by."""
        left = timedelta(**span)
        self.work()
        while left > timedelta(0):
            self._hand.advance(min(TURN, left))
            left -= TURN
            self.work()

    def _tasks(self):
        ready = list(DBTaskResult.objects.ready())
        for row in ready:
            with self._run_commits():
                row.task.func(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
            row.delete()
        return bool(ready)


@pytest.fixture
def worker(hand, run_commits):
    """The worker."""
    return Worker(hand, run_commits)
