"""What the tests of the exchange share: a stopped clock and the cast."""

import pytest
from django.db import connection

from commonweal.base import clock
from commonweal.exchange.tests.cast import MONDAY, found_town, member_of
from commonweal.networks.actions import create_network


@pytest.fixture
def hand():
    """The clock, stopped on Monday morning."""
    with clock.frozen(MONDAY) as hand:
        yield hand


@pytest.fixture
def town(db, hand):
    """The cast in their network."""
    return found_town()


@pytest.fixture
def bo(town):
    """Somebody of another network."""
    return member_of(create_network(slug="hampden", name="Hampden"), "Bo")


@pytest.fixture
def run_commits(django_capture_on_commit_callbacks):
    """Runs what is told on commit, within the test's own transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def shared_database(transactional_db, tmp_path):
    """A database that several threads can write to, each by a connection of its own.

    PostgreSQL's test database is one. SQLite's lives in memory, where connections lock each other out instead of
    waiting: for this test it moves to a file, as it is when the program runs.
    """
    if connection.vendor != "sqlite":
        yield
        return
    path = tmp_path / "races.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    connection.connection, connection.settings_dict["NAME"] = None, str(path)
    try:
        yield
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = in_memory, name
