"""What has to be in place before the program can serve."""

import pytest
from django.conf import settings as live
from django.contrib.staticfiles.finders import FileSystemFinder

from commonweal.base import starting
from commonweal.base.tests.conftest import model


@pytest.fixture
def calls(monkeypatch):
    """The commands that are called, instead of calling them."""
    calls: list[str] = []
    monkeypatch.setattr(starting, "call_command", lambda name, **options: calls.append(name))
    return calls


@pytest.fixture
def said():
    return []


@pytest.mark.django_db
def test_tables_that_are_there_are_left_alone(calls, said):
    starting.prepare_tables(said.append)

    assert (calls, said) == ([], [])


@pytest.mark.django_db
def test_missing_tables_are_made(calls, said, monkeypatch):
    plan = [("one", False), ("two", False)]
    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migration_plan", lambda *words: plan)

    starting.prepare_tables(said.append)

    assert (calls, said) == (["migrate"], ["Preparing the database (2 steps)."])


@pytest.fixture
def static(settings, tmp_path, monkeypatch):
    """A folder with one static file."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "look.css").write_text("body { color: black }")
    settings.STATICFILES_DIRS = [str(source)]
    settings.COMMONWEAL_DATA = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setattr(starting, "get_finders", lambda: [FileSystemFinder()])
    return source


def test_static_files_are_collected_when_one_changed(static, settings, calls, said):
    starting.prepare_static(said.append)
    settings.STATIC_ROOT.mkdir()
    starting.prepare_static(said.append)
    assert calls == ["collectstatic"]

    (static / "look.css").write_text("body { color: brown; }")
    starting.prepare_static(said.append)
    assert calls == ["collectstatic"] * 2

    (static / "more.css").write_text("")
    starting.prepare_static(said.append)
    settings.STATIC_ROOT.rmdir()
    starting.prepare_static(said.append)
    assert calls == ["collectstatic"] * 4
    assert set(said) == {"Collecting the static files."}


@pytest.mark.django_db
def test_demonstration_fills_only_an_empty_program(calls, said, hand):
    starting.prepare_demonstration(said.append)
    assert (calls, said) == (["demo"], ["Filling the demonstration city."])

    model(live.TENANT_MODEL).objects.create(slug="alder", name="Alder Street")
    starting.prepare_demonstration(said.append)
    assert calls == ["demo"]
    assert starting.has_network()
