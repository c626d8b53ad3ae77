"""The archive: a gzipped tar with ``manifest.json`` first, then the database, the files, and perhaps the keys."""

import contextlib
import dataclasses
import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Self

FORMAT = 1
MANIFEST = "manifest.json"
MOST_MANIFEST = 4_000_000
CHUNK = 1 << 20
Progress = Callable[[int, int], object]


class BadArchive(Exception):
    """This is not a whole backup of this program; the words say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive holds.

    ``files`` gives size and SHA-256 of each, ``rows`` the count of each model. ``key_marks`` are marks of the keys that
    were in use, from which no key can be found.
    """

    format: int
    version: str
    made_at: str
    vendor: str
    migrations: dict[str, list[str]]
    rows: dict[str, int]
    files: dict[str, dict[str, Any]]
    key_marks: list[str]
    with_keys: bool

    def to_json(self) -> bytes:
        """The manifest as it stands in the archive."""
        return json.dumps(dataclasses.asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read it; raises BadArchive for anything that is not a manifest of this format."""
        try:
            values = json.loads(text)
            if values.get("format") != FORMAT:
                raise BadArchive("It was made by a version of the program that this one does not know.")
            manifest = cls(**values)
            sizes = [
                (str(name), int(about["size"]), str(about["sha256"]))
                for name, about in manifest.files.items()
            ]
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BadArchive("Its list of contents cannot be read.") from None
        if any(not _is_plain(name) or size < 0 for name, size, _ in sizes):
            raise BadArchive("Its list of contents names a file that no backup of ours holds.")
        return manifest

    @property
    def size(self) -> int:
        """Bytes of all the files together."""
        return sum(about["size"] for about in self.files.values())


def _is_plain(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        not path.is_absolute()
        and ".." not in path.parts
        and "\\" not in name
        and str(path) == name != MANIFEST
    )


def describe(source: BinaryIO) -> dict[str, Any]:
    """Size and SHA-256 of an open file, from its beginning; leaves it there."""
    digest, size = hashlib.sha256(), 0
    source.seek(0)
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    source.seek(0)
    return {"size": size, "sha256": digest.hexdigest()}


def write_archive(
    target: Path, manifest: Manifest, sources: Mapping[str, BinaryIO], progress: Progress
) -> None:
    """Write the archive beside ``target`` and put it in its place only when it is whole and on the disk."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    total, done = manifest.size, 0
    try:
        with _closed_to_others(draft) as file:
            with (
                gzip.GzipFile("", "wb", 6, file, 0) as packed,
                tarfile.open(fileobj=packed, mode="w|") as tar,
            ):
                _add(tar, MANIFEST, io.BytesIO(text := manifest.to_json()), len(text))
                for name, about in manifest.files.items():
                    _add(tar, name, sources[name], about["size"])
                    done += about["size"]
                    progress(done, total)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, source: BinaryIO, size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, source)


@contextlib.contextmanager
def _closed_to_others(path: Path) -> Iterator[BinaryIO]:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file


@contextlib.contextmanager
def open_archive(path: Path) -> Iterator["Archive"]:
    """Open an archive and read its manifest; raises BadArchive, or OSError where there is no such file."""
    with path.open("rb") as file:
        try:
            with gzip.open(file) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
                yield Archive(tar, packed)
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile):
            raise BadArchive("It is not a backup, or it was cut off or damaged on the way.") from None


class Archive:
    """An archive that is being read, from its beginning to its end."""

    def __init__(self, tar: tarfile.TarFile, packed: Any) -> None:
        self._tar, self._packed = tar, packed
        first = tar.next()
        source = (
            tar.extractfile(first)
            if first and first.name == MANIFEST and first.size < MOST_MANIFEST
            else None
        )
        if source is None:
            raise BadArchive("It has no list of contents: this is not a backup of this program.")
        self.manifest = Manifest.from_json(source.read())

    def unpack(self, folder: Path, progress: Progress) -> None:
        """Write every file under ``folder`` and hold it against the manifest; raises BadArchive where they differ."""
        missing, done = dict(self.manifest.files), 0
        while entry := self._tar.next():
            about = missing.pop(entry.name, None)
            source = self._tar.extractfile(entry)
            if about is None or source is None or entry.size != about["size"]:
                raise BadArchive(f"It holds something that its list of contents does not: {entry.name}.")
            target = folder / entry.name
            target.parent.mkdir(parents=True, exist_ok=True)
            if _copy(source, target) != about["sha256"]:
                raise BadArchive(f"{entry.name} is not what it was when the backup was made (checksum).")
            done += entry.size
            progress(done, self.manifest.size)
        if missing:
            raise BadArchive(f"It is not whole: {min(missing)} is missing.")
        # Reading to the very end lets gzip compare its own checksum, which covers the list of contents too.
        while self._packed.read(CHUNK):
            pass


def _copy(source: Any, target: Path) -> str:
    digest = hashlib.sha256()
    with _closed_to_others(target) as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()
