"""One ask: opening it holds it, and what a dispatcher may do about it."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.access import ask_for_desk
from commonweal.exchange.errors import HeldByAnother, NotPossibleNow
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import COMMITTED, Ask
from commonweal.exchange.queries import live_matches
from commonweal.exchange.titles import ask_title
from commonweal.matching.actions import invite_candidate
from commonweal.matching.errors import WhyIsMissing
from commonweal.members.models import Member
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.errors import HowItWentIsMissing
from commonweal.web.desk.forms import CloseForm, InsteadForm, NoteForm, reason_in
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.holding import let_go, take_up, to_act_on
from commonweal.web.desk.one import reach_of
from commonweal.web.desk.page import acting, ask_page
from commonweal.web.desk.requests import DeskRequest


def to_ask(ask: Ask) -> HttpResponse:
    """Back to the page of an ask."""
    return redirect(reverse("desk:ask", args=[ask.code]))


@require_safe
@require_desk
def one(request: DeskRequest, code: str) -> HttpResponse:
    """One ask. Opening it holds it, so that nobody else works on it unknowingly."""
    ask = ask_for_desk(request.network, code)
    try:
        ask = take_up(request, ask)
    except (HeldByAnother, NotPossibleNow):
        ask = ask_for_desk(request.network, code)
    return ask_page(request, ask)


@acting
def hold(request: DeskRequest, ask: Ask) -> HttpResponse:
    """Take an ask over from whoever held it."""
    take_up(request, ask, over=True)
    return to_ask(ask)


@acting
def release(request: DeskRequest, ask: Ask) -> HttpResponse:
    """Let an ask go, for somebody else to take up."""
    let_go(request, ask)
    return redirect("desk:now")


@acting
def invite(request: DeskRequest, ask: Ask) -> HttpResponse:
    """Ask one of those who could; a suggestion of the program is confirmed by it. Somebody else takes a word why."""
    ask = to_act_on(request, ask)
    member = _uuid(request.POST.get("member", ""))
    form = InsteadForm(request.POST if "why" in request.POST or "note" in request.POST else None)
    form.network = request.network
    said = form.cleaned_data if form.is_valid() else {}
    try:
        match = invite_candidate(
            ask=ask,
            member_id=member,
            dispatcher=request.member,
            why=said.get("why", ""),
            note=said.get("note", ""),
        )
    except WhyIsMissing as missing:
        return _instead(request, ask, member, form, status=missing.status)
    messages.success(request, _("%(name)s is being asked.") % {"name": match.member.name})
    return to_ask(ask)


def _instead(
    request: DeskRequest, ask: Ask, member: uuid.UUID, form: InsteadForm, *, status: int
) -> HttpResponse:
    """The question why somebody else is asked; whoever answers it has asked them."""
    asked = Member.objects.get(network=request.network, pk=member)
    context = {"ask": ask, "title": ask_title(ask), "form": form, "member": asked}
    return desk_page(request, "web/desk/instead.html", context, status=status)


@acting
def again(request: DeskRequest, ask: Ask) -> HttpResponse:
    """Begin the search anew, from near by; wake what is paused or rests."""
    ask = to_act_on(request, ask)
    said: dict[str, Any] = {"ask": ask, "said_by": By.DISPATCHER, "actor": request.member.pk}
    if ask.state == State.PAUSED:
        actions.resume_ask(**said)
    elif ask.state == State.RESTED:
        actions.wake_ask(**said)
    else:
        actions.search_again(ask=ask, dispatcher=request.member)
    messages.success(request, _("The search begins again, near by."))
    return to_ask(ask)


@acting
def take(request: DeskRequest, ask: Ask) -> HttpResponse:
    """Put an ask on the desk, before the search has come to its end."""
    ask = to_act_on(request, ask)
    actions.send_to_desk(ask=ask, said_by=By.DISPATCHER, actor=request.member.pk)
    messages.success(request, _("It is on the desk now."))
    return to_ask(ask)


@acting
def reach(request: DeskRequest, ask: Ask) -> HttpResponse:
    """Ask what for; then show how to reach the asker, and put the look on record. What is erased, nobody looks at."""
    ask = to_act_on(request, ask)
    if not ask.token_hash:
        raise NotPossibleNow
    form = reason_in(request.POST, request.network)
    if not form.is_valid():
        return ask_page(request, ask, reason_form=form, status=422 if form.is_bound else 200)
    reach = reach_of(ask)
    said = form.cleaned_data
    actions.record_look(
        ask=ask,
        by=By.DISPATCHER,
        actor=request.member.pk,
        what=reach.seen,
        why=said["why"],
        words=said["reason"],
    )
    return ask_page(request, ask, reach=reach)


@acting
def note(request: DeskRequest, ask: Ask) -> HttpResponse:
    """Keep what was said or done; the promise to look at the ask is met by it."""
    form = NoteForm(request.POST, network=request.network, is_open=ask.is_open)
    if not form.is_valid():
        return ask_page(request, ask, note_form=form, status=422)
    ask = take_up(request, ask, over="over" in request.POST)
    actions.call_note(
        ask=ask, dispatcher=request.member, text=form.cleaned_data["text"], follow_up_at=form.follow_up_at
    )
    messages.success(request, _("Noted."))
    return to_ask(ask)


@acting
def close(request: DeskRequest, ask: Ask) -> HttpResponse:
    """Close an ask as the asker said, and say what came of it."""
    form = CloseForm(request.POST)
    if form.is_valid():
        ask = to_act_on(request, ask)
        try:
            messages.success(request, _came_of(_close(ask, request.member, **form.cleaned_data)))
            return redirect("desk:now")
        except HowItWentIsMissing as refusal:
            form.add_error("why", str(refusal))
    return ask_page(request, ask, close_form=form, status=422)


def _close(ask: Ask, dispatcher: Member, *, why: str, only_this: bool) -> Ask:
    said: dict[str, Any] = {"ask": ask, "said_by": By.DISPATCHER, "actor": dispatcher.pk}
    if why != "met":
        return actions.withdraw_ask(**said, why=why, only_this=only_this)
    if ask.state == State.PAUSED:
        return actions.withdraw_ask(**said, why="found_help", only_this=True)
    if any(match.state in COMMITTED for match in live_matches(ask)):
        raise HowItWentIsMissing
    return actions.close_for_asker(ask=ask, dispatcher=dispatcher, is_met=True)


def _came_of(ask: Ask) -> str:
    """What closing an ask came to, in a sentence."""
    said = {"code": ask.shown_code}
    if ask.state == State.DONE:
        return _("%(code)s is closed as done. Whoever was still being asked has been told.") % said
    if ask.state == State.WITHDRAWN:
        return _("%(code)s is taken back. Whoever was asked or had agreed has been told.") % said
    return _("%(code)s is not looked for any more; what was lent has to come back first.") % said


def _uuid(text: str) -> uuid.UUID:
    """The id that was sent, or one that nobody has."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
