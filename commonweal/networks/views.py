"""The rules in force, and looking up a place."""

from datetime import timedelta

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonweal.base.limits import count_once
from commonweal.base.remote import address_of
from commonweal.networks.forms import PlaceForm
from commonweal.networks.places.gazetteer import Place
from commonweal.networks.queries import find_places, policy_history, rules_in_force
from commonweal.networks.requests import NetworkRequest

# Somebody who types an address looks up a few letters at a time; nobody reads the whole index like that.
MOST_LOOKUPS = 300
WITHIN = timedelta(minutes=10)


@require_safe
def policy(request: NetworkRequest) -> HttpResponse:
    """Every rule the program follows here, its default and why, and how it came to be; open to everybody."""
    network = request.network
    context = {"rules": rules_in_force(network.policy), "history": policy_history(network)}
    return render(request, "networks/policy.html", context)


@require_safe
def places(request: NetworkRequest) -> HttpResponse:
    """What a few letters of a street, an address or a postcode may mean: a list of choices for htmx, else JSON."""
    count_once("place", address_of(request), most=MOST_LOOKUPS, within=WITHIN)
    form = PlaceForm(request.GET)
    found = find_places(request.network, form.cleaned_data["q"]) if form.is_valid() else []
    rows = [_row(place) for place in found]
    status = 422 if form.errors else 200
    if request.htmx:
        return render(request, "networks/_places.html", {"places": rows, "form": form}, status=status)
    return JsonResponse({"places": rows, "errors": form.errors.get("q", [])}, status=status)


def _row(place: Place) -> dict[str, object]:
    """A place for a list of choices; ``key`` stands for it in a form."""
    return {
        "key": f"{place.lat:.5f},{place.lon:.5f}",
        "label": place.label,
        "kind": place.kind,
        "area": place.area_slug,
        "area_name": place.area_name,
        "lat": round(place.lat, 5),
        "lon": round(place.lon, 5),
        "exact": place.exact,
    }
