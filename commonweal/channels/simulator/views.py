"""The page of made-up phones, on which anybody can play both sides."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.base.limits import count_once
from commonweal.base.remote import address_of
from commonweal.channels.simulator import access, actions
from commonweal.channels.simulator.forms import NumberForm, TextForm
from commonweal.channels.simulator.queries import numbers_in_talk, phone_of
from commonweal.members.contacts import PHONE, Contact
from commonweal.members.forms import status_of
from commonweal.messaging.segments import segments
from commonweal.networks.requests import NetworkRequest


@require_safe
@access.simulated_only
def phones(request: NetworkRequest) -> HttpResponse:
    """The phones that this browser holds, and how to pick up another one."""
    return _page(request, NumberForm(network=request.network))


@require_http_methods(["POST"])
@access.simulated_only
def take(request: NetworkRequest) -> HttpResponse:
    """Pick up a phone: with a number of one's own making, or with any."""
    count_once("picked up", address_of(request), most=actions.MOST_WRITTEN, within=actions.WITHIN)
    form = NumberForm(request.POST, network=request.network)
    if not form.is_valid():
        return _page(request, form)
    try:
        if wanted := form.cleaned_data["number"]:
            access.pick_up(request, request.network, wanted.value)
        else:
            access.pick_up_any(request, request.network)
    except access.NumberInUse as refusal:
        form.add_error("number", str(refusal))
        return _page(request, form)
    return redirect("channels:phones")


@require_POST
@access.simulated_only
def put_down(request: NetworkRequest, phone: str) -> HttpResponse:
    """Put a phone away; what stands on its screen goes by itself."""
    access.put_down(request, request.network, access.number_held(request, request.network, phone))
    return redirect("channels:phones")


@require_safe
@access.simulated_only
def screen(request: NetworkRequest, phone: str) -> HttpResponse:
    """What stands on the screen of one phone, for a page that asks every few seconds."""
    number = access.number_held(request, request.network, phone)
    return render(request, "channels/simulator/screen.html", {"phone": phone_of(request.network, number)})


@require_POST
@access.simulated_only
def text(request: NetworkRequest, phone: str) -> HttpResponse:
    """Write to the network."""
    return _say(request, phone, actions.write_text)


@require_POST
@access.simulated_only
def call(request: NetworkRequest, phone: str) -> HttpResponse:
    """Call the network and leave a message after the tone, or call through it whom one is matched with."""
    through = "through" in request.POST
    return _say(request, phone, actions.call_through if through else actions.leave_voice)


@require_POST
@access.simulated_only
def length(request: NetworkRequest) -> HttpResponse:
    """Over how many parts the text goes that is being typed."""
    typed = request.POST.get("text", "")[: actions.LONGEST]
    context = {"counted": segments(typed) if typed else None}
    return render(request, "channels/simulator/length.html", context)


def _say(request: NetworkRequest, phone: str, act: Any) -> HttpResponse:
    number = access.number_held(request, request.network, phone)
    form = TextForm(request.POST)
    if form.is_valid():
        act(
            network=request.network,
            number=number,
            text=form.cleaned_data["text"],
            remote=address_of(request),
        )
    return redirect(reverse("channels:phones") + f"#phone-{phone}")


def _page(request: NetworkRequest, form: NumberForm) -> HttpResponse:
    network = request.network
    numbers = access.held(request, network)
    others = (
        [number for number in numbers_in_talk(network) if number not in numbers] if network.is_demo else []
    )
    context = {
        "phones": [phone_of(network, number) for number in numbers],
        "others": [(number, Contact(kind=PHONE, value=number).shown) for number in others],
        "form": form,
        "longest": actions.LONGEST,
    }
    return render(request, "channels/simulator/phones.html", context, status=status_of(form))
