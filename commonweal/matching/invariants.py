"""What must be true of the plans; the doctor asks."""

from collections.abc import Iterator
from datetime import timedelta

from commonweal.base import clock, pulse
from commonweal.base.invariants import Finding, invariant
from commonweal.exchange.models import Ask
from commonweal.matching.errors import NoEngine
from commonweal.matching.models import Plan
from commonweal.matching.pacing import invariants as pacing
from commonweal.matching.rings import invariants as rings
from commonweal.networks.models import Network

__all__ = ["engine_runs", "pacing", "plans_are_fresh", "rings"]

LATE = timedelta(hours=6)
WITHOUT = "Asks are searched for one by one meanwhile, and the board's order stays as it was."


@invariant("matching.engine", "The engine that plans for whole networks can run")
def engine_runs() -> Iterator[Finding]:
    """It is asked for a plan of nobody, in a process of its own as always."""
    from commonweal.matching.solving.trying import try_engine  # loads NumPy

    try:
        try_engine()
    except NoEngine:
        yield Finding(
            what=f"The matching engine can't run. {WITHOUT}",
            do="Look for “the matching engine” in the program's log; it needs 6 GB of address space and numba.",
            grave=False,
        )


@invariant("matching.plans", "Every network that has asks has a plan of today")
def plans_are_fresh() -> Iterator[Finding]:
    """While a worker runs, a network is planned anew within hours."""
    if not pulse.living():
        return
    for network in Network.objects.order_by("slug"):
        asks = Ask.objects.filter(network=network, on_board=True, created_at__lt=clock.now() - LATE)
        if (
            asks.exists()
            and not Plan.objects.filter(network=network, made_at__gt=clock.now() - LATE).exists()
        ):
            yield Finding(
                what=f"{network.slug} has had no plan for six hours. {WITHOUT}",
                do=f"Run `commonweal plan --network {network.slug}`, which says what is wrong.",
                grave=False,
            )
