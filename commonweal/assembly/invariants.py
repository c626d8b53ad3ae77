"""What must be true of mandates."""

from collections.abc import Iterator

from commonweal.assembly.models import Decision, Mandate
from commonweal.assembly.queries import founders_of
from commonweal.base import clock
from commonweal.base.invariants import Finding, invariant
from commonweal.members.models import Member
from commonweal.networks.models import Network


@invariant("assembly.founders", "Every network has founders, so that roles can be given")
def every_network_has_founders() -> Iterator[Finding]:
    """Without one nobody gives a role from a page; with one alone nobody agrees to what can't be undone."""
    for network in Network.objects.order_by("slug"):
        count = len(founders_of(network))
        if count < 2:
            has = "one founder" if count else "no founder"
            yield Finding(
                what=f"{network.slug} has {has}: what is decided is decided alone.",
                do=f'`commonweal mandate give "Jo <jo@example.org>" founder --reason … --network {network.slug}`',
                grave=False,
            )


@invariant("assembly.decided", "Every mandate in force from a decision has that decision")
def every_mandate_has_its_decision() -> Iterator[Finding]:
    """A role whose decision is gone was given past the program."""
    now = clock.now()
    for network in Network.objects.order_by("slug"):
        held = Mandate.objects.in_force(network.pk, now).exclude(decision=None)
        decided = Decision.objects.filter(network=network, does=Decision.Does.GIVES).values("pk")
        for mandate in held.exclude(decision__in=decided):
            yield Finding(
                what=f"The mandate {mandate.pk} ({mandate.role}) in {network.slug} names a decision that is not there.",
                do="Ask who gave it. End it with `commonweal mandate end`, and give it anew by a decision.",
                grave=True,
            )


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
