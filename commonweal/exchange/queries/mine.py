"""What a member's own page shows: their asks, offers and commitments."""

from collections.abc import Sequence

from commonweal.exchange.lifecycle import OPEN
from commonweal.exchange.models import COMMITTED, Ask, Match, Offer
from commonweal.members.models import Member

MOST = 50


def asks_of(member: Member) -> Sequence[Ask]:
    """A member's open asks, newest first, with what a title needs."""
    asks = Ask.objects.filter(network_id=member.network_id, by=member, state__in=sorted(OPEN))
    return list(asks.select_related("category", "area", "network").order_by("-created_at", "-id")[:MOST])


def commitments_of(member: Member) -> Sequence[Match]:
    """What a member was invited to and has not answered, and what they agreed to and is not over; the soonest first."""
    matches = Match.objects.filter(
        network_id=member.network_id, member=member, state__in=[*COMMITTED, Match.State.INVITED]
    )
    with_ask = matches.select_related("ask", "ask__category", "ask__area", "network", "member")
    return list(with_ask.order_by("meets_at", "id")[:MOST])


def offers_of(member: Member) -> Sequence[Offer]:
    """A member's offers that are not withdrawn, newest first, with their categories."""
    offers = Offer.objects.filter(network_id=member.network_id, member=member).exclude(
        state=Offer.State.WITHDRAWN
    )
    return list(
        offers.select_related("area", "network")
        .prefetch_related("categories__category")
        .order_by("-created_at", "-id")[:MOST]
    )
