"""Who may read what somebody tells in confidence, and who may agree to a removal."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.members.models import Member
from commonweal.networks.models import Network

Role = Mandate.Role
# Who reads where there is no care-giver, or only the one it is about: the first of these roles that somebody holds.
INSTEAD = (Role.FOUNDER, Role.STEWARD)
CARE = (Role.CARE_GIVER, *INSTEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who may be chosen to read a report. ``role`` is what they hold: care-givers, others only where there are none."""

    members: tuple[Member, ...]
    role: str

    @property
    def are_care_givers(self) -> bool:
        """Whether somebody is there whose task it is."""
        return self.role == Role.CARE_GIVER


def readers_for(network: Network, *, but: Iterable[uuid.UUID | None]) -> Readers:
    """Who may read a report that ``but`` are in: care-givers; where that leaves nobody, founders, then stewards."""
    left_out = {key for key in but if key}
    for role in CARE:
        found = [member for member in holders(network, role) if member.pk not in left_out]
        if found:
            return Readers(members=tuple(found), role=role)
    return Readers(members=(), role="")


def holders(network: Network, *roles: str) -> list[Member]:
    """The members who hold one of these roles now and take part, by name."""
    held = Mandate.objects.in_force(network.pk, clock.now()).filter(role__in=roles)
    members = Member.objects.filter(network=network, pk__in=held.values("member"))
    present = members.exclude(state=Member.State.LEFT).exclude(Q(out_until__gt=clock.now()))
    return sorted(present, key=lambda member: (member.name.casefold(), member.pk))
