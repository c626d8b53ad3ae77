"""Writing a whole network into a folder."""

import csv
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from django.db import models

from commonweal import __version__
from commonweal.base import clock
from commonweal.base.crypto import Unreadable
from commonweal.base.errors import Refused
from commonweal.base.portable.moment import one_moment
from commonweal.base.portable.tables import cell, columns, name_of, rows_of, tables, written
from commonweal.base.tenancy import TenantModel

FORMAT = 1
TELL_EVERY = 500
# How many rows are done, and of how many.
Progress = Callable[[int, int], object]


class FolderNotEmpty(Refused):
    """The folder to write into holds something already."""


class CannotWrite(Refused):
    """It can't be written there, or what is stored can't be opened; nothing is left behind."""


def write_network(network: models.Model, folder: Path, *, progress: Progress) -> dict[str, Any]:
    """Write every row of ``network`` into ``folder``: one ``.json`` and one ``.csv`` a table, and ``manifest.json``.

    All of it is of one moment, and whoever writes meanwhile need not wait. Only the owner can read the files: they hold
    people's names and addresses. Returns the manifest. Raises FolderNotEmpty and CannotWrite.
    """
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(folder.iterdir()):
            raise FolderNotEmpty(f"{folder} is not empty. Name a new folder, so that nothing is overwritten.")
    except OSError as error:
        raise CannotWrite(f"{folder} can't be used: {error.strerror}.") from error
    try:
        return _write(network, folder, progress)
    except BaseException as error:
        _clear(folder, made=made)
        if isinstance(error, OSError):
            raise CannotWrite(f"Writing into {folder} failed: {error.strerror}.") from error
        if isinstance(error, Unreadable):
            raise CannotWrite("The key that opens what is stored is missing; nothing was written.") from error
        raise


def _write(network: models.Model, folder: Path, progress: Progress) -> dict[str, Any]:
    with one_moment():
        totals = {model: model._default_manager.filter(network_id=network.pk).count() for model in tables()}
        told = _Told(progress, sum(totals.values()))
        rows = {name_of(model): _write_table(model, network.pk, folder, told) for model in totals}
        now = type(network)._default_manager.get(pk=network.pk)
        with _private(folder / "network.json") as file:
            json.dump(written(type(network), now), file, ensure_ascii=False, indent=1, sort_keys=True)
    manifest = {
        "format": FORMAT,
        "program": __version__,
        "network": str(network.pk),
        "written_at": clock.now().isoformat(),
        "rows": rows,
        "sha256": {path.name: digest(path) for path in sorted(folder.iterdir())},
    }
    with _private(folder / "manifest.json") as file:
        json.dump(manifest, file, indent=1, sort_keys=True)
    return manifest


class _Told:
    """Counts what is done, and says so now and then."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0
        progress(0, total)

    def one_more(self) -> None:
        self._done += 1
        if self._done % TELL_EVERY == 0 or self._done == self._total:
            self._progress(self._done, self._total)


def _write_table(model: type[TenantModel], network_id: uuid.UUID, folder: Path, told: _Told) -> int:
    name = name_of(model)
    count = 0
    # A spreadsheet knows by the mark at the beginning which letters these are.
    with (
        _private(folder / f"{name}.json") as lines,
        _private(folder / f"{name}.csv", "utf-8-sig") as sheet,
    ):
        writer = csv.writer(sheet)
        writer.writerow([field.attname for field in columns(model)])
        lines.write("[")
        for row in rows_of(model, network_id):
            data = written(model, row)
            lines.write((",\n" if count else "\n") + json.dumps(data, ensure_ascii=False, sort_keys=True))
            writer.writerow([cell(value) for value in data.values()])
            count += 1
            told.one_more()
        lines.write("\n]\n")
    return count


def _private(path: Path, encoding: str = "utf-8") -> TextIO:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(opened, "w", encoding=encoding, newline="")


def _clear(folder: Path, *, made: bool) -> None:
    """Leave no half of an export behind; the folder was empty before, or was not there."""
    if made:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        path.unlink()


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
