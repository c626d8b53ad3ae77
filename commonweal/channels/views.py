"""The settings pages of a network's channels."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.channels import actions
from commonweal.channels.access import adapter_called, of_stewards, setup_of
from commonweal.channels.adapters import Adapter, adapters
from commonweal.channels.errors import NothingToTestWith
from commonweal.channels.forms import SettingUp
from commonweal.channels.models import ChannelSetup
from commonweal.channels.queries import shown_channel, shown_channels
from commonweal.members.access import require_fresh, signed_in
from commonweal.members.forms import status_of
from commonweal.members.requests import MemberRequest
from commonweal.messaging.queries import waits_for_tomorrow


@require_safe
@of_stewards
def channels(request: MemberRequest) -> HttpResponse:
    """Every channel of the network, how it is with each, and what else could be set up."""
    context = {
        "channels": shown_channels(request.network),
        "adapters": adapters().values(),
        "waits": waits_for_tomorrow(request.network),
    }
    return render(request, "channels/channels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_stewards
@require_fresh()
def add(request: MemberRequest, adapter: str) -> HttpResponse:
    """Set a channel up."""
    kind = adapter_called(adapter)
    form = kind.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        setup = actions.add_setup(
            network=request.network, by=signed_in(request), adapter=adapter, **_about(kind, form)
        )
        messages.success(request, _("It is set up. Check now whether it works."))
        return redirect("channels:one", setup.pk)
    return render(request, "channels/add.html", {"adapter": kind, "form": form}, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@of_stewards
@require_fresh(back=lambda channel: reverse("channels:one", args=[channel]))
def one(request: MemberRequest, channel: uuid.UUID) -> HttpResponse:
    """One channel: how it is with it, its addresses, its settings."""
    setup = setup_of(request.network, channel)
    kind = adapter_called(setup.adapter)
    form = kind.form(request.POST or None, setup=setup)
    if request.method == "POST" and form.is_valid():
        actions.change_setup(setup=setup, by=signed_in(request), **_about(kind, form))
        messages.success(request, _("Changed. Check now whether it works."))
        return redirect("channels:one", setup.pk)
    return _page(request, setup, form, status=status_of(form))


@require_POST
@of_stewards
def switch(request: MemberRequest, channel: uuid.UUID) -> HttpResponse:
    """On, or off."""
    setup = setup_of(request.network, channel)
    actions.switch_setup(setup=setup, by=signed_in(request), on=request.POST.get("on") == "yes")
    return redirect("channels:one", setup.pk)


@require_POST
@of_stewards
def move(request: MemberRequest, channel: uuid.UUID) -> HttpResponse:
    """One place up."""
    actions.move_up(setup=setup_of(request.network, channel), by=signed_in(request))
    return redirect("channels:channels")


@require_POST
@of_stewards
def check(request: MemberRequest, channel: uuid.UUID) -> HttpResponse:
    """Look at the other side."""
    setup = setup_of(request.network, channel)
    actions.try_out(setup=setup, by=signed_in(request), language=get_language() or "en", send=False)
    return redirect("channels:one", setup.pk)


@require_POST
@of_stewards
def test(request: MemberRequest, channel: uuid.UUID) -> HttpResponse:
    """A message to who presses."""
    setup = setup_of(request.network, channel)
    try:
        actions.try_out(setup=setup, by=signed_in(request), language=get_language() or "en", send=True)
    except NothingToTestWith as refusal:
        form = adapter_called(setup.adapter).form(setup=setup)
        return _page(request, setup, form, status=refusal.status, refusal=refusal)
    return redirect("channels:one", setup.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@of_stewards
@require_fresh()
def remove(request: MemberRequest, channel: uuid.UUID) -> HttpResponse:
    """Ask once more, then take it away."""
    setup = setup_of(request.network, channel)
    if request.method == "POST":
        actions.remove_setup(setup=setup, by=signed_in(request))
        messages.success(request, _("It is gone, and its keys with it."))
        return redirect("channels:channels")
    return render(request, "channels/remove.html", {"channel": shown_channel(setup)})


def _about(kind: Adapter, form: SettingUp) -> actions.About:
    options = form.options()
    carries = options.pop("carries", None) or sorted(kind.kinds)
    return {
        "name": form.cleaned_data["name"],
        "carries": carries,
        "options": options,
        "credentials": form.credentials(),
    }


def _page(
    request: MemberRequest,
    setup: ChannelSetup,
    form: SettingUp,
    *,
    status: int,
    refusal: Exception | None = None,
) -> HttpResponse:
    context = {"channel": shown_channel(setup), "form": form, "refusal": refusal}
    return render(request, "channels/one.html", context, status=status)
