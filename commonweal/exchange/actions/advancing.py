"""What happens to an ask by itself when its next step is due, and what a search came to."""

import uuid
from datetime import datetime, timedelta

from django.db import connection, transaction

from commonweal.base import bus, clock
from commonweal.base.eventlog import By
from commonweal.exchange import notices
from commonweal.exchange.actions import moving
from commonweal.exchange.actions.matches import lapse_invitations
from commonweal.exchange.actions.series import goes_on
from commonweal.exchange.events import SearchWanted
from commonweal.exchange.lifecycle import MOST_TRIES, SEARCHING, State, Step, Trigger
from commonweal.exchange.models import Ask, Match
from commonweal.gatherings.queries import shift_now

S = Match.State
# A search that was called for and of which nothing is heard (its process was killed) is called for again after this.
LEASE = timedelta(minutes=2)


@transaction.atomic
def advance_ask(*, ask_id: uuid.UUID, network_id: uuid.UUID) -> None:
    """Take the step that is due, if it is: the one place where time moves an ask.

    An ask that somebody else is working on at this moment is left to them.
    """
    asks = Ask.objects.select_related("network", "category", "area", "by").select_for_update(
        of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
    )
    ask = asks.filter(network_id=network_id, pk=ask_id, next_step_at__lte=clock.now()).first()
    if ask is not None:
        STEPS[Step(ask.next_step)](ask)


@transaction.atomic
def report_search(*, ask: Ask, found: bool, waits: timedelta | None = None) -> Ask:
    """Say what a search came to: somebody is being asked, suggested, or looked for on the board; or nobody is left.

    ``waits`` looks again after that time at the latest. The ring widens when nobody is left or its time is over.
    """
    ask = moving.locked(ask)
    if ask.state not in SEARCHING or ask.is_filled:
        return ask
    ends_at = moving.ring_ends_at(ask)
    is_out = ends_at is not None and clock.now() >= ends_at
    if found and not is_out:
        moving.move(ask, Trigger.SEARCHED)
        if waits and ask.next_step_at and ask.next_step == Step.SEARCH:
            moving.wait_until(ask, min(ask.next_step_at, clock.now() + waits))
    elif ask.state != State.DESK:
        moving.move(ask, Trigger.NOBODY_LEFT)
    return ask


@transaction.atomic
def put_off_search(*, ask: Ask, until: datetime) -> None:
    """Look again at ``until``: before, nobody may be asked, because it is night or everybody who could rests.

    The step that is due anyhow, because a ring or the ask's time ends, is not put off. An ask that is not searched for
    stays as it is, and so does one on the desk: a person has it.
    """
    ask = moving.locked(ask)
    if ask.state in SEARCHING and not ask.is_filled and ask.next_step == Step.SEARCH:
        limits = (moving.ring_ends_at(ask), ask.ends_at)
        moving.wait_until(ask, min([until, *(limit for limit in limits if limit and limit > clock.now())]))


def _search(ask: Ask) -> None:
    lapse_invitations(ask)
    ends_at = moving.ring_ends_at(ask)
    if moving.is_over(ask):
        _out_of_time(ask)
    elif ends_at is not None and clock.now() >= ends_at:
        moving.move(ask, Trigger.NOBODY_LEFT)
    elif ask.is_filled:
        # Beyond, and nobody is missing: the two sides said different things, and no person found the time.
        _still_needed(ask)
    else:
        moving.wait_until(ask, _next_look(ask))


def _next_look(ask: Ask) -> datetime:
    """Call for a search where fewer are being asked than may be at once; and when to look again."""
    if len(moving.matches_in(ask, S.INVITED)) < moving.most_asked(ask):
        bus.publish(SearchWanted(network=ask.network_id, ask=ask.pk, ahead=ask.ahead))
        return clock.now() + LEASE
    ask.next_step_at = None
    return moving.next_answer(ask)


def _out_of_time(ask: Ask) -> None:
    """The time in which it could happen is over: how did it go, will what is lent come back, or is it still needed?"""
    moving.end_matches(ask, S.PROPOSED, S.INVITED)
    ask_how_at = moving.agreed_until(ask) + ask.network.policy.span("ask_how_hours")
    if moving.matches_in(ask, S.ACCEPTED):
        if clock.now() < ask_how_at:
            moving.wait_until(ask, ask_how_at)
        else:
            moving.move(ask, Trigger.TIME_CAME)
    elif moving.matches_in(ask, S.LENT):
        moving.move(ask, Trigger.LENT)
    elif ask.state in moving.RINGS:
        moving.move(ask, Trigger.TIME_PASSED)
        notices.still_needed(ask)
    else:
        _still_needed(ask)


def _still_needed(ask: Ask) -> None:
    """Ask whether it is still needed; three times in vain, and it rests."""
    if ask.tries >= MOST_TRIES:
        moving.end_matches(ask, S.PROPOSED, S.INVITED, S.ACCEPTED)
        moving.move(ask, Trigger.UNANSWERED)
        _pause_later(ask)
    else:
        moving.move(ask, Trigger.STILL_ASKED)
        notices.still_needed(ask)


def _pause_later(ask: Ask) -> None:
    """Of a series whose asker does not answer, pause the occurrences to come for which nobody has said yes."""
    if not ask.series or not goes_on(ask):
        return
    later = Ask.objects.filter(
        network_id=ask.network_id, series=ask.series, on_board=True, occurs_at__gt=ask.occurs_at
    )
    for other_id in later.order_by("id").values_list("id", flat=True):
        other = moving.locked_ask(ask.network_id, other_id)
        if not other.taken:
            moving.end_matches(other, S.PROPOSED, S.INVITED)
            moving.move(other, Trigger.PAUSED)


def _call(ask: Ask) -> None:
    """Nobody on shift looked: they are told once more, and then the search goes beyond the network."""
    lapse_invitations(ask)
    if moving.is_over(ask) and moving.matches_in(ask, S.ACCEPTED, S.LENT):
        _out_of_time(ask)
        return
    if ask.tries:
        moving.move(ask, Trigger.NOBODY_LEFT)
        return
    moving.move(ask, Trigger.LATE)
    for shift in shift_now(ask.network, clock.now()):
        notices.desk_alert(ask, shift.member)


def _ask_how(ask: Ask) -> None:
    # The question itself went into the outbox with the yes, for the end of each meeting.
    moving.move(ask, Trigger.TIME_CAME)


def _chase(ask: Ask) -> None:
    """Nobody said how it went: ask once more, then a person calls."""
    if ask.tries:
        for match in moving.matches_in(ask, S.ACCEPTED):
            match.state, match.ended_at = S.SILENT, clock.now()
            match.save(update_fields=["state", "ended_at"])
        moving.recount(ask)
        moving.move(ask, Trigger.SILENT)
        return
    moving.move(ask, Trigger.CHASED)
    for match in moving.matches_in(ask, S.ACCEPTED):
        notices.how_did_it_go(match, occasion=f"again:{ask.state_since:%y%m%d%H%M}")


def _ask_back(ask: Ask) -> None:
    """Is the lent thing back? Asked three times; from the first on it is on the desk too."""
    if ask.tries < MOST_TRIES:
        for match in moving.matches_in(ask, S.LENT):
            notices.return_due(ask, match)
    moving.move(ask, Trigger.ASKED_BACK, by=By.PROGRAM)


STEPS = {
    Step.SEARCH: _search,
    Step.CALL: _call,
    Step.ASK_HOW: _ask_how,
    Step.CHASE: _chase,
    Step.ASK_BACK: _ask_back,
    Step.CHECK_PAUSE: _still_needed,
}
