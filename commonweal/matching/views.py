"""The page of what the rules cost."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonweal.matching.costs import FEWEST, costs_of
from commonweal.networks.requests import NetworkRequest


@require_safe
def costs(request: NetworkRequest) -> HttpResponse:
    """How many asks each rule leaves unmet this week, for everybody; small numbers are not counted out."""
    context = {"costs": costs_of(request.network), "fewest": FEWEST}
    return render(request, "matching/costs.html", context)
