"""How often one person and one address may press anything, look somebody up, or be wrong.

These are the outer limits, far above what people do. Forms that cost more have limits of their own below them; all
stand in docs/reference/limits.md.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from commonweal.base.errors import NotFound, TooMany
from commonweal.base.guard import STRANGERS
from commonweal.base.limits import count_both, count_once
from commonweal.base.remote import address_of
from commonweal.members.requests import MemberRequest
from commonweal.networks.models import Network
from commonweal.web.middleware import page_of

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
WITHIN = timedelta(hours=1)
# A person on shift in a bad night presses something every six seconds; a whole shelter shares one address.
MOST_OF_ONE, MOST_FROM_ONE = 600, 1200
# Looks at how to reach somebody, or at what they sent, by one person on shift.
MOST_LOOKS = 60
LOOKS = frozenset({"desk:reach", "desk:message_reach", "desk:message_media"})
# Links, codes and ids that lead nowhere, by one person or from one address.
MOST_WRONG = 120
# What other servers tell us is believed by its signature, and counted where it is wrong (channels.doors). An ask has
# limits of its own, beyond which it goes to the desk: it is counted here, and not refused.
SERVERS, ASKS, NEVER = "channels:incoming", "exchange:need", 2**31


class Pace:
    """Counts what is pressed and what is wrong; beyond a limit a page says so, and when to come again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Count a press, or a look; None lets it pass."""
        ours = cast(MemberRequest, request)
        if _is_early(ours):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        try:
            _count(ours, name)
        except TooMany as refusal:
            return page_of(request, refusal)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Count what leads nowhere; the page for it is made elsewhere unless there were too many."""
        ours = cast(MemberRequest, request)
        if not isinstance(exception, NotFound) or _is_early(ours):
            return None
        try:
            count_once("wrong address", _who(ours), most=MOST_WRONG, within=WITHIN)
        except TooMany as refusal:
            return page_of(request, refusal)
        return None


def _is_early(request: MemberRequest) -> bool:
    """Whether it is one of the few pages that there are before any network."""
    network: Network | None = request.network
    return network is None


def _count(request: MemberRequest, name: str) -> None:
    is_press = request.method not in SAFE
    if request.member and name in LOOKS and (is_press or name == "desk:message_media"):
        count_once("look", request.member.pk.hex, most=MOST_LOOKS, within=WITHIN)
    if not is_press or name == SERVERS:
        return
    if request.member:
        count_once("press of a member", request.member.pk.hex, most=MOST_OF_ONE, within=WITHIN)
        return
    most = NEVER if name == ASKS else MOST_FROM_ONE
    strangers = (STRANGERS, request.network.pk.hex)
    count_both(("press of a stranger", address_of(request)), strangers, most=most, within=WITHIN)


def _who(request: MemberRequest) -> str:
    return request.member.pk.hex if request.member else address_of(request)
