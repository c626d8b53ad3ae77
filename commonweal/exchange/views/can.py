"""I can: what somebody can do or give; a one-time code, and it is on offer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.base.errors import TooMany
from commonweal.base.guard import Doubtful, Guard, Looks
from commonweal.base.ids import new_token
from commonweal.base.remote import address_of
from commonweal.exchange import actions
from commonweal.exchange.drafts import OfferDraft
from commonweal.exchange.forms.can import FirstOfferForm, OfferForm, initial_for
from commonweal.exchange.views.answering import page_with, posted, refuse
from commonweal.exchange.views.places import looked_up, wants_look
from commonweal.members import actions as members
from commonweal.members import codes, sessions, typing_code
from commonweal.members.access import waiting_confirmation
from commonweal.members.errors import ContactTaken
from commonweal.members.forms import CodeForm
from commonweal.members.guarding import guard_of
from commonweal.members.models import Confirmation, Member
from commonweal.members.queries import member_for_contact
from commonweal.members.requests import MemberRequest

PURPOSE = typing_code.typed_at("offer", "exchange:can_code")
FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
def can(request: MemberRequest) -> HttpResponse:
    """Say what one can do. A member's offer stands at once; anybody else's waits for the code."""
    form_class = OfferForm if request.member else FirstOfferForm
    guard = guard_of(request, "code-from", most=codes.MOST_CODES_FROM_ONE, within=codes.WITHIN)
    if request.method != "POST":
        form = form_class(network=request.network, initial=_first(request))
    elif wants_look(request):
        form = looked_up(request, form_class, network=request.network)
    else:
        form = form_class(request.POST, network=request.network)
        onward = _go_on(request, form, guard) if form.is_valid() else ""
        if onward:
            return redirect(onward)
    return page_with(request, "exchange/can.html", form, guard=guard)


def _first(request: MemberRequest) -> dict[str, Any]:
    known = initial_for(request.member) if request.member else {"languages": [get_language()]}
    return {**known, "key": new_token(), "categories": request.GET.getlist("category")}


def _go_on(request: MemberRequest, form: OfferForm, guard: Guard | None) -> str:
    """Where it goes on; empty, with words on the form, after too many codes or where a machine seems to write."""
    if request.member:
        _publish(request.member, form.draft(), form.source_key())
        return reverse("exchange:me")
    assert isinstance(form, FirstOfferForm)
    if guard and guard.looks() is not Looks.PERSON:
        refuse(form, Doubtful())
        return ""
    try:
        started = members.start_confirmation(
            network=request.network, contact=form.contact_said(), purpose=PURPOSE, draft=form.draft().to_json(),
            language=get_language() or "en", remote=address_of(request),
        )  # fmt: skip
    except TooMany as refusal:
        refuse(form, refusal)
        return ""
    sessions.remember_asked(request, started)
    return reverse("exchange:can_code", args=[started.token])


@FORM
def can_code(request: MemberRequest, token: str) -> HttpResponse:
    """Type the code: the offer is published, and whoever typed it is a member and signed in."""
    waiting = waiting_confirmation(request.network, token, PURPOSE)
    if request.member and waiting.used_at:
        return redirect("exchange:me")
    confirmed = sessions.confirmed_here(request, request.network, token)
    form = CodeForm(posted(request))
    if request.method == "POST" and not confirmed and form.is_valid():
        confirmed = typing_code.type_code(request, token, form)
    if confirmed:
        _take_in(request, confirmed)
        return redirect("exchange:me")
    again = reverse("exchange:can_again", args=[token])
    context = typing_code.code_context(request, waiting, token, form, again)
    return page_with(request, "exchange/can_code.html", **context)


@require_POST
def can_again(request: MemberRequest, token: str) -> HttpResponse:
    """Send a new code."""
    waiting_confirmation(request.network, token, PURPOSE)
    return redirect("exchange:can_code", typing_code.send_again(request, token))


def _take_in(request: MemberRequest, confirmed: Confirmation) -> None:
    """Who typed the code is a member from now on, if they weren't, and their offer stands; twice is once."""
    draft = OfferDraft.from_json(confirmed.draft)
    member = member_for_contact(request.network, confirmed.as_contact) or _join(request, confirmed, draft)
    _publish(member, draft, confirmed.pk.hex)
    members.record_sign_in(member=member)
    sessions.sign_in(request, member)


def _join(request: MemberRequest, confirmed: Confirmation, draft: OfferDraft) -> Member:
    try:
        return members.join(
            network=request.network, name=draft.name, contact=confirmed.as_contact, languages=draft.languages,
            language=draft.language, per_week=draft.per_week,
        )  # fmt: skip
    except ContactTaken:
        # The same person was faster in another window.
        member = member_for_contact(request.network, confirmed.as_contact)
        if member is None:
            raise
        return member


def _publish(member: Member, draft: OfferDraft, key: str) -> None:
    actions.publish_offer(network=member.network, member=member, draft=draft, source_key=key)
