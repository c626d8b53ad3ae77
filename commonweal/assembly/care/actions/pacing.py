"""Which step comes next on the path of a report, and by when."""

from datetime import datetime, timedelta

from commonweal.assembly.care.models import Report, StepTaken
from commonweal.base import clock

Step, Wish = Report.Step, Report.Wish
# The path is as long as its owner wants it: who asks for nothing is listened to, and no more.
PATH = {
    Wish.NOTE: (Step.LISTEN,),
    Wish.TALK: (Step.LISTEN, Step.FOLLOW),
    Wish.ACT: (Step.LISTEN, Step.SAFE, Step.TALK, Step.MEET, Step.FOLLOW),
}
# Whoever is in danger does not wait for two days.
IN_DANGER = timedelta(hours=4)


def locked_report(report: Report) -> Report:
    """The report as it is now, locked until the transaction ends, with those who are part of it."""
    rows = Report.objects.select_related("network", "reader", "about", "reporter", "hand_to")
    return rows.select_for_update(of=("self",)).get(network_id=report.network_id, pk=report.pk)


def next_step(report: Report) -> str:
    """The first step of its path that was not taken; after the last one it is to be closed."""
    taken = set(
        StepTaken.objects.filter(network_id=report.network_id, report=report).values_list("step", flat=True)
    )
    return next((step for step in PATH[Wish(report.wish)] if step not in taken), Step.DONE)


def set_step(report: Report, step: str) -> None:
    """Put the next step in place with its time; the caller saves ``STEP``."""
    report.step = step
    report.step_due_at = report.nag_at = due_at(report, clock.now())
    report.nagged = 0


STEP = ["step", "step_due_at", "nag_at", "nagged"]


def due_at(report: Report, now: datetime) -> datetime:
    """By when the step that is next is to be taken."""
    policy = report.network.policy
    if report.step == Step.FOLLOW:
        return now + policy.span("care_follow_days")
    if report.step not in (Step.LISTEN, Step.SAFE):
        return now + policy.span("care_step_days")
    soon = policy.span("care_listen_hours")
    return now + (min(soon, IN_DANGER) if report.in_danger else soon)
