"""Giving one person their place in a ring, or refusing as if it did not exist."""

from commonweal.base.ids import token_hash
from commonweal.exchange.access import LONGEST_TOKEN
from commonweal.matching.models import RingPlace
from commonweal.matching.rings.errors import RingNotFound
from commonweal.networks.models import Network


def place_by_token(network: Network, token: str) -> RingPlace:
    """The place that a member's link leads to; raises RingNotFound."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise RingNotFound
    places = RingPlace.objects.select_related("ring", "network", "member", "match")
    place = places.filter(network=network, token_hash=token_hash(token)).first()
    if place is None:
        raise RingNotFound
    return place
