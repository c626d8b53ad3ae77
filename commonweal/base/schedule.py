"""Work that comes round. A room says what and how often in its ``tasks.py``; the table says when each is due next.

One process at a time does each piece: whoever moves the due time on, with a compare-and-set, has it. While the work is
in hand the row names the worker; the row of a worker that was killed is freed by the others (``pulse``).
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from commonweal.base import clock
from commonweal.base.models import Schedule

logger = logging.getLogger(__name__)


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic:
    """One piece of periodic work. ``wanted`` is a cheap look whether there is anything to do at all."""

    name: str
    interval: timedelta
    work: Callable[[], object]
    wanted: Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one look at the schedule came to."""

    done: int
    failed: int


_registry: dict[str, Periodic] = {}
F = TypeVar("F", bound=Callable[[], object])


def every(interval: timedelta, *, name: str, wanted: Callable[[], bool] = _always) -> Callable[[F], F]:
    """Register a function, which takes nothing, to be called about every ``interval`` by one worker at a time.

    ``name`` is "room.what" and stays the same for ever. Where the interval is short, give ``wanted``: while it says no,
    the turn passes without a write. The work may take as long as it needs; whatever else is due waits for it meanwhile
    if there is only one worker. It must bear being stopped in the middle and begun again.
    """

    def register(function: F) -> F:
        if name in _registry and _registry[name].work is not function:
            raise ValueError(f"there are two pieces of periodic work called {name}")
        _registry[name] = Periodic(name=name, interval=interval, work=function, wanted=wanted)
        return function

    return register


def periodic_work() -> Iterable[Periodic]:
    """Everything that was registered, by name."""
    return [_registry[name] for name in sorted(_registry)]


def enter_all() -> None:
    """Give every registered piece its row, due at once; rows that are there stay as they are."""
    now = clock.now()
    Schedule.objects.bulk_create(
        [Schedule(name=entry.name, due_at=now) for entry in periodic_work()], ignore_conflicts=True
    )


def run_due(
    worker: str, *, doing: Callable[[str], object] = lambda name: None, go_on: Callable[[], bool] = _always
) -> Turn:
    """Do what is due and free, each piece once. ``doing`` is told the name of each, ``go_on`` is asked before each.

    A piece that fails is noted by the kind of its fault and comes round again at its next turn.
    """
    done = failed = 0
    rows = Schedule.objects.filter(name__in=_registry, due_at__lte=clock.now(), worker="")
    for row in rows.order_by("due_at", "name"):
        if not go_on():
            break
        entry = _registry[row.name]
        if entry.wanted() and _claim(row, entry, worker):
            doing(entry.name)
            failed += _fails(entry, worker)
            doing("")
            done += 1
    return Turn(done=done, failed=failed)


def _claim(row: Schedule, entry: Periodic, worker: str) -> bool:
    now = clock.now()
    mine = Schedule.objects.filter(name=row.name, worker="", due_at=row.due_at)
    return bool(mine.update(worker=worker, last_started_at=now, due_at=now + entry.interval))


def _fails(entry: Periodic, worker: str) -> bool:
    fault = ""
    try:
        entry.work()
    except Exception as error:
        fault = type(error).__name__
        logger.exception("periodic work %s failed", entry.name)
    mine = Schedule.objects.filter(name=entry.name, worker=worker)
    mine.update(worker="", last_finished_at=clock.now(), last_error=fault)
    return bool(fault)
