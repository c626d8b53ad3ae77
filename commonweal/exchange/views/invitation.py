"""What a helper's link leads to: the question, and after a yes everything about the commitment.

Looking never answers: programs that look into mail follow every link. The link in a message says yes on the page it
leads to, by one press.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.base.errors import Refused
from commonweal.base.eventlog import By
from commonweal.exchange import access, actions, going, queries
from commonweal.exchange.forms.answers import HowForm, VersionForm
from commonweal.exchange.models import Match
from commonweal.exchange.queries.met import MET, helper_may_vouch
from commonweal.exchange.titles import ask_title
from commonweal.exchange.views import writing
from commonweal.exchange.views.answering import page_with, posted
from commonweal.exchange.views.writing import box
from commonweal.exchange.whens import moment
from commonweal.members.requests import MemberRequest

FORM = require_http_methods(["GET", "HEAD", "POST"])


def of_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the match that the helper's link leads to; a refusal is said on the page of how it stands."""

    @functools.wraps(view)
    def found(request: MemberRequest, token: str) -> HttpResponse:
        match = access.match_by_token(request.network, token)
        try:
            return view(request, token, match)
        except Refused as refusal:
            fresh = access.match_by_token(request.network, token)
            return _page(request, fresh, token, refused=str(refusal), status=refusal.status)

    return found


def _url(token: str) -> str:
    return reverse("exchange:invitation", args=[token])


@require_safe
@of_link
def invitation(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """The question, or how it stands since it was answered."""
    return _page(request, match, token)


def _page(
    request: MemberRequest, match: Match, token: str, *, status: int = 200, **further: Any
) -> HttpResponse:
    shown = queries.invitation(match)
    if shown.reach:
        actions.record_look(
            ask=match.ask, match=match, by=By.HELPER, actor=match.member_id, what=shown.reach.seen
        )
    # Whoever is asked reads the asker's own words, as the form said; who asks and where exactly comes with the yes.
    words = match.ask.words if shown.is_open else ""
    context = {"shown": shown, "words": words, "token": token, **further}
    if shown.reach:
        context["box"] = box(match, reader=By.HELPER, form=further.get("form"))
    if shown.is_on and not shown.is_lent:
        way = going.check_in_of(match)
        context |= {
            "way": way,
            "way_until": moment(way.back_by, match.network) if way else "",
            "buddy": going.buddy_of(match),
            "more_hands": match.ask.hands > 1,
        }
    context["may_tell"] = match.state in MET
    context["may_vouch"] = helper_may_vouch(match, request.member)
    return render(request, "exchange/invitation.html", context, status=status)


@require_POST
@of_link
def write(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """A few words to who asks, handed on by the network."""
    form = writing.write(request, match, by=By.HELPER)
    return (
        redirect("exchange:invitation", token)
        if form is None
        else _page(request, match, token, form=form, status=422)
    )


@require_POST
@of_link
def report(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """Show the desk what who asks has said."""
    actions.report_words(match=match, by=By.HELPER)
    return redirect("exchange:invitation", token)


@FORM
@of_link
def accept(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """Yes. The link in a message leads here; the answer is the press on the page."""
    if request.method != "POST":
        return _page(request, match, token)
    form = VersionForm(request.POST)
    actions.accept_invitation(match=match, version=form.cleaned_data["version"] if form.is_valid() else None)
    return redirect("exchange:invitation", token)


@FORM
@of_link
def decline(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """Not this time, or nothing of this kind for a while."""
    if request.method != "POST":
        return _page(request, match, token)
    rest = request.POST.get("rest", "")
    actions.decline_invitation(match=match, rest=rest if rest in Match.Rest.values else Match.Rest.THIS)
    return redirect("exchange:invitation", token)


@FORM
@of_link
def drop_out(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """I can't come after all; somebody else is looked for."""
    if request.method != "POST":
        return render(request, "exchange/drop_out.html", {"match": match, "token": token})
    actions.drop_out(match=match, said_by=By.HELPER)
    return redirect("exchange:invitation", token)


@FORM
@of_link
def went(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """How it went, in the helper's eyes."""
    form = HowForm(posted(request), match=match)
    if request.method == "POST" and form.is_valid():
        actions.report_handover(match=match, said_by=By.HELPER, actor=match.member_id, **form.report())
        return redirect("exchange:invitation", token)
    title = ask_title(match.ask)
    return page_with(request, "exchange/went.html", form, ask=match.ask, title=title, back_url=_url(token))


@require_POST
@of_link
def came_back(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """The lent thing is back."""
    actions.return_loan(match=match, said_by=By.HELPER, actor=match.member_id)
    return redirect("exchange:invitation", token)
