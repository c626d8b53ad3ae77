"""The asker's private page: where the ask stands, and everything one may do with it."""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commonweal.base.errors import Refused
from commonweal.base.eventlog import By
from commonweal.exchange import access, actions, queries
from commonweal.exchange.errors import InvitationNotFound
from commonweal.exchange.forms.answers import HowForm, WithdrawForm, WriteForm
from commonweal.exchange.forms.need import ChangeForm
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.queries.met import helpers_met
from commonweal.exchange.titles import ask_title
from commonweal.exchange.views import writing
from commonweal.exchange.views.answering import page_with, posted, refuse
from commonweal.exchange.views.places import looked_up, wants_look
from commonweal.exchange.views.writing import box
from commonweal.exchange.whens import when_asked
from commonweal.members.requests import MemberRequest

FORM = require_http_methods(["GET", "HEAD", "POST"])


def of_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the ask that the private link leads to.

    The occurrences of a series share the link. A form names the one it was made for (``of``): where the link has gone
    on to another one meanwhile, or the button was pressed twice, nothing is done and the page shows how it stands.
    """

    @functools.wraps(view)
    def found(request: MemberRequest, token: str, **further: Any) -> HttpResponse:
        ask = access.ask_by_token(request.network, token)
        if request.method == "POST" and request.POST.get("of", ask.code) != ask.code:
            return redirect("exchange:status", token)
        try:
            return view(request, token, ask, **further)
        except InvitationNotFound:
            return redirect("exchange:status", token)

    return found


def with_version(data: QueryDict, version: int) -> QueryDict:
    """What was sent, for the thing as it is now: pressing again puts it in place."""
    anew = data.copy()
    anew["version"] = str(version)
    return anew


@require_safe
@of_link
def status(request: MemberRequest, token: str, ask: Ask) -> HttpResponse:
    """Where it stands; who looks at how to reach a helper leaves that on record."""
    return _page(request, token, ask)


def _page(
    request: MemberRequest, token: str, ask: Ask, *, written: tuple[Match, WriteForm] | None = None
) -> HttpResponse:
    shown = queries.ask_status(ask)
    for one in {one.match.pk: one for one in (*shown.commitments, *shown.to_report, *shown.helped)}.values():
        actions.record_look(ask=ask, match=one.match, by=By.ASKER, actor=ask.by_id, what=one.reach.seen)
    of = {one.match.pk: one.match for one in (*shown.helped, *shown.commitments)}
    boxes = [
        {"match": match, **box(match, reader=By.ASKER, form=_form_of(match, written))}
        for match in of.values()
    ]
    context = {"ask": ask, "title": ask_title(ask), "status": shown, "token": token, "boxes": boxes}
    context["met"] = helpers_met(ask, request.member)
    return render(request, "exchange/status.html", context, status=422 if written else 200)


def _form_of(match: Match, written: tuple[Match, WriteForm] | None) -> WriteForm | None:
    return written[1] if written and written[0].pk == match.pk else None


@require_POST
@of_link
def write(request: MemberRequest, token: str, ask: Ask, match: uuid.UUID) -> HttpResponse:
    """A few words to who helps, handed on by the network."""
    about = access.match_of_ask(ask, match)
    form = writing.write(request, about, by=By.ASKER)
    return (
        redirect("exchange:status", token)
        if form is None
        else _page(request, token, ask, written=(about, form))
    )


@require_POST
@of_link
def report(request: MemberRequest, token: str, ask: Ask, match: uuid.UUID) -> HttpResponse:
    """Show the desk what who helps has said."""
    actions.report_words(match=access.match_of_ask(ask, match), by=By.ASKER)
    return redirect("exchange:status", token)


@FORM
@of_link
def change(request: MemberRequest, token: str, ask: Ask) -> HttpResponse:
    """Say it anew."""
    about: dict[str, Any] = {"ask": ask, "when_words": when_asked(ask, request.network)}
    if request.method != "POST":
        form = ChangeForm(**about)
    elif wants_look(request):
        form = looked_up(request, ChangeForm, **about)
    else:
        form = ChangeForm(request.POST, **about)
        if form.is_valid():
            try:
                actions.change_ask(ask=ask, version=form.cleaned_data["version"], draft=form.draft())
                return redirect("exchange:status", token)
            except Refused as refusal:
                form = ChangeForm(with_version(request.POST, ask.version), **about)
                refuse(form, refusal)
    return page_with(request, "exchange/change.html", form, ask=ask, token=token)


@FORM
@of_link
def withdraw(request: MemberRequest, token: str, ask: Ask) -> HttpResponse:
    """Take it back, after asking once more."""
    form = WithdrawForm(posted(request), initial={"why": request.GET.get("why", "not_needed")})
    if request.method == "POST" and form.is_valid():
        actions.withdraw_ask(ask=ask, **form.cleaned_data)
        return redirect("exchange:status", token)
    return page_with(request, "exchange/withdraw.html", form, ask=ask, token=token)


def _press(action: Callable[..., Ask]) -> Callable[..., HttpResponse]:
    """A view for a button that does one thing to the ask and shows how it stands then."""

    @require_POST
    @of_link
    def view(request: MemberRequest, token: str, ask: Ask) -> HttpResponse:
        action(ask=ask)
        return redirect("exchange:status", token)

    return view


pause = _press(actions.pause_ask)
resume = _press(actions.resume_ask)
keep = _press(actions.keep_ask)
call = _press(functools.partial(actions.send_to_desk, said_by=By.ASKER))


@FORM
@of_link
def went(request: MemberRequest, token: str, ask: Ask, match: uuid.UUID) -> HttpResponse:
    """How a commitment went, in the asker's eyes."""
    about = access.match_of_ask(ask, match)
    form = HowForm(posted(request), match=about)
    if request.method == "POST" and form.is_valid():
        actions.report_handover(match=about, said_by=By.ASKER, actor=ask.by_id, **form.report())
        return redirect("exchange:status", token)
    back_url = reverse("exchange:status", args=[token])
    return page_with(request, "exchange/went.html", form, ask=ask, title=ask_title(ask), back_url=back_url)


@FORM
@of_link
def instead(request: MemberRequest, token: str, ask: Ask, match: uuid.UUID) -> HttpResponse:
    """The asker would rather have somebody else; after asking once more."""
    about = access.match_of_ask(ask, match)
    if request.method != "POST":
        return render(request, "exchange/instead.html", {"ask": ask, "token": token, "match": about})
    actions.drop_out(match=about, said_by=By.ASKER, actor=ask.by_id)
    return redirect("exchange:status", token)


@require_POST
@of_link
def came_back(request: MemberRequest, token: str, ask: Ask, match: uuid.UUID) -> HttpResponse:
    """A lent thing is back with its owner."""
    actions.return_loan(match=access.match_of_ask(ask, match), said_by=By.ASKER, actor=ask.by_id)
    return redirect("exchange:status", token)
