"""What every test of the project gets, wherever it stands."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache

import coverage
import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from commonweal.base.tests.site import drop_site, new_site
from config.keys import load_keys

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
# How long an example takes says nothing here: the first one compiles, and other tests run beside it.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
# For the second run of the same tests, on the other database.
settings.register_profile("short", max_examples=20, stateful_step_count=20, deadline=None)

# What is dear to make once for a module, or to compile, is made by one worker instead of by each.
TOGETHER = (
    "commonweal/algorithms/",
    "commonweal/exchange/tests/test_life.py",
    "commonweal/web/tests/test_demo.py",
    "tests/adversary/",
    "tests/test_portable.py",
)


def _walks(*names):
    return tuple(f"tests/adversary/test_{name}.py" for name in names)


# What looks at headers, limits, pictures, forms and pages says the same whichever database is behind it: once, on the
# faster one, is enough. Every address is asked of PostgreSQL by tests/access; what strange words do to it, by the rest.
ONCE = (
    "commonweal/matching/tests/test_following.py",
    "tests/adversary/test_forms.py::test_what_is_filled_in_wrongly_is_said_there",
    *_walks("doors", "headers", "media", "paces", "planted", "planted_ways", "presses", "wire"),
)

# What walks through every door as everybody is not measured: each room's own tests run through the same code, and
# measuring makes it up to twice as slow.
UNMEASURED = (
    "tests/access/",
    *_walks("doors", "forms", "fuzz", "fuzz_all", "headers", "planted", "planted_ways", "presses", "secrets"),
)

BROWSER_FIXTURES = {"browser", "context", "new_context", "page"}


@pytest.fixture(autouse=True)
def _forget_the_language():
    """What a page was last read in stays with the thread; the next test starts in the project's own."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def migrated_site(tmp_path_factory, django_db_setup, django_db_blocker):
    """One installation with all its tables, from which the others are copied."""
    site = new_site(tmp_path_factory.mktemp("sites"))
    if connection.vendor == "postgresql":
        done = site.run("migrate", "--verbosity=0", "--skip-checks")
        assert done.returncode == 0, done.stderr
    else:
        # The tests' own database is in memory, and has them all.
        load_keys(site.data)
        with django_db_blocker.unblock(), closing(sqlite3.connect(site.data / "commonweal.sqlite3")) as copy:
            connection.ensure_connection()
            connection.connection.backup(copy)
    yield site
    drop_site(site)


@pytest.fixture
def site(db, tmp_path, migrated_site):
    """An installation of its own for one test, with all tables and nothing in them."""
    site = new_site(tmp_path, migrated_site)
    yield site
    drop_site(site)


class _InGroups(LoadScopeScheduling):
    """Tests go to whoever is free, one by one; what belongs together goes to one worker, the largest first."""

    def _split_scope(self, nodeid):
        return next((path for path in TOGETHER if nodeid.startswith(path)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Share out tests in groups, where nothing else was asked for."""
    return _InGroups(config, log) if config.getvalue("dist") == "load" else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Look away while a test runs whose lines do not count."""
    measured = coverage.Coverage.current()
    if measured is None or not item.nodeid.startswith(UNMEASURED):
        return (yield)
    measured.stop()
    try:
        return (yield)
    finally:
        measured.start()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what touches the database, so that it runs on PostgreSQL too; skip, loudly, what has no browser."""
    no_browser = pytest.mark.skip(
        reason="no browser can be driven on this machine: script/test says what to install"
    )
    for item in items:
        if _touches_the_database(item):
            item.add_marker(pytest.mark.database)
        if BROWSER_FIXTURES & set(item.fixturenames) and not _a_browser_can_be_driven():
            item.add_marker(no_browser)


@cache
def _a_browser_can_be_driven():
    """Chromium is there, and so is what Playwright's own Node needs to run."""
    driver = [sys.executable, "-m", "playwright", "--version"]
    has_chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    return bool(has_chromium) and subprocess.run(driver, capture_output=True, check=False).returncode == 0


def _touches_the_database(item):
    if item.nodeid.startswith(ONCE):
        return False
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames):
        return True
    return item.cls is not None and issubclass(item.cls, TransactionTestCase)
