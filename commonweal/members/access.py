"""Who may see a member's own pages."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from commonweal.base import clock
from commonweal.base.ids import token_hash
from commonweal.members import codes, sessions
from commonweal.members.entrances import FRESH, TO_FINISH
from commonweal.members.errors import ConfirmationNotFound
from commonweal.members.models import Confirmation, Member
from commonweal.members.requests import MemberRequest
from commonweal.networks.models import Network

V = TypeVar("V", bound=Callable[..., HttpResponse])
LONGEST_PATH = 500


def require_member(view: V) -> V:
    """Let a view be seen by members only; anybody else is asked to sign in and then brought back."""

    @functools.wraps(view)
    def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.member is None:
            request.is_over = sessions.place_of(request) is not None
            return redirect(sign_in_url(request))
        return view(request, *args, **kwargs)

    return cast(V, guarded)


def require_fresh(back: Callable[..., str] | None = None) -> Callable[[V], V]:
    """Let a view be seen only by a member who has proved in the last quarter of an hour who they are.

    That is by a code or a passkey. Anybody else is asked for it and then brought back to the same page; what was begun
    in time may be finished for half an hour, so that nobody loses what they typed. With ``back``, which is given what
    the view is given, only presses are guarded, and it says where one is brought back to.
    """

    def guard(view: V) -> V:
        @functools.wraps(view)
        def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            is_press = request.method == "POST"
            lasts = TO_FINISH if is_press and back is None else FRESH
            is_fresh = request.sign_in is not None and request.sign_in.proved_at > clock.now() - lasts
            if is_fresh or (back and not is_press):
                return view(request, *args, **kwargs)
            wanted = back(*args, **kwargs) if back else request.get_full_path()
            return redirect(f"{reverse('members:prove')}?{urlencode({'next': wanted})}")

        return cast(V, require_member(guarded))

    return guard


def sign_in_url(request: HttpRequest) -> str:
    """Where to sign in, and then come back to this page, if looking at it again does no harm."""
    url = reverse("members:sign_in")
    return f"{url}?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else url


def onward_path(request: HttpRequest, wanted: Any) -> str:
    """``wanted`` if it is a path of this site, else nothing: nobody is led elsewhere by a link of ours."""
    if not isinstance(wanted, str) or not wanted.startswith("/"):
        return ""
    if len(wanted) > LONGEST_PATH or not wanted.isprintable():
        return ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


def signed_in(request: MemberRequest) -> Member:
    """Who is signed in, behind require_member."""
    if request.member is None:
        raise TypeError("this view is not guarded by require_member")
    return request.member


def waiting_confirmation(network: Network, token: str, purpose: str) -> Confirmation:
    """The code that is on its way to the holder of ``token``; raises ConfirmationNotFound, also for another purpose."""
    found = Confirmation.objects.filter(
        network=network, token_hash=token_hash(token), purpose=purpose
    ).first()
    if found is None:
        raise ConfirmationNotFound
    return found


def linked_confirmation(network: Network, link: str) -> Confirmation:
    """The code in whose letter a link stood; raises ConfirmationNotFound, also for a link that was made up."""
    key = codes.read_link(link)
    found = Confirmation.objects.filter(network=network, pk=key).first() if key else None
    if found is None:
        raise ConfirmationNotFound
    return found
