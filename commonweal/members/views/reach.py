"""How a member is reached: adding a way with a code, putting one first, taking one away."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.members import actions, queries, sessions, typing_code
from commonweal.members.access import require_fresh, require_member, signed_in, waiting_confirmation
from commonweal.members.errors import ConfirmationNotFound, ContactTaken, TooManyContacts
from commonweal.members.forms import CodeForm, ContactForm, status_of
from commonweal.members.models import Confirmation
from commonweal.members.requests import MemberRequest
from commonweal.members.views.profile import back

PURPOSE = "contact"


@require_http_methods(["GET", "HEAD", "POST"])
@require_fresh()
def reach(request: MemberRequest) -> HttpResponse:
    """The ways to reach the member, and the door for another one."""
    form = ContactForm(request.POST or None, network=request.network)
    if request.method == "POST" and form.is_valid():
        token = typing_code.start(request, form, purpose=PURPOSE, member=signed_in(request))
        if token:
            return redirect("members:reach_code", token)
    context = {"form": form, "points": queries.contact_points(signed_in(request))}
    return render(request, "members/reach.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@require_member
def code(request: MemberRequest, token: str) -> HttpResponse:
    """Type the code; then the contact is the member's."""
    waiting = _own(request, token)
    confirmed = sessions.confirmed_here(request, request.network, token)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and not confirmed and form.is_valid():
        confirmed = typing_code.type_code(request, token, form)
    if confirmed:
        try:
            actions.add_contact(member=signed_in(request), contact=confirmed.as_contact)
        except (ContactTaken, TooManyContacts) as refusal:
            if not form.is_bound:  # it was confirmed by the link of its letter
                raise
            form.add_error(None, str(refusal))
        else:
            return back(request, _("We can reach you there now."))
    again = reverse("members:reach_again", args=[token])
    context = typing_code.code_context(request, waiting, token, form, again)
    return render(request, "members/reach_code.html", context, status=status_of(form))


@require_POST
@require_member
def code_again(request: MemberRequest, token: str) -> HttpResponse:
    """Send a new code."""
    _own(request, token)
    return redirect("members:reach_code", typing_code.send_again(request, token))


@require_POST
@require_fresh(back=lambda point: reverse("members:reach"))
def put_first(request: MemberRequest, point: uuid.UUID) -> HttpResponse:
    """Send messages there from now on."""
    actions.put_first(member=signed_in(request), contact_point=point)
    return back(request, _("Messages go there from now on."))


@require_POST
@require_fresh(back=lambda point: reverse("members:reach"))
def remove(request: MemberRequest, point: uuid.UUID) -> HttpResponse:
    """Forget a way to reach the member."""
    place = sessions.place_of(request)
    member = actions.remove_contact(member=signed_in(request), contact_point=point, but=place)
    sessions.sign_in(request, member, is_proved=False)
    return back(request, _("It is forgotten, and every other device is signed out."))


def _own(request: MemberRequest, token: str) -> Confirmation:
    """The code that this very member asked for; raises ConfirmationNotFound."""
    waiting = waiting_confirmation(request.network, token, PURPOSE)
    if waiting.member_id != signed_in(request).pk:
        raise ConfirmationNotFound
    return waiting
