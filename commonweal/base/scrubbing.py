"""What was erased goes from the disk too: from the pages of the database's files, and from its write-ahead log.

A database that deletes a row only forgets where it was. SQLite is told to overwrite at once (``secure_delete``); what
moving rows about leaves behind, and old pages in the write-ahead log, go when the file is written anew. PostgreSQL
keeps every old version of a row until VACUUM frees it, and its bytes until something else is put there; with ``whole``
the tables are written anew, for which each is locked a while.
"""

import logging
from collections.abc import Iterable

from django.apps import apps
from django.db import OperationalError, connection

from commonweal.base.personal import registry

logger = logging.getLogger(__name__)


def scrub(*, whole: bool = False) -> bool:
    """Take what was erased from the disk; returns False where others were in the way, and it is to be tried again.

    Inside a transaction nothing is done: its own end is still to come.
    """
    if connection.in_atomic_block:
        return False
    if connection.vendor == "postgresql":
        _vacuum("VACUUM (FULL)" if whole else "VACUUM", all_tables() if whole else tables())
        return True
    try:
        _vacuum("VACUUM", [])
    except OperationalError as error:
        logger.info("the database was not written anew (%s); it is tried again later", type(error).__name__)
        return False
    return _fold_log()


def tables() -> list[str]:
    """The tables that keep something about people."""
    return sorted({kept.model._meta.db_table for kept in registry()})


def all_tables() -> list[str]:
    """Every table of ours."""
    return sorted({model._meta.db_table for model in apps.get_models()})


def _vacuum(words: str, of: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(words)
            return
        for table in of:
            # Names of our own tables, quoted.
            cursor.execute(f"{words} {connection.ops.quote_name(table)}")


def _fold_log() -> bool:
    """Put the write-ahead log into the file and cut it to nothing; False while somebody reads from it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _pages, _moved = cursor.fetchone()
    return not busy
