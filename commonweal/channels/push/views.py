"""The page on which a member says where they want to be told, and what their browser gets and says by itself."""

import functools
import json
import uuid
from datetime import timedelta
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal import channels
from commonweal.base.errors import Refused
from commonweal.base.limits import count_once
from commonweal.base.remote import address_of
from commonweal.channels.doors import Forged, Malformed, problem, read_body, read_json
from commonweal.channels.push import vapid
from commonweal.channels.push.forms import DeviceForm
from commonweal.channels.push.subscription import LONGEST, Subscription, read_subscription
from commonweal.members import actions, sessions
from commonweal.members.access import require_member, signed_in
from commonweal.members.errors import TooManyPushDevices
from commonweal.members.forms import status_of
from commonweal.members.queries import push_devices
from commonweal.members.requests import MemberRequest
from commonweal.networks.requests import NetworkRequest

WORKER = Path(channels.__file__).parent / "static" / "channels" / "push-worker.js"
# The drawing beside a notice: in the worker under its plain name, served under the one that is kept for ever.
ICON = "web/icon-192.png"
MOST_RENEWED, WITHIN = 30, timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@require_member
def devices(request: MemberRequest) -> HttpResponse:
    """Where the member is told what reaches them by no other way, and the switch for this browser."""
    form = DeviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _switch_on(request, form):
        messages.success(request, _("From now on we tell you here too, if nothing else gets through."))
        return redirect("channels:devices")
    shown = [(device, Subscription.of(device.value)) for device in push_devices(signed_in(request))]
    context = {"form": form, "devices": shown, "key": vapid.public_key()}
    return render(request, "channels/push/devices.html", context, status=status_of(form))


@require_POST
@require_member
def remove(request: MemberRequest, device: uuid.UUID) -> HttpResponse:
    """Tell the member there no more."""
    actions.remove_push_device(member=signed_in(request), device=device)
    messages.success(request, _("We tell you nothing there any more."))
    return redirect("channels:devices")


@csrf_exempt  # It has no session: only the browser itself knows what it gave out before.
def renewed(request: NetworkRequest) -> HttpResponse:
    """A browser has changed what it gives out, and says so by itself, with no page open."""
    if request.method != "POST":
        return problem(405, "Only POST is answered here.", Allow="POST")
    try:
        count_once("push renewed", address_of(request), most=MOST_RENEWED, within=WITHIN)
        said = read_json(read_body(request, 2 * LONGEST))
        before, after = (read_subscription(said.get(name)).as_contact for name in ("before", "after"))
        if not actions.renew_push_device(network=request.network, before=before, after=after):
            raise Forged
    except (Malformed, ValidationError):
        return problem(Forged.status, Forged.__name__)
    except Refused as refusal:
        return problem(refusal.status, type(refusal).__name__)
    return HttpResponse(status=204)


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The script that a browser keeps for notices. It stands at the root, so that it may open every page."""
    # Looked at anew each time: a browser asks once a day at most.
    return HttpResponse(
        _worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


def _switch_on(request: MemberRequest, form: DeviceForm) -> bool:
    found: Subscription = form.cleaned_data["subscription"]
    place = sessions.place_of(request)
    assert place is not None  # who is signed in is so in a place
    try:
        actions.add_push_device(
            member=signed_in(request),
            contact=found.as_contact,
            place=place,
            user_agent=request.headers.get("User-Agent", ""),
        )
    except TooManyPushDevices as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


@functools.cache
def _worker() -> str:
    return WORKER.read_text(encoding="utf-8").replace(f'"/static/{ICON}"', json.dumps(static(ICON)))
