"""What time does by itself: calling late steps to mind, ending measures, and forgetting."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from commonweal.assembly.care import letters
from commonweal.assembly.care.actions.measures import finish, locked_measure, undo
from commonweal.assembly.care.actions.pacing import locked_report
from commonweal.assembly.care.models import Measure, Report
from commonweal.assembly.care.people import readers_for
from commonweal.base import clock
from commonweal.base.eventlog import By, record

NAG_EVERY = timedelta(days=1)
# A removal to which nobody says yes is no removal.
LAPSES_AFTER = timedelta(days=14)
BATCH = 200


def nag_late(*, limit: int = BATCH) -> int:
    """Call steps that are overdue to mind: first their reader, a day later the others too; returns how many."""
    due = Report.objects.filter(nag_at__lte=clock.now()).order_by("nag_at")[:limit]
    return sum(_nag(report) for report in due)


@transaction.atomic
def _nag(report: Report) -> bool:
    report = locked_report(report)
    if report.nag_at is None or report.nag_at > clock.now():
        return False
    named = (report.about_id, report.reporter_id, report.reader_id)
    letters.overdue(report)
    if report.nagged:
        for other in readers_for(report.network, but=named).members:
            letters.passed(report, other)
    report.nagged, report.nag_at = report.nagged + 1, clock.now() + NAG_EVERY
    report.save(update_fields=["nagged", "nag_at"])
    record(report, "overdue", by=By.PROGRAM, step=report.step, times=report.nagged)
    return True


def end_measures(*, limit: int = BATCH) -> int:
    """End what has come to its date, and proposals that nobody answered; returns how many."""
    now = clock.now()
    over = Q(ends_at__lte=now) | Q(starts_at=None, proposed_at__lte=now - LAPSES_AFTER)
    due = Measure.objects.filter(over, over_at=None).order_by("proposed_at")[:limit]
    return sum(_end(measure) for measure in due)


@transaction.atomic
def _end(measure: Measure) -> bool:
    measure = locked_measure(measure)
    if measure.over_at is not None:
        return False
    undo(measure)
    finish(measure, "ended", None)
    return True


def erase_old() -> int:
    """Delete reports and measures whose time to keep them is over; what is left is that there was one, and its kind."""
    now = clock.now()
    measures = Measure.objects.filter(erase_at__lte=now)
    reports = Report.objects.filter(erase_at__lte=now)
    gone = len(measures) + len(reports)
    measures.delete()
    reports.delete()
    return gone


def forget_reporter(*, network: uuid.UUID, member: uuid.UUID) -> int:
    """The owner of reports has left: what they told stays until it is closed, not who they were; returns how many."""
    mine = Report.objects.filter(network_id=network, reporter=member)
    return mine.update(reporter=None, reach="", letters=False)
