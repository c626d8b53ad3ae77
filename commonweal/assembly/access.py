"""What a mandate opens."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from django.http import HttpResponse

from commonweal.assembly.errors import NoMandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.members.access import require_member, signed_in
from commonweal.members.models import Member
from commonweal.members.requests import MemberRequest

V = TypeVar("V", bound=Callable[..., HttpResponse])


def holds_mandate(member: Member | None, role: str, at: datetime | None = None) -> bool:
    """Whether a member holds a role now (or at ``at``). Nobody holds none, and neither does who has left."""
    if member is None or member.state == Member.State.LEFT:
        return False
    return (
        Mandate.objects.in_force(member.network_id, at or clock.now())
        .filter(member=member, role=role)
        .exists()
    )


def require_mandate(role: str) -> Callable[[V], V]:
    """Let a view be seen by holders of a role only: a stranger is asked to sign in, a member without it is refused."""

    def guard(view: V) -> V:
        @functools.wraps(view)
        def guarded(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not holds_mandate(signed_in(request), role):
                raise NoMandate
            return view(request, *args, **kwargs)

        return cast(V, require_member(guarded))

    return guard
