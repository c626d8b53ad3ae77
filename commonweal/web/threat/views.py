"""The switch for worse times, for stewards."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonweal.assembly.access import require_mandate
from commonweal.assembly.models import Mandate
from commonweal.members.access import signed_in
from commonweal.members.requests import MemberRequest
from commonweal.networks.threat import begin_threat, end_threat


@require_http_methods(["GET", "HEAD", "POST"])
@require_mandate(Mandate.Role.STEWARD)
def threat(request: MemberRequest) -> HttpResponse:
    """What it means, and the switch: ``to`` is "on" or "off"."""
    if request.method != "POST":
        return render(request, "web/threat.html", {"since": request.network.threat_since})
    by = signed_in(request).pk
    if request.POST.get("to") == "on":
        begin_threat(network=request.network, by=by)
        messages.success(request, _("From now on as little as can be is kept."))
    elif request.POST.get("to") == "off":
        end_threat(network=request.network, by=by)
        messages.success(request, _("Things are kept for as long as the rules say again."))
    return redirect("threat")
