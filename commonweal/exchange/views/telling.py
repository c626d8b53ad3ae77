"""Telling a care-giver that something was not right: from the page of an ask, of a commitment, or one's own."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from commonweal.assembly.care.actions import tell
from commonweal.assembly.care.errors import NotYourReader
from commonweal.assembly.care.forms import TellForm
from commonweal.assembly.care.people import Readers, readers_for
from commonweal.base.errors import Refused
from commonweal.base.limits import count_once
from commonweal.exchange import access
from commonweal.exchange.errors import InvitationNotFound
from commonweal.exchange.models import Match
from commonweal.exchange.notices import asker_name
from commonweal.exchange.queries.met import MET, asker_of, people_met
from commonweal.exchange.views.answering import page_with, posted, refuse
from commonweal.members.access import require_member, signed_in
from commonweal.members.models import Member
from commonweal.members.requests import MemberRequest

FORM = require_http_methods(["GET", "HEAD", "POST"])
MOST_A_DAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Who tells, and of whom. ``people`` are whom it may be about; None where ``about`` or ``called`` says it."""

    key: uuid.UUID
    by: Member | None
    about: Member | None = None
    called: str = ""
    source: uuid.UUID | None = None
    people: tuple[Member, ...] | None = None


@FORM
def of_ask(request: MemberRequest, token: str, match: uuid.UUID) -> HttpResponse:
    """The asker tells of a helper."""
    ask = access.ask_by_token(request.network, token)
    met = _met(access.match_of_ask(ask, match))
    about = met.member
    teller = Teller(key=ask.pk, by=ask.by, about=about, called=about.name, source=met.pk)
    return _tell(request, teller)


@FORM
def of_match(request: MemberRequest, token: str) -> HttpResponse:
    """A helper tells of the asker."""
    met = _met(access.match_by_token(request.network, token))
    teller = Teller(
        key=met.pk, by=met.member, about=asker_of(met.ask), called=asker_name(met.ask), source=met.pk
    )
    return _tell(request, teller)


@FORM
@require_member
def of_member(request: MemberRequest) -> HttpResponse:
    """A member tells of somebody they were matched with, of who holds a role, or of the network itself."""
    member = signed_in(request)
    return _tell(request, Teller(key=member.pk, by=member, people=tuple(people_met(member))))


def _met(match: Match) -> Match:
    if match.state not in MET:
        raise InvitationNotFound
    return match


def _tell(request: MemberRequest, teller: Teller) -> HttpResponse:
    readers = _readers(request, teller)
    form = TellForm(
        posted(request), readers=readers.members, people=teller.people, is_member=teller.by is not None
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("assembly:told", _told(request, form, teller))
        except Refused as refusal:
            refuse(form, refusal)
    return page_with(request, "exchange/tell.html", form, readers=readers, called=teller.called)


def _told(request: MemberRequest, form: TellForm, teller: Teller) -> str:
    reader = form.cleaned_data.get("reader")
    if reader is None:
        raise NotYourReader
    count_once("tell", teller.key.hex, most=MOST_A_DAY, within=timedelta(days=1))
    draft = form.draft(about=teller.about, called=teller.called, source=teller.source)
    return tell(network=request.network, draft=draft, reader=reader, by=teller.by).token


def _readers(request: MemberRequest, teller: Teller) -> Readers:
    """Who may be chosen. Where it isn't said yet whom it is about, the only one has somebody to stand in for them."""
    named = (teller.about.pk if teller.about else None, teller.by.pk if teller.by else None)
    readers = readers_for(request.network, but=named)
    if teller.people is None or len(readers.members) != 1:
        return readers
    instead = readers_for(request.network, but=(*named, readers.members[0].pk))
    return Readers(members=(*readers.members, *instead.members), role=readers.role)
