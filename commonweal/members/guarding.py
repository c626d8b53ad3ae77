"""The guard of a form that strangers may send; who is signed in is known, and needs none."""

from datetime import timedelta

from commonweal.base.guard import Guard
from commonweal.base.remote import address_of
from commonweal.members.requests import MemberRequest


def guard_of(request: MemberRequest, what: str, *, most: int, within: timedelta) -> Guard | None:
    """The guard of this form for whoever looks at it, None for a member; ``what`` is the limit that it watches."""
    if request.member:
        return None
    return Guard(
        what=what,
        whose=address_of(request),
        most=most,
        within=within,
        network=request.network.pk.hex,
        said=request.POST.dict() if request.method == "POST" else {},
        is_wanted=request.network.policy.proof == "always",
    )
