"""What a mandate opens, and giving a member of a network its mandates, decisions and deeds."""

import functools
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from django.http import HttpResponse

from commonweal.assembly.errors import DecisionNotFound, DeedNotFound, MandateNotFound, NoMandate
from commonweal.assembly.models import Decision, Deed, Mandate
from commonweal.base import clock
from commonweal.members.access import require_member, signed_in
from commonweal.members.models import Member
from commonweal.members.requests import MemberRequest
from commonweal.networks.models import Network

V = TypeVar("V", bound=Callable[..., HttpResponse])


def holds_mandate(member: Member | None, role: str, at: datetime | None = None) -> bool:
    """Whether a member holds a role now (or at ``at``). Nobody holds none, nor does who has left or is shut out."""
    if member is None or member.state == Member.State.LEFT or member.is_out:
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


def mandate_of(network: Network, key: uuid.UUID) -> Mandate:
    """A mandate of this network that is in force; raises MandateNotFound."""
    held = Mandate.objects.in_force(network.pk, clock.now()).select_related("member")
    found = held.filter(pk=key).first()
    if found is None:
        raise MandateNotFound
    return found


def decision_of(network: Network, key: uuid.UUID) -> Decision:
    """A decision of this network, with everybody named in it; raises DecisionNotFound."""
    rows = Decision.objects.select_related("member", "by", "agreed_by")
    found = rows.filter(network=network, pk=key).first()
    if found is None:
        raise DecisionNotFound
    return found


def deed_of(network: Network, key: uuid.UUID) -> Deed:
    """What was asked for in this network, with everybody named in it; raises DeedNotFound."""
    rows = Deed.objects.select_related("member", "asked_by", "agreed_by")
    found = rows.filter(network=network, pk=key).first()
    if found is None:
        raise DeedNotFound
    return found


def own_mandate(member: Member, key: uuid.UUID) -> Mandate:
    """A mandate in force that this member holds; raises MandateNotFound for what others hold, too."""
    found = mandate_of(member.network, key)
    if found.member_id != member.pk:
        raise MandateNotFound
    return found
