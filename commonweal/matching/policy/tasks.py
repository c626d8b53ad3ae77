"""Trials are worked out in the background: the playing is done by a process of its own, and no request waits."""

import uuid
from datetime import timedelta

from django_tasks import task

from commonweal.base.schedule import every
from commonweal.matching.policy import actions


@task()
def work_out(network_id: str, trial_id: str) -> None:
    """Play last month again for one trial."""
    actions.work_out(network_id=uuid.UUID(network_id), trial_id=uuid.UUID(trial_id))


@every(timedelta(hours=24), name="matching.forget_trials")
def forget_trials() -> int:
    """Forget trials that are over."""
    return actions.forget_trials()
