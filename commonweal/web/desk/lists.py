"""What needs a person, the asks by state, and looking one up by its code."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonweal.base.paging import Cursor
from commonweal.exchange.access import ask_for_desk
from commonweal.exchange.errors import AskNotFound
from commonweal.exchange.queries import asks_by_state
from commonweal.web.desk import rows
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.forms import FindForm
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.page import queue_page, queue_part
from commonweal.web.desk.requests import DeskRequest


@require_safe
@require_desk
def now(request: DeskRequest) -> HttpResponse:
    """What needs a person, the oldest promise first, with the first ask beside it."""
    return queue_page(request)


@require_safe
@require_desk
def queue(request: DeskRequest) -> HttpResponse:
    """The list alone, for a page that stays open; ``at`` is the code of the ask on that page."""
    return queue_part(request, request.GET.get("at", ""))


@require_safe
@require_desk
def find(request: DeskRequest) -> HttpResponse:
    """Go to the ask with this code, or say that there is none."""
    form = FindForm(request.GET)
    typed = form.cleaned_data["code"] if form.is_valid() else ""
    try:
        return redirect("desk:ask", ask_for_desk(request.network, typed).code)
    except AskNotFound:
        messages.warning(request, _("There is no ask with the code “%(code)s”.") % {"code": typed})
        return redirect("desk:now")


@require_safe
@require_desk
def board(request: DeskRequest) -> HttpResponse:
    """Asks of one state, newest first."""
    state = rows.state_named(request.GET.get("state", ""))
    page = asks_by_state(request.network, state, Cursor.decode(request.GET.get("after")))
    context = {
        "states": rows.state_tabs(request.network, state),
        "rows": [rows.board_row(ask) for ask in page.rows],
        "newer_url": rows.board_url(state, page.previous) if page.previous else "",
        "older_url": rows.board_url(state, page.next) if page.next else "",
    }
    return desk_page(request, "web/desk/board.html", context)
