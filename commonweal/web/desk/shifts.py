"""Beginning, ending and handing over a shift."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.formats import time_format
from django.views.decorators.http import require_POST, require_safe

from commonweal.base import clock
from commonweal.gatherings.actions import end_shift, start_shift
from commonweal.gatherings.actions import hand_over as hand_over_shift
from commonweal.gatherings.queries import next_shift, shift_now, shift_of
from commonweal.web.desk.access import DeskRequest, require_dispatcher
from commonweal.web.desk.forms import HandOverForm, StartForm
from commonweal.web.desk.frame import desk_page


@require_safe
@require_dispatcher
def shift(request: DeskRequest) -> HttpResponse:
    """Who is on shift, and the buttons to begin, to end and to hand over."""
    return _page(request, StartForm(), HandOverForm(network=request.network, by=request.member))


@require_POST
@require_dispatcher
def start(request: DeskRequest) -> HttpResponse:
    """Begin a shift of so many hours."""
    form = StartForm(request.POST)
    if not form.is_valid():
        return _page(request, form, HandOverForm(network=request.network, by=request.member))
    if shift_of(request.member) is None:
        start_shift(member=request.member, until=clock.now() + timedelta(hours=form.cleaned_data["hours"]))
    return redirect("desk:now")


@require_POST
@require_dispatcher
def end(request: DeskRequest) -> HttpResponse:
    """End one's shift early; pressing twice ends it once."""
    mine = shift_of(request.member)
    if mine is not None:
        end_shift(shift=mine)
    return redirect("desk:shift")


@require_POST
@require_dispatcher
def hand_over(request: DeskRequest) -> HttpResponse:
    """Hand one's shift to another dispatcher."""
    form = HandOverForm(request.POST, network=request.network, by=request.member)
    mine = shift_of(request.member)
    if mine is None or not form.is_valid():
        return _page(request, StartForm(), form)
    hand_over_shift(shift=mine, to=form.cleaned_data["to"])
    return redirect("desk:shift")


def _page(request: DeskRequest, starting: StartForm, handing: HandOverForm) -> HttpResponse:
    mine = shift_of(request.member)
    context = {
        "mine": mine,
        "until": time_format(mine.ends_at.astimezone(request.network.zone), "H:i") if mine else "",
        "now": shift_now(request.network),
        "after": next_shift(request.network),
        "starting": starting,
        "handing": handing,
    }
    return desk_page(request, "web/desk/shift.html", context)
