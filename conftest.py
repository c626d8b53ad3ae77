"""What every test of the project gets, wherever it stands."""

import shutil

import pytest
from django.test import TransactionTestCase
from hypothesis import settings

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
# For the second run of the same tests, on the other database.
settings.register_profile("short", max_examples=20, stateful_step_count=20)

BROWSER_FIXTURES = {"browser", "context", "new_context", "page"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what touches the database, so that it runs on PostgreSQL too; skip, loudly, what has no browser."""
    no_browser = pytest.mark.skip(reason="no Chromium on this machine: script/test says how to get it")
    has_browser = shutil.which("chromium") or shutil.which("chromium-browser")
    for item in items:
        if _touches_the_database(item):
            item.add_marker(pytest.mark.database)
        if not has_browser and BROWSER_FIXTURES & set(item.fixturenames):
            item.add_marker(no_browser)


def _touches_the_database(item):
    if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames):
        return True
    return item.cls is not None and issubclass(item.cls, TransactionTestCase)
