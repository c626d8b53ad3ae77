"""What a member's link to a ring leads to: the question, and how it stands. Looking never answers."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from commonweal.base.errors import Refused
from commonweal.matching.models import RingPlace
from commonweal.matching.rings import access, actions, queries
from commonweal.members.requests import MemberRequest

FORM = require_http_methods(["GET", "HEAD", "POST"])


def of_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the place that the link leads to; a refusal is said on the page of how it stands."""

    @functools.wraps(view)
    def found(request: MemberRequest, token: str) -> HttpResponse:
        place = access.place_by_token(request.network, token)
        try:
            return view(request, token, place)
        except Refused as refusal:
            fresh = access.place_by_token(request.network, token)
            return _page(request, fresh, token, refused=str(refusal), status=refusal.status)

    return found


@require_safe
@of_link
def ring(request: MemberRequest, token: str, place: RingPlace) -> HttpResponse:
    """What one would do and what is done for one, or how it stands."""
    return _page(request, place, token)


@FORM
@of_link
def yes(request: MemberRequest, token: str, place: RingPlace) -> HttpResponse:
    """Yes. A link in a message may lead here; the answer is the press on the page."""
    if request.method != "POST":
        return _page(request, place, token)
    actions.say_yes(place=place)
    return redirect("matching:ring", token)


@FORM
@of_link
def no(request: MemberRequest, token: str, place: RingPlace) -> HttpResponse:
    """No, or not any more; nobody hears whose it was."""
    if request.method != "POST":
        return _page(request, place, token)
    actions.say_no(place=place)
    return redirect("matching:ring", token)


def _page(
    request: MemberRequest, place: RingPlace, token: str, *, status: int = 200, **further: Any
) -> HttpResponse:
    context = {"shown": queries.ring_page(place), "token": token, **further}
    return render(request, "matching/ring.html", context, status=status)
