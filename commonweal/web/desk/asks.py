"""The queue, the board by state, and one ask with its candidates, its story and one best next step."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.base.ids import read_code
from commonweal.base.paging import Cursor
from commonweal.exchange.access import ask_for_desk
from commonweal.exchange.actions import (
    call_note,
    record_look,
    release_hold,
    search_again,
    take_hold,
    withdraw_ask,
)
from commonweal.exchange.errors import HeldByAnother
from commonweal.exchange.models import Ask
from commonweal.exchange.queries import asks_by_state, desk_queue
from commonweal.matching.actions import invite_candidate
from commonweal.web.desk import shown
from commonweal.web.desk.access import DeskRequest, require_desk
from commonweal.web.desk.forms import CloseForm, FindForm, NoteForm
from commonweal.web.desk.frame import desk_page


@require_safe
@require_desk
def now(request: DeskRequest) -> HttpResponse:
    """What needs a person, the oldest promise first, with the first ask beside it."""
    rows = desk_queue(request.network, clock.now())
    first = ask_for_desk(request.network, rows[0].code) if rows else None
    return _desk(request, first, rows=rows, chosen=False)


@require_safe
@require_desk
def one(request: DeskRequest, code: str) -> HttpResponse:
    """One ask. Opening it holds it, so that nobody else works on it unknowingly."""
    ask = ask_for_desk(request.network, code)
    if ask.is_open:
        try:
            ask = take_hold(ask=ask, dispatcher=request.member)
        except HeldByAnother:
            ask.refresh_from_db()
    return _desk(request, ask)


@require_POST
@require_desk
def hold(request: DeskRequest, code: str) -> HttpResponse:
    """Take an ask over from whoever held it."""
    take_hold(ask=ask_for_desk(request.network, code), dispatcher=request.member, over=True)
    return redirect("desk:ask", code)


@require_POST
@require_desk
def release(request: DeskRequest, code: str) -> HttpResponse:
    """Let an ask go, for somebody else to take up."""
    release_hold(ask=ask_for_desk(request.network, code), dispatcher=request.member)
    return redirect("desk:now")


@require_POST
@require_desk
def invite(request: DeskRequest, code: str) -> HttpResponse:
    """Ask one of those who could; a suggestion of the program is confirmed by it."""
    ask = ask_for_desk(request.network, code)
    match = invite_candidate(
        ask=ask, member_id=_uuid(request.POST.get("member", "")), dispatcher=request.member
    )
    messages.success(request, _("%(name)s is being asked.") % {"name": match.member.name})
    return redirect("desk:ask", code)


@require_POST
@require_desk
def again(request: DeskRequest, code: str) -> HttpResponse:
    """Begin the search anew, from near by."""
    search_again(ask=ask_for_desk(request.network, code), dispatcher=request.member)
    messages.success(request, _("The search begins again, near by."))
    return redirect("desk:ask", code)


@require_POST
@require_desk
def reach(request: DeskRequest, code: str) -> HttpResponse:
    """Show how to reach the asker, and put the look on record."""
    ask = ask_for_desk(request.network, code)
    record_look(ask=ask, match=None, by=By.DISPATCHER, actor=request.member.pk)
    return _desk(request, ask, reach=shown.reach_of(ask))


@require_POST
@require_desk
def note(request: DeskRequest, code: str) -> HttpResponse:
    """Keep what was said or done; the promise to look at the ask is met by it."""
    ask = ask_for_desk(request.network, code)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _desk(request, ask, note_form=form, status=422)
    call_note(ask=ask, dispatcher=request.member, text=form.cleaned_data["text"])
    messages.success(request, _("Noted."))
    return redirect("desk:ask", code)


@require_POST
@require_desk
def close(request: DeskRequest, code: str) -> HttpResponse:
    """Take an ask back because the asker said so."""
    ask = ask_for_desk(request.network, code)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return _desk(request, ask, close_form=form, status=422)
    withdraw_ask(ask=ask, said_by=By.DISPATCHER, why=form.cleaned_data["why"], actor=request.member.pk)
    messages.success(request, _("Taken back."))
    return redirect("desk:now")


@require_safe
@require_desk
def find(request: DeskRequest) -> HttpResponse:
    """Go to the ask with this code, or say that there is none."""
    form = FindForm(request.GET)
    typed = form.cleaned_data["code"] if form.is_valid() else ""
    code = read_code(typed)
    if code is None or not Ask.objects.filter(network=request.network, code=code).exists():
        messages.warning(request, _("There is no ask with the code “%(code)s”.") % {"code": typed})
        return redirect("desk:now")
    return redirect("desk:ask", code)


@require_safe
@require_desk
def board(request: DeskRequest) -> HttpResponse:
    """Asks of one state, newest first."""
    state = shown.state_named(request.GET.get("state", ""))
    page = asks_by_state(request.network, state, Cursor.decode(request.GET.get("after")))
    here = f"{reverse('desk:board')}?state={state}&after="
    context = {
        "states": shown.state_tabs(request.network, state),
        "rows": [shown.board_row(row) for row in page.rows],
        "newer_url": here + page.previous if page.previous else "",
        "older_url": here + page.next if page.next else "",
    }
    return desk_page(request, "web/desk/board.html", context)


def _desk(
    request: DeskRequest,
    ask: Ask | None,
    *,
    rows: Any = None,
    chosen: bool = True,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The desk with its queue, and one ask where there is one."""
    queue = rows if rows is not None else desk_queue(request.network, clock.now())
    context: dict[str, Any] = {
        "rows": [shown.queue_row(row, current=ask.code if ask else "") for row in queue],
        "board_url": reverse("desk:board"),
        "chosen": chosen,
        "note_form": NoteForm(),
        "close_form": CloseForm(),
    }
    if ask is not None:
        context |= shown.one_ask(ask, viewer=request.member)
    return desk_page(request, "web/desk/now.html", {**context, **more}, status=status)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
