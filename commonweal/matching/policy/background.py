"""Trials are played beside the worker, by ``commonweal trials``."""

from commonweal.matching.beside import Beside
from commonweal.matching.policy.queries import trials_wait

player = Beside("trials")


def playing_is_wanted() -> bool:
    """Whether a trial waits, or was left lying, and no process of this worker is at it."""
    return not player.is_busy and trials_wait()
