"""What rings do by themselves: they are looked for each morning, run out, and are forgotten."""

import logging
from datetime import datetime, timedelta

from commonweal.base import clock
from commonweal.base.schedule import every
from commonweal.matching.rings import actions, queries
from commonweal.matching.rings.finding import choose_rings
from commonweal.matching.rings.pool import possible_gifts
from commonweal.matching.rings.timing import one_after_the_other
from commonweal.networks.models import Network

logger = logging.getLogger(__name__)
BATCH = 200


@every(timedelta(hours=1), name="matching.offer_rings")
def offer_rings_of_the_morning() -> int:
    """Look for rings wherever it is morning; returns how many were offered. One network's fault stays its own."""
    at, offered = clock.now(), 0
    for network in queries.networks_at_morning(at):
        try:
            offered += offer_rings(network, at=at)
        except Exception:
            logger.exception("no rings were looked for in network %s", network.pk)
    return offered


def offer_rings(network: Network, *, at: datetime) -> int:
    """Look for rings in one network and offer them, each in its own small transaction; returns how many."""
    policy = network.policy
    answer_by = at + policy.span("ring_hours")
    gifts = possible_gifts(network, at=at, answer_by=answer_by)
    # The day is the seed: the same morning gives the same rings, and another one a different choice among equals.
    chosen = choose_rings(gifts, longest=policy.ring_longest, seed=at.toordinal())
    offered = [
        actions.offer_ring(network=network, chosen=one_after_the_other(one), answer_by=answer_by)
        for one in chosen
    ]
    return sum(ring is not None for ring in offered)


@every(
    timedelta(minutes=5), name="matching.void_rings", wanted=lambda: queries.rings_to_look_at(limit=1) != []
)
def void_rings() -> int:
    """Let rings come to nothing that ran out or can't be any more, and of which no news came."""
    rings = queries.rings_to_look_at(limit=BATCH)
    for ring in rings:
        actions.void_if_it_cannot_be(ring=ring)
    return len(rings)


@every(timedelta(hours=24), name="matching.forget_rings")
def forget_rings() -> int:
    """Forget rings that ended long ago."""
    return sum(
        actions.forget_rings(network=network) for network in queries.networks_with_old_rings(clock.now())
    )
