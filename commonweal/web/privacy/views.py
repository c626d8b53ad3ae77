"""What is held on whoever looks, why, who may read it and until when; taking it away, and having it erased."""

import functools
from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from commonweal.exchange import access
from commonweal.exchange.actions import erase_on_wish
from commonweal.exchange.errors import NotPossibleNow
from commonweal.exchange.models import Ask
from commonweal.exchange.queries import commitments_of
from commonweal.exchange.titles import ask_title
from commonweal.members import sessions
from commonweal.members.access import require_fresh, require_member, signed_in
from commonweal.members.requests import MemberRequest
from commonweal.web.privacy import erasing, exporting
from commonweal.web.privacy.holding import Held, asks_of_link, held_on_asker, held_on_member

FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
@require_member
def mine(request: MemberRequest) -> HttpResponse:
    """All that is held on the member who looks."""
    return render(request, "web/privacy/mine.html", {"held": held_on_member(signed_in(request))})


@require_safe
@require_fresh()
def mine_as_file(request: MemberRequest, ending: str) -> HttpResponse:
    """The same as a file."""
    return _file(request, ending, held_on_member(signed_in(request)))


@FORM
@never_cache
@require_fresh()
def erase_me(request: MemberRequest) -> HttpResponse:
    """Say what goes, what stays and who will be told; then erase the member."""
    member = signed_in(request)
    refused = ""
    if request.method == "POST":
        try:
            erasing.erase_member(member=member)
        except NotPossibleNow:
            refused = "lent"
        else:
            sessions.sign_out(request)
            request.member = None
            return render(request, "members/left.html")
    agreed = [ask_title(match.ask) for match in commitments_of(member)]
    context = {"agreed": agreed, "refused": refused}
    return render(request, "web/privacy/erase_me.html", context, status=409 if refused else 200)


def _of_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the asks that the private link leads to, the one that it shows first."""

    @functools.wraps(view)
    def found(request: MemberRequest, token: str, **further: str) -> HttpResponse:
        ask = access.ask_by_token(request.network, token)
        return view(request, token, ask, **further)

    return never_cache(found)


@require_safe
@_of_link
def of_ask(request: MemberRequest, token: str, ask: Ask) -> HttpResponse:
    """All that is held on who asked by this link."""
    context = {"token": token, "ask": ask, "held": _held_by_link(ask)}
    return render(request, "web/privacy/of_ask.html", context)


@require_safe
@_of_link
def of_ask_as_file(request: MemberRequest, token: str, ask: Ask, ending: str) -> HttpResponse:
    """The same as a file."""
    return _file(request, ending, _held_by_link(ask))


@FORM
@_of_link
def erase_ask(request: MemberRequest, token: str, ask: Ask) -> HttpResponse:
    """Say what goes, what stays and who will be told; then erase it."""
    refused = ""
    if request.method == "POST":
        if request.POST.get("of", ask.code) != ask.code:
            return redirect("erase_ask", token)
        try:
            erase_on_wish(ask=ask)
        except NotPossibleNow:
            refused = "lent"
        else:
            return render(request, "web/privacy/erased.html")
    context = {"token": token, "ask": ask, "title": ask_title(ask), "refused": refused}
    return render(request, "web/privacy/erase_ask.html", context, status=409 if refused else 200)


def _held_by_link(ask: Ask) -> list[Held]:
    return held_on_asker(asks_of_link(ask.network_id, ask.token_hash))


def _file(request: MemberRequest, ending: str, held: list[Held]) -> HttpResponse:
    if ending == "json":
        return exporting.as_json(request.network, held)
    return exporting.as_page(request, request.network, held)
