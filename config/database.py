"""The two databases: SQLite when nothing is said, PostgreSQL by a URL."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def database(url: str, data: Path) -> dict[str, Any]:
    """Django's settings for ``postgresql://user:password@host:port/name``, or for SQLite under ``data``.

    Immediate transactions make a second SQLite writer wait instead of failing with "database is locked", and our engine
    lets it look again every millisecond; synchronous FULL lets an acknowledged ask survive a power cut; secure_delete
    overwrites what is erased.
    """
    if not url:
        return {
            "ENGINE": "commonweal.base.sqlite",
            "NAME": data / "commonweal.sqlite3",
            "CONN_MAX_AGE": None,
            # Said here, because test runners know Django's own engine by its name only.
            "TEST": {"NAME": ":memory:"},
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                    "PRAGMA secure_delete=ON;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "COMMONWEAL_DATABASE_URL is not understood; write postgresql://user:password@host:5432/name."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # pgbouncer in transaction mode keeps no server-side cursor between statements.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
