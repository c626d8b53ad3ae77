"""What is said on the phone of somebody who said yes: how it went, that they can't come, that a thing is back."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.access import ask_for_desk, match_of_ask
from commonweal.exchange.forms.answers import HowForm
from commonweal.exchange.forms.going import BuddyForm
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.titles import ask_title
from commonweal.web.desk.access import require_desk
from commonweal.web.desk.asks import to_ask
from commonweal.web.desk.frame import desk_page
from commonweal.web.desk.holding import to_act_on
from commonweal.web.desk.page import acting
from commonweal.web.desk.requests import DeskRequest

LONGER = timedelta(days=7)


@require_safe
@require_desk
def how(request: DeskRequest, code: str, match: uuid.UUID) -> HttpResponse:
    """The form for what takes more than a press: partly, another time, and a remark."""
    ask = ask_for_desk(request.network, code)
    return _form(request, ask, HowForm(match=match_of_ask(ask, match)))


@acting
def went(request: DeskRequest, ask: Ask, match: uuid.UUID) -> HttpResponse:
    """How a commitment went, as somebody said on the phone. Where the two sides disagreed, this stands."""
    about = match_of_ask(ask, match)
    form = HowForm(request.POST, match=about)
    if not form.is_valid():
        return _form(request, ask, form, status=422)
    to_act_on(request, ask)
    actions.report_handover(match=about, said_by=By.DISPATCHER, actor=request.member.pk, **form.report())
    messages.success(request, _("Noted how it went with %(name)s.") % {"name": about.member.name})
    return to_ask(ask)


@require_safe
@require_desk
def twos(request: DeskRequest, code: str, match: uuid.UUID) -> HttpResponse:
    """The form for a helper who says on the phone who goes along with them."""
    ask = ask_for_desk(request.network, code)
    return _in_twos(request, ask, match_of_ask(ask, match), BuddyForm())


@acting
def along(request: DeskRequest, ask: Ask, match: uuid.UUID) -> HttpResponse:
    """Somebody goes along with a helper, as they said on the phone."""
    about, form = match_of_ask(ask, match), BuddyForm(request.POST)
    if not form.is_valid():
        return _in_twos(request, ask, about, form, status=422)
    to_act_on(request, ask)
    name = form.cleaned_data["name"]
    actions.bring_buddy(match=about, name=name, said_by=By.DISPATCHER, actor=request.member.pk)
    words = _("%(buddy)s goes along with %(name)s, who sees the address now.")
    messages.success(request, words % {"buddy": name, "name": about.member.name})
    return to_ask(ask)


@acting
def drop(request: DeskRequest, ask: Ask, match: uuid.UUID) -> HttpResponse:
    """A helper called that they can't come, or the asker that they would rather have somebody else."""
    about = match_of_ask(ask, match)
    to_act_on(request, ask)
    said_by = By.HELPER if request.POST.get("who") == "helper" else By.ASKER
    actions.drop_out(match=about, said_by=said_by, actor=request.member.pk)
    words = _("%(name)s is free again, and somebody else is looked for, ahead of others.")
    messages.success(request, words % {"name": about.member.name})
    return to_ask(ask)


@acting
def back(request: DeskRequest, ask: Ask, match: uuid.UUID) -> HttpResponse:
    """A lent thing is back with its owner."""
    about = match_of_ask(ask, match)
    to_act_on(request, ask)
    actions.return_loan(match=about, said_by=By.DISPATCHER, actor=request.member.pk)
    messages.success(request, _("It is back with %(name)s.") % {"name": about.member.name})
    return to_ask(ask)


@acting
def longer(request: DeskRequest, ask: Ask, match: uuid.UUID) -> HttpResponse:
    """A lent thing may stay a week longer, counted from when it was due or from now."""
    about = match_of_ask(ask, match)
    held = to_act_on(request, ask)
    returns_at = max(held.returns_at or held.ends_at, clock.now()) + LONGER
    actions.extend_loan(match=about, returns_at=returns_at, said_by=By.DISPATCHER, actor=request.member.pk)
    messages.success(request, _("It may stay a week longer."))
    return to_ask(ask)


def _in_twos(
    request: DeskRequest, ask: Ask, match: Match, form: BuddyForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "ask": ask, "title": ask_title(ask), "match": match, "name": match.member.name}
    return desk_page(request, "web/desk/along.html", context, status=status)


def _form(request: DeskRequest, ask: Ask, form: HowForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "ask": ask, "title": ask_title(ask), "name": form.match.member.name}
    return desk_page(request, "web/desk/went.html", context, status=status)
