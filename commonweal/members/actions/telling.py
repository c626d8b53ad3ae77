"""Telling a member, wherever they are reached, that a way in was added or taken away."""

import uuid

from commonweal.members import courier
from commonweal.members.models import ContactPoint, Member


def tell(member: Member, news: str, *, occasion: uuid.UUID, but: ContactPoint | None = None) -> None:
    """Write to every confirmed contact of a member, but for the one that it is about, in the present transaction.

    ``occasion`` is the id of the event that is told of: telling it twice sends it once.
    """
    points = ContactPoint.objects.filter(
        network_id=member.network_id, member=member, confirmed_at__isnull=False
    )
    told = points.exclude(pk=but.pk) if but else points
    courier.send_news(member=member, news=news, occasion=occasion, points=list(told))
