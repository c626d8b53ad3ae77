"""Writing a whole network into a folder."""

import csv
import hashlib
import json
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from django.db import models, transaction

from commonweal import __version__
from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.base.portable.tables import cell, columns, rows_of, tables, written
from commonweal.base.tenancy import TenantModel

FORMAT = 1
Progress = Callable[[str, int], None]


class FolderNotEmpty(Refused):
    """The folder to write into holds something already."""


def write_network(network: models.Model, folder: Path, *, progress: Progress) -> dict[str, Any]:
    """Write every row of ``network`` into ``folder``: one ``.json`` and one ``.csv`` a table, and ``manifest.json``.

    All of it is read in one transaction, so that the tables agree with one another. Only the owner can read the
    files: they hold people's names and addresses. Returns the manifest. Raises FolderNotEmpty.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise FolderNotEmpty(f"{folder} is not empty. Name a new folder, so that nothing is overwritten.")
    with transaction.atomic():
        counts = {
            model._meta.label_lower: _write_table(model, network.pk, folder, progress) for model in tables()
        }
        with _private(folder / "network.json") as file:
            json.dump(written(type(network), network), file, ensure_ascii=False, indent=1, sort_keys=True)
    manifest = {
        "format": FORMAT,
        "program": __version__,
        "network": str(network.pk),
        "written_at": clock.now().isoformat(),
        "rows": counts,
        "sha256": {path.name: digest(path) for path in sorted(folder.glob("*.json"))},
    }
    with _private(folder / "manifest.json") as file:
        json.dump(manifest, file, indent=1, sort_keys=True)
    return manifest


def _write_table(model: type[TenantModel], network_id: uuid.UUID, folder: Path, progress: Progress) -> int:
    name = model._meta.label_lower
    count = 0
    with _private(folder / f"{name}.json") as lines, _private(folder / f"{name}.csv") as sheet:
        writer = csv.writer(sheet)
        writer.writerow([field.attname for field in columns(model)])
        lines.write("[")
        for row in rows_of(model, network_id):
            data = written(model, row)
            lines.write((",\n" if count else "\n") + json.dumps(data, ensure_ascii=False, sort_keys=True))
            writer.writerow([cell(value) for value in data.values()])
            count += 1
            if count % 1000 == 0:
                progress(name, count)
        lines.write("\n]\n")
    progress(name, count)
    return count


def _private(path: Path) -> TextIO:
    return os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline=""
    )


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
