"""Looking around in the demonstration: as a helper, as a dispatcher, and what would have been sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from commonweal.assembly.models import Mandate
from commonweal.assembly.queries import mandates_in_force
from commonweal.exchange.models import Ask, Match
from commonweal.members.models import Member
from commonweal.members.sessions import sign_in
from commonweal.messaging.queries import recent_messages
from commonweal.networks.models import Network

MOST = 30


def _demo_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nothing of this exists in a real network."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        network: Network | None = getattr(request, "network", None)
        if network is None or not network.is_demo:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@_demo_only
def demo(request: Any) -> HttpResponse:
    """Who one can be, an asker's page, and the newest letters."""
    ask = (
        Ask.objects.filter(network=request.network, matches__state=Match.State.INVITED)
        .order_by("-created_at")
        .first()
    )
    context = {
        "letters": recent_messages(request.network, most=MOST),
        "ask_url": reverse("exchange:status", args=[ask.token_box]) if ask else "",
    }
    return render(request, "web/demo/demo.html", context)


@require_POST
@_demo_only
def enter(request: Any) -> HttpResponse:
    """Be signed in as a made-up helper or dispatcher."""
    wants_desk = request.POST.get("as") == "dispatcher"
    member = _dispatcher(request.network) if wants_desk else _helper(request.network)
    if member is None:
        raise Http404
    sign_in(request, member)
    return redirect("desk:now" if wants_desk else "exchange:me")


def _dispatcher(network: Network) -> Member | None:
    held = [mandate for mandate in mandates_in_force(network) if mandate.role == Mandate.Role.DISPATCHER]
    return held[0].member if held else None


def _helper(network: Network) -> Member | None:
    """Somebody who was just invited, else anybody."""
    invited = (
        Match.objects.filter(network=network, state=Match.State.INVITED)
        .select_related("member")
        .order_by("created_at")
    )
    match = invited.first()
    return match.member if match else Member.objects.filter(network=network).order_by("id").first()
