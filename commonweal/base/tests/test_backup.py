"""``commonweal backup`` and ``commonweal restore``: what goes in comes out, and nothing is lost on the way."""

import json
import shutil
import subprocess
import threading
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from commonweal.base import clock, pulse
from commonweal.base.backups import Manifest, making, open_archive, postgresql, restoring
from commonweal.base.backups.archive import describe, write_archive
from commonweal.base.locks import in_use

KEY = "a key that is long and has many different letters"
OTHER_KEY = KEY[::-1]
ADD_TALLY = "INSERT INTO base_tally (key, count, ends_at) VALUES ('{}', 1, '2026-03-03 12:00:00+00:00')"
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="this is about PostgreSQL's tools"
)


@pytest.fixture
def inside(site, settings, monkeypatch):
    """This process as if it ran in the installation ``site``; its own connection stays with the tests' database."""
    settings.COMMONWEAL_DATA = site.data
    settings.COMMONWEAL_KEYS = [KEY]
    place = site.database or str(site.data / "commonweal.sqlite3")
    monkeypatch.setitem(connection.settings_dict, "NAME", place)
    monkeypatch.setattr("commonweal.base.backups.restoring.connections.close_all", lambda: None)
    migrated = []
    monkeypatch.setattr(restoring, "call_command", lambda name, **options: migrated.append(name))
    site.migrated = migrated
    return site


@pytest.fixture
def backup(inside, tmp_path):
    """Make a backup in this process; returns where it is and what was said."""

    def backup(*words, name="backup.tar.gz"):
        out = StringIO()
        call_command("backup", str(tmp_path / name), *words, stdout=out)
        return tmp_path / name, out.getvalue()

    return backup


@pytest.fixture
def restore(inside):
    """Restore in this process; returns what was said."""

    def restore(path, *words):
        out = StringIO()
        call_command("restore", str(path), *words, stdout=out)
        return out.getvalue()

    return restore


def manifest(path):
    with open_archive(path) as archive:
        return archive.manifest


def add_tally(site, key):
    site.execute(ADD_TALLY.format(key))


def tallies(site):
    return sorted(key.strip() for (key,) in site.rows("SELECT key FROM base_tally"))


def test_backup_holds_database_and_maps_but_no_key(backup, inside):
    (inside.data / "maps" / "city").mkdir(parents=True)
    (inside.data / "maps" / "city" / "a.pmtiles").write_bytes(b"streets")

    path, said = backup()

    told = manifest(path)
    assert set(told.files) == {
        f"database.{'pgdump' if inside.database else 'sqlite3'}",
        "maps/city/a.pmtiles",
    }
    assert (told.vendor, told.with_keys) == (connection.vendor, False)
    assert "0001_initial" in told.migrations["base"]
    assert told.rows["networks.Network"] == 0
    assert KEY not in path.read_bytes().decode("latin-1")
    assert "The keys are not in it" in said
    assert str(inside.data / "keys") in said


def test_keys_go_in_only_when_asked_for(backup, inside):
    (inside.data / "keys").write_text(KEY)

    path, said = backup("--with-keys")

    assert manifest(path).with_keys
    assert "The keys are in it" in said


def test_keys_of_the_environment_are_named(backup, inside):
    (inside.data / "keys").unlink()

    path, said = backup("--with-keys")

    assert not manifest(path).with_keys
    assert "(COMMONWEAL_KEYS)" in said


def test_content_of_a_backup_as_json(backup):
    _, said = backup("--json")

    assert json.loads(said)["format"] == 1


def test_file_that_is_there_is_not_overwritten_unasked(backup, tmp_path):
    (tmp_path / "backup.tar.gz").write_text("mine")

    with pytest.raises(CommandError, match="is there already"):
        backup()
    assert (tmp_path / "backup.tar.gz").read_text() == "mine"

    backup("--overwrite")
    assert manifest(tmp_path / "backup.tar.gz").format == 1


def test_folder_that_is_not_there_is_a_clear_sentence(backup):
    with pytest.raises(CommandError, match="There is no folder"):
        backup(name="nowhere/backup.tar.gz")


def test_fault_leaves_no_file(backup, tmp_path, monkeypatch):
    def fail(*words):
        raise OSError("No space left on device")

    monkeypatch.setattr(making, "write_archive", fail)

    with pytest.raises(CommandError, match=r"No backup was made\. No space left"):
        backup()
    assert not list(tmp_path.glob("*backup*"))


def test_restored_data_is_that_of_the_backup_and_the_old_is_kept(backup, restore, inside):
    add_tally(inside, "before")
    (inside.data / "maps").mkdir()
    (inside.data / "maps" / "city.pmtiles").write_bytes(b"streets")
    path, _ = backup()
    add_tally(inside, "after")
    (inside.data / "maps" / "city.pmtiles").write_bytes(b"other streets")

    said = restore(path, "--yes")

    assert tallies(inside) == ["before"]
    assert (inside.data / "maps" / "city.pmtiles").read_bytes() == b"streets"
    assert inside.migrated == ["migrate"]
    (aside,) = inside.data.glob("before-restore-*")
    assert f"What was here before is in {aside}" in said
    assert (aside / "maps" / "city.pmtiles").read_bytes() == b"other streets"
    assert (aside / ("before.tar.gz" if inside.database else "commonweal.sqlite3")).exists()
    assert not list(inside.data.glob(".restore-*"))


def test_restoring_into_nothing_keeps_nothing_aside(
    backup, empty_site, monkeypatch, settings, restore, inside
):
    add_tally(inside, "before")
    (inside.data / "maps").mkdir()
    (inside.data / "maps" / "city.pmtiles").write_bytes(b"streets")
    path, _ = backup()
    settings.COMMONWEAL_DATA = empty_site.data
    empty_site.data.mkdir(exist_ok=True)
    monkeypatch.setitem(
        connection.settings_dict, "NAME", empty_site.database or str(empty_site.data / "commonweal.sqlite3")
    )
    monkeypatch.setattr(connection.introspection, "table_names", list)

    said = restore(path)

    assert tallies(empty_site) == ["before"]
    assert (empty_site.data / "maps" / "city.pmtiles").read_bytes() == b"streets"
    assert "What was here before" not in said
    assert not list(empty_site.data.glob("before-restore-*"))


def test_network_that_is_here_is_replaced_only_with_leave(backup, restore, inside, alder):
    path, _ = backup()
    add_tally(inside, "after")

    with pytest.raises(CommandError, match="There is a network here already"):
        restore(path)
    assert tallies(inside) == ["after"]

    restore(path, "--yes")
    assert tallies(inside) == []


def test_damaged_database_is_replaced_only_with_leave(backup, restore, monkeypatch):
    def damaged():
        raise DatabaseError("malformed")

    path, _ = backup()
    monkeypatch.setattr(restoring, "has_network", damaged)

    with pytest.raises(CommandError, match="There is a network here already"):
        restore(path)


def test_backup_whose_keys_are_missing_is_restored_only_with_leave(backup, restore, settings, inside):
    path, _ = backup()
    settings.COMMONWEAL_KEYS = [OTHER_KEY]
    with pytest.raises(CommandError, match="Our keys don't open this backup"):
        restore(path)

    settings.COMMONWEAL_KEYS = [OTHER_KEY, KEY]
    restore(path)
    settings.COMMONWEAL_KEYS = [OTHER_KEY]
    restore(path, "--yes")


def test_two_restored_within_a_second_are_both_kept_aside(backup, restore, inside):
    path, _ = backup("--with-keys")
    (inside.data / "keys").write_text(KEY)
    with clock.frozen(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        restore(path, "--yes")
        restore(path, "--yes")

    assert len(list(inside.data.glob("before-restore-*"))) == 2


def test_keys_in_the_backup_are_put_in_place(backup, restore, settings, inside):
    (inside.data / "keys").write_text(KEY)
    path, _ = backup("--with-keys")
    settings.COMMONWEAL_KEYS = [OTHER_KEY]
    (inside.data / "keys").write_text(OTHER_KEY)

    restore(path)

    assert (inside.data / "keys").read_text() == KEY
    (aside,) = inside.data.glob("before-restore-*")
    assert (aside / "keys").read_text() == OTHER_KEY


def test_running_program_is_not_pulled_from_under(backup, restore, inside):
    path, _ = backup()

    with in_use(), pytest.raises(CommandError, match="Stop it first"):
        restore(path, "--yes")


@on_postgresql
def test_worker_on_another_machine_is_noticed(backup, restore):
    path, _ = backup()
    pulse.beat("w1")

    with pytest.raises(CommandError, match="A worker was seen in the last minute"):
        restore(path, "--yes")


def rewritten(path, **changes):
    """The same archive with a list of contents that says something else."""
    told = manifest(path)
    values = {name: getattr(told, name) for name in Manifest.__slots__}
    folder = path.parent / "rewritten"
    folder.mkdir()
    with open_archive(path) as archive:
        archive.unpack(folder, lambda done, total: None)
    sources = {name: (folder / name).open("rb") for name in told.files}
    target = path.with_name("rewritten.tar.gz")
    write_archive(target, Manifest(**{**values, **changes}), sources, lambda done, total: None)
    for source in sources.values():
        assert describe(source)["size"] > 0
        source.close()
    return target


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"vendor": "oracle"}, "The backup is of a oracle database"),
        ({"migrations": {"base": ["9999_from_the_future"]}}, "made by a newer version of the program"),
    ],
)
def test_backup_that_does_not_fit_is_refused(backup, restore, inside, changes, words):
    path = rewritten(backup()[0], **changes)

    with pytest.raises(CommandError, match=words):
        restore(path, "--yes")
    assert inside.migrated == []


def test_migrations_of_an_app_that_is_gone_are_no_hindrance(backup, restore, inside):
    restore(rewritten(backup()[0], migrations={"gone": ["0001_initial"]}), "--yes")

    assert inside.migrated == ["migrate"]


@pytest.mark.skipif(connection.vendor == "postgresql", reason="pg_restore counts for itself")
def test_backup_with_fewer_rows_than_it_says_is_refused(backup, restore, inside):
    add_tally(inside, "kept")
    path = rewritten(backup()[0], rows={"base.Tally": 7, "gone.Model": 3})

    with pytest.raises(CommandError, match="as many rows"):
        restore(path, "--yes")
    assert tallies(inside) == ["kept"]


def test_damaged_or_missing_archive_changes_nothing(backup, restore, inside, tmp_path):
    path, _ = backup()
    add_tally(inside, "kept")
    path.write_bytes(path.read_bytes()[:-300])

    with pytest.raises(CommandError, match="nothing was changed"):
        restore(path, "--yes")
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        restore(tmp_path / "nothing.tar.gz")
    assert tallies(inside) == ["kept"]
    assert inside.migrated == []


@on_postgresql
def test_missing_tool_is_a_clear_sentence(backup, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(CommandError, match="pg_dump is not on this machine"):
        backup()


@pytest.mark.parametrize(
    ("stderr", "words"), [("first: no\nthen more", "first: no"), ("", "it said nothing")]
)
def test_fault_of_a_tool_is_told(monkeypatch, stderr, words):
    done = subprocess.CompletedProcess([], 1, "", stderr)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "run", lambda *words, **options: done)

    with pytest.raises(postgresql.NoTool, match=words):
        postgresql._run("pg_dump")


def test_whole_way_from_outside_while_somebody_writes(site, tmp_path):
    """The installed commands, in processes of their own; a writer goes on all the time."""
    stop = threading.Event()
    written = 0

    def write():
        nonlocal written
        while not stop.is_set():
            add_tally(site, f"row{written:04}")
            written += 1

    writer = threading.Thread(target=write)
    writer.start()
    made = site.run("backup", str(tmp_path / "b.tar.gz"), "--json")
    stop.set()
    writer.join()
    assert made.returncode == 0, made.stderr
    counted = json.loads(made.stdout)["rows"]["base.Tally"]

    restored = site.run("restore", str(tmp_path / "b.tar.gz"))

    assert restored.returncode == 0, restored.stderr
    assert len(tallies(site)) == counted <= written
    assert site.run("doctor").returncode == 0
    assert Path(site.data / "keys").exists()
