"""Beginning, planning, ending and handing over a shift."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commonweal.base import clock
from commonweal.base.errors import NotFound, Refused
from commonweal.exchange.whens import when_met
from commonweal.gatherings.actions import end_shift, plan_shift, start_shift
from commonweal.gatherings.actions import hand_over as hand_over_shift
from commonweal.gatherings.errors import ShiftOver
from commonweal.gatherings.models import Shift
from commonweal.web.desk.access import require_dispatcher
from commonweal.web.desk.forms import HandOverForm, PlanForm, StartForm, refuse
from commonweal.web.desk.frame import clock_time, desk_page, shift_of
from commonweal.web.desk.holding import let_go
from commonweal.web.desk.requests import DeskRequest


@require_safe
@require_dispatcher
def shift(request: DeskRequest) -> HttpResponse:
    """Who is on shift and who comes next; the buttons to begin, to plan, to end and to hand over."""
    return _page(request)


@require_POST
@require_dispatcher
def start(request: DeskRequest) -> HttpResponse:
    """Begin a shift of so many hours; pressing twice begins one."""
    form = StartForm(request.POST)
    if form.is_valid():
        try:
            start_shift(member=request.member, until=clock.now() + form.length)
            return redirect("desk:now")
        except Refused as refusal:
            refuse(form, refusal)
    return _page(request, status=422, starting=form)


@require_POST
@require_dispatcher
def plan(request: DeskRequest) -> HttpResponse:
    """Put a shift of one's own in the plan."""
    form = PlanForm(request.POST, network=request.network)
    if form.is_valid():
        try:
            plan_shift(member=request.member, starts_at=form.starts_at, ends_at=form.starts_at + form.length)
            messages.success(request, _("It is in the plan."))
            return redirect("desk:shift")
        except Refused as refusal:
            refuse(form, refusal)
    return _page(request, status=422, planning=form)


@require_POST
@require_dispatcher
def end(request: DeskRequest, pk: uuid.UUID) -> HttpResponse:
    """End one's shift early, or take one out of the plan; pressing twice ends it once."""
    mine = Shift.objects.filter(network=request.network, member=request.member, pk=pk).first()
    if mine is None:
        raise NotFound
    try:
        end_shift(shift=mine)
    except ShiftOver:
        return redirect("desk:shift")
    if mine.starts_at <= clock.now():
        let_go(request)
    return redirect("desk:shift")


@require_POST
@require_dispatcher
def hand_over(request: DeskRequest) -> HttpResponse:
    """Hand one's shift to another dispatcher, and let go of the ask one was working on."""
    form = HandOverForm(request.POST, network=request.network, by=request.member)
    mine = shift_of(request)
    if mine is None:
        return redirect("desk:shift")
    if form.is_valid():
        try:
            hand_over_shift(shift=mine, to=form.cleaned_data["to"])
            let_go(request)
            messages.success(request, _("%(name)s is on shift now.") % {"name": form.cleaned_data["to"].name})
            return redirect("desk:shift")
        except Refused as refusal:
            refuse(form, refusal)
    return _page(request, status=422, handing=form)


def _page(request: DeskRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    network, mine = request.network, shift_of(request)
    context = {
        "mine": mine,
        "until": clock_time(mine, network) if mine else "",
        "plan": [_line(request, entry) for entry in request.shifts],
        "starting": StartForm(),
        "planning": PlanForm(network=network),
        "handing": HandOverForm(network=network, by=request.member),
        **forms,
    }
    return desk_page(request, "web/desk/shift.html", context, status=status)


def _line(request: DeskRequest, entry: Shift) -> dict[str, Any]:
    """A shift that is on or planned; one's own can be ended."""
    return {
        "pk": entry.pk,
        "name": entry.member.name,
        "when": when_met(entry.starts_at, entry.ends_at, request.network),
        "is_on": entry.starts_at <= clock.now(),
        "is_mine": entry.member_id == request.member.pk,
    }
