"""Who is looking at a page."""

import re
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from commonweal.members.requests import MemberRequest
from commonweal.members.sessions import keep_asked, sign_in_of
from commonweal.networks.models import Network

# Pages, also those behind the "back" button, and words that were half written. Not the language.
FORGETS = '"cache", "storage"'
# As Django makes them.
_SESSION_KEY = re.compile(r"[a-z0-9]{32}")


class Sessions(SessionMiddleware):
    """Django's sessions, without the cookies that can't be one: PostgreSQL takes offence at a NUL in a text."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session of the cookie; one that is made up is no cookie."""
        if not _SESSION_KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        super().process_request(request)


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
        ours.sign_in = sign_in_of(request, network) if has_session and network else None
        ours.member = ours.sign_in.member if ours.sign_in else None
        response = self.get_response(request)
        keep_asked(request, response)
        if getattr(ours, "is_over", False):
            response.headers["Clear-Site-Data"] = FORGETS
        return response
