"""Reading a whole network back from a folder."""

import itertools
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from commonweal.base.errors import Refused
from commonweal.base.models import Event
from commonweal.base.portable.leave import FORMAT, Progress, digest
from commonweal.base.portable.tables import Row, name_of, read, root_model, tables
from commonweal.base.tenancy import TenantModel

AT_ONCE = 500
MANIFEST, NETWORK = "manifest.json", "network.json"
# What an empty network keeps of its own when another is read into it.
OWN = frozenset({"id", "slug", "domain", "created_at"})
# Of a file that is no export of ours, or was changed by hand, whatever it holds.
UNFIT = (ValidationError, DatabaseError, KeyError, TypeError, ValueError, AttributeError, RecursionError)


class CannotRead(Refused):
    """The folder is not a whole export of ours; the words say what is wrong with it."""


class NetworkIsHere(Refused):
    """This network, or another one of its name, is in this installation already."""

    status = 409


class NetworkNotEmpty(Refused):
    """The network already holds people or asks; an export is only read into an empty one."""

    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A whole export that was looked over: the network's own row, and how many rows each table has."""

    folder: Path
    network: Row
    rows: dict[type[TenantModel], int]


def read_network(folder: Path, *, into: models.Model | None, progress: Progress) -> dict[str, int]:
    """Read an export: as a network of its own with its old id, or ``into`` an empty network, which keeps its own id.

    All or nothing. Returns the number of rows by table. Raises CannotRead, NetworkIsHere, NetworkNotEmpty.
    """
    export = open_export(folder)
    try:
        with transaction.atomic():
            network_id = _arrive(export, into)
            done, total = 0, sum(export.rows.values())
            for model, wanted in export.rows.items():
                for batch in _batches(model, export.folder, wanted):
                    _put(model, batch, network_id)
                    done += len(batch)
                    progress(done, total)
            # Keys that lead nowhere are found here, not when somebody else ends a transaction around this one.
            connection.check_constraints()
    except IntegrityError as error:
        raise CannotRead(
            "Its rows are here already, or point to others that are missing. Nothing was read."
        ) from error
    except UNFIT as error:
        raise CannotRead(f"It does not fit: {_words(error)}. Nothing was read.") from error
    return {name_of(model): count for model, count in export.rows.items()}


def open_export(folder: Path) -> Export:
    """Look an export over: every file is there and as it was written, and every table is one of ours."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise CannotRead("A version of the program that this one does not know has written it.")
        sums = {str(name): str(kept) for name, kept in manifest["sha256"].items()}
        counts = {str(name): int(count) for name, count in manifest["rows"].items()}
        for name in (NETWORK, *(f"{table}.json" for table in counts)):
            if sums[name] != digest(folder / Path(name).name):
                raise CannotRead(f"{name} was changed or cut off since it was written.")
        network = json.loads((folder / NETWORK).read_text(encoding="utf-8"))
        if network["id"] != manifest["network"]:
            raise CannotRead(f"{NETWORK} is of another network than {MANIFEST}.")
    except (OSError, *UNFIT) as error:
        raise CannotRead(f"{folder} is not a whole export: {_words(error)}.") from error
    ours = {name_of(model): model for model in tables()}
    unknown = sorted(set(counts) - set(ours))
    if unknown:
        raise CannotRead(f"It has a table that this version of the program does not know: {unknown[0]}.")
    return Export(folder=folder, network=network, rows={ours[name]: counts[name] for name in sorted(counts)})


def _words(error: BaseException) -> str:
    """What is wrong, without anything that stands in a row."""
    if isinstance(error, OSError):
        return f"{Path(error.filename or '').name} can't be read ({error.strerror})"
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    return str(error) if type(error).__module__.startswith("commonweal") else type(error).__name__


def _arrive(export: Export, into: models.Model | None) -> uuid.UUID:
    """Put the network's own row in place; returns the id under which its other rows go."""
    model = root_model()
    arriving = read(model, export.network)
    if into is None:
        _nobody_is_here(model, arriving)
        arriving.save(force_insert=True)
        return _id(arriving)
    _empty(into)
    for field in model._meta.concrete_fields:
        if field.attname not in OWN:
            setattr(into, field.attname, getattr(arriving, field.attname))
    into.save()
    return _id(into)


def _nobody_is_here(model: type[models.Model], arriving: models.Model) -> None:
    here = model._default_manager.all()
    if here.filter(pk=arriving.pk).exists() or here.filter(slug=getattr(arriving, "slug", None)).exists():
        raise NetworkIsHere("This network, or one of its short name, is here already. Nothing was read.")


def _id(network: models.Model) -> uuid.UUID:
    found: uuid.UUID = network.pk
    return found


def _empty(network: models.Model) -> None:
    """Clear what a new network starts with; refuse where people or asks are.

    What it starts with are rows of the room that networks are of, and the events that tell of those; events stay.
    """
    root = network._meta.app_label
    starting = [model for model in tables() if model._meta.app_label == root]
    of_start = {model._meta.model_name for model in starting}
    for model in tables():
        rows: Any = model._default_manager.filter(network_id=network.pk)
        if model is Event:
            rows = rows.exclude(thing__in=of_start)
        if model not in starting and rows.exists():
            raise NetworkNotEmpty(
                f"This network has rows of {name_of(model)} already. Read into an empty one."
            )
    for model in starting:
        model._default_manager.filter(network_id=network.pk).delete()


def _put(model: type[TenantModel], batch: list[Row], network_id: uuid.UUID) -> None:
    rows: Any = [read(model, {**data, "network_id": str(network_id)}) for data in batch]
    model._default_manager.bulk_create(rows)


def _batches(model: type[TenantModel], folder: Path, wanted: int) -> Iterator[list[Row]]:
    """The rows of a table some at a time; the file holds one row a line between its brackets."""
    count = 0
    with (folder / f"{name_of(model)}.json").open(encoding="utf-8") as file:
        lines = (line.rstrip(",\n") for line in file)
        rows = (json.loads(line) for line in lines if line not in ("[", "]"))
        while batch := list(itertools.islice(rows, AT_ONCE)):
            count += len(batch)
            yield batch
    if count != wanted:
        raise CannotRead(f"{name_of(model)} should have {wanted} rows and has {count}. Nothing was read.")
