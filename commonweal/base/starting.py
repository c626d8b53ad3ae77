"""What has to be in place before the program can serve: tables, static files, and the demonstration if wanted."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

Say = Callable[[str], object]


def prepare_tables(say: Say) -> None:
    """Apply what migrations are missing. Where none is, this costs one look."""
    connection.ensure_connection()
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        say(f"Preparing the database ({missing} steps).")
        call_command("migrate", interactive=False, verbosity=0)


def prepare_static(say: Say) -> None:
    """Collect the static files again when one of them changed since the last time."""
    stamp = Path(settings.COMMONWEAL_DATA) / "static.stamp"
    present = _fingerprint()
    if stamp.exists() and stamp.read_text() == present and Path(settings.STATIC_ROOT).is_dir():
        return
    say("Collecting the static files.")
    call_command("collectstatic", interactive=False, verbosity=0, stdout=io.StringIO())
    stamp.write_text(present)


def _fingerprint() -> str:
    """What the static files are made from: the name, size and time of each source."""
    digest = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name}\x00{about.st_size}\x00{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def prepare_demonstration(say: Say) -> None:
    """Fill an empty program with the demonstration city; one that has a network is left as it is."""
    if has_network():
        return
    say("Filling the demonstration city.")
    call_command("demo")


def has_network() -> bool:
    """Whether there is any network yet."""
    return bool(apps.get_model(settings.TENANT_MODEL)._default_manager.exists())
