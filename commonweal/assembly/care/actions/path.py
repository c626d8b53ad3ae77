"""What the reader of a report does: open it, take the steps, answer, hand it on, close it."""

from django.db import transaction

from commonweal.assembly.care import letters
from commonweal.assembly.care.actions.pacing import STEP, locked_report, next_step, set_step
from commonweal.assembly.care.errors import NotYourReader, ReportClosed, ReportNotFound
from commonweal.assembly.care.models import Report, Said, StepTaken
from commonweal.assembly.care.people import readers_for
from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.members.models import Member


def open_report(*, report: Report, by: Member) -> None:
    """Put on record, for its owner, that it was read."""
    record(report, "opened", by=By.CARE_GIVER, actor=by.pk)


@transaction.atomic
def take_step(*, report: Report, by: Member, step: str, how: str, words: str = "") -> Report:
    """Put down how a step went, with a note of one's own; the next one gets its time.

    ``step`` is the one on the reader's page: pressed twice, or on an old page, nothing changes. Raises ReportClosed.
    """
    report = _mine(report, by)
    if report.step != step or report.step_due_at is None or step == Report.Step.DONE:
        return report
    StepTaken.objects.create(
        network_id=report.network_id,
        report=report,
        step=step,
        how=StepTaken.How(how),
        due_at=report.step_due_at,
        note=words,
    )
    set_step(report, next_step(report))
    report.save(update_fields=STEP)
    record(report, "step_taken", by=By.CARE_GIVER, actor=by.pk, step=step, how=how)
    letters.news(report, f"step:{step}")
    return report


@transaction.atomic
def answer_owner(*, report: Report, by: Member, words: str) -> None:
    """Write to the owner, on their page. Raises ReportClosed."""
    report = _mine(report, by)
    said = Said.objects.create(network_id=report.network_id, report=report, by=Said.By.READER, words=words)
    record(report, "answered", by=By.CARE_GIVER, actor=by.pk)
    letters.news(report, f"said:{said.pk}")


@transaction.atomic
def note(*, report: Report, by: Member, words: str) -> None:
    """Keep a note that only readers of this report see. Raises ReportClosed."""
    report = _mine(report, by)
    Said.objects.create(network_id=report.network_id, report=report, by=Said.By.NOTE, words=words)
    record(report, "noted", by=By.CARE_GIVER, actor=by.pk)


@transaction.atomic
def propose_hand_over(*, report: Report, by: Member, to: Member) -> Report:
    """Ask the owner whether somebody else may read it and go on. Raises ReportClosed and NotYourReader."""
    report = _mine(report, by)
    allowed = readers_for(report.network, but=(report.about_id, report.reporter_id, by.pk)).members
    if to.pk not in {member.pk for member in allowed}:
        raise NotYourReader
    report.hand_to = to
    report.save(update_fields=["hand_to"])
    record(report, "hand_over_proposed", by=By.CARE_GIVER, actor=by.pk)
    letters.news(report, f"hand:{to.pk}")
    return report


@transaction.atomic
def close_report(*, report: Report, by: Member, outcome: str) -> Report:
    """It has come to its end; everything about it is erased after the policy's days. Raises ReportClosed."""
    report = _mine(report, by)
    now = clock.now()
    report.closed_at, report.outcome, report.step = now, Report.Outcome(outcome), Report.Step.DONE
    report.step_due_at = report.nag_at = report.hand_to = None
    report.erase_at = now + report.network.policy.span("care_erase_days")
    report.save()
    record(report, "closed", by=By.CARE_GIVER, actor=by.pk, kind=report.kind, outcome=outcome)
    letters.news(report, "closed")
    return report


def _mine(report: Report, by: Member) -> Report:
    """The report, locked; for its reader only, whoever that is by now."""
    report = locked_report(report)
    if report.reader_id != by.pk:
        raise ReportNotFound
    if not report.is_open:
        raise ReportClosed
    return report
