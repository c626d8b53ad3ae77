"""What a request to the desk carries once it has been let in."""

from commonweal.gatherings.models import Shift
from commonweal.members.models import Member
from commonweal.members.requests import MemberRequest


class DeskRequest(MemberRequest):
    """A request by a dispatcher; ``member`` is who they are, ``shifts`` those that are on or planned, with members."""

    member: Member
    shifts: list[Shift]
