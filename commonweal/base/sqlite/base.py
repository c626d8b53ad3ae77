"""Django's SQLite, with another way to wait for the one who writes.

SQLite lets one connection write at a time. Whoever comes meanwhile looks again after 1, 2, 5, 10, 15, 20, 25 … 100 ms:
where a worker writes many small transactions in a row, a page that looks seldom finds the database taken nearly every
time, and waited for a third of a second. So a transaction that finds it taken looks again every millisecond. Each look
costs some twenty microseconds of processor time; whose turn it is stays a matter of luck, as before.
"""

import time

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

LOOK_EVERY = 0.001
TAKEN = "database is locked"


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection. ``OPTIONS["timeout"]`` says for how many seconds a transaction waits for its turn."""

    def _start_transaction_under_autocommit(self) -> None:
        """Begin; raises OperationalError when the database stayed taken for the whole of the timeout."""
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", 5.0))
        ends_at = time.monotonic() + timeout
        # Anything but the beginning waits in SQLite's own way.
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._begins(last=time.monotonic() >= ends_at):
                time.sleep(LOOK_EVERY)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")

    def _begins(self, *, last: bool) -> bool:
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except OperationalError as taken:
            if last or str(taken) != TAKEN:
                raise
            return False
        return True
