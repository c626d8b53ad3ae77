"""What an asker does with an ask: publish, change, pause, resume, withdraw, keep, wake."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from commonweal.base import bus, clock
from commonweal.base.eventlog import By, record
from commonweal.base.ids import new_code, new_id, new_token, token_hash
from commonweal.exchange import notices
from commonweal.exchange.actions import moving
from commonweal.exchange.actions.series import (
    goes_on,
    has_occurrence,
    lock_series,
    next_date,
    open_next,
)
from commonweal.exchange.drafts import AskDraft
from commonweal.exchange.errors import NotPossibleNow, PageWasStale
from commonweal.exchange.events import SearchWanted
from commonweal.exchange.lifecycle import SEARCHING, State, Trigger
from commonweal.exchange.models import Ask, Match
from commonweal.members.models import Member
from commonweal.networks.models import Area, Category, Network
from commonweal.networks.queries import area_with, category_with

TRIES = 5
PROMISED = (Match.State.PROPOSED, Match.State.INVITED, Match.State.ACCEPTED)
STOPS = (*SEARCHING, State.AGREED, State.PAUSED)  # occurrences that end with their series
REASONS = ("found_help", "not_needed", "other")
# Where helpers go in pairs, it takes so many or none.
PAIR = 2
# What the asker may say anew; a draft holds the same names.
SAID = (
    "words", "summary", "people", "hands", "quantity", "unit", "destination", "starts_at", "ends_at", "returns_at",
    "urgency", "repeat_days", "wish", "reached", "called", "contact_kind", "contact", "language",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAsk:
    """A new ask, and the token of its private link."""

    ask: Ask
    token: str


def publish_ask(
    *, network: Network, draft: AskDraft, by: Member | None = None, source: str = "web", source_key: str = "",
    at: datetime | None = None,
) -> PublishedAsk:  # fmt: skip
    """Take an ask in and start the search for it.

    ``source_key`` names where it came from (the number that a form was sent with, a line of a sheet): the same key
    gives the ask that is there already, so that nothing is asked twice by pressing twice. ``at`` dates an imported one.
    Raises Category.DoesNotExist or Area.DoesNotExist for a draft of another network.
    """
    origin = {"source": source, "source_key": source_key, "created_at": at or clock.now()}
    for _attempt in range(TRIES):
        # Nearly every ask is new. So it is written at once, and looked up where the database knows its key already.
        try:
            with transaction.atomic():
                return _publish(network, draft, by, **origin)
        except IntegrityError:  # the same key, or the same random code
            known = _known(network, source, source_key)
            if known:
                return known
    raise NotPossibleNow


def _known(network: Network, source: str, source_key: str) -> PublishedAsk | None:
    ask = (
        Ask.objects.filter(network=network, source=source, source_key=source_key).first()
        if source_key
        else None
    )
    return PublishedAsk(ask=ask, token=ask.token_box) if ask else None


def _publish(network: Network, draft: AskDraft, by: Member | None, **origin: Any) -> PublishedAsk:
    token = new_token()
    ask = Ask(
        network=network, by=by, code=new_code(), token_hash=token_hash(token), token_box=token,
        next_step_at=clock.now(), **origin,
    )  # fmt: skip
    _fill(ask, draft)
    ask.save(force_insert=True)
    record(
        ask,
        Trigger.PUBLISHED.value,
        by=By.ASKER,
        actor=by.pk if by else None,
        to=ask.state,
        source=ask.source,
    )
    notices.received(ask)
    bus.publish(SearchWanted(network=network.pk, ask=ask.pk))
    return PublishedAsk(ask=ask, token=token)


def fill_in(ask: Ask, draft: AskDraft, *, category: Category, area: Area | None) -> None:
    """Put what the draft says on the ask, with the category and area it names."""
    for name in SAID:
        setattr(ask, name, getattr(draft, name))
    ask.category, ask.nature, ask.area = category, category.nature, area
    ask.cell_y, ask.cell_x = draft.cell or (None, None)
    ask.place, ask.languages, ask.needs = draft.place, list(draft.languages), list(draft.needs)
    if draft.quantity:
        ask.hands = 1
    elif category.pairs:
        ask.hands = max(ask.hands, PAIR)


def _fill(ask: Ask, draft: AskDraft) -> None:
    """Put what the draft says on the ask; its category and area are looked up in the ask's own network."""
    category = category_with(ask.network, draft.category)
    area = area_with(ask.network, draft.area) if draft.area else None
    fill_in(ask, draft, category=category, area=area)
    if draft.repeat_days:
        ask.series = ask.series or new_id()
    if draft.repeat_days and not has_occurrence(ask, draft.starts_at):
        ask.occurs_at, ask.occurs_until = draft.starts_at, draft.ends_at


@transaction.atomic
def change_ask(
    *, ask: Ask, version: int, draft: AskDraft, said_by: By = By.ASKER, actor: uuid.UUID | None = None
) -> Ask:
    """Say it anew; the search begins again, and who has agreed is told and may step back.

    Raises PageWasStale when it changed since ``version``; NotPossibleNow when it is not being searched for or agreed,
    or when its category would change under somebody who agreed. Fewer hands or pieces than are promised are not taken.
    """
    ask = moving.locked(ask)
    if ask.version != version:
        raise PageWasStale
    promised = moving.matches_in(ask, Match.State.ACCEPTED)
    if (promised and draft.category != ask.category_id) or (
        ask.taken and bool(draft.quantity) != bool(ask.quantity)
    ):
        raise NotPossibleNow
    moves = (draft.starts_at, draft.ends_at) != (ask.starts_at, ask.ends_at)
    _fill(ask, draft)
    ask.hands, ask.quantity = max(ask.hands, ask.hands_taken), max(ask.quantity, ask.quantity_taken)
    ask.version += 1
    ask.save()
    for match in promised if moves else ():
        match.meets_at, match.meets_until = ask.starts_at, ask.ends_at
        match.save(update_fields=["meets_at", "meets_until"])
    _look_again(ask, promised, said_by, actor)
    for match in promised:
        notices.changed(match)
        if moves:
            notices.agreed(match)
    return ask


def _look_again(ask: Ask, promised: list[Match], said_by: By, actor: uuid.UUID | None) -> None:
    """Start the search anew where somebody is missing; invitations for what it was before are taken back."""
    moving.end_matches(ask, Match.State.PROPOSED, Match.State.INVITED)
    if ask.state == State.AGREED and not ask.is_filled:
        moving.move(ask, Trigger.FELL_SHORT, by=said_by, actor=actor, promised=len(promised))
    elif ask.state in SEARCHING and ask.is_filled:
        moving.move(ask, Trigger.FILLED, by=said_by, actor=actor)
    else:
        moving.move(ask, Trigger.CHANGED, by=said_by, actor=actor)


@transaction.atomic
def pause_ask(*, ask: Ask, said_by: By = By.ASKER, actor: uuid.UUID | None = None) -> Ask:
    """Stop looking for a while; whoever was asked or had agreed is free again. Pausing a paused ask changes nothing."""
    ask = moving.locked(ask)
    if ask.state == State.PAUSED:
        return ask
    if moving.matches_in(ask, Match.State.LENT):
        raise NotPossibleNow
    moving.move(ask, Trigger.PAUSED, by=said_by, actor=actor)
    moving.end_matches(ask, *PROMISED)
    return ask


@transaction.atomic
def resume_ask(*, ask: Ask, said_by: By = By.ASKER, actor: uuid.UUID | None = None) -> Ask:
    """Look again after a pause; a time that has gone by gives way to a new one."""
    ask = moving.locked(ask)
    if ask.state in SEARCHING:
        return ask
    _restart(ask, Trigger.RESUMED, said_by, actor)
    return ask


@transaction.atomic
def wake_ask(*, ask: Ask, said_by: By = By.ASKER, actor: uuid.UUID | None = None) -> Ask:
    """Look again for an ask that rested; not possible once its words are erased."""
    ask = moving.locked(ask)
    if ask.state in SEARCHING:
        return ask
    if not ask.token_hash:
        raise NotPossibleNow
    _restart(ask, Trigger.WOKEN, said_by, actor)
    return ask


@transaction.atomic
def keep_ask(*, ask: Ask, said_by: By = By.ASKER, actor: uuid.UUID | None = None) -> Ask:
    """Say that it is still needed: what rested wakes, what is past gets a new time, a pause goes on."""
    ask = moving.locked(ask)
    if ask.state == State.RESTED:
        return wake_ask(ask=ask, said_by=said_by, actor=actor)
    if ask.state == State.PAUSED:
        moving.move(ask, Trigger.KEPT, by=said_by, actor=actor)
    elif ask.state in SEARCHING and moving.is_over(ask) and not ask.taken:
        _restart(ask, Trigger.CHANGED, said_by, actor)
    else:
        record(ask, Trigger.KEPT.value, by=said_by, actor=actor)
    return ask


@transaction.atomic
def withdraw_ask(
    *,
    ask: Ask,
    said_by: By = By.ASKER,
    why: str = "other",
    only_this: bool = False,
    actor: uuid.UUID | None = None,
) -> Ask:
    """Take the ask back; whoever was asked or had agreed is told. Withdrawing twice changes nothing.

    ``why`` is one of REASONS. A series ends with it, unless ``only_this`` occurrence is meant: then the next opens.
    Raises NotPossibleNow for what is over, or lent and not yet back.
    """
    if ask.series and not only_this:
        lock_series(ask)
    ask = moving.locked(ask)
    if ask.state == State.WITHDRAWN:
        return ask
    _withdraw(ask, why, said_by, actor)
    if only_this:
        open_next(ask)
    elif ask.series:
        others = Ask.objects.filter(network_id=ask.network_id, series=ask.series, state__in=STOPS)
        for other_id in others.order_by("id").values_list("id", flat=True):
            _withdraw(moving.locked_ask(ask.network_id, other_id), why, said_by, actor)
    return ask


def _withdraw(ask: Ask, why: str, said_by: By, actor: uuid.UUID | None) -> None:
    reason = why if why in REASONS else "other"
    if ask.state in SEARCHING and moving.matches_in(ask, Match.State.LENT):
        # What is lent already has to come back before this is over.
        moving.end_matches(ask, *PROMISED)
        moving.move(ask, Trigger.LENT, by=said_by, actor=actor, why=reason)
        return
    moving.move(ask, Trigger.WITHDRAWN, by=said_by, actor=actor, why=reason)
    ask.closed_why = reason
    moving.end_matches(ask, *PROMISED)


def _restart(ask: Ask, trigger: Trigger, said_by: By, actor: uuid.UUID | None) -> None:
    """Begin the search anew, at a time that is still to come."""
    if moving.is_over(ask) and ask.repeat_days and not goes_on(ask):
        ask.starts_at, ask.ends_at = next_date(ask, clock.now())
        ask.occurs_at, ask.occurs_until = ask.starts_at, ask.ends_at
    moving.fresh_window(ask)
    moving.recount(ask)
    moving.move(ask, trigger, by=said_by, actor=actor)
