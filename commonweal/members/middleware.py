"""Who is looking at a page."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from commonweal.members.requests import MemberRequest
from commonweal.members.sessions import member_of
from commonweal.networks.models import Network


class CurrentMember:
    """Puts ``request.member`` there: who is signed in to this network, or None.

    A visitor without a session costs no query and their pages don't vary by cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find out and go on."""
        ours = cast(MemberRequest, request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        network: Network | None = ours.network  # None on the few pages that exist before any network does
        ours.member = member_of(request, network) if has_session and network else None
        return self.get_response(request)
