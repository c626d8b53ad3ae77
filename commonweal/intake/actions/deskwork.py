"""What a dispatcher does with a message at the desk: hold it, turn it into an ask, put it to one, answer, close it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.exchange.actions import (
    PublishedAsk,
    call_note,
    give_looks_to,
    publish_ask,
    record_look_at_draft,
)
from commonweal.exchange.drafts import AskDraft
from commonweal.exchange.errors import HeldByAnother, NotPossibleNow
from commonweal.exchange.models import Ask, Look
from commonweal.intake.actions.correcting import record_correction
from commonweal.intake.models import Draft
from commonweal.intake.reading import storing
from commonweal.members.models import Member
from commonweal.messaging.actions import queue_message
from commonweal.messaging.port import Address
from commonweal.networks.models import Category
from commonweal.networks.queries import category_with

State = Draft.State
SOURCES = {"text": "sms", "email": "email", "voice": "voice", "paper": "paper"}
LONGEST_NOTE, LONGEST_ANSWER = 1000, 480
# What may be undone: a message that became an ask, or was answered, stays so.
UNDOABLE = (State.DISMISSED, State.WRONG, State.LINKED)


def locked_draft(draft: Draft) -> Draft:
    """The draft as it is now, locked until the transaction ends. It is locked before the ask it has to do with."""
    drafts = Draft.objects.select_related("network", "inbound", "held_by", "ask").select_for_update(
        of=("self",)
    )
    return drafts.get(network_id=draft.network_id, pk=draft.pk)


@transaction.atomic
def hold_draft(*, draft: Draft, by: Member, over: bool = False) -> Draft:
    """Say that one is working on it; it ends by itself. Raises HeldByAnother, unless taken ``over`` on purpose."""
    draft = to_act_on(draft, by, over=over)
    now = clock.now()
    is_new = draft.held_by_id != by.pk or not draft.held_until or draft.held_until <= now
    draft.held_by, draft.held_until = by, now + draft.network.policy.span("hold_minutes")
    draft.save(update_fields=["held_by", "held_until"])
    if is_new:
        record(draft, "held", by=By.DISPATCHER, actor=by.pk)
    return draft


@transaction.atomic
def release_draft(*, draft: Draft, by: Member) -> Draft:
    """Let go of it; where another holds it nothing changes."""
    draft = locked_draft(draft)
    if draft.held_by_id == by.pk:
        draft.held_by, draft.held_until = None, None
        draft.save(update_fields=["held_by", "held_until"])
        record(draft, "released", by=By.DISPATCHER, actor=by.pk)
    return draft


@transaction.atomic
def ask_from_draft(*, draft: Draft, by: Member, said: AskDraft) -> PublishedAsk:
    """Turn it into an ask, and keep what the dispatcher put right for the reading to learn from.

    Pressed twice it is one ask. Without a contact of its own it has the number or address that the message came from.

    Raises HeldByAnother, and NotPossibleNow where it was closed as something else.
    """
    draft = locked_draft(draft)
    if draft.state == State.ASK and draft.ask:
        return PublishedAsk(ask=draft.ask, token=draft.ask.token_box)
    draft = to_act_on(draft, by)
    inbound = draft.inbound
    if not said.contact and inbound.sender:
        said = replace(said, contact_kind=inbound.sender_kind, contact=inbound.sender)
    published = publish_ask(
        network=draft.network, draft=said, source=SOURCES[inbound.sort], source_key=f"draft:{draft.pk}"
    )
    give_looks_to(ask=published.ask, draft=draft.pk)
    read = storing.from_json(draft.reading)
    record_correction(
        network=draft.network, text=inbound.text, category=category_with(draft.network, said.category),
        supposed=supposed_category(draft, read.category.value if read.category else None), by=by,
    )  # fmt: skip
    inbound.ask = published.ask
    inbound.save(update_fields=["ask"])
    close_draft(draft, State.ASK, by, ask=published.ask)
    return published


@transaction.atomic
def link_draft(*, draft: Draft, by: Member, ask: Ask) -> Draft:
    """Put it to an ask that is here already: what it says stands with that ask's notes."""
    draft = to_act_on(draft, by)
    if draft.network_id != ask.network_id:
        raise NotPossibleNow
    text = draft.inbound.text or draft.note
    if text:
        call_note(ask=ask, dispatcher=by, text=text)
    draft.inbound.ask = ask
    draft.inbound.save(update_fields=["ask"])
    return close_draft(draft, State.LINKED, by, ask=ask)


@transaction.atomic
def answer_draft(*, draft: Draft, by: Member, text: str) -> Draft:
    """Answer by the way it came. Raises NotPossibleNow where nobody can be answered."""
    draft = to_act_on(draft, by)
    inbound = draft.inbound
    if not inbound.sender or not text.strip():
        raise NotPossibleNow
    language = inbound.language or storing.from_json(draft.reading).language.value or "en"
    queue_message(
        network=draft.network,
        to=Address(kind=inbound.sender_kind, value=inbound.sender, language=language),
        template="say_answer",
        context={"words": text.strip()[:LONGEST_ANSWER], "network": draft.network.name},
        key=f"answer:{draft.pk}",
    )
    return close_draft(draft, State.ANSWERED, by)


@transaction.atomic
def dismiss_draft(*, draft: Draft, by: Member, wrong_number: bool = False) -> Draft:
    """Nothing is to be done about it, or it came to us by mistake; either can be undone. Twice changes nothing."""
    wanted = State.WRONG if wrong_number else State.DISMISSED
    draft = locked_draft(draft)
    return draft if draft.state == wanted else close_draft(to_act_on(draft, by), wanted, by)


@transaction.atomic
def reopen_draft(*, draft: Draft, by: Member) -> Draft:
    """Undo: it is to be read again, with a new promise. What waits already stays as it is."""
    draft = locked_draft(draft)
    if draft.is_waiting:
        return draft
    if draft.state not in UNDOABLE or not draft.reading:
        raise NotPossibleNow
    draft.state, draft.closed_at, draft.closed_by, draft.erase_at, draft.ask = (
        State.WAITING,
        None,
        None,
        None,
        None,
    )
    draft.due_at, draft.alerted_at = clock.now() + draft.network.policy.span("desk_minutes"), None
    draft.save()
    record(draft, "reopened", by=By.DISPATCHER, actor=by.pk)
    return draft


@transaction.atomic
def follow_up_draft(*, draft: Draft, by: Member, at: datetime, note: str = "") -> Draft:
    """Look again at a time, with a note for whoever is on shift then; others may take it up."""
    draft = to_act_on(draft, by)
    draft.due_at, draft.is_followed_up, draft.alerted_at = max(at, clock.now()), True, None
    draft.note = (note or draft.note)[:LONGEST_NOTE]
    draft.held_by, draft.held_until = None, None
    draft.save()
    record(draft, "followed_up", by=By.DISPATCHER, actor=by.pk)
    return draft


def record_look(*, draft: Draft, by: Member, what: str, why: str = Look.Why.READ, words: str = "") -> None:
    """Put on record who saw the number or address (``what`` is its kind) or heard the recording, and why.

    ``words`` are what a dispatcher says beyond the reason; the log has only codes.
    """
    if record_look_at_draft(
        network_id=draft.network_id, draft=draft.pk, dispatcher=by, what=[what], why=why, words=words
    ):
        record(draft, "looked", by=By.DISPATCHER, actor=by.pk, what=what, why=why)


def to_act_on(draft: Draft, by: Member, *, over: bool = False) -> Draft:
    """The draft, locked, for somebody who may act on it; raises HeldByAnother, and NotPossibleNow once it is closed."""
    draft = locked_draft(draft)
    if not draft.is_waiting:
        raise NotPossibleNow
    if (
        draft.held_by
        and draft.held_by_id != by.pk
        and not over
        and draft.held_until
        and draft.held_until > clock.now()
    ):
        raise HeldByAnother(draft.held_by.name)
    return draft


def close_draft(draft: Draft, state: Draft.State, by: Member, *, ask: Ask | None = None) -> Draft:
    """Take it off the list, as ``state``. The caller holds the lock."""
    now = clock.now()
    draft.state, draft.closed_at, draft.closed_by, draft.ask = state, now, by, ask
    draft.due_at, draft.held_by, draft.held_until = None, None, None
    draft.erase_at = now + draft.network.policy.span("erase_days")
    draft.save()
    record(draft, "closed", by=By.DISPATCHER, actor=by.pk, to=state.value, ask=str(ask.pk) if ask else "")
    return draft


def supposed_category(draft: Draft, key: Any) -> Category | None:
    """The category that was read, by its key, if it is still there."""
    if key is None:
        return None
    return Category.objects.filter(network_id=draft.network_id, pk=key).first()
