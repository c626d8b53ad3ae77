"""After two have met, or before: never being brought together again, and vouching for one another."""

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commonweal.base.eventlog import By
from commonweal.exchange import access, actions
from commonweal.exchange.errors import InvitationNotFound
from commonweal.exchange.models import Match
from commonweal.exchange.notices import asker_name
from commonweal.exchange.queries.met import asker_of, may_vouch
from commonweal.members.access import require_member, signed_in
from commonweal.members.actions import vouch
from commonweal.members.forms import VouchForm, status_of
from commonweal.members.models import Member
from commonweal.members.requests import MemberRequest
from commonweal.members.trusting import Vouch

FORM = require_http_methods(["GET", "HEAD", "POST"])
S = Match.State
# Each knows what the other is called.
NAMED = (S.ACCEPTED, S.LENT, S.DONE, S.PARTLY, S.MISSED, S.SILENT, S.DROPPED)


@FORM
def never_for_helper(request: MemberRequest, token: str) -> HttpResponse:
    """A helper does not want to be brought together with who asks again."""
    match = access.match_by_token(request.network, token)
    return _never(request, match, By.HELPER, reverse("exchange:invitation", args=[token]))


@FORM
def never_for_asker(request: MemberRequest, token: str, match: uuid.UUID) -> HttpResponse:
    """Who asks never wants this helper to be sent again."""
    ask = access.ask_by_token(request.network, token)
    found = access.match_of_ask(ask, match)
    if found.state not in NAMED:
        raise InvitationNotFound
    return _never(request, found, By.ASKER, reverse("exchange:status", args=[token]))


@FORM
@require_member
def vouch_for_asker(request: MemberRequest, token: str) -> HttpResponse:
    """A helper says that they know whom they have helped."""
    match = access.match_by_token(request.network, token)
    return _vouch(request, match, giver=match.member, taker=asker_of(match.ask))


@FORM
@require_member
def vouch_for_helper(request: MemberRequest, token: str, match: uuid.UUID) -> HttpResponse:
    """Who asked says that they know who has helped them."""
    ask = access.ask_by_token(request.network, token)
    found = access.match_of_ask(ask, match)
    return _vouch(request, found, giver=asker_of(ask), taker=found.member)


def _never(request: MemberRequest, match: Match, by: By, back: str) -> HttpResponse:
    if request.method == "POST":
        actions.never_again(match=match, by=by)
        return redirect(back)
    is_helper = by == By.HELPER
    name = asker_name(match.ask) if is_helper and match.state in NAMED else ""
    context = {
        "name": name if is_helper else match.member.name,
        "back": back,
        "is_agreed": match.state == S.ACCEPTED,
        "is_known": bool(asker_of(match.ask) or match.ask.contact),
    }
    return render(request, "exchange/never.html", context)


def _vouch(
    request: MemberRequest, match: Match, *, giver: Member | None, taker: Member | None
) -> HttpResponse:
    """For the one of the two who is signed in, once it is done; anybody else finds nothing here."""
    member = signed_in(request)
    if taker is None or not may_vouch(match, giver=giver, taker=taker, reader=member):
        raise InvitationNotFound
    form = VouchForm(request.POST or None, initial={"how": Vouch.How.HELPED})
    if request.method == "POST" and form.is_valid():
        vouch(giver=member, taker=taker, how=form.cleaned_data["how"])
        return redirect("members:vouches")
    context = {"form": form, "called": taker.name}
    return render(request, "members/vouch.html", context, status=status_of(form))
