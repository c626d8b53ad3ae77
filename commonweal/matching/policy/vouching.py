"""For which kinds of help somebody has to be vouched for: read by every member, set by a steward."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from commonweal.base.errors import NotAllowed
from commonweal.matching.policy import access
from commonweal.members.access import require_member, signed_in
from commonweal.members.forms import status_of
from commonweal.members.requests import MemberRequest
from commonweal.networks.actions import want_vouched
from commonweal.networks.models import Category, Network
from commonweal.networks.queries import open_categories


class VouchingForm(forms.Form):
    """How well a helper has to be vouched for, for each kind of help."""

    def __init__(self, *args: Any, network: Network, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for category in open_categories(network):
            self.fields[category.slug] = forms.TypedChoiceField(
                label=category.name,
                choices=Category.Vouched.choices,
                coerce=int,
                initial=category.vouched,
            )


@require_http_methods(["GET", "HEAD", "POST"])
@require_member
def vouching(request: MemberRequest) -> HttpResponse:
    """How it is, and for a steward the form to change it."""
    is_steward = access.is_steward(signed_in(request))
    if request.method == "POST" and not is_steward:
        raise NotAllowed
    form = VouchingForm(request.POST or None, network=request.network)
    if request.method == "POST" and form.is_valid():
        want_vouched(network=request.network, levels=form.cleaned_data, by=signed_in(request).pk)
        messages.success(request, _("It holds from now on, for every yes to come."))
        return redirect("matching:vouching")
    kinds = [
        {"label": category.name, "value": category.get_vouched_display(), "url": ""}
        for category in open_categories(request.network)
    ]
    context = {"form": form, "kinds": kinds, "is_steward": is_steward}
    return render(request, "matching/policy/vouching.html", context, status=status_of(form))
