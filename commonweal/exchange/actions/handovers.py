"""What both sides say about how it went, and what comes of it."""

import uuid
from datetime import datetime

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.exchange import notices
from commonweal.exchange.actions import moving
from commonweal.exchange.actions.series import forget_preferred
from commonweal.exchange.errors import AlreadyMet, NotPossibleNow
from commonweal.exchange.lifecycle import SEARCHING, State, Trigger
from commonweal.exchange.models import Ask, Handover, Match
from commonweal.networks.models import Category

S = Match.State
Outcome = Handover.Outcome
Window = tuple[datetime, datetime]
ENDED = {Outcome.DONE: S.DONE, Outcome.PARTLY: S.PARTLY, Outcome.MISSED: S.MISSED}
REPORTED = (S.ACCEPTED, S.SILENT, S.LENT, S.DONE, S.PARTLY, S.MISSED)
UNREPORTED = (S.ACCEPTED, S.SILENT)
LONGEST_NOTE = 1000


@transaction.atomic
def report_handover(
    *, match: Match, outcome: str, said_by: By, quantity: int = 0, note: str = "", new_time: Window | None = None,
    actor: uuid.UUID | None = None,
) -> Match:  # fmt: skip
    """Say how a commitment went; what is missing goes back into the search by itself, ahead of others.

    ``quantity``, where it went partly: how many of the thing were given, or how many of the people were helped.
    ``new_time`` goes with RESCHEDULED. Saying the same twice changes nothing. Where the two sides say different things
    the ask is put to the desk, and what a dispatcher says then stands. Raises NotPossibleNow.
    """
    match, said = moving.locked_match(match), Outcome(outcome)
    if match.state not in REPORTED or said == Outcome.RETURNED:
        raise NotPossibleNow
    if said == Outcome.RESCHEDULED:
        return _reschedule(match, new_time, said_by, actor)
    wanted = _state_for(match, said)
    if match.state == wanted and Handover.objects.filter(
        network_id=match.network_id, match=match, said_by=said_by
    ):
        return match
    if match.state == S.LENT and wanted != S.LENT:
        raise NotPossibleNow
    _write_down(match, said, said_by, quantity, note, actor)
    if match.state == wanted:
        if said_by == By.DISPATCHER and match.ask.state == State.DESK:
            _settle(match.ask, said_by, actor)
        return match
    if said_by != By.DISPATCHER and (match.state not in UNREPORTED or _is_taken_over(match, wanted)):
        _disagree(match, said_by, actor)
        return match
    _settle_one(match, wanted, quantity)
    _settle(match.ask, said_by, actor)
    return match


@transaction.atomic
def return_loan(*, match: Match, said_by: By, actor: uuid.UUID | None = None) -> Match:
    """Say that the lent thing is back with its owner. Twice changes nothing; NotPossibleNow if it is not lent."""
    match = moving.locked_match(match)
    if match.state == S.DONE:
        return match
    if match.state != S.LENT:
        raise NotPossibleNow
    _write_down(match, Outcome.RETURNED, said_by, match.quantity, "", actor)
    _settle_one(match, S.DONE, 0)
    ask = match.ask
    if ask.state == State.OUT and not moving.matches_in(ask, S.LENT):
        moving.move(ask, Trigger.RETURNED, by=said_by, actor=actor)
    else:
        ask.save(update_fields=moving.MOVED)
    if said_by != By.HELPER:
        notices.loan_returned(match)
    return match


@transaction.atomic
def extend_loan(*, match: Match, returns_at: datetime, said_by: By, actor: uuid.UUID | None = None) -> Match:
    """The lent thing may stay until ``returns_at``; raises NotPossibleNow for what is not lent, or a time gone by."""
    match = moving.locked_match(match)
    if match.state != S.LENT or returns_at <= clock.now():
        raise NotPossibleNow
    match.ask.returns_at = returns_at
    match.ask.save(update_fields=["returns_at"])
    notices.over(match)
    if match.ask.state == State.OUT:
        moving.move(match.ask, Trigger.EXTENDED, by=said_by, actor=actor)
    return match


def _state_for(match: Match, said: Outcome) -> Match.State:
    if (
        match.ask.nature == Category.Nature.LOAN
        and said in (Outcome.DONE, Outcome.PARTLY)
        and match.state != S.DONE
    ):
        return S.LENT
    return ENDED[said]


def _write_down(
    match: Match, outcome: Outcome, said_by: By, quantity: int, note: str, actor: uuid.UUID | None
) -> None:
    Handover.objects.create(
        network_id=match.network_id, match=match, outcome=outcome, said_by=said_by, member_id=actor,
        quantity=max(0, quantity), note=note[:LONGEST_NOTE], at=clock.now(),
    )  # fmt: skip
    record(match.ask, "reported", by=said_by, actor=actor, outcome=outcome.value, helper=str(match.member_id))


def _settle_one(match: Match, wanted: Match.State, quantity: int) -> None:
    """Put the outcome on the match, count anew, and stop what was to be sent about it."""
    ask = match.ask
    if _is_taken_over(match, wanted):
        raise AlreadyMet
    if wanted == S.PARTLY and not ask.quantity and quantity:
        ask.people = max(1, ask.people - quantity)
    if ask.quantity:
        match.quantity = _given(match, wanted, quantity)
    match.state = wanted
    match.ended_at = None if wanted == S.LENT else clock.now()
    match.save(update_fields=["state", "ended_at", "quantity"])
    if wanted == S.MISSED:
        forget_preferred(match)
    notices.over(match)
    moving.recount_offer(match.offer_id, match.network_id)
    moving.recount(ask)


def _given(match: Match, wanted: Match.State, quantity: int) -> int:
    """How many pieces were given: in part is never all of them, and nothing if nobody said how many."""
    promised: int = match.quantity
    if wanted == S.PARTLY:
        return min(quantity, max(promised - 1, 0))
    return min(quantity, promised) if wanted == S.LENT and quantity else promised


def _is_taken_over(match: Match, wanted: Match.State) -> bool:
    """Whether the match would need a place that somebody else has by now."""
    return wanted in moving.TAKEN and match.state not in moving.TAKEN and match.ask.is_filled


def _settle(ask: Ask, said_by: By, actor: uuid.UUID | None) -> None:
    """What the reports so far mean for the ask.

    Somebody still to come: it waits for them, and looks for whoever is missing while there is time. Nobody left to
    come: it is done if enough was promised and done, or if its time is over and at least one of several helped;
    otherwise it goes back into the search.
    """
    coming, lent = moving.matches_in(ask, S.ACCEPTED), moving.matches_in(ask, S.LENT)
    if coming and (ask.is_filled or moving.is_over(ask) or ask.state in SEARCHING):
        ask.save(update_fields=moving.MOVED)
        if ask.state in SEARCHING and not ask.is_filled:
            moving.search_now(ask)
        return
    enough = ask.is_filled or (moving.is_over(ask) and ask.hands_taken > 0)
    if not coming and enough:
        moving.move(ask, Trigger.LENT if lent else Trigger.WENT_WELL, by=said_by, actor=actor)
        return
    moving.fresh_window(ask)
    moving.move(ask, Trigger.FELL_SHORT, by=said_by, actor=actor)


def _disagree(match: Match, said_by: By, actor: uuid.UUID | None) -> None:
    """The two sides say different things: a person sorts it out, unless somebody else has taken it over meanwhile."""
    ask = match.ask
    taken_over = bool(moving.matches_in(ask, S.ACCEPTED, S.LENT))
    if taken_over or ask.state not in (*SEARCHING, State.AGREED, State.AFTER, State.DONE):
        record(ask, "disagreed", by=said_by, actor=actor, helper=str(match.member_id))
        return
    moving.move(ask, Trigger.DISPUTED, by=said_by, actor=actor, helper=str(match.member_id))


def _reschedule(match: Match, new_time: Window | None, said_by: By, actor: uuid.UUID | None) -> Match:
    """Another time, which both are told; the ask's own time is stretched to hold it."""
    ask = match.ask
    if match.state != S.ACCEPTED or new_time is None or not clock.now() <= new_time[0] < new_time[1]:
        raise NotPossibleNow
    if (match.meets_at, match.meets_until) == new_time:
        return match
    match.meets_at, match.meets_until = new_time
    match.save(update_fields=["meets_at", "meets_until"])
    ask.starts_at, ask.ends_at = min(ask.starts_at, new_time[0]), max(ask.ends_at, new_time[1])
    _write_down(match, Outcome.RESCHEDULED, said_by, 0, "", actor)
    met = ask.state in (State.AGREED, State.AFTER)
    if ask.is_filled:
        moving.move(ask, Trigger.RESCHEDULED if met else Trigger.FILLED, by=said_by, actor=actor)
    elif met:
        # Some are still missing, and there is time again to find them.
        moving.move(ask, Trigger.FELL_SHORT, by=said_by, actor=actor)
    else:
        ask.save(update_fields=moving.MOVED)
    notices.agreed(match)
    return match
