"""What takes two founders: asking for it, agreeing, calling it off, and reading how far it is."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.assembly import access, actions
from commonweal.assembly.forms import DeedForm
from commonweal.assembly.models import Deed
from commonweal.assembly.queries import deeds_of, founders_of
from commonweal.assembly.record import steps_of
from commonweal.assembly.views.mandates import of_founders, said_of
from commonweal.base.errors import Refused
from commonweal.base.paging import Cursor
from commonweal.members.access import require_fresh, require_member, signed_in
from commonweal.members.forms import status_of
from commonweal.members.requests import MemberRequest

#: What somebody at the machine types then.
COMMANDS = {
    Deed.What.EXPORT: "commonweal export FOLDER --network {network} --deed {code}",
    Deed.What.KEY: "commonweal keys rotate --deed {code}",
    Deed.What.ERASE: "commonweal network erase {network} --deed {code}",
}


@require_safe
@require_member
def deeds(request: MemberRequest) -> HttpResponse:
    """Everything of this kind that was ever asked for here, for every member to read."""
    page = deeds_of(request.network, Cursor.decode(request.GET.get("page")))
    founders = founders_of(request.network)
    context = {"page": page, "is_founder": signed_in(request).pk in founders, "founders": len(founders)}
    return render(request, "assembly/deeds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_founders
@require_fresh()
def ask(request: MemberRequest) -> HttpResponse:
    """A founder asks for what can't be undone."""
    form = DeedForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.ask_deed(by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            refusal = refused
        else:
            return said_of(request, made)
    context = {"form": form, "refusal": refusal, "is_alone": len(founders_of(request.network)) == 1}
    status = refusal.status if refusal else status_of(form)
    return render(request, "assembly/ask_deed.html", context, status=status)


@require_safe
@require_member
def deed(request: MemberRequest, deed: uuid.UUID) -> HttpResponse:
    """One of them, step by step. Its code is for founders."""
    found = access.deed_of(request.network, deed)
    reader = signed_in(request)
    is_founder = reader.pk in founders_of(request.network)
    command = COMMANDS.get(Deed.What(found.what), "") if found.waits_for_doing and is_founder else ""
    context = {
        "deed": found,
        "steps": steps_of(found),
        "may_agree": is_founder and found.waits_for_second and found.asked_by_id != reader.pk,
        "may_call_off": is_founder and found.is_open,
        "command": command.format(network=request.network.slug, code=found.shown_code),
    }
    return render(request, "assembly/deed.html", context)


@require_POST
@of_founders
@require_fresh(back=lambda deed: reverse("assembly:deed", args=[deed]))
def agree(request: MemberRequest, deed: uuid.UUID) -> HttpResponse:
    """A second founder agrees."""
    agreed = actions.agree_deed(deed=access.deed_of(request.network, deed), by=signed_in(request))
    return said_of(request, agreed)


@require_POST
@of_founders
def call_off(request: MemberRequest, deed: uuid.UUID) -> HttpResponse:
    """A founder calls it off."""
    actions.cancel_deed(deed=access.deed_of(request.network, deed), by=signed_in(request))
    messages.success(request, _("It is called off."))
    return redirect("assembly:deeds")
