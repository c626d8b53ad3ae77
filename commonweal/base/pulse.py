"""Who is alive, and what becomes of the work of those who are not.

A worker renews its row every quarter of a minute. When that stops for a minute, or when its process is gone from this
machine, its periodic work is freed and its tasks go back in the queue. So every task is done at least once, and a task
that takes its worker down with it is given up after the third.
"""

import os
import socket
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from commonweal.base import clock
from commonweal.base.models import Pulse, Schedule

BEAT = timedelta(seconds=15)
LIFE = timedelta(seconds=60)
MOST_TRIES = 3


class WorkerLost(Exception):
    """What is noted of a task whose workers were killed too often; never raised."""


def machine() -> str:
    """A name for the set of processes that can see each other: the host, and on Linux its process namespace."""
    namespace = Path("/proc/self/ns/pid")
    inside = namespace.readlink() if namespace.exists() else ""
    return f"{socket.gethostname()} {inside}".strip()[:160]


def beat(worker: str, *, doing: str = "") -> None:
    """Note that ``worker``, which is this process, is alive and what it is at."""
    now = clock.now()
    known = Pulse.objects.filter(worker=worker).update(seen_at=now, doing=doing[:100])
    if not known:
        Pulse.objects.create(
            worker=worker, machine=machine(), pid=os.getpid(), started_at=now, seen_at=now, doing=doing[:100]
        )


def stop(worker: str) -> None:
    """Note that ``worker`` ended in good order, with nothing in hand."""
    Pulse.objects.filter(worker=worker).delete()


def return_lost_work() -> int:
    """Free what killed workers had in hand and forget them; returns how many pieces of work came back.

    What is held is read before who lives: a worker shows its pulse before it takes anything, so whoever holds
    something and is not among the living was lost.
    """
    running = list(DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING))
    held = list(Schedule.objects.exclude(worker=""))
    pulses = list(Pulse.objects.all())
    dead = {pulse.worker for pulse in pulses if not _lives(pulse)}
    known = {pulse.worker for pulse in pulses}

    def lost(worker: str, since: datetime | None) -> bool:
        return worker in dead or (worker not in known and (since is None or clock.now() - since > LIFE))

    back = sum(_return_task(task) for task in running if lost(_holder(task), task.started_at))
    back += sum(_free(row) for row in held if lost(row.worker, row.last_started_at))
    Pulse.objects.filter(
        worker__in=dead, seen_at__in=[p.seen_at for p in pulses if p.worker in dead]
    ).delete()
    return back


def living() -> Iterable[Pulse]:
    """The workers that are alive, those longest at work first."""
    return [pulse for pulse in Pulse.objects.order_by("started_at") if _lives(pulse)]


def _lives(pulse: Pulse) -> bool:
    # A pulse far in the future is from before somebody set the clock back, and says no more than an old one.
    if abs(clock.now() - pulse.seen_at) > LIFE:
        return False
    return pulse.machine != machine() or _process_exists(pulse.pid)


def _process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _holder(task: DBTaskResult[Any, Any]) -> str:
    return task.worker_ids[-1] if task.worker_ids else ""


def _return_task(task: DBTaskResult[Any, Any]) -> int:
    mine = DBTaskResult.objects.filter(
        pk=task.pk, status=TaskResultStatus.RUNNING, started_at=task.started_at
    )
    if len(task.worker_ids) < MOST_TRIES:
        return mine.update(status=TaskResultStatus.READY, started_at=None)
    return mine.update(
        status=TaskResultStatus.FAILED,
        finished_at=clock.now(),
        exception_class_path=f"{WorkerLost.__module__}.{WorkerLost.__qualname__}",
        traceback="",
    )


def _free(row: Schedule) -> int:
    return Schedule.objects.filter(name=row.name, worker=row.worker).update(worker="", due_at=clock.now())
