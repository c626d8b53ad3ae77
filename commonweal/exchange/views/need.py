"""I need: one page, under a minute, no account."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from commonweal.base.errors import TooMany
from commonweal.base.guard import Guard, Looks
from commonweal.base.ids import new_token
from commonweal.base.limits import count_once
from commonweal.base.remote import address_of
from commonweal.exchange import actions
from commonweal.exchange.forms.need import NeedForm
from commonweal.exchange.views.answering import page_with, refuse
from commonweal.exchange.views.places import looked_up, wants_look
from commonweal.members.guarding import guard_of
from commonweal.members.requests import MemberRequest

# Generous: a library, a shelter or a whole street may share one address. What comes beyond goes to the desk, unchecked;
# only where no person could have read it all any more it is refused.
MOST, WITHIN = 60, timedelta(hours=1)
MOST_UNCHECKED = 600


@require_http_methods(["GET", "HEAD", "POST"])
def need(request: MemberRequest) -> HttpResponse:
    """Say what is needed; it is published, and its private page opens."""
    guard = guard_of(request, "ask", most=MOST, within=WITHIN)
    if request.method != "POST":
        form = NeedForm(network=request.network, initial=_first(request))
    elif wants_look(request):
        form = looked_up(request, NeedForm, network=request.network)
    else:
        form = NeedForm(request.POST, network=request.network)
        token = _publish(request, form, guard) if form.is_valid() else ""
        if token:
            return redirect("exchange:status", token)
    return page_with(request, "exchange/need.html", form, guard=guard)


def _first(request: MemberRequest) -> dict[str, Any]:
    """What a fresh form holds: its one-time key, and what a link from the noticeboard brought along."""
    return {
        "key": new_token(), "category": request.GET.get("category", ""), "area": request.GET.get("area", ""),
    }  # fmt: skip


def _publish(request: MemberRequest, form: NeedForm, guard: Guard | None) -> str:
    """The token of the private page; empty, with words on the form, after far too many from one address."""
    said: Any = {"network": request.network, "draft": form.draft(), "source_key": form.source_key()}
    whose = address_of(request)
    is_person = guard is None or guard.looks() is Looks.PERSON
    try:
        is_checked = is_person and _is_within(whose)
        if not is_checked:
            count_once("unchecked ask", whose, most=MOST_UNCHECKED, within=WITHIN)
    except TooMany as refusal:
        refuse(form, refusal)
        return ""
    if is_checked or request.member:
        return actions.publish_ask(**said, by=request.member).token
    return actions.publish_unchecked(**said).token


def _is_within(whose: str) -> bool:
    try:
        count_once("ask", whose, most=MOST, within=WITHIN)
    except TooMany:
        return False
    return True
