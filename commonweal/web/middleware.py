"""What every answer carries, and how a refusal is answered."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commonweal.base.errors import NotFound, Refused, TooMany

Next = Callable[[HttpRequest], HttpResponse]

# Paths that hold a private link or name a person: never kept by a browser, a proxy or a search engine.
PRIVATE = (
    "/a/", "/i/", "/in/", "/me/", "/desk/", "/sign-in/", "/can/", "/code/", "/demo/", "/mandates/", "/phones/",
    "/told/", "/appeal/", "/care/", "/tell/", "/b/",
)  # fmt: skip
# Of all that a browser can do for a page we use one: where somebody is, on the map, when they press for it.
POWERS = (
    "accelerometer", "ambient-light-sensor", "attribution-reporting", "autoplay", "bluetooth", "browsing-topics",
    "camera", "display-capture", "encrypted-media", "fullscreen", "gamepad", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi",
    "otp-credentials", "payment", "picture-in-picture", "private-state-token-issuance", "screen-wake-lock", "serial",
    "storage-access", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
# Passkeys are made and used on our own pages.
OURS = ("geolocation", "publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS = ", ".join([*(f"{name}=()" for name in POWERS), *(f"{name}=(self)" for name in OURS)])


class PlainHeaders:
    """Headers that Django's own middleware does not set: no powers we don't use, nothing private kept or passed on."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the headers."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        for name, value in settings.COMMONWEAL_ISOLATION.items():
            response.headers.setdefault(name, value)
        # Whoever is signed in sees more than others on many pages, perhaps on a computer that others use too.
        if request.path.startswith(PRIVATE) or getattr(request, "member", None):
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
        """Go on; refusals arrive through ``process_exception``. An address that only takes a press says so in words."""
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        page = render(request, "web/refused.html", {"words": Refused.words}, status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a refusal; None lets any other exception pass."""
        return page_of(request, exception) if isinstance(exception, Refused) else None


def page_of(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal as a page with its words, its status, and when to come again where that is known."""
    response = render(request, _template(refusal), _context(refusal), status=refusal.status)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.wait)
    return response


def _template(refusal: Refused) -> str:
    if isinstance(refusal, NotFound):
        return "404.html"
    return "429.html" if isinstance(refusal, TooMany) else "web/refused.html"


def _context(refusal: Refused) -> dict[str, object]:
    wait = refusal.wait if isinstance(refusal, TooMany) else 0
    return {"words": str(refusal), "wait": wait, "minutes": -(-wait // 60)}
