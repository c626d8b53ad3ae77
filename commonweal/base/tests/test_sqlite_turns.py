"""Waiting for one's turn to write on SQLite."""

import sqlite3
import threading
import time

import pytest
from django.db import OperationalError, transaction

from commonweal.base.sqlite.base import DatabaseWrapper

SHORT = 0.2


@pytest.fixture
def open_file(db, tmp_path):
    """Connections of ours to one file that is nobody else's, each with its timeout in seconds."""
    opened = []

    def open_one(timeout):
        settings = {
            "NAME": str(tmp_path / "turns.sqlite3"), "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": timeout},
            "ATOMIC_REQUESTS": False, "AUTOCOMMIT": True, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False,
            "TIME_ZONE": None, "HOST": "", "PORT": "", "USER": "", "PASSWORD": "", "TEST": {},
        }  # fmt: skip
        opened.append(DatabaseWrapper(settings, alias="default"))
        opened[-1].inc_thread_sharing()
        opened[-1].connect()
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def begin(connection):
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def wait_of(connection):
    return connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]


def test_who_comes_second_begins_when_the_first_is_done(open_file):
    first, second = open_file(SHORT), open_file(20)
    begin(first)
    order = []
    waiting = threading.Thread(target=lambda: (begin(second), order.append("second")))
    waiting.start()
    time.sleep(0.02)
    order.append("first")
    first.commit()
    waiting.join(timeout=20)
    assert order == ["first", "second"]
    assert wait_of(second) == 20_000


def test_a_database_that_stays_taken_is_given_up_and_the_wait_for_the_rest_is_as_it_was(open_file):
    first, second = open_file(SHORT), open_file(SHORT)
    begin(first)
    with pytest.raises(OperationalError, match="database is locked"):
        begin(second)
    assert wait_of(second) == SHORT * 1000
    first.commit()
    begin(second)


def test_another_fault_is_told_at_once(open_file):
    connection = open_file(20)
    connection.connection.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_TRANSACTION else sqlite3.SQLITE_OK
    )
    with pytest.raises(Exception, match="not authorized"):
        begin(connection)
    assert wait_of(connection) == 20_000


@pytest.mark.django_db(transaction=True)
def test_the_program_uses_it_where_its_database_is_sqlite(settings):
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        pytest.skip("about SQLite")
    with transaction.atomic():
        assert isinstance(transaction.get_connection(), DatabaseWrapper)
