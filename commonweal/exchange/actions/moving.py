"""Locking an ask and moving it through its life. Every action of this room goes through here.

The order of locks is fixed: the ask, then the member whose week it takes from, then their offer
(docs/explanation/locking.md).
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, Sum

from commonweal.base import bus, clock
from commonweal.base.eventlog import By, record
from commonweal.exchange import notices
from commonweal.exchange.actions.series import open_next
from commonweal.exchange.errors import NotPossibleNow
from commonweal.exchange.events import AskAgreed, AskClosed, SearchWanted
from commonweal.exchange.lifecycle import (
    CLOSED,
    Moments,
    State,
    Step,
    Transition,
    Trigger,
    due_at,
    span,
    transition,
)
from commonweal.exchange.models import COMMITTED, GONE, HELPED, Ask, Match, Offer
from commonweal.exchange.quiet import search_ends
from commonweal.networks.models import Category

DAY = timedelta(days=1)
RINGS = {State.NEAR: "near_hours", State.WIDE: "wide_hours"}
TAKEN = (*COMMITTED, Match.State.DONE)
MOVED = [
    "state", "state_since", "next_step", "next_step_at", "desk_at", "tries", "ahead", "hands_taken", "quantity_taken",
    "starts_at", "ends_at", "occurs_at", "occurs_until", "people", "agreed_at", "closed_at", "closed_why", "erase_at",
    "held_by", "held_until",
]  # fmt: skip
# What opens the next occurrence of a series.
ENDS_OCCURRENCE = {Trigger.WENT_WELL, Trigger.LENT, Trigger.TIME_CAME, Trigger.TIME_PASSED}


def locked(ask: Ask) -> Ask:
    """The ask as it is now, locked until the transaction ends."""
    return locked_ask(ask.network_id, ask.pk)


def locked_ask(network_id: uuid.UUID, ask_id: uuid.UUID) -> Ask:
    """The ask with this id, locked; with its network, category, area and asker."""
    asks = Ask.objects.select_related("network", "category", "area", "by").select_for_update(of=("self",))
    return asks.get(network_id=network_id, pk=ask_id)


def locked_match(match: Match) -> Match:
    """The match as it is now, after locking its ask, which is ``match.ask``."""
    ask = locked_ask(match.network_id, match.ask_id)
    fresh = Match.objects.select_related("member").get(network_id=match.network_id, pk=match.pk)
    return on(ask, fresh)


def on(ask: Ask, match: Match) -> Match:
    """The match holding this very ask and its network, so that both are changed in one place."""
    match.ask, match.network = ask, ask.network
    return match


def matches_in(ask: Ask, *states: str) -> list[Match]:
    """The ask's matches in these states, oldest first."""
    found = Match.objects.filter(network_id=ask.network_id, ask=ask, state__in=states).select_related(
        "member"
    )
    return [on(ask, match) for match in found.order_by("created_at", "id")]


def pressing(ask: Ask) -> bool:
    """Whether the ask can't wait as others do: it is for today, or its time is over within a day."""
    left = ask.ends_at - clock.now()
    return left > timedelta(0) and (ask.urgency == Ask.Urgency.TODAY or left <= DAY)


def is_over(ask: Ask) -> bool:
    """Whether the time in which it may happen has gone by."""
    return clock.now() >= ask.ends_at


def fresh_window(ask: Ask) -> None:
    """Give an ask whose time is over a new one: from now on, for as long as one without a date may take."""
    if is_over(ask):
        today = ask.urgency == Ask.Urgency.TODAY
        ask.starts_at = clock.now()
        ask.ends_at = ask.starts_at + (DAY if today else ask.network.policy.span("flexible_days"))


def ring_ends_at(ask: Ask) -> datetime | None:
    """When the search leaves the ring it is in, whoever has answered by then; None for the last ring and outside.

    The night, in which nobody is invited, does not count.
    """
    setting = RINGS.get(State(ask.state))
    if not setting:
        return None
    return search_ends(ask, ask.state_since, span(ask.network.policy, setting, pressing=pressing(ask)))


def move(
    ask: Ask, trigger: Trigger, *, by: By = By.PROGRAM, actor: uuid.UUID | None = None, **data: Any
) -> None:
    """Take the ask one step on by the table, save it, and tell what happened; raises NotPossibleNow.

    The caller holds the lock and has counted what is taken.
    """
    row = transition(State(ask.state), trigger)
    if row is None:
        raise NotPossibleNow
    now = clock.now()
    if row.target != ask.state or not row.after:
        ask.state_since = now
    ask.tries = ask.tries + 1 if row.again else 0
    ask.ahead += row.ahead
    ask.state, ask.next_step = row.target.value, row.step.value
    ask.next_step_at = _due(ask, row)
    _keep_promises(ask, row)
    _open_or_close(ask, row)
    ask.save(update_fields=MOVED)
    record(ask, trigger.value, by=by, actor=actor, to=row.target.value, **data)
    _spread(ask, row)


def wait_until(ask: Ask, at: datetime) -> None:
    """Put the next step off without moving the ask."""
    ask.next_step_at = at
    ask.save(update_fields=MOVED)


def search_now(ask: Ask) -> None:
    """Look for people at once: by the news, and by the next step where the news is lost."""
    if ask.next_step == Step.SEARCH:
        wait_until(ask, clock.now())
    bus.publish(SearchWanted(network=ask.network_id, ask=ask.pk, ahead=ask.ahead))


def most_asked(ask: Ask) -> int:
    """How many people the program may be asking at one time."""
    return (1 if ask.quantity else ask.places_left) * ask.network.policy.at_once


def next_answer(ask: Ask) -> datetime:
    """When the first of the invitations runs out, or the step that is due anyhow if that comes sooner."""
    waiting = [match.answer_by for match in matches_in(ask, Match.State.INVITED) if match.answer_by]
    return min([*waiting, *([ask.next_step_at] if ask.next_step_at else [])])


def recount(ask: Ask) -> None:
    """Count anew what is promised or done, from the matches themselves: under the lock nobody can be overlooked."""
    counted = Match.objects.filter(network_id=ask.network_id, ask=ask).aggregate(
        hands=Count("id", filter=Q(state__in=TAKEN)), quantity=Sum("quantity", filter=Q(state__in=HELPED))
    )
    ask.hands_taken = 0 if ask.quantity else counted["hands"]
    ask.quantity_taken = (counted["quantity"] or 0) if ask.quantity else 0


def recount_offer(offer_id: uuid.UUID | None, network_id: uuid.UUID) -> Offer | None:
    """Lock the offer and count anew how many of its things are left; what was lent and came back is there again."""
    offer = (
        Offer.objects.select_for_update().filter(network_id=network_id, pk=offer_id).first()
        if offer_id
        else None
    )
    if offer is None or not offer.quantity:
        return offer
    gone = Match.objects.filter(network_id=network_id, offer=offer, state__in=GONE).exclude(
        state=Match.State.DONE, ask__nature=Category.Nature.LOAN
    )
    given = gone.aggregate(total=Sum("quantity"))["total"] or 0
    offer.quantity_left = max(0, offer.quantity - given)
    if offer.state == Offer.State.OPEN and not offer.quantity_left:
        offer.state = Offer.State.USED_UP
    elif offer.state == Offer.State.USED_UP and offer.quantity_left:
        offer.state = Offer.State.OPEN
    save_offer(offer, "quantity_left", "state")
    return offer


def save_offer(offer: Offer, *names: str) -> None:
    """Save these fields of an offer, and keep beside its categories whether it can be found."""
    offer.save(update_fields=[*names])
    is_open = offer.state == Offer.State.OPEN
    offer.categories.filter(network_id=offer.network_id).update(
        is_open=is_open, on_board=is_open and offer.is_public
    )


def end_matches(ask: Ask, *states: str) -> None:
    """Take back what was on its way to helpers, tell who knew of it, and give back what they would have brought."""
    offers: set[uuid.UUID] = set()
    for match in matches_in(ask, *states):
        was = match.state
        match.state, match.ended_at = Match.State.TAKEN_BACK, clock.now()
        match.save(update_fields=["state", "ended_at"])
        notices.taken_back(match, was_told=was != Match.State.PROPOSED)
        if was == Match.State.ACCEPTED and match.offer_id:
            offers.add(match.offer_id)
    for offer_id in sorted(offers):
        recount_offer(offer_id, ask.network_id)
    recount(ask)
    ask.save(update_fields=MOVED)


def agreed_until(ask: Ask) -> datetime:
    """When the last of the agreed meetings is over; the end of the ask's own time where there is none."""
    agreed = Match.objects.filter(network_id=ask.network_id, ask=ask, state=Match.State.ACCEPTED)
    last: datetime | None = agreed.aggregate(last=Max("meets_until"))["last"]
    return last or ask.ends_at


def _due(ask: Ask, row: Transition) -> datetime | None:
    moments = Moments(
        now=clock.now(),
        since=ask.state_since,
        ends=agreed_until(ask) if row.since == "end" else ask.ends_at,
        returns=ask.returns_at,
    )
    due = due_at(row, policy=ask.network.policy, moments=moments, pressing=pressing(ask))
    if due is None or row.step != Step.SEARCH:
        return due
    # A search is looked at again when its ring ends and when its time is over, even if nobody has answered.
    limits = [limit for limit in (ring_ends_at(ask), ask.ends_at) if limit and limit > clock.now()]
    return min([due, *limits])


def _keep_promises(ask: Ask, row: Transition) -> None:
    """By when a person looks: a new promise on coming to the desk, and an old one stands until it is kept."""
    if row.target == State.DESK:
        ask.desk_at = ask.desk_at if row.again and ask.desk_at else ask.next_step_at
    elif row.target == State.BEYOND or (row.target == State.OUT and row.again):
        ask.desk_at = ask.desk_at or clock.now()
    else:
        ask.desk_at = None


def _open_or_close(ask: Ask, row: Transition) -> None:
    now = clock.now()
    if row.trigger == Trigger.FILLED:
        ask.agreed_at = ask.agreed_at or now
    if row.target in CLOSED:
        ask.closed_at, ask.erase_at = now, now + ask.network.policy.span("erase_days")
        ask.held_by, ask.held_until = None, None
    else:
        ask.closed_at, ask.erase_at, ask.closed_why = None, None, ""


def _spread(ask: Ask, row: Transition) -> None:
    """What follows from a move: news for the rooms above, and the next occurrence of a series."""
    if row.trigger == Trigger.FILLED:
        bus.publish(AskAgreed(network=ask.network_id, ask=ask.pk))
    if row.target in CLOSED:
        bus.publish(AskClosed(network=ask.network_id, ask=ask.pk, state=row.target.value))
    if row.step == Step.SEARCH and not row.after:
        bus.publish(SearchWanted(network=ask.network_id, ask=ask.pk, ahead=ask.ahead))
    if row.trigger in ENDS_OCCURRENCE:
        open_next(ask)
