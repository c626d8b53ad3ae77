"""Who may sit at the desk: somebody with a dispatcher's mandate, while on shift."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from commonweal.assembly.access import holds_mandate
from commonweal.assembly.models import Mandate
from commonweal.base.errors import NotAllowed
from commonweal.gatherings.access import on_shift
from commonweal.members.access import sign_in_url
from commonweal.members.models import Member
from commonweal.networks.models import Network

P = ParamSpec("P")
View = Callable[Concatenate["DeskRequest", P], HttpResponse]


class DeskRequest(HttpRequest):
    """A request by a dispatcher; ``member`` is who they are."""

    network: Network
    member: Member


def require_dispatcher(view: View[P]) -> Callable[..., HttpResponse]:
    """Let in who holds a dispatcher's mandate, on shift or not; strangers sign in first, other members are refused."""

    @functools.wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.member is None:
            return redirect(sign_in_url(request))
        if not holds_mandate(request.member, Mandate.Role.DISPATCHER):
            raise NotAllowed
        return view(request, *args, **kwargs)

    return guarded


def require_desk(view: View[P]) -> Callable[..., HttpResponse]:
    """Let in a dispatcher on shift; one who is not on shift is led to where a shift begins."""

    @functools.wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not on_shift(request.member):
            return redirect("desk:shift")
        return view(request, *args, **kwargs)

    return require_dispatcher(guarded)
