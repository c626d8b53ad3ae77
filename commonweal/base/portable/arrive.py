"""Reading a whole network back from a folder."""

import itertools
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from commonweal.base.errors import Refused
from commonweal.base.portable.leave import FORMAT, Progress, digest
from commonweal.base.portable.tables import read, root_model, tables
from commonweal.base.tenancy import TenantModel

AT_ONCE = 500


class CannotRead(Refused):
    """The folder is not a whole export of ours; the words say what is wrong with it."""


class NetworkNotEmpty(Refused):
    """The network already holds people or asks; an export is only read into an empty one."""


def read_network(folder: Path, *, into: models.Model | None, progress: Progress) -> dict[str, int]:
    """Read an export: as a network of its own with its old id, or ``into`` an empty network, which keeps its own id.

    All or nothing. Returns the number of rows by table. Raises CannotRead, NetworkNotEmpty.
    """
    manifest = _manifest(folder)
    try:
        with transaction.atomic():
            network_id = _network(folder, into)
            return {
                model._meta.label_lower: _read_table(model, folder, network_id, progress)
                for model in tables()
                if model._meta.label_lower in manifest["rows"]
            }
    except (IntegrityError, ValidationError, KeyError, TypeError, ValueError) as error:
        raise CannotRead(f"The export does not fit: {error}. Nothing was read.") from error


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        sums = manifest["sha256"]
        if manifest["format"] != FORMAT:
            raise CannotRead(
                f"The export has format {manifest['format']}; this program reads format {FORMAT}."
            )
        wrong = [name for name, kept in sums.items() if digest(folder / Path(name).name) != kept]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotRead(f"{folder} is not a whole export: {error}.") from error
    if wrong:
        raise CannotRead(f"{wrong[0]} was changed or cut off since it was written.")
    return manifest


def _network(folder: Path, into: models.Model | None) -> uuid.UUID:
    model = root_model()
    old = read(model, json.loads((folder / "network.json").read_text(encoding="utf-8")))
    if into is None:
        old.save(force_insert=True)
        return _id(old)
    kept = {"id", "slug", "domain", "created_at"}
    for field in model._meta.concrete_fields:
        if field.attname not in kept:
            setattr(into, field.attname, getattr(old, field.attname))
    _empty(into)
    into.save()
    return _id(into)


def _id(network: models.Model) -> uuid.UUID:
    found: uuid.UUID = network.pk
    return found


def _empty(network: models.Model) -> None:
    """Clear what a new network starts with; refuse where people or asks are."""
    for model in tables():
        if model._meta.app_label == "networks":
            continue
        if model._default_manager.filter(network_id=network.pk).exists():
            raise NetworkNotEmpty(
                f"This network already has rows of {model._meta.label_lower}. Read into an empty one."
            )
    for model in tables():
        if model._meta.app_label == "networks":
            model._default_manager.filter(network_id=network.pk).delete()


def _read_table(model: type[TenantModel], folder: Path, network_id: uuid.UUID, progress: Progress) -> int:
    name = model._meta.label_lower
    count = 0
    for batch in _batches(folder / f"{name}.json"):
        rows = [read(model, {**data, "network_id": str(network_id)}) for data in batch]
        model._default_manager.bulk_create(rows)  # type: ignore[arg-type]
        count += len(rows)
        progress(name, count)
    return count


def _batches(path: Path) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table some at a time; the file holds one row a line between its brackets."""
    with path.open(encoding="utf-8") as file:
        lines = (line.rstrip(",\n") for line in file)
        rows = (json.loads(line) for line in lines if line.startswith("{"))
        while batch := list(itertools.islice(rows, AT_ONCE)):
            yield batch
