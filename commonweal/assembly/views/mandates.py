"""Who holds which role, who would take one, and giving, ending and giving back."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.assembly import access, actions
from commonweal.assembly.errors import RoleNotFound
from commonweal.assembly.forms import GiveForm, ReasonForm, RolesForm
from commonweal.assembly.models import Deed, Mandate
from commonweal.assembly.queries import founders_of, shown_roles
from commonweal.base.errors import Refused
from commonweal.members.access import require_fresh, require_member, signed_in
from commonweal.members.forms import status_of
from commonweal.members.requests import MemberRequest

of_founders = access.require_mandate(Mandate.Role.FOUNDER)


@require_safe
@require_member
def mandates(request: MemberRequest) -> HttpResponse:
    """Every role: what it opens, who holds it until when and by which decision; for members, since it names people."""
    reader = signed_in(request)
    form = RolesForm(request.GET or None)
    said = form.cleaned_data if form.is_valid() else {"search": "", "role": ""}
    roles = shown_roles(request.network, reader, search=said["search"], only=said["role"])
    founders = founders_of(request.network)
    context = {
        "roles": roles,
        "form": form,
        "is_searched": bool(said["search"]),
        "is_empty": not any(role.held or role.standing for role in roles),
        "is_founder": reader.pk in founders,
        "reader": reader,
    }
    return render(request, "assembly/mandates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_founders
@require_fresh()
def give(request: MemberRequest) -> HttpResponse:
    """A founder puts somebody forward who said that they would take a role."""
    form = GiveForm(request.POST or None, network=request.network)
    refusal = None
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen
        try:
            deed = actions.ask_mandate(
                by=signed_in(request),
                member=chosen.member,
                role=chosen.role,
                until=form.cleaned_data["last_day"],
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            refusal = refused
        else:
            return said_of(request, deed)
    context = {"form": form, "refusal": refusal, "is_alone": len(founders_of(request.network)) == 1}
    status = refusal.status if refusal else status_of(form)
    return render(request, "assembly/give.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@of_founders
@require_fresh()
def end(request: MemberRequest, mandate: uuid.UUID) -> HttpResponse:
    """A founder wants a role ended before its date."""
    found = access.mandate_of(request.network, mandate)
    form = ReasonForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            deed = actions.ask_end(by=signed_in(request), mandate=found, reason=form.cleaned_data["reason"])
        except Refused as refused:
            refusal = refused
        else:
            return said_of(request, deed)
    context: dict[str, Any] = {"mandate": found, "form": form, "refusal": refusal}
    context["is_alone"] = len(founders_of(request.network)) == 1
    status = refusal.status if refusal else status_of(form)
    return render(request, "assembly/end.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@require_member
def give_back(request: MemberRequest, mandate: uuid.UUID) -> HttpResponse:
    """Give one's own role back. What others hold is not found here."""
    reader = signed_in(request)
    found = access.own_mandate(reader, mandate)
    if request.method == "POST":
        actions.give_back(mandate=found, by=reader)
        messages.success(request, _("You have given it back. Thank you for what you did."))
        return redirect("assembly:mandates")
    founders = founders_of(request.network)
    last = found.role == Mandate.Role.FOUNDER and founders == {reader.pk}
    return render(request, "assembly/give_back.html", {"mandate": found, "is_last_founder": last})


@require_POST
@require_member
def stand(request: MemberRequest, role: str) -> HttpResponse:
    """Say that one would take a role."""
    actions.stand(member=signed_in(request), role=_role(role))
    messages.success(request, _("It is noted. The founders see it when they decide."))
    return redirect("assembly:mandates")


@require_POST
@require_member
def stand_back(request: MemberRequest, role: str) -> HttpResponse:
    """Rather not, after all."""
    actions.stand_back(member=signed_in(request), role=_role(role))
    return redirect("assembly:mandates")


def said_of(request: MemberRequest, deed: Deed) -> HttpResponse:
    """On to what was asked for, and say how far it is."""
    done = deed.state in (Deed.State.DONE, Deed.State.AGREED)
    words = (
        _("It is decided, and on record.") if done else _("A second founder has to agree. We write to them.")
    )
    messages.success(request, words)
    return redirect("assembly:deed", deed.pk)


def _role(slug: str) -> Mandate.Role:
    if slug not in Mandate.Role.values:
        raise RoleNotFound
    return Mandate.Role(slug)
