"""Who holds which role, and changing the rules."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commonweal.assembly.access import require_mandate
from commonweal.assembly.forms import PolicyForm
from commonweal.assembly.models import Mandate
from commonweal.assembly.queries import mandates_in_force
from commonweal.base.errors import Refused
from commonweal.members.access import require_member, signed_in
from commonweal.members.forms import status_of
from commonweal.members.requests import MemberRequest
from commonweal.networks.actions import change_policy
from commonweal.networks.errors import NothingChanged, PolicyChangedMeanwhile


@require_safe
@require_member
def mandates(request: MemberRequest) -> HttpResponse:
    """Who holds which role until when, and why; for members, since it names people."""
    held = mandates_in_force(request.network)
    return render(request, "assembly/mandates.html", {"mandates": held})


@require_http_methods(["GET", "HEAD", "POST"])
@require_mandate(Mandate.Role.STEWARD)
def change(request: MemberRequest) -> HttpResponse:
    """Change rules of the network with a reason that everybody reads."""
    form = PolicyForm(request.POST or None, network=request.network)
    if request.method == "POST" and form.is_valid():
        try:
            change_policy(
                network=request.network,
                changes=form.changes(),
                reason=form.cleaned_data["reason"],
                by=signed_in(request).pk,
                number=form.cleaned_data["number"],
            )
        except NothingChanged as refusal:
            form.add_error(None, str(refusal))
        except PolicyChangedMeanwhile as refusal:
            return _again(request, form, refusal)
        else:
            messages.success(request, _("The new rules are in force."))
            return redirect("networks:policy")
    return render(request, "assembly/change_policy.html", {"form": form}, status=status_of(form))


def _again(request: MemberRequest, stale: PolicyForm, refusal: Refused) -> HttpResponse:
    """The rules as they are now, with the reason that was typed still there."""
    request.network.refresh_from_db()
    form = PolicyForm(network=request.network)
    form.fields["reason"].initial = stale.cleaned_data["reason"]
    context = {"form": form, "refusal": refusal}
    return render(request, "assembly/change_policy.html", context, status=refusal.status)
