"""A member's own page: what they agreed to, what they are asked, what they offer, what they asked for."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.base.errors import Refused
from commonweal.base.paging import Cursor
from commonweal.exchange import access, actions
from commonweal.exchange.forms.answers import ReachedForm
from commonweal.exchange.forms.can import ChangeOfferForm
from commonweal.exchange.models import Offer
from commonweal.exchange.queries import looks_at_member
from commonweal.exchange.queries.own_page import own_page
from commonweal.exchange.views.answering import page_with, posted, refuse
from commonweal.exchange.views.places import looked_up, wants_look
from commonweal.exchange.views.status import with_version
from commonweal.members.access import require_member, signed_in
from commonweal.members.forms import status_of
from commonweal.members.requests import MemberRequest

FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@require_member
def me(request: MemberRequest) -> HttpResponse:
    """Everything of one's own, what is next first."""
    return render(request, "exchange/me.html", {"mine": own_page(signed_in(request))})


@FORM
@require_member
def looks(request: MemberRequest) -> HttpResponse:
    """Who saw how to reach the member who reads it, when and why; and how they want to be reached from now on."""
    member = signed_in(request)
    form = ReachedForm(posted(request), initial={"reached": member.reached})
    if request.method == "POST" and form.is_valid():
        actions.choose_reached(member=member, reached=form.cleaned_data["reached"])
        return redirect("exchange:looks")
    page = looks_at_member(member, Cursor.decode(request.GET.get("after")))
    urls = {name: f"?after={cursor}" if cursor else "" for name, cursor in
            (("older_url", page.next), ("newer_url", page.previous))}  # fmt: skip
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "look_days": request.network.policy.look_days,
        **urls,
    }
    return render(request, "exchange/looks.html", context, status=status_of(form))


@FORM
@require_member
def my_offer(request: MemberRequest, offer: uuid.UUID) -> HttpResponse:
    """Change an offer, pause it, take it back, or say that it still stands."""
    mine = access.own_offer(signed_in(request), offer)
    if request.method != "POST":
        form = ChangeOfferForm(offer=mine)
    elif wants_look(request):
        form = looked_up(request, ChangeOfferForm, offer=mine)
    else:
        form = ChangeOfferForm(request.POST, offer=mine)
        if form.is_valid():
            try:
                actions.change_offer(offer=mine, version=form.cleaned_data["version"], draft=form.draft())
                return redirect("exchange:me")
            except Refused as refusal:
                form = ChangeOfferForm(with_version(request.POST, mine.version), offer=mine)
                refuse(form, refusal)
    return page_with(request, "exchange/my_offer.html", form, offer=mine)


@FORM
@require_member
def withdraw_offer(request: MemberRequest, offer: uuid.UUID) -> HttpResponse:
    """Take an offer back for good, after asking once more."""
    mine = access.own_offer(signed_in(request), offer)
    if request.method != "POST":
        return render(request, "exchange/withdraw_offer.html", {"offer": mine})
    actions.withdraw_offer(offer=mine)
    return redirect("exchange:me")


def _press(action: Callable[..., Offer]) -> Callable[..., HttpResponse]:
    """A view for a button that does one thing to an offer and goes back to one's page."""

    @require_POST
    @require_member
    def view(request: MemberRequest, offer: uuid.UUID) -> HttpResponse:
        action(offer=access.own_offer(signed_in(request), offer))
        return redirect("exchange:me")

    return view


pause = _press(actions.pause_offer)
resume = _press(actions.resume_offer)
confirm = _press(actions.confirm_offer)
