"""Plans are kept beside the worker: it starts a process for them and goes on with its own work."""

import subprocess
import time

from commonweal.base import clock
from commonweal.base.supervisor import own_command, own_environment
from commonweal.matching.planning.due import due_networks, networks_with_news

# Seconds until it is tried again where that process has failed.
AFTER_FAILURE = 60.0

_running: subprocess.Popen[bytes] | None = None
_began = 0.0


def planning_is_wanted() -> bool:
    """Whether something is to be planned for and no process of this worker is at it."""
    if _running is not None:
        code = _running.poll()
        if code is None or (code and time.monotonic() - _began < AFTER_FAILURE):
            return False
    at = clock.now()
    return bool(networks_with_news(at) or due_networks(at))


def start_planning() -> bool:
    """Have the plans kept by ``commonweal plan --follow``, unless that goes on already.

    Returns whether it is new. Nobody waits for it; it ends by itself when it is quiet, and with this process. What it
    can't do, it says in the log, and the doctor knows.
    """
    global _running, _began
    if _running is not None and _running.poll() is None:
        return False
    _running = subprocess.Popen(own_command("plan", "--follow"), env=own_environment())  # nosec B603
    _began = time.monotonic()
    return True


def stop_planning() -> None:
    """End that process, where there is one, and wait for its end."""
    global _running
    if _running is not None:
        _running.terminate()
        _running.wait()
        _running = None
