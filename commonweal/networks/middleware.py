"""Which network a page belongs to."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from commonweal.networks.queries import network_for_host
from commonweal.networks.requests import NetworkRequest

# The doors of other people's servers: the address itself says for which network it is.
DOORS = "/in/"
# What can be looked at before there is any network.
WITHOUT_NETWORK = ("/design/", "/language/")


class CurrentNetwork:
    """Puts ``request.network`` there: the network of this host name, else the oldest without one of its own.

    Pages show times in its zone. While there is none at all, every page says how to make one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look the network up and go on."""
        is_door = request.path.startswith(DOORS)
        network = None if is_door else network_for_host(request.get_host())
        cast(NetworkRequest, request).network = network  # type: ignore[assignment]  # no view but those two runs without
        if network is None and not request.path.startswith(
            (DOORS, *WITHOUT_NETWORK, f"/{settings.STATIC_URL.strip('/')}/")
        ):
            return render(request, "networks/none_yet.html", status=503)
        if network is None:
            return self.get_response(request)
        with timezone.override(network.zone):
            return self.get_response(request)
