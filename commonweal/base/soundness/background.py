"""Whether the work in the background gets done."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django_tasks_db.models import DBTaskResult

from commonweal.base import clock, pulse, schedule
from commonweal.base.invariants import Finding, invariant
from commonweal.base.models import Schedule

PATIENCE = timedelta(minutes=10)


@invariant("base.workers", "Somebody does the work in the background")
def workers_are_alive() -> Iterator[Finding]:
    """A worker was seen in the last minute. Whether work waits because none was, the other checks say."""
    if not pulse.living():
        yield Finding(
            what="No worker is running.",
            do="Start `commonweal serve` (it brings its own worker) or `commonweal worker`.",
            grave=False,
        )


@invariant("base.schedule", "Periodic work is done when it is due, and succeeds")
def schedule_is_kept() -> Iterator[Finding]:
    """No piece that wants doing is overdue by three turns or ten minutes, and the last turn of none failed."""
    rows = {row.name: row for row in Schedule.objects.all()}
    for entry in schedule.periodic_work():
        row = rows.get(entry.name)
        if row is None:
            continue
        late = clock.now() - row.due_at > max(PATIENCE, 3 * entry.interval)
        if late and not row.worker and entry.wanted():
            yield Finding(
                what=f"{entry.name} has been due since {row.due_at:%Y-%m-%d %H:%M} UTC.",
                do="Start `commonweal serve` or `commonweal worker`, or run `commonweal worker --once`.",
            )
        if row.last_error:
            yield Finding(
                what=f"{entry.name} failed at its last turn ({row.last_error}).",
                do="Look for its name in the program's log.",
            )


@invariant("base.tasks", "Tasks are done, and none is left lying")
def tasks_are_done() -> Iterator[Finding]:
    """No task runs without a worker, waits for ten minutes, or failed in the two weeks that tasks are kept."""
    alive = {entry.worker for entry in pulse.living()}
    running = DBTaskResult.objects.running().filter(started_at__lt=clock.now() - pulse.LIFE)
    left = [task for task in running if not task.worker_ids or task.worker_ids[-1] not in alive]
    if left:
        yield Finding(
            what=f"{len(left)} tasks were left by a worker that was killed.",
            do="Start a worker: it puts them back by itself within a minute.",
        )
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=clock.now() - PATIENCE).count()
    if waiting:
        yield Finding(
            what=f"{waiting} tasks have been waiting for more than ten minutes.",
            do="Start `commonweal serve` or `commonweal worker`; with one running, add another.",
        )
    failed = Counter(DBTaskResult.objects.failed().values_list("task_path", "exception_class_path"))
    for (path, fault), count in sorted(failed.items()):
        yield Finding(
            what=f"{path} failed {count} times ({fault.rsplit('.', 1)[-1]}).",
            do="Look for its name in the program's log.",
            grave=False,
        )
