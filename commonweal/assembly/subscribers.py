"""What the assembly listens to."""

from commonweal.assembly import actions
from commonweal.base.bus import subscribe
from commonweal.members.events import MemberLeft


@subscribe(MemberLeft)
def end_mandates(event: MemberLeft) -> None:
    """Who has left holds no role."""
    actions.end_mandates_of(network=event.network, member=event.member)
