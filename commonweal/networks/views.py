"""The rules in force."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from commonweal.networks.queries import policy_history, rules_in_force
from commonweal.networks.requests import NetworkRequest


@require_safe
def policy(request: NetworkRequest) -> HttpResponse:
    """Every rule the program follows here, its default and why, and how it came to be; open to everybody."""
    network = request.network
    context = {"rules": rules_in_force(network.policy), "history": policy_history(network)}
    return render(request, "networks/policy.html", context)
