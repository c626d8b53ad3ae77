"""The messages that a person reads: all doors in one list, one message with what was understood, and what to do."""

import functools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonweal.base import clock
from commonweal.base.errors import NotFound, Refused
from commonweal.base.ids import new_token
from commonweal.base.paging import Cursor
from commonweal.exchange.access import ask_for_desk
from commonweal.exchange.actions import merge_asks, unmerge_asks
from commonweal.exchange.errors import AskNotFound, HeldByAnother, NotPossibleNow
from commonweal.exchange.forms.need import NeedForm
from commonweal.exchange.models import Ask
from commonweal.exchange.views.places import looked_up, wants_look
from commonweal.intake import actions, queries
from commonweal.intake.duplicates import Said, looks_like, of_draft
from commonweal.intake.media.cleaning import REFUSED
from commonweal.intake.models import Draft
from commonweal.intake.reading import storing
from commonweal.members.contacts import ContactUnclear, read_contact
from commonweal.web.desk import understood
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.asks import to_ask
from commonweal.web.desk.forms import reason_in
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.inbox import AnswerForm, FilterForm, FollowForm, row_of
from commonweal.web.desk.page import acting as acting_on_ask
from commonweal.web.desk.requests import DeskRequest

P = ParamSpec("P")
Act = Callable[Concatenate[DeskRequest, Draft, P], HttpResponse]


@require_safe
@require_desk
def inbox(request: DeskRequest) -> HttpResponse:
    """What a person is to read, danger first; what was read; and what came from one number or address."""
    form = FilterForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    context: dict[str, Any] = {"form": form, "only": said.get("only", "")}
    if said.get("sender"):
        found = queries.from_sender(request.network, _contact(request, said["sender"]))
    elif said.get("only") == "read":
        page = queries.was_read(request.network, Cursor.decode(request.GET.get("after")))
        found, context["older"] = list(page.rows), page.next
    else:
        found = list(queries.to_read(request.network, sort=said.get("sort", ""), only=said.get("only", "")))
    context |= {"rows": [row_of(draft, viewer=request.member.name) for draft in found]}
    return desk_page(request, "web/desk/messages.html", context)


@require_safe
@require_desk
def one(request: DeskRequest, pk: uuid.UUID) -> HttpResponse:
    """One message. Opening it holds it, so that nobody else works on it unknowingly."""
    draft = queries.draft_for_desk(request.network, pk)
    try:
        draft = actions.hold_draft(draft=draft, by=request.member)
    except (HeldByAnother, NotPossibleNow):
        draft = queries.draft_for_desk(request.network, pk)
    return _page(request, draft)


def acting(view: Act[P]) -> Callable[..., HttpResponse]:
    """Let a dispatcher do something about a message; where it can't be, they see it as it stands, and why."""

    @functools.wraps(view)
    def guarded(request: DeskRequest, pk: uuid.UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        draft = queries.draft_for_desk(request.network, pk)
        try:
            return view(request, draft, *args, **kwargs)
        except NotFound:
            raise
        except Refused as refusal:
            fresh = queries.draft_for_desk(request.network, pk)
            return _page(request, fresh, status=refusal.status, refusal=str(refusal))

    return require_POST(require_desk(cast("Any", guarded)))


@acting
def take_in(request: DeskRequest, draft: Draft) -> HttpResponse:
    """Turn it into an ask, as the dispatcher filled it in."""
    if wants_look(request):
        return _page(request, draft, need=looked_up(request, NeedForm, network=request.network))
    form = NeedForm(request.POST, network=request.network)
    if not form.is_valid():
        return _page(request, draft, status=422, need=form)
    published = actions.ask_from_draft(draft=draft, by=request.member, said=form.draft())
    words = _("Taken in. Their code is %(code)s.")
    messages.success(request, words % {"code": published.ask.shown_code})
    return to_ask(published.ask)


@acting
def link(request: DeskRequest, draft: Draft) -> HttpResponse:
    """Put it to an ask that is here already."""
    try:
        ask = ask_for_desk(request.network, request.POST.get("code", ""))
    except AskNotFound:
        return _page(request, draft, status=422, refusal=_("There is no ask with this code."))
    actions.link_draft(draft=draft, by=request.member, ask=ask)
    messages.success(request, _("It stands with the notes of %(code)s now.") % {"code": ask.shown_code})
    return to_ask(ask)


@acting
def answer(request: DeskRequest, draft: Draft) -> HttpResponse:
    """Answer by the way it came."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, draft, status=422, answering=form)
    actions.answer_draft(draft=draft, by=request.member, text=form.cleaned_data["text"])
    messages.success(request, _("Your answer is on its way."))
    return redirect("desk:messages")


@acting
def follow_up(request: DeskRequest, draft: Draft) -> HttpResponse:
    """Look again later, with a note for whoever is on shift then."""
    form = FollowForm(request.POST)
    form.network = request.network
    if not form.is_valid():
        return _page(request, draft, status=422, following=form)
    at = clock.now() + timedelta(hours=form.cleaned_data["hours"])
    actions.follow_up_draft(draft=draft, by=request.member, at=at, note=form.cleaned_data["note"])
    messages.success(request, _("It comes back to the top of the list then."))
    return redirect("desk:messages")


@acting
def dismiss(request: DeskRequest, draft: Draft) -> HttpResponse:
    """Nothing is to be done, or it came to us by mistake."""
    actions.dismiss_draft(draft=draft, by=request.member, wrong_number="wrong" in request.POST)
    messages.success(request, _("Off the list. It can be brought back from its page."))
    return redirect("desk:message", draft.pk)


@acting
def reopen(request: DeskRequest, draft: Draft) -> HttpResponse:
    """Undo: it is to be read again."""
    actions.reopen_draft(draft=draft, by=request.member)
    return redirect("desk:message", draft.pk)


@acting
def hold(request: DeskRequest, draft: Draft) -> HttpResponse:
    """Take it over from whoever held it."""
    actions.hold_draft(draft=draft, by=request.member, over=True)
    return redirect("desk:message", draft.pk)


@acting
def release(request: DeskRequest, draft: Draft) -> HttpResponse:
    """Let it go, for somebody else to take up."""
    actions.release_draft(draft=draft, by=request.member)
    return redirect("desk:messages")


@acting
def reach(request: DeskRequest, draft: Draft) -> HttpResponse:
    """Ask what for; then show the number or address it came from, and put the look on record."""
    actions.hold_draft(draft=draft, by=request.member)
    form = reason_in(request.POST, request.network)
    if not form.is_valid():
        return _page(request, draft, reason_form=form, status=422 if form.is_bound else 200)
    kind, said = draft.inbound.sender_kind, form.cleaned_data
    actions.record_look(draft=draft, by=request.member, what=kind, why=said["why"], words=said["reason"])
    return _page(request, draft, reach=draft.inbound)


@acting_on_ask
def merge(request: DeskRequest, ask: Ask) -> HttpResponse:
    """Put this ask together with another one, in which it goes on."""
    into = ask_for_desk(request.network, request.POST.get("into", ""))
    merge_asks(ask=ask, into=into, by=request.member, why=request.POST.getlist("why") or ("said",))
    messages.success(request, _("It goes on as %(code)s now.") % {"code": into.shown_code})
    return to_ask(into)


@acting_on_ask
def unmerge(request: DeskRequest, ask: Ask) -> HttpResponse:
    """Take the two apart again."""
    messages.success(request, _("They are two again, and the search for this one begins anew."))
    return to_ask(unmerge_asks(ask=ask, by=request.member))


def _page(request: DeskRequest, draft: Draft, *, status: int = 200, **more: Any) -> HttpResponse:
    reading = storing.from_json(draft.reading)
    inbound = draft.inbound
    rows = understood.understood(reading, request.network)
    initial = {**understood.initial_of(draft, reading), "key": new_token()}
    kinds = queries.kinds_of(draft)
    held = draft.held_by if draft.held_until and draft.held_until > clock.now() else None
    context = {
        "draft": draft,
        "row": row_of(draft, viewer=request.member.name),
        "pieces": understood.marked(inbound.text, rows),
        "rows": rows,
        "is_offer": reading.is_offer.value,
        "media": [
            {**one, "position": at, "is_here": at in kinds, "is_refused": kinds.get(at) == REFUSED}
            for at, one in enumerate(inbound.media)
        ],
        "before": queries.said_before(draft),
        "asks": queries.open_asks_of(draft),
        "twins": _twins(request, draft, more.get("need")),
        "script": understood.script(reading, request.network) if draft.is_waiting else [],
        "script_language": reading.language.value,
        "other": held if held and held.pk != request.member.pk else None,
        "other_since": draft.held_until - request.network.policy.span("hold_minutes")
        if draft.held_until
        else None,
        "undoable": draft.state in ("dismissed", "wrong", "linked") and bool(draft.reading),
        "need": NeedForm(network=request.network, initial=initial),
        "answering": AnswerForm(),
        "following": FollowForm(),
        **more,
    }
    return desk_page(request, "web/desk/message.html", context, status=status)


def _twins(request: DeskRequest, draft: Draft, form: NeedForm | None) -> list[Any]:
    """Asks that this looks like: by the form as it stands where it was filled in, else by what was understood."""
    if not draft.is_waiting:
        return []
    if form is not None and form.is_bound and form.is_valid():
        return looks_like(request.network, of_draft(form.draft()))
    reading = storing.from_json(draft.reading)
    said = Said(
        contact=draft.inbound.sender,
        category=reading.category.value if reading.category else None,
        area=reading.area.value if reading.area else None,
        cell=reading.cell,
        place=reading.place.value if reading.place else "",
        words=draft.inbound.text,
        called=reading.called.value if reading.called else "",
        people=reading.people.value if reading.people else 0,
    )
    return looks_like(request.network, said)


def _contact(request: DeskRequest, typed: str) -> str:
    """The number or address as it is stored; what is neither is looked for as it was typed, and not found."""
    try:
        return read_contact(typed, request.network.country).value
    except ContactUnclear:
        return typed
