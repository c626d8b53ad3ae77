"""Keeps one worker process beside the server, and starts it again when it ends."""

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

logger = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
LONG_LIFE = 60.0
STOP_SECONDS = 30.0


class Supervisor:
    """Runs ``command`` as a child, again and again until told to stop, with a growing wait while it ends at once."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._ended = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)

    @property
    def pid(self) -> int | None:
        """The present child's process id."""
        child = self._child
        return child.pid if child else None

    def start(self) -> None:
        """Start the child and keep it going."""
        self._thread.start()

    def stop(self) -> None:
        """Let the child finish what it has in hand, for half a minute at most."""
        with self._lock:
            self._ended.set()
            child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
        self._thread.join()

    def _keep(self) -> None:
        wait = FIRST_WAIT
        while not self._ended.is_set():
            began = time.monotonic()
            child = self._spawn()
            if child is None:
                return
            code = child.wait()
            if self._ended.wait(0.5):
                return
            if time.monotonic() - began > LONG_LIFE:
                wait = FIRST_WAIT
            logger.warning("the worker ended (code %s); starting it again in %.0f s", code, wait)
            self._ended.wait(wait)
            wait = min(LONGEST_WAIT, wait * 2)

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._ended.is_set():
                return None
            self._child = subprocess.Popen(self._command, env=own_environment())  # nosec B603
            return self._child


def own_command(*words: str) -> list[str]:
    """A command of this program, by the same Python."""
    return [sys.executable, "-m", "django", *words]


def own_environment() -> dict[str, str]:
    """The environment in which ``own_command`` finds the program wherever it was started from."""
    path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    return {**os.environ, "PYTHONPATH": path}
