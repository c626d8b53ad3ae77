"""Reading who holds which mandate."""

from datetime import datetime

from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.members.models import Member
from commonweal.networks.models import Network


def mandates_in_force(network: Network, at: datetime | None = None) -> list[Mandate]:
    """Every mandate held now (or at ``at``) with its member, the first to end first."""
    held = Mandate.objects.in_force(network.pk, at or clock.now())
    return list(held.select_related("member").order_by("ends_at", "id"))


def mandates_of(member: Member) -> list[Mandate]:
    """Every mandate a member has ever held, newest first."""
    return list(
        Mandate.objects.filter(network_id=member.network_id, member=member).order_by("-starts_at", "-id")
    )
