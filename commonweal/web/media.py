"""The host name from which strangers' pictures and recordings are shown: nothing else is answered there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class MediaHost:
    """Answers whatever is asked of the media host, and passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.get_response(request)
