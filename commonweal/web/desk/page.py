"""The desk: what needs a person, and one ask beside it."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from commonweal.base import clock
from commonweal.base.errors import NotFound, Refused
from commonweal.exchange.access import ask_for_desk
from commonweal.exchange.errors import HeldByAnother
from commonweal.exchange.going import missed
from commonweal.exchange.merged import where_it_went
from commonweal.exchange.models import Ask
from commonweal.exchange.queries import DeskRow, desk_queue, reported_words
from commonweal.intake.duplicates import looks_like, of_ask
from commonweal.web.desk import rows
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.forms import CloseForm, NoteForm
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.one import one_ask
from commonweal.web.desk.requests import DeskRequest

P = ParamSpec("P")
Act = Callable[Concatenate[DeskRequest, Ask, P], HttpResponse]


def queue_page(request: DeskRequest) -> HttpResponse:
    """What needs a person, and beside it the first of it that nobody else is on. It is looked at, not held."""
    queue = desk_queue(request.network, clock.now())
    first = next((row for row in queue if row.held_by in ("", request.member.name)), None)
    ask = ask_for_desk(request.network, first.code) if first else None
    return _page(request, ask, queue, is_chosen=False)


def ask_page(request: DeskRequest, ask: Ask, *, status: int = 200, **more: Any) -> HttpResponse:
    """One ask that somebody chose, and what else needs a person."""
    return _page(request, ask, desk_queue(request.network, clock.now()), status=status, **more)


def queue_part(request: DeskRequest, code: str) -> HttpResponse:
    """Only the list, and the figures in the head of the page: for a page that stays open."""
    queue = desk_queue(request.network, clock.now())
    return desk_page(request, "web/desk/_queue.html", {**_listed(request, queue, code), "is_part": True})


def acting(view: Act[P]) -> Callable[..., HttpResponse]:
    """Let a dispatcher do something about an ask; where it can't be, they see the ask as it stands, and why.

    A note that was typed meanwhile stands there still.
    """

    @functools.wraps(view)
    def guarded(request: DeskRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        ask = ask_for_desk(request.network, code)
        try:
            return view(request, ask, *args, **kwargs)
        except NotFound:
            raise
        except Refused as refusal:
            return refused_page(request, code, refusal)

    # The address names the code, so it is no positional argument, as the guard's type would have it.
    return require_POST(require_desk(cast("Any", guarded)))


def refused_page(request: DeskRequest, code: str, refusal: Refused) -> HttpResponse:
    """The ask as it stands now, and why what was wanted can't be."""
    ask = ask_for_desk(request.network, code)
    more: dict[str, Any] = {"refusal": "" if isinstance(refusal, HeldByAnother) else str(refusal)}
    if "text" in request.POST:
        more["note_form"] = NoteForm(request.POST, network=request.network, is_open=ask.is_open)
    return ask_page(request, ask, status=refusal.status, **more)


def _page(
    request: DeskRequest,
    ask: Ask | None,
    queue: Sequence[DeskRow],
    *,
    is_chosen: bool = True,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context: dict[str, Any] = {
        **_listed(request, queue, ask.code if ask else ""),
        "is_chosen": is_chosen,
        "board_url": reverse("desk:board"),
    }
    if ask is not None:
        context |= {
            **one_ask(ask, viewer=request.member),
            **_twins(ask, is_chosen=is_chosen),
            "on_url": _on(queue, ask),
            "reported": reported_words(ask) if is_chosen else [],
            "note_form": NoteForm(network=request.network, is_open=ask.is_open),
            "close_form": CloseForm(),
        }
    return desk_page(request, "web/desk/now.html", {**context, **more}, status=status)


def _twins(ask: Ask, *, is_chosen: bool) -> dict[str, Any]:
    """What looks like this ask, for whoever chose it; and where it went if it was put together with another."""
    if ask.merged_into_id:
        return {
            "went_to": where_it_went(ask),
            "may_unmerge": bool(ask.token_hash),
            "unmerge_url": reverse("desk:unmerge", args=[ask.code]),
        }
    if not (is_chosen and ask.is_searching):
        return {}
    found = looks_like(ask.network, of_ask(ask), but=ask.pk)
    return {
        "twins": [twin for twin in found if twin.ask.is_open],
        "merge_url": reverse("desk:merge", args=[ask.code]),
    }


def _listed(request: DeskRequest, queue: Sequence[DeskRow], code: str) -> dict[str, Any]:
    return {
        "missed": [rows.missed_row(check_in) for check_in in missed(request.network)],
        "rows": [rows.queue_row(row, current=code, viewer=request.member.name) for row in queue],
        "part_url": f"{reverse('desk:queue')}?{urlencode({'at': code})}",
    }


def _on(queue: Sequence[DeskRow], ask: Ask) -> str:
    """The next ask that needs a person and that nobody is on; the desk itself where there is none."""
    following = next((row for row in queue if row.code != ask.code and not row.held_by), None)
    return reverse("desk:ask", args=[following.code]) if following else reverse("desk:now")
