"""Machine code is found again only by what it was compiled from."""

import pytest

from commonweal.algorithms import machine_code


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A small engine of its own."""
    folder = tmp_path / "engine"
    folder.mkdir()
    (folder / "one.py").write_text("A = 1\n")
    monkeypatch.setattr(machine_code, "SOURCES", folder)
    machine_code._digest.cache_clear()
    yield folder
    machine_code._digest.cache_clear()


def changed(sources):
    (sources / "one.py").write_text("A = 2\n")
    machine_code._digest.cache_clear()


def test_it_is_kept_beside_the_source_and_found_again(sources, tmp_path):
    first = machine_code.folder(tmp_path / "data")
    assert first.parent == sources / "__pycache__"
    assert machine_code.folder(tmp_path / "data") == first
    assert not (tmp_path / "data").exists()


def test_after_a_change_of_any_source_it_is_not_found_and_the_old_is_gone(sources, tmp_path):
    first = machine_code.folder(tmp_path)
    changed(sources)
    second = machine_code.folder(tmp_path)
    assert second != first
    assert not first.exists()


def test_a_change_of_a_test_is_none(sources, tmp_path):
    first = machine_code.folder(tmp_path)
    (sources / "tests").mkdir()
    (sources / "tests" / "test_one.py").write_text("A = 2\n")
    machine_code._digest.cache_clear()
    assert machine_code.folder(tmp_path) == first


def test_where_the_program_may_not_be_written_it_is_kept_with_the_data(sources, tmp_path):
    (sources / "__pycache__").write_text("no folder can be made here")
    kept = machine_code.folder(tmp_path / "data")
    assert kept.parent == tmp_path / "data"


def test_where_the_folder_is_somebody_elses_it_is_kept_with_the_data(sources, tmp_path, monkeypatch):
    monkeypatch.setattr(machine_code.os, "access", lambda path, mode: sources not in path.parents)
    assert machine_code.folder(tmp_path / "data").parent == tmp_path / "data"


def test_where_nothing_may_be_written_it_says_so(sources, tmp_path):
    (sources / "__pycache__").write_text("no folder can be made here")
    (tmp_path / "data").write_text("nor here")
    with pytest.raises(PermissionError, match="can be kept neither"):
        machine_code.folder(tmp_path / "data")
