"""Reading who holds which mandate."""

from datetime import datetime

from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.members.models import Member
from commonweal.networks.models import Network


def roles_of(member: Member) -> set[str]:
    """The roles that a member holds now; who has left holds none."""
    if member.state == Member.State.LEFT:
        return set()
    held = Mandate.objects.in_force(member.network_id, clock.now()).filter(member=member)
    return set(held.values_list("role", flat=True))


def mandates_in_force(network: Network, at: datetime | None = None) -> list[Mandate]:
    """Every mandate held now (or at ``at``) with its member, the first to end first."""
    held = Mandate.objects.in_force(network.pk, at or clock.now())
    return list(held.select_related("member").order_by("ends_at", "id"))
