"""What every test of the project gets, wherever it stands."""

import shutil
import subprocess
import sys
from functools import cache

import pytest
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
# For the second run of the same tests, on the other database.
settings.register_profile("short", max_examples=20, stateful_step_count=20)

BROWSER_FIXTURES = {"browser", "context", "new_context", "page"}


@pytest.fixture(autouse=True)
def _forget_the_language():
    """What a page was last read in stays with the thread; the next test starts in the project's own."""
    yield
    translation.deactivate()


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
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames):
        return True
    return item.cls is not None and issubclass(item.cls, TransactionTestCase)
