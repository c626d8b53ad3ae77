"""What a request carries once it has passed the middleware of this room."""

from commonweal.members.models import Member
from commonweal.networks.requests import NetworkRequest


class MemberRequest(NetworkRequest):
    """A request of this network's site. ``member`` is who is signed in, or None.

    ``asked``, where it is set, are the tokens of the codes that this browser has asked for, the newest first.
    """

    member: Member | None
    asked: list[str]
