"""What must always be true of what came in; the doctor asks."""

from collections.abc import Iterator
from datetime import timedelta

from commonweal.base import clock, pulse
from commonweal.base.invariants import Finding, invariant
from commonweal.intake.models import Conversation, Correction, Inbound

LATE = timedelta(minutes=15)
# The nightly erasure may have been missed once.
OVERDUE = timedelta(days=2)


@invariant("intake.answered", "What comes in is worked on at once")
def nothing_waits_for_long() -> Iterator[Finding]:
    """While a worker runs, no message waits for more than a quarter of an hour."""
    late = Inbound.objects.filter(due_at__lt=clock.now() - LATE).count()
    if late and pulse.living():
        yield Finding(
            what=f"{late} messages that came in wait for more than a quarter of an hour.",
            do="Look for “could not be worked on” in the program's log.",
        )


@invariant("intake.erased", "Who wrote what is forgotten when its time is over")
def nothing_is_kept_for_too_long() -> Iterator[Finding]:
    """The erasure of the night has been through every table."""
    before = clock.now() - OVERDUE
    kept = Inbound.objects.filter(erase_at__lt=before, due_at__isnull=True).count()
    kept += Conversation.objects.filter(erase_at__lt=before).count()
    kept += Correction.objects.filter(erase_at__lt=before).count()
    if kept:
        yield Finding(
            what=f"{kept} messages, conversations and corrections should have been forgotten two days ago.",
            do="Start `commonweal worker`, or run `commonweal worker --once`.",
        )
