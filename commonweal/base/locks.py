"""Locks between processes: one start at a time, and nobody replaces the data under a running program."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

START_KEY = 0x636F6D6D  # "comm": any number will do, as long as it stays the same


class Busy(Exception):
    """Somebody else has the lock."""


@contextlib.contextmanager
def one_start_at_a_time() -> Iterator[None]:
    """Wait until no other process prepares the same data (tables, static files, demonstration), then keep them out."""
    with _file_lock("start.lock", fcntl.LOCK_EX), _database_lock():
        yield


@contextlib.contextmanager
def in_use() -> Iterator[None]:
    """Show that a program works on the data; any number may. Raises Busy while the data is being replaced."""
    with _file_lock("in-use.lock", fcntl.LOCK_SH | fcntl.LOCK_NB):
        yield


@contextlib.contextmanager
def out_of_use() -> Iterator[None]:
    """Keep every program off the data; raises Busy when one is at work on it."""
    with _file_lock("in-use.lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextlib.contextmanager
def _file_lock(name: str, how: int) -> Iterator[None]:
    folder = Path(settings.COMMONWEAL_DATA)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("a") as file:
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            raise Busy from None
        yield


@contextlib.contextmanager
def _database_lock() -> Iterator[None]:
    """The same on PostgreSQL, where the others may be on other machines: a lock that lives as long as a transaction.

    It has a connection of its own, and so holds behind a pool of connections too.
    """
    if connection.vendor != "postgresql":
        yield
        return
    # A copy of the connection gets the name of the first, and with it the database of a test.
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [START_KEY])
        yield
    finally:
        other.close()
