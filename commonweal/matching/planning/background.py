"""Plans are made beside the worker: it starts a process for them and goes on with its own work."""

import subprocess

from commonweal.base.supervisor import own_command, own_environment

_running: subprocess.Popen[bytes] | None = None


def start_planning() -> bool:
    """Have the due plans made by ``commonweal plan --due``, unless that goes on already.

    Returns whether it is new. Nobody waits for it. What it can't do, it says in the log, and the doctor knows.
    """
    global _running
    if _running is not None and _running.poll() is None:
        return False
    _running = subprocess.Popen(own_command("plan", "--due"), env=own_environment())  # nosec B603
    return True
