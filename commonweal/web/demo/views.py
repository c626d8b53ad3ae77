"""Looking around in the demonstration: as a helper, as a dispatcher, as an asker, and what would have been sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from commonweal.assembly.models import Mandate
from commonweal.assembly.queries import mandates_in_force
from commonweal.exchange.models import Ask, Match
from commonweal.gatherings.actions import start_shift
from commonweal.gatherings.queries import shift_now
from commonweal.members.models import Member
from commonweal.members.requests import MemberRequest
from commonweal.members.sessions import sign_in
from commonweal.messaging.queries import recent_messages
from commonweal.networks.models import Network

MOST = 30
View = Callable[..., HttpResponse]


def _demo_only(view: View) -> View:
    """Nothing of this exists in a real network."""

    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.network.is_demo:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@_demo_only
def demo(request: MemberRequest) -> HttpResponse:
    """Who one can be, an asker's page, and the newest letters."""
    ask = _ask(request.network)
    context = {
        "letters": recent_messages(request.network, most=MOST),
        "ask_url": reverse("exchange:status", args=[ask.token_box]) if ask else "",
    }
    return render(request, "web/demo/demo.html", context)


@require_POST
@_demo_only
def enter(request: MemberRequest) -> HttpResponse:
    """Be signed in as a made-up helper, or as a dispatcher on shift."""
    at_desk = request.POST.get("as") == "dispatcher"
    member = _dispatcher(request.network) if at_desk else _helper(request.network)
    if member is None:
        raise Http404
    sign_in(request, member)
    return redirect("desk:now" if at_desk else "exchange:me")


def _ask(network: Network) -> Ask | None:
    """An ask of which something can be seen: somebody is being asked, else it stands on the board, else any."""
    asks = Ask.objects.filter(network=network).exclude(token_hash="").order_by("-created_at", "-id")
    waiting = asks.filter(matches__state=Match.State.INVITED)
    return waiting.first() or asks.filter(on_board=True).first() or asks.first()


def _dispatcher(network: Network) -> Member | None:
    """Who is on shift; else the first who may be, and from now on is."""
    for running in shift_now(network):
        member: Member = running.member
        return member
    held = [mandate for mandate in mandates_in_force(network) if mandate.role == Mandate.Role.DISPATCHER]
    return _on_shift(held[0].member) if held else None


def _on_shift(member: Member) -> Member:
    start_shift(member=member)
    return member


def _helper(network: Network) -> Member | None:
    """Somebody who was just asked whether they can, else who has agreed, else anybody."""
    matches = Match.objects.filter(network=network).select_related("member").order_by("-created_at", "-id")
    for state in (Match.State.INVITED, Match.State.ACCEPTED):
        for match in matches.filter(state=state)[:1]:
            member: Member = match.member
            return member
    return Member.objects.filter(network=network, state=Member.State.ACTIVE).order_by("-id").first()
