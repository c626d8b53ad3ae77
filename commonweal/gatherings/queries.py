"""Reading who is on shift."""

from datetime import datetime

from commonweal.base import clock
from commonweal.gatherings.models import Shift
from commonweal.members.models import Member
from commonweal.networks.models import Network


def shift_now(network: Network, at: datetime | None = None) -> list[Shift]:
    """The shifts that are on, each with its member; usually one, and the one that ends last comes first."""
    running = Shift.objects.running(network.pk, at or clock.now())
    return list(running.select_related("member").order_by("-ends_at", "id"))


def next_shift(network: Network, at: datetime | None = None) -> Shift | None:
    """The first shift that has not begun, with its member, or None."""
    moment = at or clock.now()
    coming = Shift.objects.to_come(network.pk, moment).filter(starts_at__gt=moment)
    return coming.select_related("member").order_by("starts_at", "id").first()


def shift_of(member: Member, at: datetime | None = None) -> Shift | None:
    """The shift a member is on, or None."""
    return Shift.objects.running(member.network_id, at or clock.now()).filter(member=member).first()


def shifts_to_come(network: Network, at: datetime | None = None, limit: int = 50) -> list[Shift]:
    """The shifts that are on or planned, each with its member, by their beginning."""
    coming = Shift.objects.to_come(network.pk, at or clock.now())
    return list(coming.select_related("member").order_by("starts_at", "id")[:limit])
