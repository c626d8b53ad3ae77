"""What stands at the head of every page of the desk: where one may go, and who is on shift."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from commonweal.base import clock
from commonweal.exchange.queries import count_needing_a_person, count_searching
from commonweal.gatherings.queries import next_shift, shift_now
from commonweal.messaging.queries import dead_letters
from commonweal.networks.models import Network
from commonweal.web.desk.access import DeskRequest


def desk_page(
    request: DeskRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the desk in its frame."""
    return render(request, template, {**_frame(request), **context}, status=status)


def _frame(request: DeskRequest) -> dict[str, Any]:
    network = request.network
    places = (
        ("desk:now", _("Now"), count_needing_a_person(network, clock.now())),
        ("desk:board", _("Board"), count_searching(network)),
        ("desk:letters", _("Letters"), dead_letters(network).count()),
        ("desk:shift", _("Shift"), None),
    )
    nav = [
        {"url": reverse(name), "label": label, "count": count, "is_current": request.path == reverse(name)}
        for name, label, count in places
    ]
    return {"desk_nav": nav, "shift_words": _shift_words(network)}


def _shift_words(network: Network) -> str:
    """ "Jo on shift until 20:00 · then Sam" in the network's time."""
    words = []
    for shift in shift_now(network):
        until = time_format(shift.ends_at.astimezone(network.zone), "H:i")
        words.append(_("%(name)s on shift until %(time)s") % {"name": shift.member.name, "time": until})
    after = next_shift(network)
    if after is not None:
        words.append(_("then %(name)s") % {"name": after.member.name})
    return " · ".join(words)
