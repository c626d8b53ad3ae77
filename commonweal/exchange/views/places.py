"""Looking up a street without leaving the page, and showing the map, with everything typed kept."""

from datetime import timedelta
from typing import Any, TypeVar

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from commonweal.base.errors import TooMany
from commonweal.base.limits import count_once
from commonweal.base.remote import address_of
from commonweal.exchange.forms.choices import as_typed
from commonweal.exchange.forms.where import PlaceForm, WhereFields
from commonweal.exchange.views.answering import refuse
from commonweal.members.requests import MemberRequest

F = TypeVar("F", bound=WhereFields)
MOST, WITHIN = 600, timedelta(hours=1)
FIND, MAP = "find", "map"


def wants_look(request: MemberRequest) -> bool:
    """Whether a button was pressed that only looks something up."""
    return FIND in request.POST or MAP in request.POST


def looked_up(request: MemberRequest, form_class: type[F], **given: Any) -> F:
    """A fresh form with everything typed kept, and with what was found for the street, or with the map.

    After too many looks from one address the form says so, and everything typed is still there.
    """
    try:
        count_once("look-up", address_of(request), most=MOST, within=WITHIN)
    except TooMany as refusal:
        refused = form_class(request.POST, **given)
        refuse(refused, refusal)
        return refused
    form = form_class(initial=as_typed(form_class, request.POST), **given)
    if FIND in request.POST:
        form.look_up(str(form.initial["street"] or ""))
    else:
        form.map_shown = True
    return form


@require_POST
def places(request: MemberRequest) -> HttpResponse:
    """What is found for a street while it is typed: a part of the page. By POST, so that no address stands in a log."""
    count_once("look-up", address_of(request), most=MOST, within=WITHIN)
    form = PlaceForm(network=request.network)
    form.look_up(request.POST.get("street", ""))
    return render(request, "exchange/_found.html", {"form": form})
