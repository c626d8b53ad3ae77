"""What a browser's session holds: who is signed in, which code was just typed, what a passkey is to sign, and in a
demonstration the code itself.

Sessions are kept in the database; the cookie holds a random key and nothing else, and is set only when there is
something to keep. A session belongs to one network and counts as long as its ``SignIn`` stands, which is of one epoch
of its member: so a member sees each of them, and can end each.
"""

import uuid
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

from commonweal.base import clock
from commonweal.base.ids import token_hash
from commonweal.members import actions, codes
from commonweal.members.actions import Started
from commonweal.members.entrances import SignIn, still_on
from commonweal.members.errors import ShutOut, SignInNotFound
from commonweal.members.models import Confirmation, Member
from commonweal.members.requests import MemberRequest
from commonweal.networks.models import Network

MEMBER, NETWORK, PLACE, CONFIRMED, DEMO = "member", "network", "place", "confirmed", "demo_code"
CHALLENGE = "challenge"
GOES_ON = timedelta(minutes=30)
CHALLENGE_LASTS = timedelta(minutes=5)
MOST_ASKED = 3  # codes on their way to one browser, of which each link works


def sign_in(request: HttpRequest, member: Member, *, is_proved: bool = True) -> None:
    """Make this browser the member's, under a new session key and a new token for forms.

    What another member left in the session is dropped; so is nothing of the same member's. ``is_proved`` is False where
    they have typed no code and shown no passkey just now, and only stay when all others are signed out. Raises
    ShutOut.
    """
    if member.is_out:
        raise ShutOut
    session = request.session
    if session.get(MEMBER, member.pk.hex) != member.pk.hex:
        sign_out(request)
    else:
        session.cycle_key()
    user_agent = request.headers.get("User-Agent", "")
    kept = actions.keep_sign_in(
        member=member, place=place_of(request), user_agent=user_agent, is_proved=is_proved
    )
    session[MEMBER], session[NETWORK], session[PLACE] = member.pk.hex, member.network_id.hex, kept.pk.hex
    session.set_expiry(None)
    for begun in (DEMO, CONFIRMED, CHALLENGE):
        session.pop(begun, None)
    rotate_token(request)


def sign_out(request: HttpRequest) -> None:
    """Forget everything this browser's session held, and have the browser forget what it kept of these pages."""
    place = place_of(request)
    if place:
        cast(MemberRequest, request).is_over = True
        actions.close_sign_in(network_id=uuid.UUID(request.session[NETWORK]), place=place)
    request.session.flush()


def place_of(request: HttpRequest) -> uuid.UUID | None:
    """Which of a member's sign-ins is the one of this browser, if any ever was."""
    place = request.session.get(PLACE)
    return uuid.UUID(place) if place else None


def prove(request: MemberRequest, member: Member) -> None:
    """Note that whoever is signed in here has just typed a code that went to them, under a new session key.

    The code counts for this once. Raises SignInNotFound where the sign-in was ended meanwhile.
    """
    place = place_of(request)
    if place is None:
        raise SignInNotFound
    actions.prove(member=member, place=place)
    request.session.pop(CONFIRMED, None)
    request.session.cycle_key()


def sign_in_of(request: HttpRequest, network: Network) -> SignIn | None:
    """What is signed in here, with its member, if the session is of this network and is not over.

    One query, none without a session.
    """
    session, place = request.session, place_of(request)
    if place is None or session.get(NETWORK) != network.pk.hex:
        return None
    # We signed it in ourselves, so what stands there are ids.
    mine = SignIn.objects.filter(still_on(clock.now()), network=network, member=session[MEMBER], pk=place)
    found = mine.select_related("member").first()
    if found is None:
        return None
    member: Member = found.member
    if member.state == Member.State.LEFT or member.is_out or member.epoch != found.epoch:
        return None
    actions.note_use(sign_in=found)
    return found


def remember_confirmed(request: HttpRequest, confirmation: Confirmation) -> None:
    """Let this browser go on from a confirmed code for half an hour: to say a name, or to fill in what was refused."""
    request.session.cycle_key()
    request.session[CONFIRMED] = confirmation.token_hash


def confirmed_here(request: HttpRequest, network: Network, token: str) -> Confirmation | None:
    """The confirmation behind ``token`` if this very browser has just confirmed it, else None."""
    hashed = token_hash(token)
    if request.session.get(CONFIRMED) != hashed:
        return None
    recently = clock.now() - GOES_ON
    return Confirmation.objects.filter(network=network, token_hash=hashed, used_at__gt=recently).first()


def remember_asked(request: HttpRequest, started: Started) -> None:
    """Let the link of a code's letter be opened in this browser, which asked for it, and in no other one.

    In a demonstration, where no message goes out, also keep the code for the page on which it is typed.
    """
    cast(MemberRequest, request).asked = [started.token, *_asked(request)][:MOST_ASKED]
    if started.demo_code:
        request.session[DEMO] = [token_hash(started.token), started.demo_code]


def keep_asked(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser the cookie by which it is known to have asked, for as long as its codes last."""
    asked = getattr(request, "asked", None)
    if asked:
        response.set_cookie(
            asked_cookie(),
            ".".join(asked),
            max_age=codes.LASTS,
            secure=settings.COMMONWEAL_HTTPS,
            httponly=True,
            samesite="Lax",
        )


def asked_cookie() -> str:
    """The name of that cookie; over https one that no other host can set."""
    return "__Host-asked" if settings.COMMONWEAL_HTTPS else "asked"


def asked_here(request: HttpRequest, confirmation: Confirmation) -> str:
    """The token of the page on which a code is typed, if this browser is the one that asked for it; else nothing."""
    return next((token for token in _asked(request) if token_hash(token) == confirmation.token_hash), "")


def _asked(request: HttpRequest) -> list[str]:
    return request.COOKIES.get(asked_cookie(), "").split(".")[:MOST_ASKED]


def demo_code(request: HttpRequest, token: str) -> str:
    """The code to show on a demonstration's page, or nothing."""
    hashed, code = request.session.get(DEMO, ("", ""))
    return str(code) if hashed == token_hash(token) else ""


def remember_challenge(request: HttpRequest, *, what: str, challenge: str, handle: str = "") -> None:
    """Keep what a passkey is to sign for five minutes; ``what`` it is for, and with whose handle. One at a time."""
    session = request.session
    until = clock.now() + CHALLENGE_LASTS
    if MEMBER not in session:
        # It holds nothing else, so it need not be kept for a month.
        session.set_expiry(int(GOES_ON.total_seconds()))
    session[CHALLENGE] = {
        "what": what, "challenge": challenge, "handle": handle, "until": until.timestamp()
    }  # fmt: skip


def take_challenge(request: HttpRequest, *, what: str) -> tuple[str, str]:
    """What a passkey was to sign for this, and the handle; it counts once. Two empty texts where there is nothing."""
    kept = request.session.pop(CHALLENGE, {})
    if kept.get("what") != what or kept["until"] < clock.now().timestamp():
        return "", ""
    return kept["challenge"], kept["handle"]
