"""Dumping and restoring a PostgreSQL database with its own tools, in one snapshot and in one transaction."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection

NAME = "database.pgdump"


class NoTool(Exception):
    """PostgreSQL's command-line tools are missing or did not succeed; the words say what to do."""


@contextlib.contextmanager
def snapshot() -> Iterator[tuple[str, Any]]:
    """One moment of the database: its name for other connections, and a cursor that sees it."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0], cursor
    finally:
        other.close()


def dump(target: Path, moment: str) -> None:
    """Write the database as it was at ``moment``; raises NoTool."""
    _run(
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={moment}",
        f"--file={target}",
    )


def count_rows(cursor: Any, tables: Iterable[str]) -> dict[str, int]:
    """How many rows each table has, as the cursor sees them."""
    counts = {}
    for table in tables:
        # Names of our own models' tables, quoted; no value is put into the text.
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # nosec B608
        counts[table] = cursor.fetchone()[0]
    return counts


def restore(source: Path, workshop: Path) -> None:
    """Replace our tables by those of the dump, all or nothing; raises NoTool."""
    script = workshop / "restore.sql"
    _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(source))
    drops = workshop / "drop.sql"
    drops.write_text("\n".join(_drops()))
    files = [f"--file={drops}", f"--file={script}"]
    _run(
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        *files,
    )


def _drops() -> list[str]:
    """What makes room: tables and functions that are ours, whatever version of the program made them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE;', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname = current_schema() AND tableowner = current_user"
        )
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT format('DROP FUNCTION IF EXISTS %s CASCADE;', p.oid::regprocedure) FROM pg_proc p "
            "JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname = current_schema() AND p.prokind = 'f' AND pg_get_userbyid(p.proowner) = current_user "
            "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        return found + [row[0] for row in cursor.fetchall()]


def _run(tool: str, *words: str) -> None:
    path = shutil.which(tool)
    if path is None:
        raise NoTool(f"{tool} is not on this machine. On Debian: apt-get install postgresql-client")
    about = connection.settings_dict
    names = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    given = {name: str(about[key]) for name, key in names.items() if about[key]}
    # Our own words, no shell.
    done = subprocess.run(  # nosec B603
        [path, *words], env={**os.environ, **given}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[0]
        raise NoTool(f"{tool} did not succeed: {last}")
