"""Restoring a backup: everything is checked first, and what is replaced is kept aside."""

import shutil
import tempfile
from itertools import chain, count
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from commonweal.base import clock, pulse
from commonweal.base.backups import postgresql, sqlite
from commonweal.base.backups.archive import Archive, BadArchive, Manifest
from commonweal.base.backups.making import FOLDERS, KEYS, Steps, key_marks, make_backup
from commonweal.base.locks import Busy, out_of_use
from commonweal.base.models import Pulse, Schedule
from commonweal.base.starting import has_network


class NotRestored(Exception):
    """It was not restored and nothing was changed; the words say what to do."""


def restore_backup(archive: Archive, *, sure: bool, steps: Steps) -> Path | None:
    """Put the archive's content in place of ours and return where the old is kept (None where there was nothing).

    ``sure`` allows what would otherwise need a question: replacing a program that has a network, and restoring
    without the keys that open the archive. Raises NotRestored or BadArchive with everything as it was.
    """
    manifest = archive.manifest
    _require_fitting(manifest)
    data = Path(settings.COMMONWEAL_DATA)
    try:
        with out_of_use(), tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as name:
            _require_nobody_elsewhere()
            _require_leave(manifest, sure=sure)
            workshop = Path(name)
            archive.unpack(workshop, steps.packing)
            aside = _unused(data / f"before-restore-{clock.now():%Y%m%d-%H%M%S}")
            _replace_database(manifest, workshop, aside, steps)
            for entry in (*FOLDERS, KEYS):
                _replace(workshop / entry, data / entry, aside)
    except Busy:
        raise NotRestored(
            "The program is running. Stop it first; a restore must not pull the data from under it."
        ) from None
    call_command("migrate", interactive=False, verbosity=0)
    # What was erased since the backup was made is back: all that comes round is due at once, and erasure with it.
    Schedule.objects.update(due_at=clock.now(), worker="")
    return aside if aside.exists() else None


def _require_fitting(manifest: Manifest) -> None:
    """The archive is for this kind of database, and this version of the program knows all that is in it."""
    if manifest.vendor != connection.vendor:
        raise NotRestored(
            f"The backup is of a {manifest.vendor} database and this program runs on {connection.vendor}. "
            "To change over, restore it on the old kind, then use `commonweal export` and `commonweal import`."
        )
    known = set(MigrationLoader(None).disk_migrations)
    installed = {config.label for config in apps.get_app_configs()}
    strange = [
        f"{app}.{name}"
        for app, names in manifest.migrations.items()
        for name in names
        if (app, name) not in known and app in installed
    ]
    if strange:
        raise NotRestored(
            f"The backup was made by a newer version of the program ({manifest.version}; this one lacks {strange[0]}). "
            "Install that version, then restore."
        )


def _require_nobody_elsewhere() -> None:
    """On PostgreSQL the others may be on other machines, where our lock does not reach."""
    if connection.vendor == "postgresql" and _has_table(Pulse) and pulse.living():
        raise NotRestored(
            "A worker was seen in the last minute. Stop every server and worker, then wait a minute."
        )


def _require_leave(manifest: Manifest, *, sure: bool) -> None:
    if sure:
        return
    if _holds_something():
        raise NotRestored(
            "There is a network here already. With --yes it is replaced by the backup; the old data is kept aside."
        )
    if not manifest.with_keys and not set(manifest.key_marks) & set(key_marks()):
        place = Path(settings.COMMONWEAL_DATA) / KEYS
        raise NotRestored(
            "Our keys don't open this backup: nobody could read names, contacts or places. Put the keys that were in "
            f"use into {place} (or COMMONWEAL_KEYS) first. With --yes it is restored all the same."
        )


def _holds_something() -> bool:
    try:
        return _has_table(apps.get_model(settings.TENANT_MODEL)) and has_network()
    except DatabaseError:
        # It is damaged, and may still matter to somebody.
        return True


def _has_table(model: type[Model]) -> bool:
    return model._meta.db_table in connection.introspection.table_names()


def _unused(place: Path) -> Path:
    """``place``, or the first of its kind that isn't there yet: two may be restored within a second."""
    numbered = (place.with_name(f"{place.name}-{number}") for number in count(2))
    return next(path for path in chain([place], numbered) if not path.exists())


def _replace_database(manifest: Manifest, workshop: Path, aside: Path, steps: Steps) -> None:
    if manifest.vendor == "postgresql":
        if connection.introspection.table_names():
            aside.mkdir()
            make_backup(aside / "before.tar.gz", with_keys=False, steps=steps)
        postgresql.restore(workshop / postgresql.NAME, workshop)
        return
    labels = {model._meta.label: model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    expected = {labels[label]: count for label, count in manifest.rows.items() if label in labels}
    if sqlite.count_rows(workshop / sqlite.NAME, expected) != expected:
        raise BadArchive("Its database does not hold as many rows as its list of contents says.")
    place = Path(connection.settings_dict["NAME"])
    connections.close_all()
    sqlite.replace_database(workshop / sqlite.NAME, place, aside)


def _replace(new: Path, place: Path, aside: Path) -> None:
    """Put a file or folder of the archive in its place; one that the archive does not hold stays as it is."""
    if not new.exists():
        return
    if place.exists():
        aside.mkdir(exist_ok=True)
        place.rename(aside / place.name)
    shutil.move(new, place)
