"""Which network a page belongs to."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from commonweal.networks.queries import network_for_host


class CurrentNetwork:
    """Puts ``request.network`` there: the network of this host name, else the only one, else None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look the network up and go on."""
        request.network = network_for_host(request.get_host())
        return self.get_response(request)
