"""Copying an SQLite database while others write to it, and putting a copy in its place."""

import contextlib
import sqlite3
import threading
import time

import pytest

from commonweal.base.backups.archive import BadArchive
from commonweal.base.backups.sqlite import copy_database, count_rows, replace_database


def nothing(done, total):
    """Nobody looks."""


@contextlib.contextmanager
def opened(path):
    with contextlib.closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as database:
        yield database


@pytest.fixture
def live(tmp_path):
    """A database as the program has it: two tables whose sums are always equal, in write-ahead mode."""
    path = tmp_path / "live.sqlite3"
    with opened(path) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE given (amount INTEGER, filler TEXT)")
        database.execute("CREATE TABLE taken (amount INTEGER)")
        database.execute("BEGIN")
        database.executemany("INSERT INTO given VALUES (0, ?)", [("x" * 2000,)] * 5000)
        database.execute("COMMIT")
        yield path


def sums(path):
    with opened(path) as database:
        return database.execute(
            "SELECT (SELECT sum(amount) FROM given), (SELECT coalesce(sum(amount), 0) FROM taken)"
        ).fetchone()


def test_copy_is_one_moment_although_others_write(live, tmp_path):
    stop, written = threading.Event(), []

    def write():
        with opened(live) as database:
            while not stop.is_set():
                database.execute("BEGIN IMMEDIATE")
                database.execute("INSERT INTO given VALUES (1, '')")
                database.execute("INSERT INTO taken VALUES (1)")
                database.execute("COMMIT")
                written.append(1)

    steps = []

    def progress(done, total):
        # Every step of the copy lets the writer get further.
        count = len(written)
        while len(written) < count + 3:
            time.sleep(0.001)
        steps.append((done, total))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not written:
            time.sleep(0.001)
        copy_database(live, tmp_path / "copy", progress)
    finally:
        stop.set()
        writer.join()

    given, taken = sums(tmp_path / "copy")
    assert given == taken < len(written)
    assert len(steps) > 1
    assert steps[-1][0] == steps[-1][1]
    assert sums(live) == (len(written), len(written))


def test_copy_is_one_file(live, tmp_path):
    copy_database(live, tmp_path / "copy", nothing)

    assert count_rows(tmp_path / "copy", ["given", "taken"]) == {"given": 5000, "taken": 0}
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith("copy")} == {"copy"}


def test_what_is_no_database_or_lacks_a_table_is_refused(live, tmp_path):
    junk = tmp_path / "junk"
    junk.write_bytes(b"junk" * 1000)

    for path, table in ((junk, "given"), (live, "missing"), (tmp_path / "nothing", "given")):
        with pytest.raises(BadArchive, match="cannot be read"):
            count_rows(path, [table])


def test_damaged_database_is_refused(live, tmp_path):
    copy = tmp_path / "copy"
    copy_database(live, copy, nothing)
    content = bytearray(copy.read_bytes())
    content[4096 * 3 : 4096 * 3 + 200] = b"\xff" * 200
    copy.write_bytes(content)

    with pytest.raises(BadArchive):
        count_rows(copy, ["given"])


def test_old_database_is_kept_aside_whole(live, tmp_path):
    new, aside = tmp_path / "new", tmp_path / "aside"
    with opened(new) as database:
        database.execute("CREATE TABLE new (x)")
    with opened(live) as database:
        database.execute("INSERT INTO taken VALUES (7)")

    replace_database(new, live, aside)

    assert count_rows(live, ["new"]) == {"new": 0}
    assert sums(aside / "live.sqlite3") == (0, 7)
    assert not new.exists()


def test_nothing_and_an_empty_database_are_not_worth_keeping(tmp_path):
    place, aside = tmp_path / "place", tmp_path / "aside"
    for number in range(2):
        new = tmp_path / f"new{number}"
        with opened(new) as database:
            database.execute(f"CREATE TABLE new{number} (x)")
        if number:
            place.unlink()
            with opened(place) as database:
                database.execute("PRAGMA journal_mode=WAL")
        replace_database(new, place, aside)
        assert count_rows(place, [f"new{number}"]) == {f"new{number}": 0}

    assert not aside.exists()


def test_damaged_database_is_kept_as_it_is(tmp_path):
    place, new, aside = tmp_path / "place", tmp_path / "new", tmp_path / "aside"
    place.write_bytes(b"junk" * 1000)
    new.write_bytes(b"")

    replace_database(new, place, aside)

    assert (aside / "place").read_bytes() == b"junk" * 1000
