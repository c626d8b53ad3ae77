"""What every page's frame needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from commonweal.web import times

Place = tuple[str, str | Promise]

#: Where the frame leads: everybody, strangers, members, and from the foot of the page.
NAV: tuple[Place, ...] = (("exchange:board", _("Noticeboard")),)
STRANGER: tuple[Place, ...] = (("members:sign_in", _("Sign in")),)
MEMBER: tuple[Place, ...] = (("exchange:me", _("Your page")),)
COLOPHON: tuple[Place, ...] = (
    ("deciding", _("How we decide")),
    ("keeping", _("What we keep about you, and for how long")),
    ("safety", _("Safety")),
    ("leaving", _("Take all our data with you")),
)


def _places(places: tuple[Place, ...], here: str) -> list[dict[str, Any]]:
    found = ((reverse(name), label) for name, label in places)
    return [{"url": url, "label": label, "is_current": url == here} for url, label in found]


def other_languages() -> list[tuple[str, str]]:
    """The languages one may change to: code, and name in its own words."""
    now = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return [
        (code, get_language_info(code)["name_local"].capitalize())
        for code, _name in settings.LANGUAGES
        if code != now
    ]


def frame(request: HttpRequest) -> dict[str, Any]:
    """The network, where one may go, and the languages."""
    return {
        "network": getattr(request, "network", None),
        "home_url": reverse("home"),
        "nav": _places(NAV, request.path),
        "account": _places(MEMBER if getattr(request, "member", None) else STRANGER, request.path),
        "colophon": _places(COLOPHON, request.path),
        "languages": other_languages(),
        "language_url": reverse("set_language"),
        "moments": times.patterns(),
        "here": request.get_full_path(),
    }
