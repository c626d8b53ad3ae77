"""What the assembly listens to."""

from commonweal.assembly import actions
from commonweal.assembly.care.actions import forget_reporter
from commonweal.base.bus import subscribe
from commonweal.members.events import MemberLeft


@subscribe(MemberLeft)
def end_mandates(event: MemberLeft) -> None:
    """Who has left holds no role."""
    actions.end_mandates_of(network=event.network, member=event.member)


@subscribe(MemberLeft)
def forget_who_told(event: MemberLeft) -> None:
    """What somebody told in confidence outlives their leaving; who they were doesn't."""
    forget_reporter(network=event.network, member=event.member)
