"""What the pages of care show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from commonweal.assembly.care.actions.pacing import PATH
from commonweal.assembly.care.models import Measure, Report, Said, StepTaken
from commonweal.assembly.care.people import Readers, holders, readers_for
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.base.eventlog import story_of
from commonweal.members.models import Member

OUT = (Measure.Kind.SUSPENDED, Measure.Kind.REMOVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One step of the path: what, by when or when it was taken, how it went, and whether it is the next one."""

    label: str
    at: datetime | None
    how: str
    note: str
    is_next: bool
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One look at a report: who, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersView:
    """A report as its owner sees it. ``is_lost``: whoever read it doesn't hold the role any more."""

    report: Report
    steps: Sequence[StepShown]
    said: Sequence[Said]
    openings: Sequence[Opening]
    measures: Sequence[Measure]
    readers: Readers
    is_lost: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cares:
    """What somebody with a role of care has before them: the most pressing first."""

    reports: Sequence[Report]
    closed: Sequence[Report]
    to_answer: Sequence[Measure]
    running: Sequence[Measure]
    now: datetime


def owners_view(report: Report) -> OwnersView:
    """Everything its owner may read: the path, the words for them, who opened it; no notes of the reader's own."""
    readers = readers_for(report.network, but=(report.about_id, report.reporter_id))
    running = Measure.objects.filter(
        network_id=report.network_id, report=report, kind=Measure.Kind.APART, over_at=None
    )
    return OwnersView(
        report=report,
        steps=_steps(report, with_notes=False),
        said=said_in(report, but=(Said.By.NOTE,)),
        openings=openings_of(report),
        measures=list(running.order_by("proposed_at")),
        readers=readers,
        is_lost=report.is_open and report.reader_id not in {member.pk for member in readers.members},
    )


def said_in(report: Report, *, but: Sequence[str] = ()) -> list[Said]:
    """The words that were added, oldest first."""
    rows = Said.objects.filter(network_id=report.network_id, report=report).exclude(by__in=but)
    return list(rows.order_by("at", "id"))


def path_of(report: Report) -> Sequence[StepShown]:
    """The path as its reader sees it."""
    return _steps(report, with_notes=True)


def openings_of(report: Report) -> list[Opening]:
    """Who opened it, newest first."""
    events = [event for event in story_of(report) if event.verb == "opened"]
    people = Member.objects.filter(
        network_id=report.network_id, pk__in={event.actor for event in events if event.actor}
    )
    names = {person.pk: person.name for person in people}
    return [
        Opening(who=names.get(event.actor) or _("somebody who has left"), at=event.at)
        for event in reversed(events)
        if event.actor
    ]


def measures_of(report: Report) -> list[Measure]:
    """Everything that was put in place because of a report, newest first."""
    rows = Measure.objects.filter(network_id=report.network_id, report=report).select_related(
        "member", "second"
    )
    return list(rows.order_by("-proposed_at", "-id"))


def cares_of(member: Member) -> Cares:
    """What this member is to do: their own reports, removals to answer, appeals; never what is about themselves."""
    mine = Report.objects.filter(network_id=member.network_id, reader=member).exclude(about=member)
    measures = Measure.objects.filter(network_id=member.network_id, kind__in=OUT, over_at=None)
    others = measures.exclude(member=member).exclude(by=member).select_related("member")
    waiting = Q(starts_at=None) | Q(appealed_at__isnull=False, answer="")
    running = measures.exclude(member=member).filter(by=member).select_related("member")
    return Cares(
        reports=list(mine.filter(closed_at=None).order_by("step_due_at", "id")),
        closed=list(mine.filter(closed_at__isnull=False).order_by("-closed_at", "-id")[:20]),
        to_answer=list(others.filter(waiting).order_by("proposed_at", "id")),
        running=list(running.order_by("ends_at", "id")),
        now=clock.now(),
    )


def role_holders(member: Member) -> list[Member]:
    """Whoever holds any role in the network: known to every member, and no judge in their own matter."""
    return holders(member.network, *Mandate.Role.values)


def _steps(report: Report, *, with_notes: bool) -> list[StepShown]:
    rows = StepTaken.objects.filter(network_id=report.network_id, report=report).order_by("taken_at", "id")
    shown = [
        StepShown(
            label=row.get_step_display(),
            at=row.taken_at,
            how=row.get_how_display(),
            note=row.note if with_notes else "",
            is_next=False,
            is_late=False,
        )
        for row in rows
    ]
    if not report.is_open:
        return shown
    taken = {row.step for row in rows}
    now = clock.now()
    for step in PATH[Report.Wish(report.wish)]:
        if step not in taken:
            is_next = step == report.step
            due = report.step_due_at if is_next else None
            shown.append(
                StepShown(
                    label=str(Report.Step(step).label),
                    at=due,
                    how="",
                    note="",
                    is_next=is_next,
                    is_late=due is not None and due <= now,
                )
            )
    return shown
