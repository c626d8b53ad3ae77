"""Making a backup while the program serves."""

import contextlib
import importlib.metadata
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from commonweal.base import clock, crypto
from commonweal.base.backups import postgresql, sqlite
from commonweal.base.backups.archive import FORMAT, Manifest, Progress, describe, write_archive

FOLDERS = ("maps",)
KEYS = "keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Who is told how far each step is."""

    copying: Progress
    packing: Progress


def make_backup(target: Path, *, with_keys: bool, steps: Steps) -> Manifest:
    """Write one archive of the database and the maps, and return what it holds. Nobody has to stop meanwhile."""
    with (
        tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as name,
        contextlib.ExitStack() as stack,
    ):
        database, rows = _copy_database(Path(name), steps.copying)
        sources: dict[str, BinaryIO] = {database.name: stack.enter_context(database.open("rb"))}
        for path, inside in _other_files(with_keys=with_keys):
            sources[inside] = stack.enter_context(path.open("rb"))
        manifest = Manifest(
            format=FORMAT,
            version=importlib.metadata.version("commonweal"),
            made_at=clock.now().isoformat(timespec="seconds"),
            vendor=connection.vendor,
            migrations=applied_migrations(),
            rows=rows,
            files={name: describe(source) for name, source in sources.items()},
            key_marks=key_marks(),
            with_keys=KEYS in sources,
        )
        write_archive(target, manifest, sources, steps.packing)
    return manifest


def _copy_database(workshop: Path, progress: Progress) -> tuple[Path, dict[str, int]]:
    tables = {model._meta.db_table: model._meta.label for model in apps.get_models(include_auto_created=True)}
    if connection.vendor == "postgresql":
        copy = workshop / postgresql.NAME
        with postgresql.snapshot() as (moment, cursor):
            counts = postgresql.count_rows(cursor, tables)
            postgresql.dump(copy, moment)
    else:
        copy = workshop / sqlite.NAME
        sqlite.copy_database(Path(connection.settings_dict["NAME"]), copy, progress)
        counts = sqlite.count_rows(copy, tables)
    return copy, {tables[table]: count for table, count in counts.items()}


def _other_files(*, with_keys: bool) -> Iterator[tuple[Path, str]]:
    data = Path(settings.COMMONWEAL_DATA)
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file():
                yield path, path.relative_to(data).as_posix()
    if with_keys and (data / KEYS).exists():
        yield data / KEYS, KEYS


def applied_migrations() -> dict[str, list[str]]:
    """The names of the applied migrations of each app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def key_marks() -> list[str]:
    """A mark for each of our keys, newest first: the same key gives the same mark, and no mark gives away a key."""
    return [crypto.mark(key) for key in settings.COMMONWEAL_KEYS]
