"""Trials are played by a process beside the worker, which goes on with its own work meanwhile."""

from datetime import timedelta

from django_tasks import task

from commonweal.base.schedule import every
from commonweal.matching.policy import actions
from commonweal.matching.policy.background import player, playing_is_wanted


@task()
def work_out(network_id: str, trial_id: str) -> None:
    """Have a trial played at once."""
    player.start()


@every(timedelta(seconds=20), name="matching.play_trials", wanted=playing_is_wanted)
def play_trials() -> None:
    """Have the trials played that wait still, and those that a process left lying that was killed."""
    player.start()


@every(timedelta(hours=24), name="matching.forget_trials")
def forget_trials() -> int:
    """Forget trials that are over."""
    return actions.forget_trials()
