"""What stands at the head of every page of the desk: where one may go, and who is on shift."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from commonweal.base import clock
from commonweal.exchange.queries import count_needing_a_person, count_searching
from commonweal.gatherings.models import Shift
from commonweal.intake.queries import count_waiting
from commonweal.messaging.queries import dead_letters
from commonweal.networks.models import Network
from commonweal.web.desk.requests import DeskRequest


def desk_page(
    request: DeskRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the desk, or a part of one, in its frame."""
    return render(request, template, {**_frame(request), **context}, status=status)


def shift_of(request: DeskRequest) -> Shift | None:
    """The shift that whoever looks is on, or None."""
    return next((shift for shift in _running(request) if shift.member_id == request.member.pk), None)


def clock_time(shift: Shift, network: Network) -> str:
    """When a shift ends, by the network's clock: "20:00"."""
    return time_format(shift.ends_at.astimezone(network.zone), "H:i")


def _running(request: DeskRequest) -> list[Shift]:
    now = clock.now()
    return [shift for shift in request.shifts if shift.starts_at <= now < shift.ends_at]


def _frame(request: DeskRequest) -> dict[str, Any]:
    network = request.network
    waiting, dangers = count_waiting(network)
    places = (
        ("now", _("Now"), count_needing_a_person(network, clock.now())),
        ("board", _("Board"), count_searching(network)),
        ("messages", _("Messages"), waiting),
        ("letters", _("Letters"), dead_letters(network).count()),
        ("shift", _("Shift"), None),
    )
    nav = []
    for name, label, count in places:
        url = reverse(f"desk:{name}")
        nav.append(
            {"name": name, "url": url, "label": label, "count": count, "is_current": request.path == url}
        )
    return {"desk_nav": nav, "dangers": dangers, "shift_words": _shift_words(request)}


def _shift_words(request: DeskRequest) -> str:
    """ "Jo on shift until 20:00 · then Sam" in the network's time."""
    running = _running(request)
    words = [
        _("%(name)s on shift until %(time)s")
        % {"name": shift.member.name, "time": clock_time(shift, request.network)}
        for shift in sorted(running, key=lambda shift: shift.ends_at, reverse=True)
    ]
    after = next((shift for shift in request.shifts if shift not in running), None)
    if after is not None:
        words.append(_("then %(name)s") % {"name": after.member.name})
    return " · ".join(words)
