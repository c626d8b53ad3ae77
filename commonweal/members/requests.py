"""What a request carries once it has passed the middleware of this room."""

from commonweal.members.entrances import SignIn
from commonweal.members.models import Member
from commonweal.networks.requests import NetworkRequest


class MemberRequest(NetworkRequest):
    """A request of this network's site.

    ``member`` is who is signed in, or None; ``sign_in`` is the row of the browser in which they are. ``asked``, where
    it is set, are the tokens of the codes that this browser has asked for, the newest first. ``is_over``, where it is
    set, says whether a sign-in of this browser has come to its end.
    """

    member: Member | None
    sign_in: SignIn | None
    asked: list[str]
    is_over: bool
