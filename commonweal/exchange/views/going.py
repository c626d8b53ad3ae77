"""Going together, setting out and coming home, on a helper's page; and the page of who goes along."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from commonweal.base.errors import Refused
from commonweal.exchange import access, actions, going
from commonweal.exchange.forms.going import BuddyForm, WayForm
from commonweal.exchange.models import Match
from commonweal.exchange.titles import ask_title
from commonweal.exchange.views.answering import page_with, posted, refuse
from commonweal.exchange.views.invitation import of_link
from commonweal.exchange.whens import meeting, when_met
from commonweal.members.access import require_member, signed_in
from commonweal.members.requests import MemberRequest

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@of_link
def buddy(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """Say who goes along, or take it back."""
    if request.method == "POST" and "alone" in request.POST:
        actions.go_alone(match=match)
        return redirect("exchange:buddy", token)
    form = BuddyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.bring_buddy(match=match, name=form.cleaned_data["name"])
            return redirect("exchange:buddy", token)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"token": token, "title": ask_title(match.ask), "buddy": going.buddy_of(match)}
    return page_with(
        request, "exchange/buddy.html", form, base=request.build_absolute_uri("/")[:-1], **context
    )


@FORM
@of_link
def way(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """On the way, or it takes longer."""
    buddy = going.buddy_of(match)
    form = WayForm(
        posted(request), network=request.network, has_buddy=buddy is not None and buddy.member_id is not None
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_out(match=match, back_by=form.back_by(), watch=form.watch())
            return redirect("exchange:invitation", token)
        except Refused as refusal:
            refuse(form, refusal)
    return page_with(request, "exchange/way.html", form, token=token, title=ask_title(match.ask))


@require_POST
@of_link
def home(request: MemberRequest, token: str, match: Match) -> HttpResponse:
    """Back, and safe."""
    actions.come_home(match=match)
    return redirect("exchange:invitation", token)


@FORM
@require_member
def along(request: MemberRequest, token: str) -> HttpResponse:
    """The page of who was asked to go along: what and when; a press says yes."""
    member = signed_in(request)
    found = access.buddy_by_token(request.network, token, member)
    if request.method == "POST":
        actions.join_as_buddy(buddy=found, member=member)
        return redirect("exchange:along", token)
    match = found.match
    context = {
        "helper": match.member.name,
        "title": ask_title(match.ask),
        "when": when_met(*meeting(match), match.network),
        "where": match.ask.area.name if match.ask.area else "",
        "has_joined": found.member_id == member.pk,
    }
    return render(request, "exchange/along.html", context)
