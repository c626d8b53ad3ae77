"""Django's SQLite, with another way to wait for the one who writes.

SQLite lets one connection write at a time. Whoever comes meanwhile waits inside the library, which looks again after
1, 2, 5, 10, 15, 20, 25 … 100 ms. Two things are wrong with that:

* Where a worker writes many small transactions in a row, a page that looks seldom finds the database taken nearly every
  time, and waited for a third of a second.
* Who waits inside the library holds the lock of its own connection. Python frees a cursor that nobody needs any more in
  whichever thread just collects garbage, and that takes the lock of the cursor's connection. When that thread was the
  very one that had the database, each waited for the other until the time was over, and everybody else behind them.

So the library never waits here: a statement that finds the database taken is tried again every millisecond, outside of
it. Each look costs some twenty microseconds of processor time; whose turn it is stays a matter of luck, as before.
"""

import sqlite3
import time
from collections.abc import Iterable
from typing import Any, Self

from django.db.backends.sqlite3 import base

LOOK_EVERY = 0.001


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose statements wait up to ``timeout`` seconds for their turn."""

    def __init__(self, connection: sqlite3.Connection, timeout: float) -> None:
        super().__init__(connection)
        self._timeout = timeout

    def execute(self, query: str, params: Any = None) -> Self:
        """As Django's; raises OperationalError when the database stayed taken for the whole of the timeout."""
        gives_up_at = 0.0
        while True:
            try:
                super().execute(query, params)
            except sqlite3.OperationalError as fault:
                gives_up_at = gives_up_at or time.monotonic() + self._timeout
                if not _is_taken(fault) or time.monotonic() >= gives_up_at:
                    raise
                time.sleep(LOOK_EVERY)
            else:
                return self

    def executemany(self, query: str, param_list: Iterable[Any]) -> Self:
        """As Django's; outside of a transaction each is one of its own, which waits for its turn."""
        if self.connection.in_transaction:
            super().executemany(query, param_list)
        else:
            for params in param_list:
                self.execute(query, params)
        return self


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection. ``OPTIONS["timeout"]`` says for how many seconds a statement waits for its turn."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """As Django's, and from there on without the library's own waiting."""
        connection: sqlite3.Connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA busy_timeout = 0")
        return connection

    def create_cursor(self, name: str | None = None) -> Cursor:
        """A cursor that waits for its turn; SQLite's have no name."""
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", 5.0))
        cursor: Cursor = self.connection.cursor(factory=lambda connection: Cursor(connection, timeout))
        return cursor


def _is_taken(fault: sqlite3.OperationalError) -> bool:
    """Whether waiting helps: not where a transaction has read what another has changed since."""
    code: int = getattr(fault, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY and code != sqlite3.SQLITE_BUSY_SNAPSHOT
