"""What must be true of members."""

from collections.abc import Iterator
from datetime import timedelta

from commonweal.base import clock
from commonweal.base.invariants import Finding, invariant
from commonweal.members.actions.confirming import FORGOTTEN_AFTER
from commonweal.members.entrances import Passkey, SignIn
from commonweal.members.models import Confirmation, ContactPoint, Member, PushDevice

PATIENCE = timedelta(hours=3)


@invariant("members.left", "Of who has left nothing personal is kept")
def who_left_is_erased() -> Iterator[Finding]:
    """No name, no place, no contact and no way in of a member who has left."""
    gone = Member.objects.filter(state=Member.State.LEFT)
    kept = gone.exclude(name="", place="").count()
    for model in (ContactPoint, Passkey, PushDevice, SignIn):
        kept += model._default_manager.filter(member__state=Member.State.LEFT).count()
    if kept:
        yield Finding(
            what=f"{kept} rows still name somebody who has left.",
            do="Restore them from a backup as active members, and let them leave again.",
        )


@invariant("members.pauses", "A break that is over has ended")
def pauses_end() -> Iterator[Finding]:
    """Nobody's break should have ended hours ago."""
    late = Member.objects.filter(state=Member.State.PAUSED, paused_until__lt=clock.now() - PATIENCE).count()
    if late:
        yield Finding(
            what=f"{late} members are still on a break that is over.",
            do="Start `commonweal serve` or `commonweal worker`.",
        )


@invariant("members.codes", "Codes are forgotten with what was filled in for them")
def codes_are_forgotten() -> Iterator[Finding]:
    """No confirmation outlives its day by hours."""
    before = clock.now() - FORGOTTEN_AFTER - PATIENCE
    old = Confirmation.objects.filter(expires_at__lt=before).count()
    if old:
        yield Finding(
            what=f"{old} codes that ran out are still kept.",
            do="Start `commonweal serve` or `commonweal worker`.",
        )
