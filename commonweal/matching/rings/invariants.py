"""What must be true of rings; the doctor asks."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q

from commonweal.base import clock
from commonweal.base.invariants import Finding, invariant
from commonweal.matching.models import Ring, RingPlace

PATIENCE = timedelta(hours=3)


@invariant("matching.rings", "A ring holds as a whole or not at all")
def rings_are_whole() -> Iterator[Finding]:
    """No place of an agreed ring is without its yes or commitment, and none waits after its time."""
    halves = RingPlace.objects.filter(ring__state=Ring.State.AGREED).filter(
        ~Q(answer=RingPlace.Answer.YES) | Q(match__isnull=True) | Q(is_waiting=True)
    )
    if count := halves.values("ring").distinct().count():
        yield Finding(
            what=f"{count} rings are agreed to by some and not by all.",
            do="Please report this: it is a fault of the program.",
        )
    late = Ring.objects.filter(state=Ring.State.WAITING, answer_by__lt=clock.now() - PATIENCE).count()
    if late:
        yield Finding(
            what=f"{late} rings still wait for answers though their time is over.",
            do="Start `commonweal serve` or `commonweal worker`.",
        )
