"""The archive of a backup: whole, or refused."""

import gzip
import io
import json
import stat
import tarfile

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from commonweal.base.backups.archive import (
    BadArchive,
    Manifest,
    describe,
    open_archive,
    write_archive,
)

FILES = {"database.sqlite3": b"rows" * 1000, "maps/city.pmtiles": b"streets", "empty": b""}


def manifest_of(contents, **more):
    about: dict = {
        "format": 1,
        "version": "0.1.0",
        "made_at": "2026-03-03T12:00:00+00:00",
        "vendor": "sqlite",
        "migrations": {"base": ["0001_initial"]},
        "rows": {"networks.Network": 1},
        "files": {name: describe(io.BytesIO(content)) for name, content in contents.items()},
        "key_marks": ["abc"],
        "with_keys": False,
    }
    return Manifest(**{**about, **more})


def nothing(done, total):
    """Nobody looks."""


@pytest.fixture
def written(tmp_path):
    """Write an archive of these files."""

    def written(files=None, **more):
        files = FILES if files is None else files
        target = tmp_path / "backup.tar.gz"
        sources = {name: io.BytesIO(content) for name, content in files.items()}
        write_archive(target, manifest_of(files, **more), sources, nothing)
        return target

    return written


def unpack(path, folder):
    with open_archive(path) as archive:
        archive.unpack(folder, nothing)
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


@given(
    files=st.dictionaries(st.text("abc/.", min_size=1, max_size=5), st.binary(max_size=200), max_size=4),
    at=st.integers(0),
    by=st.integers(1, 255),
)
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_archive_comes_back_as_it_was_and_a_changed_one_does_not_pass(tmp_path_factory, files, at, by):
    files = {f"maps/{number}": content for number, content in enumerate(files.values())}
    folder = tmp_path_factory.mktemp("archive")
    path, manifest = folder / "a.tar.gz", manifest_of(files)
    write_archive(path, manifest, {name: io.BytesIO(content) for name, content in files.items()}, nothing)
    with open_archive(path) as archive:
        assert archive.manifest == manifest
    assert unpack(path, folder / "whole") == files

    raw = bytearray(path.read_bytes())
    raw[at % len(raw)] ^= by
    path.write_bytes(raw)
    try:
        found = unpack(path, folder / "changed")
    except BadArchive:
        return
    # What a gzip header says of time and system is no part of the content.
    assert found == files


def test_archive_is_closed_to_others_and_leaves_no_draft(written, tmp_path):
    path = written()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["backup.tar.gz"]


def test_archive_that_fails_leaves_the_old_one_and_no_draft(written, tmp_path):
    path = written()
    before = path.read_bytes()
    short = {name: io.BytesIO(b"") for name in FILES}

    with pytest.raises(OSError, match="unexpected end"):
        write_archive(path, manifest_of(FILES), short, nothing)

    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["backup.tar.gz"]


def test_progress_is_told_while_writing_and_reading(tmp_path):
    told: list[tuple[int, int]] = []
    manifest = manifest_of(FILES)
    sources = {name: io.BytesIO(content) for name, content in FILES.items()}
    write_archive(tmp_path / "a.tar.gz", manifest, sources, lambda done, total: told.append((done, total)))
    assert told[-1] == (manifest.size, manifest.size) == (4007, 4007)

    told.clear()
    with open_archive(tmp_path / "a.tar.gz") as archive:
        archive.unpack(tmp_path / "out", lambda done, total: told.append((done, total)))
    assert told[-1] == (4007, 4007)


@pytest.mark.parametrize(
    "content", [b"", b"junk", gzip.compress(b"junk", mtime=0), gzip.compress(b"", mtime=0)]
)
def test_junk_is_no_archive(tmp_path, content):
    path = tmp_path / "junk.tar.gz"
    path.write_bytes(content)

    with pytest.raises(BadArchive), open_archive(path):
        pass


def test_archive_that_was_cut_off_is_refused(written, tmp_path):
    path = written({"database.sqlite3": bytes(range(256)) * 400})
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(BadArchive, match="cut off or damaged"):
        unpack(path, tmp_path / "out")


def packed(path, *entries):
    with tarfile.open(path, "w:gz") as tar:
        for name, content in entries:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return path


def list_of(**more):
    return ("manifest.json", manifest_of({}, **more).to_json())


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([("other.txt", b"x")], "no list of contents"),
        ([("manifest.json", b"x")], "cannot be read"),
        ([("manifest.json", b"[]")], "cannot be read"),
        ([("manifest.json", b'{"format": 1}')], "cannot be read"),
        ([list_of(format=2)], "does not know"),
        ([list_of(files={"a": {"size": "many", "sha256": ""}})], "cannot be read"),
        ([list_of(files={"../a": {"size": 1, "sha256": ""}})], "no backup of ours holds"),
        ([list_of(files={"/etc/passwd": {"size": 1, "sha256": ""}})], "no backup of ours holds"),
        ([list_of(files={"a": {"size": -1, "sha256": ""}})], "no backup of ours holds"),
        ([list_of(files={"manifest.json": {"size": 1, "sha256": ""}})], "no backup of ours holds"),
        ([list_of(), ("stray", b"x")], "does not: stray"),
        ([list_of(files={"a": {"size": 2, "sha256": ""}}), ("a", b"x")], "does not: a"),
        ([list_of(files={"a": {"size": 1, "sha256": ""}}), ("a", b"x")], "checksum"),
        ([list_of(files={"a": {"size": 1, "sha256": ""}})], "a is missing"),
    ],
)
def test_archive_that_is_not_what_it_says_is_refused(tmp_path, entries, words):
    path = packed(tmp_path / "a.tar.gz", *entries)

    with pytest.raises(BadArchive, match=words):
        unpack(path, tmp_path / "out")


def test_link_in_an_archive_is_refused(tmp_path):
    path = tmp_path / "a.tar.gz"
    text = manifest_of({}, files={"a": {"size": 0, "sha256": ""}}).to_json()
    with tarfile.open(path, "w:gz") as tar:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(text)
        tar.addfile(entry, io.BytesIO(text))
        link = tarfile.TarInfo("a")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)

    with pytest.raises(BadArchive):
        unpack(path, tmp_path / "out")


def test_missing_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError), open_archive(tmp_path / "nothing.tar.gz"):
        pass


def test_manifest_is_json_that_a_program_can_read(written):
    with open_archive(written()) as archive:
        told = json.loads(archive.manifest.to_json())

    assert told["rows"] == {"networks.Network": 1}
    assert told["files"]["maps/city.pmtiles"]["size"] == 7
