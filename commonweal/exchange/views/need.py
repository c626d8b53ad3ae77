"""I need: one page, under a minute, no account."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from commonweal.base.errors import TooMany
from commonweal.base.ids import new_token
from commonweal.base.limits import count_once
from commonweal.base.remote import address_of
from commonweal.exchange import actions
from commonweal.exchange.forms.need import NeedForm
from commonweal.exchange.views.answering import page_with, refuse
from commonweal.exchange.views.places import looked_up, wants_look
from commonweal.members.requests import MemberRequest

# Generous: a library, a shelter or a whole street may share one address.
MOST, WITHIN = 60, timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
def need(request: MemberRequest) -> HttpResponse:
    """Say what is needed; it is published, and its private page opens."""
    if request.method != "POST":
        form = NeedForm(network=request.network, initial=_first(request))
    elif wants_look(request):
        form = looked_up(request, NeedForm, network=request.network)
    else:
        form = NeedForm(request.POST, network=request.network)
        token = _publish(request, form) if form.is_valid() else ""
        if token:
            return redirect("exchange:status", token)
    return page_with(request, "exchange/need.html", form)


def _first(request: MemberRequest) -> dict[str, Any]:
    """What a fresh form holds: its one-time key, and what a link from the noticeboard brought along."""
    return {
        "key": new_token(), "category": request.GET.get("category", ""), "area": request.GET.get("area", ""),
    }  # fmt: skip


def _publish(request: MemberRequest, form: NeedForm) -> str:
    """The token of the private page; empty, with words on the form, after too many from one address."""
    try:
        count_once("ask", address_of(request), most=MOST, within=WITHIN)
    except TooMany as refusal:
        refuse(form, refusal)
        return ""
    published = actions.publish_ask(
        network=request.network, draft=form.draft(), by=request.member, source_key=form.source_key()
    )
    return published.token
