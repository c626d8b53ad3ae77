"""What gatherings listen to."""

from commonweal.assembly.events import MandateEnded
from commonweal.assembly.models import Mandate
from commonweal.base.bus import subscribe
from commonweal.gatherings import actions


@subscribe(MandateEnded)
def end_shifts(event: MandateEnded) -> None:
    """Without a dispatcher's mandate nobody is on shift, now or later."""
    if event.role == Mandate.Role.DISPATCHER:
        actions.end_shifts_of(network=event.network, member=event.member)
