"""What every page's frame needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from commonweal.assembly.care.people import CARE as CARING
from commonweal.assembly.models import Mandate
from commonweal.assembly.queries import roles_of
from commonweal.web import times

Place = tuple[str, str | Promise]

#: Where the frame leads: everybody, strangers, members, dispatchers, those who care, stewards, whoever looks around in
#: a demonstration, and from the foot of the page.
NAV: tuple[Place, ...] = (("exchange:board", _("Noticeboard")),)
STRANGER: tuple[Place, ...] = (("members:sign_in", _("Sign in")),)
MEMBER: tuple[Place, ...] = (("exchange:me", _("Your page")),)
DISPATCHER: tuple[Place, ...] = (("desk:now", _("Desk")),)
CARE: tuple[Place, ...] = (("assembly:care", _("Care")),)
STEWARD: tuple[Place, ...] = (("channels:channels", _("Channels")),)
VISITOR: tuple[Place, ...] = (("demo", _("Demonstration")),)
COLOPHON: tuple[Place, ...] = (
    ("deciding", _("How we decide")),
    ("keeping", _("What we keep about you, and for how long")),
    ("safety", _("Safety")),
    ("paper", _("Posters and sheets to print")),
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


def _account(request: HttpRequest) -> list[dict[str, Any]]:
    """Where this reader may go; only somebody signed in costs a query, and only on a page that shows it."""
    member = getattr(request, "member", None)
    if member is None:
        return _places(STRANGER, request.path)
    held = roles_of(member)
    further = (
        *(DISPATCHER if Mandate.Role.DISPATCHER in held else ()),
        *(CARE if held & {*CARING} else ()),
        *(STEWARD if Mandate.Role.STEWARD in held else ()),
    )
    return _places((*MEMBER, *further), request.path)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The network, where one may go, and the languages."""
    network = getattr(request, "network", None)
    return {
        "network": network,
        "home_url": reverse("home"),
        "nav": _places((*NAV, *VISITOR) if network and network.is_demo else NAV, request.path),
        "account": SimpleLazyObject(lambda: _account(request)),
        "colophon": _places(COLOPHON, request.path),
        "languages": other_languages(),
        "language_url": reverse("set_language"),
        "moments": times.patterns(),
        "here": request.get_full_path(),
    }
