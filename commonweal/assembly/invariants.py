"""What must be true of mandates."""

from collections.abc import Iterator

from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.base.invariants import Finding, invariant
from commonweal.members.models import Member
from commonweal.networks.models import Network


@invariant("assembly.dispatchers", "Every network has somebody who may look after the desk")
def every_network_has_a_dispatcher() -> Iterator[Finding]:
    """Without one, an ask that nobody answers waits for a person in vain."""
    now = clock.now()
    for network in Network.objects.order_by("slug"):
        held = Mandate.objects.in_force(network.pk, now).filter(role=Mandate.Role.DISPATCHER)
        if not held.exclude(member__state=Member.State.LEFT).exists():
            yield Finding(
                what=f"Nobody may look after the desk of {network.slug}.",
                do=f'`commonweal mandate give "Jo <jo@example.org>" dispatcher --reason … --network {network.slug}`',
                grave=False,
            )
