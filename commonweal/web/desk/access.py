"""Who may sit at the desk: somebody with a dispatcher's mandate, while on shift."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from commonweal.assembly.access import holds_mandate
from commonweal.assembly.models import Mandate
from commonweal.base.errors import NotAllowed
from commonweal.gatherings.queries import shifts_to_come
from commonweal.members.access import sign_in_url
from commonweal.members.requests import MemberRequest
from commonweal.web.desk.frame import desk_page, shift_of
from commonweal.web.desk.requests import DeskRequest

P = ParamSpec("P")
View = Callable[Concatenate[DeskRequest, P], HttpResponse]
# By this status a part of a page that asks for news of itself learns that there will be no more.
NO_MORE_NEWS = 286


def require_dispatcher(view: View[P]) -> Callable[..., HttpResponse]:
    """Let in who holds a dispatcher's mandate, on shift or not; strangers sign in first, other members are refused."""

    @functools.wraps(view)
    def guarded(request: MemberRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.member is None:
            return _elsewhere(request, sign_in_url(request))
        if not holds_mandate(request.member, Mandate.Role.DISPATCHER):
            raise NotAllowed
        ours = cast(DeskRequest, request)
        ours.shifts = shifts_to_come(request.network)
        return view(ours, *args, **kwargs)

    return guarded


def require_desk(view: View[P]) -> Callable[..., HttpResponse]:
    """Let in a dispatcher on shift; one who is not on shift is led to where a shift begins.

    What they typed while their shift came to its end is not lost: the page that refuses it shows it.
    """

    @functools.wraps(view)
    def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if shift_of(request) is not None:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            typed = request.POST.get("text", "")
            return desk_page(request, "web/desk/over.html", {"typed": typed}, status=NotAllowed.status)
        return _elsewhere(request, reverse("desk:shift"))

    return require_dispatcher(guarded)


def _elsewhere(request: MemberRequest, url: str) -> HttpResponse:
    """Lead the reader on; a part of a page only says where to, for there may be words on that page."""
    if request.htmx:
        answer: dict[str, Any] = {"url": url}
        return render(request, "web/desk/_elsewhere.html", answer, status=NO_MORE_NEWS)
    return redirect(url)
