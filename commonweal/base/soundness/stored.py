"""Whether what is stored is whole: tables, keys, ciphertexts, and rows that point at each other."""

import stat
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, F, Func, OuterRef

from commonweal.base import crypto
from commonweal.base.fields import EncryptedJSONField, EncryptedTextField
from commonweal.base.invariants import Finding, invariant
from commonweal.base.tenancy import TenantFK

LEAST_KEY_LENGTH = 32
LEAST_KEY_LETTERS = 10
SAMPLE = 100


@invariant("base.migrations", "The database has the tables that this version of the program needs")
def migrations_are_applied() -> Iterator[Finding]:
    """Every migration of the code is applied, and none that the code does not know."""
    executor = MigrationExecutor(connection)
    waiting = [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    if waiting:
        yield Finding(
            what=f"{len(waiting)} migrations are not applied: {_few(waiting)}.",
            do="Run `commonweal migrate`, or start `commonweal serve`, which does it by itself.",
        )
    installed = {config.label for config in apps.get_app_configs()}
    unknown = [
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if app in installed and (app, name) not in executor.loader.disk_migrations
    ]
    if unknown and not executor.loader.replacements:
        yield Finding(
            what=f"The database was made by a newer version of the program: {_few(sorted(unknown))}.",
            do="Install that version again, or restore the backup made before the change.",
        )


@invariant("base.keys", "The keys are long, random, and readable by nobody else")
def keys_are_sound() -> Iterator[Finding]:
    """Each key has 32 characters or more, is not one pattern over and over, and its file is closed to others."""
    for number, key in enumerate(settings.COMMONWEAL_KEYS, start=1):
        if len(key) < LEAST_KEY_LENGTH or len(set(key)) < LEAST_KEY_LETTERS:
            yield Finding(
                what=f"Key {number} is too easy to guess.",
                do="Put a new one in front of it: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'.",
            )
    if len(set(settings.COMMONWEAL_KEYS)) != len(settings.COMMONWEAL_KEYS):
        yield Finding(what="The same key is there twice.", do="Take one of the two out.")
    path = settings.COMMONWEAL_DATA / "keys"
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding(what=f"Others on this machine can read {path}.", do=f"Run `chmod 600 {path}`.")


@invariant("base.readable", "Our keys open what is encrypted")
def ciphertexts_open() -> Iterator[Finding]:
    """A sample of each encrypted column: its oldest and its newest rows."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField | EncryptedJSONField):
                closed = sum(not _opens(stored) for stored in _sample(model, field))
                if closed:
                    yield Finding(
                        what=f"No key opens {closed} of the looked-at values of {model._meta.label}.{field.name}.",
                        do="Put back the key they were written with, behind the others (key file, COMMONWEAL_KEYS).",
                    )


def _sample(model: type[models.Model], field: models.Field[Any, Any]) -> set[str]:
    """Ciphertexts as they are stored: a bare function around the column keeps the field from opening them."""
    stored = Func(F(field.name), template="%(expressions)s", output_field=models.TextField())
    rows = model._base_manager.exclude(**{field.name: ""}).annotate(stored=stored)
    return {
        text
        for order in ("pk", "-pk")
        for text in rows.order_by(order).values_list("stored", flat=True)[:SAMPLE]
    }


def _opens(stored: str) -> bool:
    try:
        crypto.decrypt(stored)
    except crypto.Unreadable:
        return False
    return True


@invariant("base.foreign_keys", "Every row that points at another finds it")
def foreign_keys_hold() -> Iterator[Finding]:
    """SQLite: no dangling key. PostgreSQL: no constraint that was never checked."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated ORDER BY 1"
            )
            names = [row[0] for row in cursor.fetchall()]
            what = f"{len(names)} foreign keys were never checked: {_few(names)}."
            do = "Run `ALTER TABLE … VALIDATE CONSTRAINT …` for each; what it refuses are the dangling rows."
        else:
            cursor.execute("PRAGMA foreign_key_check")
            names = sorted({f"{row[0]} → {row[2]}" for row in cursor.fetchall()})
            what = f"Rows point at rows that are gone: {_few(names)}."
            do = "Restore the last good backup into an empty folder and compare; something wrote past the program."
    if names:
        yield Finding(what=what, do=do)


@invariant("base.tenant", "No row points into another network")
def keys_stay_in_their_network() -> Iterator[Finding]:
    """For every foreign key between rows of a network: both ends are in the same one."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, TenantFK):
                count = _across_networks(field)
                if count:
                    yield Finding(
                        what=f"{count} rows of {model._meta.label} point at another network by {field.name}.",
                        do="Restore the last good backup and report it: the program must never do this.",
                    )


def _across_networks(field: TenantFK) -> int:
    rows: Any = field.model
    targets: Any = field.related_model
    same = targets._base_manager.filter(pk=OuterRef(field.attname), network_id=OuterRef("network_id"))
    pointing = rows._base_manager.filter(**{f"{field.name}__isnull": False})
    count: int = pointing.filter(~Exists(same)).count()
    return count


@invariant("base.events_only_grow", "The event log can only grow")
def event_log_is_guarded() -> Iterator[Finding]:
    """The trigger that refuses to change an event is in the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT 1 FROM pg_trigger WHERE tgname = 'base_event_only_grows' AND tgenabled <> 'D'"
            )
        else:
            cursor.execute(
                "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = 'base_event_only_grows'"
            )
        if cursor.fetchone() is None:
            yield Finding(
                what="The database would let events be changed: its guard is missing.",
                do="Run `commonweal migrate base 0001 --fake`, then `commonweal migrate base`.",
            )


def _few(names: Iterable[str], most: int = 5) -> str:
    shown = list(names)
    return ", ".join(shown[:most]) + (f" and {len(shown) - most} more" if len(shown) > most else "")
