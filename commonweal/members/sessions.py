"""What a browser's session holds: who is signed in, which code was just typed, and in a demonstration the code itself.

Sessions are kept in the database; the cookie holds a random key and nothing else, and is set only when there is
something to keep. A session belongs to one network and to one epoch of its member.
"""

from datetime import timedelta

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from commonweal.base import clock
from commonweal.base.ids import token_hash
from commonweal.members.errors import ShutOut
from commonweal.members.models import Confirmation, Member
from commonweal.networks.models import Network

MEMBER, NETWORK, EPOCH, CONFIRMED, DEMO = "member", "network", "epoch", "confirmed", "demo_code"
GOES_ON = timedelta(minutes=30)


def sign_in(request: HttpRequest, member: Member) -> None:
    """Make this browser the member's, under a new session key and a new token for forms.

    What another member left in the session is dropped; so is nothing of the same member's. Raises ShutOut.
    """
    if member.is_out:
        raise ShutOut
    session = request.session
    if session.get(MEMBER, member.pk.hex) != member.pk.hex:
        session.flush()
    else:
        session.cycle_key()
    session[MEMBER], session[NETWORK], session[EPOCH] = member.pk.hex, member.network_id.hex, member.epoch
    session.pop(DEMO, None)
    session.pop(CONFIRMED, None)
    rotate_token(request)


def sign_out(request: HttpRequest) -> None:
    """Forget everything this browser's session held."""
    request.session.flush()


def member_of(request: HttpRequest, network: Network) -> Member | None:
    """Who is signed in here, if the session is of this network and was not ended; one query, none without a session."""
    session = request.session
    if session.get(NETWORK) != network.pk.hex:
        return None
    # We signed it in ourselves, so what stands there is an id.
    member = Member.objects.filter(network=network, pk=session[MEMBER]).first()
    if member is None or member.state == Member.State.LEFT or member.epoch != session.get(EPOCH):
        return None
    if member.is_out:
        return None
    return member


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


def remember_demo_code(request: HttpRequest, token: str, code: str) -> None:
    """In a demonstration, where no message goes out, keep the code for the page on which it is typed."""
    if code:
        request.session[DEMO] = [token_hash(token), code]


def demo_code(request: HttpRequest, token: str) -> str:
    """The code to show on a demonstration's page, or nothing."""
    hashed, code = request.session.get(DEMO, ("", ""))
    return str(code) if hashed == token_hash(token) else ""
