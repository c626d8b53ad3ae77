"""What the page of the policy listens to."""

from commonweal.base.bus import subscribe
from commonweal.matching.policy import tasks
from commonweal.matching.policy.events import PolicyTried


@subscribe(PolicyTried, at_once=True)
def work_out(event: PolicyTried) -> None:
    """Have a trial worked out."""
    tasks.work_out.enqueue(str(event.network), str(event.trial))
