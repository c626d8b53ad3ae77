"""Long work is done beside the worker, by a process of this program; the worker starts it and goes on."""

import atexit
import subprocess
import time

from commonweal.base.supervisor import own_command, own_environment

# Seconds until it is tried again where such a process has failed.
AFTER_FAILURE = 60.0


class Beside:
    """One command of this program, at most once at a time beside this process, and never longer than it."""

    def __init__(self, *words: str) -> None:
        self._words = words
        self._running: subprocess.Popen[bytes] | None = None
        self._began = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether it is at work, or has failed a moment ago."""
        code = self._running.poll() if self._running else 0
        return code is None or (code != 0 and time.monotonic() - self._began < AFTER_FAILURE)

    def start(self) -> bool:
        """Have it done, unless it is being done already. Returns whether it is new. Nobody waits for it."""
        if self._running is not None and self._running.poll() is None:
            return False
        self._running = subprocess.Popen(own_command(*self._words), env=own_environment())  # nosec B603
        self._began = time.monotonic()
        atexit.register(self.stop)
        return True

    def stop(self) -> None:
        """End it, where it is at work, and wait for its end. Whatever it is at bears that."""
        if self._running is not None:
            self._running.terminate()
            self._running.wait()
            self._running = None
        atexit.unregister(self.stop)
