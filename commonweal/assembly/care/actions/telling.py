"""What the owner of a report does: tell it, add to it, say what they wish, choose who reads it, take it back."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from commonweal.assembly.care import letters
from commonweal.assembly.care.actions.pacing import STEP, locked_report, next_step, set_step
from commonweal.assembly.care.errors import NotYourReader, ReportClosed
from commonweal.assembly.care.models import Report, Said, StepTaken
from commonweal.assembly.care.people import readers_for
from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.base.ids import new_token, token_hash
from commonweal.members.actions import lock_member
from commonweal.members.models import Member
from commonweal.networks.models import Network

# A button pressed twice, or a page sent again.
JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody tells. ``about`` is the member it is about, if it is one; ``about_called`` how they are known.

    ``reach`` is how its owner wants to be reached, in their words; ``source`` the match it came from.
    """

    kind: str
    words: str
    wish: str = Report.Wish.TALK
    in_danger: bool = False
    about: Member | None = None
    about_called: str = ""
    reach: str = ""
    letters: bool = False
    source: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report, and the token of its owner's private page, given out this once."""

    report: Report
    token: str


@transaction.atomic
def tell(*, network: Network, draft: Draft, reader: Member, by: Member | None) -> Told:
    """Tell one reader that something was not right; ``by`` is None for who came by a private link.

    Told to them a moment ago in the same words, it is that report. Raises NotYourReader for a reader who is not one, is
    whom it is about, or is its owner.
    """
    _check_reader(network, reader, draft.about, by)
    lock_member(reader)
    if told := _told_just_now(network, draft, reader, by):
        return told
    token = new_token()
    report = Report(
        network=network,
        reporter=by,
        about=draft.about,
        about_called=draft.about_called,
        source=draft.source,
        reader=reader,
        token_hash=token_hash(token),
        token_box=token,
        kind=Report.Kind(draft.kind),
        wish=Report.Wish(draft.wish),
        in_danger=draft.in_danger,
        words=draft.words,
        reach=draft.reach,
        letters=draft.letters and by is not None,
    )
    set_step(report, Report.Step.LISTEN)
    report.save()
    # Who told it, and of whom, is for the reader to know; the log says that something was told.
    record(report, "told", by=By.MEMBER, kind=report.kind, in_danger=report.in_danger)
    letters.waiting(report, reader)
    return Told(report=report, token=token)


@transaction.atomic
def add_words(*, report: Report, words: str) -> None:
    """The owner adds something; the same words pressed twice are once. Raises ReportClosed."""
    report = _open(report)
    if _said_just_now(report, words):
        return
    Said.objects.create(network_id=report.network_id, report=report, by=Said.By.OWNER, words=words)
    record(report, "added", by=By.MEMBER)
    if report.reader:
        letters.waiting(report, report.reader)


@transaction.atomic
def change_wish(*, report: Report, wish: str) -> Report:
    """The owner wants something else to come of it; the path is as long as that takes. Raises ReportClosed."""
    report = _open(report)
    if report.wish != wish:
        report.wish = Report.Wish(wish)
        set_step(report, next_step(report))
        report.save(update_fields=["wish", *STEP])
        record(report, "wish_changed", by=By.MEMBER, wish=report.wish)
    return report


@transaction.atomic
def choose_reader(*, report: Report, reader: Member | None) -> Report:
    """The owner lets somebody else read it, or says no (None) to whom the reader would hand it to.

    Raises ReportClosed and NotYourReader.
    """
    report = _open(report)
    report.hand_to = None
    if reader is not None and reader.pk != report.reader_id:
        _check_reader(report.network, reader, report.about, report.reporter)
        report.reader = reader
        set_step(report, report.step)
        record(report, "handed_over", by=By.MEMBER, actor=reader.pk)
        letters.waiting(report, reader)
    report.save(update_fields=["reader", "hand_to", *STEP])
    return report


@transaction.atomic
def withdraw_report(*, report: Report) -> None:
    """The owner takes it back: what was told and noted is erased at once. Measures run to their own ends.

    Doing it twice changes nothing.
    """
    report = locked_report(report)
    if not report.is_open:
        return
    now = clock.now()
    Said.objects.filter(network_id=report.network_id, report=report).delete()
    StepTaken.objects.filter(network_id=report.network_id, report=report).update(note="")
    report.words = report.reach = report.about_called = ""
    report.about = report.source = report.hand_to = None
    report.closed_at, report.outcome, report.step = now, Report.Outcome.WITHDRAWN, Report.Step.DONE
    report.step_due_at = report.nag_at = None
    report.erase_at = now + report.network.policy.span("care_erase_days")
    report.save()
    record(report, "withdrawn", by=By.MEMBER)


def _told_just_now(network: Network, draft: Draft, reader: Member, by: Member | None) -> Told | None:
    """The report that the same press has made already."""
    same = Report.objects.filter(
        network=network, reader=reader, reporter=by, about=draft.about, source=draft.source, closed_at=None,
        created_at__gt=clock.now() - JUST_NOW,
    )  # fmt: skip
    found = next((report for report in same if report.words == draft.words), None)
    return Told(report=found, token=found.token_box) if found else None


def _said_just_now(report: Report, words: str) -> bool:
    said = Said.objects.filter(network_id=report.network_id, report=report, by=Said.By.OWNER)
    return any(one.words == words for one in said.filter(at__gt=clock.now() - JUST_NOW))


def _open(report: Report) -> Report:
    report = locked_report(report)
    if not report.is_open:
        raise ReportClosed
    return report


def _check_reader(network: Network, reader: Member, about: Member | None, by: Member | None) -> None:
    named = (about.pk if about else None, by.pk if by else None)
    if reader.pk not in {member.pk for member in readers_for(network, but=named).members}:
        raise NotYourReader
