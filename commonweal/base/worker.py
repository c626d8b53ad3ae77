"""The worker: does what is due, one thing after the other, until it is told to stop.

Each round it does the periodic work that is due and then one task; when there was nothing, it waits. Any number of
workers share the work, on any number of machines. A stop lets the present piece of work end first.
"""

import contextlib
import logging
import math
import os
import select
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from types import FrameType

from django.db import Error, close_old_connections, connections
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from commonweal.base import pulse, schedule
from commonweal.base.logs import frames_of

logger = logging.getLogger(__name__)

# In seconds: short after work, since what follows from it often comes soon, and longer with each vain look.
SHORTEST_WAIT, LONGEST_WAIT, GROWTH = 0.1, 2.0, 1.25
OUTAGE_WAIT = 3.0
BACKEND = "default"


class Worker:
    """One worker process. ``parent``: the process without which it must not go on (the server it was started by)."""

    def __init__(self, *, parent: int | None = None) -> None:
        self.id = uuid.uuid4().hex
        self.failed = 0
        self._parent = parent
        self._doing = ""
        self._looked_for_lost = -math.inf
        self._stopping = False
        self._wake_reader, self._wake_writer = os.pipe()
        self._runner = TaskRunner(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name=BACKEND,
            startup_delay=False,
            max_tasks=None,
            worker_id=self.id,
            excluded_queue_names=[],
        )

    @property
    def goes_on(self) -> bool:
        """Whether nothing has told the worker to stop."""
        return not self._stopping and (self._parent is None or os.getppid() == self._parent)

    def stop(self, signum: int | None = None, frame: FrameType | None = None) -> None:
        """End after the present piece of work. Safe in a signal handler: it takes no lock, it writes one byte."""
        self._stopping = True
        os.write(self._wake_writer, b"!")

    def run(self) -> None:
        """Work until SIGTERM, SIGINT or the end of the parent. An outage of the database is waited out."""
        with self._signals():
            begun = False
            while self.goes_on and not begun:
                begun = self._survive(self._begin)
            with self._beating():
                wait = SHORTEST_WAIT
                while self.goes_on:
                    close_old_connections()
                    busy = self._survive(self.round)
                    wait = SHORTEST_WAIT if busy else min(LONGEST_WAIT, wait * GROWTH)
                    if not busy:
                        self._rest(wait)
            self._survive(self._end)

    def run_once(self) -> None:
        """Do everything that is due now, and what that makes due, then return; ``failed`` counts what failed."""
        self._begin()
        while self.goes_on and self.round():
            pass
        self._end()

    def round(self) -> bool:
        """Do the periodic work that is due, and one task; returns whether there was anything to do."""
        if time.monotonic() - self._looked_for_lost > pulse.BEAT.total_seconds():
            self._looked_for_lost = time.monotonic()
            pulse.return_lost_work()
        turn = schedule.run_due(self.id, doing=self._note, go_on=lambda: self.goes_on)
        self.failed += turn.failed
        return self._one_task() or turn.done > 0

    def _begin(self) -> bool:
        """Show a pulse before taking anything in hand."""
        pulse.beat(self.id)
        schedule.enter_all()
        return True

    def _end(self) -> bool:
        pulse.stop(self.id)
        return True

    def _one_task(self) -> bool:
        ready = DBTaskResult.objects.ready().filter(backend_name=BACKEND)
        # A look first: on SQLite the claim locks out every other writer.
        if not self.goes_on or not ready.exists():
            return False
        with exclusive_transaction(ready.db):
            task = ready.get_locked()
            if task is not None:
                task.claim(self.id)
        if task is None:
            return False
        self._note(task.task_path)
        self._runner.run_task(task)
        self._note("")
        if task.status == TaskResultStatus.FAILED:
            self.failed += 1
            # A fault's words may quote what somebody wrote: only where it came about is kept.
            task.traceback = frames_of(task.traceback)
            task.save(update_fields=["traceback"])
        return True

    def _note(self, doing: str) -> None:
        self._doing = doing

    def _survive(self, step: Callable[[], bool]) -> bool:
        """Take one step; where the database does not answer, wait a little instead and return False."""
        try:
            return step()
        except Error as error:
            logger.warning("the database does not answer (%s); trying again", type(error).__name__)
            connections.close_all()
            self._rest(OUTAGE_WAIT)
            return False

    def _rest(self, seconds: float) -> None:
        if self.goes_on:
            select.select([self._wake_reader], [], [], seconds)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextlib.contextmanager
    def _beating(self) -> Iterator[None]:
        """Renew the pulse from a thread of its own, so that long work does not look like death."""
        ended = threading.Event()
        thread = threading.Thread(target=self._beat_until, args=(ended,), name="pulse", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _beat_until(self, ended: threading.Event) -> None:
        while not ended.wait(pulse.BEAT.total_seconds()):
            try:
                pulse.beat(self.id, doing=self._doing)
            except Error as error:
                logger.warning("the pulse was not noted (%s); trying again", type(error).__name__)
            finally:
                connections.close_all()
