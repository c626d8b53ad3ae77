"""Copying the embedded database while others write to it, and putting a copy in its place."""

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from commonweal.base.backups.archive import BadArchive, Progress

PAGES_AT_ONCE = 2000
NAME = "database.sqlite3"
SIDE_FILES = ("", "-wal", "-shm", "-journal")


def copy_database(source: Path, target: Path, progress: Progress) -> None:
    """Copy one moment of ``source`` to ``target``. Writers go on meanwhile: the copy reads under one snapshot.

    The open read transaction is what holds the moment: without it SQLite would begin again whenever somebody writes.
    """
    with contextlib.closing(sqlite3.connect(source, timeout=20, isolation_level=None)) as ours:
        ours.execute("BEGIN")
        ours.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as theirs:
            ours.backup(
                theirs,
                pages=PAGES_AT_ONCE,
                progress=lambda _, remaining, total: progress(total - remaining, total),
            )
            # One file, without the write-ahead log beside it.
            theirs.execute("PRAGMA journal_mode=DELETE")
        ours.execute("ROLLBACK")


def count_rows(path: Path, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each table has; raises BadArchive where the file is no sound database or lacks one of them."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            (sound,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if sound != "ok":
                raise BadArchive("Its database is damaged.")
            # Names of our own models' tables, quoted; no value is put into the text.
            queries = {table: f'SELECT count(*) FROM "{table}"' for table in tables}  # nosec B608
            return {table: database.execute(query).fetchone()[0] for table, query in queries.items()}
    except sqlite3.DatabaseError:
        raise BadArchive("Its database cannot be read.") from None


def replace_database(new: Path, place: Path, aside: Path) -> None:
    """Put ``new`` at ``place``, on the same disk; what was there, with its side files, goes into ``aside``.

    A database without a table is nothing worth keeping.
    """
    keep = place.exists() and not _is_empty(place)
    for ending in SIDE_FILES:
        part = place.with_name(place.name + ending)
        if part.exists() and keep:
            aside.mkdir(parents=True, exist_ok=True)
            part.rename(aside / part.name)
        part.unlink(missing_ok=True)
    new.rename(place)


def _is_empty(path: Path) -> bool:
    """Whether the database holds no table. Folds its write-ahead log into the file, so that the file is whole."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return database.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    except sqlite3.DatabaseError:
        return False
