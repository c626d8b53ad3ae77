"""What a dispatcher does with an ask: hold it, note a call, put it to the desk or back into the search, close it."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.exchange.actions import moving
from commonweal.exchange.actions.asks import withdraw_ask
from commonweal.exchange.errors import HeldByAnother, NotPossibleNow
from commonweal.exchange.lifecycle import CLOSED, State, Trigger
from commonweal.exchange.models import Ask, CallNote, Match
from commonweal.members.models import Member

LONGEST_NOTE = 2000
# The same words again so soon are the same button pressed twice.
PRESSED_TWICE = timedelta(minutes=2)


@transaction.atomic
def take_hold(*, ask: Ask, dispatcher: Member, over: bool = False) -> Ask:
    """Say that one is working on the ask; it ends by itself.

    Raises HeldByAnother with the other's name, unless it is taken ``over`` from them on purpose.
    """
    ask = moving.locked(ask)
    if ask.state in CLOSED:
        raise NotPossibleNow
    now = clock.now()
    mine = ask.held_by_id == dispatcher.pk
    if ask.held_by and not mine and not over and ask.held_until and ask.held_until > now:
        raise HeldByAnother(ask.held_by.name)
    is_new = not mine or not ask.held_until or ask.held_until <= now
    ask.held_by, ask.held_until = dispatcher, now + ask.network.policy.span("hold_minutes")
    ask.save(update_fields=["held_by", "held_until"])
    if is_new:
        record(ask, "held", by=By.DISPATCHER, actor=dispatcher.pk)
    return ask


@transaction.atomic
def release_hold(*, ask: Ask, dispatcher: Member) -> Ask:
    """Let go of the ask; where another holds it nothing changes."""
    ask = moving.locked(ask)
    if ask.held_by_id == dispatcher.pk:
        ask.held_by, ask.held_until = None, None
        ask.save(update_fields=["held_by", "held_until"])
        record(ask, "released", by=By.DISPATCHER, actor=dispatcher.pk)
    return ask


@transaction.atomic
def call_note(*, ask: Ask, dispatcher: Member, text: str, follow_up_at: datetime | None = None) -> CallNote:
    """Write down what was heard. On the desk that keeps the promise, and makes a new one for ``follow_up_at``.

    Without it the ask stays with the desk for as long as the policy leaves an ask there. Noting twice is once.
    """
    ask = moving.locked(ask)
    lately = CallNote.objects.filter(
        network_id=ask.network_id, ask=ask, member=dispatcher, at__gt=clock.now() - PRESSED_TWICE
    )
    known = next((note for note in lately if note.text == text[:LONGEST_NOTE]), None)
    if known:
        return known
    note = CallNote.objects.create(
        network_id=ask.network_id, ask=ask, member=dispatcher, text=text[:LONGEST_NOTE], at=clock.now()
    )
    if ask.state == State.DESK:
        moving.move(ask, Trigger.CALLED, by=By.DISPATCHER, actor=dispatcher.pk)
        if follow_up_at:
            ask.desk_at = ask.next_step_at = max(follow_up_at, clock.now())
    else:
        record(ask, Trigger.CALLED.value, by=By.DISPATCHER, actor=dispatcher.pk)
        ask.desk_at = max(follow_up_at, clock.now()) if follow_up_at and ask.is_open else None
    ask.save(update_fields=moving.MOVED)
    return note


@transaction.atomic
def send_to_desk(*, ask: Ask, said_by: By, actor: uuid.UUID | None = None) -> Ask:
    """Somebody wants a person to look at it. Where one is to look already, nothing changes."""
    ask = moving.locked(ask)
    if ask.state != State.DESK:
        moving.move(ask, Trigger.PERSON_WANTED, by=said_by, actor=actor)
    return ask


@transaction.atomic
def search_again(*, ask: Ask, dispatcher: Member) -> Ask:
    """Put it back into the search, from near by on; a time that is over gives way to a new one."""
    ask = moving.locked(ask)
    if ask.state == State.AGREED:
        raise NotPossibleNow
    moving.fresh_window(ask)
    moving.move(ask, Trigger.CHANGED, by=By.DISPATCHER, actor=dispatcher.pk)
    return ask


@transaction.atomic
def close_for_asker(*, ask: Ask, dispatcher: Member, is_met: bool) -> Ask:
    """Close it as the asker said on the phone: met outside of the program, or not wanted any more."""
    if not is_met:
        return withdraw_ask(ask=ask, said_by=By.DISPATCHER, why="not_needed", actor=dispatcher.pk)
    ask = moving.locked(ask)
    if ask.state == State.DONE:
        return ask
    if moving.matches_in(ask, Match.State.ACCEPTED, Match.State.LENT):
        # How a commitment went is said of the commitment.
        raise NotPossibleNow
    moving.move(ask, Trigger.WENT_WELL, by=By.DISPATCHER, actor=dispatcher.pk)
    moving.end_matches(ask, Match.State.PROPOSED, Match.State.INVITED)
    return ask


@transaction.atomic
def explain_choice(*, match: Match, dispatcher: Member, why: str, note: str = "") -> None:
    """Write down why somebody else was asked than the program suggested; ``why`` is one of ``Match.Instead``.

    The log keeps the reason as a code; what is said beyond it stands with the notes of the desk, encrypted, and goes
    when the ask is erased.
    """
    ask = moving.locked(match.ask)
    reason = Match.Instead(why)
    record(
        ask, "overruled", by=By.DISPATCHER, actor=dispatcher.pk, helper=str(match.member_id), why=reason.value
    )
    if note:
        CallNote.objects.create(
            network_id=ask.network_id, ask=ask, member=dispatcher, text=note[:LONGEST_NOTE], at=clock.now()
        )
