"""What every answer carries, and how a refusal is answered."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commonweal.base.errors import NotFound, Refused, TooMany

Next = Callable[[HttpRequest], HttpResponse]

# Paths that hold a private link or a person's own page: never kept by a browser, a proxy or a search engine.
PRIVATE = ("/a/", "/i/", "/me/", "/desk/", "/sign-in/", "/can/", "/code/", "/demo/")
PERMISSIONS = "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), interest-cohort=()"


class PlainHeaders:
    """Headers that Django's own middleware does not set: no powers we don't use, nothing private kept or passed on."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.path.startswith(PRIVATE):
            response.headers["Cache-Control"] = "no-store, private"
            # Not "no-referrer": a form's own Origin would then read "null", and every press would be refused as forged.
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response


class Refusals:
    """Turns a refusal that no form could show at a field into a page with its words and its status."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; refusals arrive through ``process_exception``."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a refusal; None lets any other exception pass."""
        if not isinstance(exception, Refused):
            return None
        response = render(request, _template(exception), _context(exception), status=exception.status)
        if isinstance(exception, TooMany):
            response.headers["Retry-After"] = str(exception.wait)
        return response


def _template(refusal: Refused) -> str:
    if isinstance(refusal, NotFound):
        return "404.html"
    return "429.html" if isinstance(refusal, TooMany) else "web/refused.html"


def _context(refusal: Refused) -> dict[str, object]:
    wait = refusal.wait if isinstance(refusal, TooMany) else 0
    return {"words": str(refusal), "wait": wait, "minutes": -(-wait // 60)}
