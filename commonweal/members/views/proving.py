"""Proving anew who one is, before what hurts: by a code that goes to a contact of one's own, or by a passkey."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.members import queries, sessions, typing_code
from commonweal.members.access import onward_path, require_member, signed_in, waiting_confirmation
from commonweal.members.errors import ConfirmationNotFound
from commonweal.members.forms import CodeForm, ProveForm, status_of
from commonweal.members.models import Confirmation
from commonweal.members.passkeys import site_of
from commonweal.members.requests import MemberRequest

PURPOSE = "prove"


@require_http_methods(["GET", "HEAD", "POST"])
@require_member
def prove(request: MemberRequest) -> HttpResponse:
    """Say why it is asked for, and send a code to a contact that is the member's already."""
    member = signed_in(request)
    onward = onward_path(request, request.POST.get("next") or request.GET.get("next"))
    form = ProveForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        token = typing_code.start(request, form, purpose=PURPOSE, draft={"next": onward}, member=member)
        if token:
            return redirect("members:prove_code", token)
    return prove_page(request, form, onward)


def prove_page(request: MemberRequest, form: ProveForm, onward: str, refusal: str = "") -> HttpResponse:
    """The page of that; ``refusal`` says why a passkey did not do."""
    has_passkeys = site_of(request) is not None and bool(queries.passkeys_of(signed_in(request)))
    context = {"form": form, "onward": onward, "refusal": refusal, "has_passkeys": has_passkeys}
    return render(request, "members/prove.html", context, status=422 if refusal else status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@require_member
def code(request: MemberRequest, token: str) -> HttpResponse:
    """Type the code, and go on with what it was asked for."""
    waiting = _own(request, token)
    confirmed = sessions.confirmed_here(request, request.network, token)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and not confirmed and form.is_valid():
        confirmed = typing_code.type_code(request, token, form)
    if confirmed:
        sessions.prove(request, signed_in(request))
        return redirect(onward_path(request, confirmed.draft.get("next")) or settings.LOGIN_REDIRECT_URL)
    again = reverse("members:prove_again", args=[token])
    context = typing_code.code_context(request, waiting, token, form, again)
    context["other_url"] = reverse("members:prove")
    return render(request, "members/prove_code.html", context, status=status_of(form))


@require_POST
@require_member
def code_again(request: MemberRequest, token: str) -> HttpResponse:
    """Send a new code."""
    _own(request, token)
    return redirect("members:prove_code", typing_code.send_again(request, token))


def _own(request: MemberRequest, token: str) -> Confirmation:
    """The code that this member asked for, to a contact that is still theirs; raises ConfirmationNotFound."""
    waiting, member = waiting_confirmation(request.network, token, PURPOSE), signed_in(request)
    theirs = {point.as_contact for point in queries.contact_points(member)}
    if waiting.member_id != member.pk or waiting.as_contact not in theirs:
        raise ConfirmationNotFound
    return waiting
