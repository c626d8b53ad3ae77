"""What keeps people safe for a time: keeping two apart, holding somebody back, suspending, removing, lifting.

Locks: the report, then the measure, then the member.
"""

import uuid
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from commonweal.assembly.actions import end_mandates_of
from commonweal.assembly.care import letters
from commonweal.assembly.care.actions.pacing import locked_report
from commonweal.assembly.care.errors import (
    MeasureNotFound,
    MeasureOver,
    MeasureThere,
    NobodyToActOn,
    NotThereYet,
    NotWished,
    ReportClosed,
    ReportNotFound,
    TakesTwo,
    ToldWithoutAccount,
    TooLong,
)
from commonweal.assembly.care.models import Measure, Report, StepTaken
from commonweal.assembly.care.people import CARE, holders
from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.base.ids import new_token, token_hash
from commonweal.members import actions as members
from commonweal.members.models import Block, Member
from commonweal.networks.models import Network

Kind, Wish, Step = Measure.Kind, Report.Wish, Report.Step
LONGEST_APART = 365
BEFORE_REMOVAL = {Step.LISTEN, Step.SAFE, Step.TALK, Step.MEET}
OUT = (Kind.SUSPENDED, Kind.REMOVED)
# What each measure that falls on one member does in the room below.
KEEPS = {
    Kind.HOMES: members.hold_from_homes,
    Kind.HELD: members.hold_back,
    Kind.SUSPENDED: members.shut_out,
    Kind.REMOVED: members.shut_out,
}


@transaction.atomic
def keep_apart(*, report: Report, by: Member, days: int) -> Measure:
    """Never bring the owner and the one it is about together for so many days; nobody is told but the owner.

    Raises NotWished, NobodyToActOn, ToldWithoutAccount, MeasureThere, TooLong.
    """
    report, about = _to_act_on(report, by, wishes=(Wish.TALK, Wish.ACT))
    if report.reporter is None:
        raise ToldWithoutAccount
    _check_days(days, LONGEST_APART)
    if Measure.objects.filter(
        network_id=report.network_id, report=report, kind=Kind.APART, over_at=None
    ).exists():
        raise MeasureThere
    there = Block.objects.filter(network_id=report.network_id, member=report.reporter, blocked=about).exists()
    if not there:
        members.block(member=report.reporter, blocked=about)
    return _begin(
        Measure(kind=Kind.APART, other=report.reporter, made_block=not there), report, about, by, days=days
    )


@transaction.atomic
def hold_from_homes(*, report: Report, by: Member, days: int, words: str) -> Measure:
    """Ask the one it is about for nothing at anybody's home for so many days; all else is as before.

    Raises NotWished, NobodyToActOn, MeasureThere (also where they are held back altogether), TooLong.
    """
    report, about = _to_act_on(report, by, wishes=(Wish.ACT,))
    _check_days(days, report.network.policy.removal_days)
    if about.is_held or about.is_held_from_homes:
        raise MeasureThere
    measure = _begin(Measure(kind=Kind.HOMES, words=words), report, about, by, days=days)
    members.hold_from_homes(member=about, until=_end(measure))
    letters.held_from_homes(measure)
    return measure


@transaction.atomic
def hold_back(*, report: Report, by: Member, days: int, words: str) -> Measure:
    """Ask nothing of the one it is about for so many days; ``words`` tell them so, and name nobody.

    Raises NotWished, NobodyToActOn, MeasureThere, TooLong.
    """
    report, about = _to_act_on(report, by, wishes=(Wish.ACT,))
    _check_days(days, report.network.policy.removal_days)
    if about.is_held:
        raise MeasureThere
    measure = _begin(Measure(kind=Kind.HELD, words=words), report, about, by, days=days)
    members.hold_back(member=about, until=_end(measure))
    letters.held(measure)
    return measure


@transaction.atomic
def suspend(
    *, report: Report, by: Member, days: int, reason: str, words: str, review_at: datetime
) -> Measure:
    """Shut the one it is about out at once, for the policy's days at most: with a reason, and a day to look again.

    It takes no wish of the owner's, since others may be in danger too. Raises NobodyToActOn, MeasureThere, TooLong.
    """
    report, about = _to_act_on(report, by, wishes=tuple(Wish))
    _check_days(days, report.network.policy.suspend_days)
    if not clock.now() < review_at <= clock.now() + timedelta(days=days):
        raise TooLong
    measure = Measure(kind=Kind.SUSPENDED, reason=reason, words=words, review_at=review_at)
    measure = _begin(measure, report, about, by, days=days)
    members.shut_out(member=about, until=_end(measure))
    letters.out(measure)
    return measure


@transaction.atomic
def propose_removal(*, report: Report, by: Member, days: int, reason: str, words: str) -> Measure:
    """Propose that the one it is about stays away for so many days. Nothing happens until a second person agrees.

    Raises NotWished, NotThereYet (the path was not gone), NobodyToActOn, MeasureThere, TooLong.
    """
    report, about = _to_act_on(report, by, wishes=(Wish.ACT,))
    _check_days(days, report.network.policy.removal_days)
    if not _path_was_gone(report):
        raise NotThereYet
    measure = _save(Measure(kind=Kind.REMOVED, reason=reason, words=words), report, about, by, days=days)
    record(measure, "proposed", by=By.CARE_GIVER, actor=by.pk, kind=measure.kind)
    for other in deciders(measure):
        letters.second_wanted(measure, other, "proposed")
    return measure


@transaction.atomic
def agree_to_removal(*, measure: Measure, by: Member) -> Measure:
    """The second yes: from now on the member is out, and their roles end.

    Raises TakesTwo for who proposed it, and MeasureOver where it was answered already.
    """
    measure = _to_answer(measure, by)
    now = clock.now()
    measure.second, measure.starts_at = by, now
    measure.ends_at = now + timedelta(days=measure.days)
    measure.save(update_fields=["second", "starts_at", "ends_at"])
    # A suspension has done its work: the removal goes on from here.
    running = Measure.objects.filter(
        network_id=measure.network_id, member=measure.member, kind=Kind.SUSPENDED, over_at=None
    )
    running.update(over_at=now, erase_at=now + measure.network.policy.span("care_erase_days"))
    members.shut_out(member=measure.member, until=_end(measure))
    end_mandates_of(network=measure.network_id, member=measure.member_id)
    record(measure, "began", by=By.CARE_GIVER, actor=by.pk, kind=measure.kind, days=measure.days)
    letters.out(measure)
    return measure


@transaction.atomic
def refuse_removal(*, measure: Measure, by: Member) -> Measure:
    """The second person says no: nothing happens to the member. Raises TakesTwo and MeasureOver."""
    measure = _to_answer(measure, by)
    finish(measure, "refused", by)
    return measure


@transaction.atomic
def lift(*, measure: Measure, by: Member) -> Measure:
    """End a measure before its time. Raises MeasureOver, and TakesTwo for whom it falls on."""
    measure = locked_measure(measure)
    if by.pk == measure.member_id:
        raise TakesTwo
    if measure.over_at is not None:
        raise MeasureOver
    undo(measure)
    finish(measure, "lifted", by)
    return measure


def deciders(measure: Measure) -> list[Member]:
    """Who may be the second person: whoever holds a role of care, but for who proposed it and whom it falls on."""
    network = Network.objects.get(pk=measure.network_id)
    return [
        member for member in holders(network, *CARE) if member.pk not in (measure.by_id, measure.member_id)
    ]


def locked_measure(measure: Measure) -> Measure:
    """The measure as it is now, locked until the transaction ends, with its member."""
    rows = Measure.objects.select_related("network", "member", "other").select_for_update(of=("self",))
    return rows.get(network_id=measure.network_id, pk=measure.pk)


def undo(measure: Measure) -> None:
    """Take back what a locked measure does, and tell whom it fell on; a proposal did nothing yet."""
    if not measure.is_in_force:
        return
    if measure.kind == Kind.APART:
        _let_together(measure)
        return
    if measure.member.state == Member.State.LEFT:
        return
    let_back = members.let_back_to_homes if measure.kind == Kind.HOMES else members.let_back
    let_back(member=measure.member)
    others = Measure.objects.filter(network_id=measure.network_id, member=measure.member, over_at=None)
    going_on = others.exclude(pk=measure.pk).exclude(kind=Kind.APART).filter(ends_at__gt=clock.now())
    for other in going_on:
        KEEPS[Kind(other.kind)](member=measure.member, until=_end(other))
    if not going_on:
        letters.back(measure)


def keep_their_block(*, network: uuid.UUID, member: uuid.UUID, other: uuid.UUID) -> int:
    """A member wants what care did for a time for good: it outlasts the measure; returns how many measures."""
    mine = Measure.objects.filter(
        network_id=network, kind=Kind.APART, member=other, other=member, over_at=None
    )
    return mine.update(made_block=False)


def _let_together(measure: Measure) -> None:
    """Take back the block that care made, unless another measure wants it still, whose it is from then on."""
    other = measure.other
    if not measure.made_block or other is None or other.state == Member.State.LEFT:
        return
    same = Measure.objects.filter(
        network_id=measure.network_id, kind=Kind.APART, member=measure.member, other=other, over_at=None
    )
    if not same.exclude(pk=measure.pk).update(made_block=True):
        members.unblock(member=other, blocked=measure.member_id)


def finish(measure: Measure, verb: str, by: Member | None) -> None:
    """Put down that a locked measure is over; it is erased after the policy's days."""
    measure.over_at = clock.now()
    measure.erase_at = measure.over_at + measure.network.policy.span("care_erase_days")
    measure.save(update_fields=["over_at", "erase_at"])
    part = By.CARE_GIVER if by else By.PROGRAM
    record(measure, verb, by=part, actor=by.pk if by else None, kind=measure.kind)


def _to_answer(measure: Measure, by: Member) -> Measure:
    measure = locked_measure(measure)
    if by.pk == measure.by_id:
        raise TakesTwo
    if by.pk not in {member.pk for member in deciders(measure)}:
        raise MeasureNotFound
    if not measure.waits_for_second:
        raise MeasureOver
    return measure


def _to_act_on(report: Report, by: Member, *, wishes: tuple[str, ...]) -> tuple[Report, Member]:
    """The report and the member it is about, for its reader, where its owner wants something done."""
    report = locked_report(report)
    if report.reader_id != by.pk:
        raise ReportNotFound
    if not report.is_open:
        raise ReportClosed
    if report.wish not in wishes:
        raise NotWished
    if report.about is None or report.about.state == Member.State.LEFT:
        raise NobodyToActOn
    return report, report.about


def _path_was_gone(report: Report) -> bool:
    """Whether everything that comes before a removal was done or tried; a meeting may be unwanted, a talk may not."""
    taken = dict(
        StepTaken.objects.filter(network_id=report.network_id, report=report).values_list("step", "how")
    )
    return set(taken) >= BEFORE_REMOVAL and taken[Step.TALK] != StepTaken.How.UNWANTED


def _check_days(days: int, most: int) -> None:
    if not 0 < days <= most:
        raise TooLong


def _begin(measure: Measure, report: Report, about: Member, by: Member, *, days: int) -> Measure:
    measure.starts_at = clock.now()
    measure.ends_at = measure.starts_at + timedelta(days=days)
    measure = _save(measure, report, about, by, days=days)
    record(measure, "began", by=By.CARE_GIVER, actor=by.pk, kind=measure.kind, days=days)
    return measure


def _save(measure: Measure, report: Report, about: Member, by: Member, *, days: int) -> Measure:
    measure.network_id, measure.report, measure.member, measure.by = report.network_id, report, about, by
    measure.days = days
    if measure.kind in OUT:
        measure.token_box = new_token()
        measure.token_hash = token_hash(measure.token_box)
    try:
        with transaction.atomic():
            measure.save(force_insert=True)
    except IntegrityError:
        raise MeasureThere from None
    return measure


def _end(measure: Measure) -> datetime:
    assert measure.ends_at is not None
    return measure.ends_at
