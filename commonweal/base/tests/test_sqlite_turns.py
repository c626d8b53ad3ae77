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
            "NAME": str(tmp_path / "turns.sqlite3"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE", "timeout": timeout, "init_command": "PRAGMA journal_mode=WAL",
            },
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


def test_a_statement_outside_of_a_transaction_waits_as_well(open_file):
    first, second = open_file(SHORT), open_file(20)
    first.cursor().execute("CREATE TABLE note (text)")
    begin(first)
    waiting = threading.Thread(
        target=lambda: second.cursor().executemany("INSERT INTO note VALUES (%s)", ["a", "b"])
    )
    waiting.start()
    time.sleep(0.02)
    first.commit()
    waiting.join(timeout=20)
    assert first.connection.execute("SELECT count(*) FROM note").fetchone() == (2,)


def test_who_has_the_database_can_free_a_cursor_of_one_who_waits_for_it(open_file):
    first, second = open_file(SHORT), open_file(3)
    first.cursor().execute("CREATE TABLE note (text)")
    begin(first)
    garbage = second.connection.execute("SELECT 1 UNION SELECT 2")
    came = []

    def write():
        try:
            second.cursor().execute("INSERT INTO note VALUES ('a')")
            came.append("written")
        except OperationalError:
            came.append("given up")

    waiting = threading.Thread(target=write)
    waiting.start()
    time.sleep(0.02)
    del garbage
    first.commit()
    waiting.join(timeout=20)
    assert came == ["written"]


def test_what_was_read_before_another_wrote_is_not_waited_for(open_file):
    first, second = open_file(SHORT), open_file(20)
    first.cursor().execute("CREATE TABLE note (text)")
    second.connection.execute("BEGIN DEFERRED")
    second.connection.execute("SELECT * FROM note").fetchall()
    first.cursor().execute("INSERT INTO note VALUES ('a')")
    began = time.monotonic()
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        second.create_cursor().execute("INSERT INTO note VALUES ('b')")
    assert time.monotonic() - began < 10


def test_a_database_that_stays_taken_is_given_up(open_file):
    first, second = open_file(SHORT), open_file(SHORT)
    begin(first)
    with pytest.raises(OperationalError, match="database is locked"):
        begin(second)
    first.commit()
    begin(second)


def test_another_fault_is_told_at_once(open_file):
    connection = open_file(20)
    connection.connection.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_TRANSACTION else sqlite3.SQLITE_OK
    )
    with pytest.raises(Exception, match="not authorized"):
        begin(connection)


@pytest.mark.django_db(transaction=True)
def test_the_program_uses_it_where_its_database_is_sqlite(settings):
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        pytest.skip("about SQLite")
    with transaction.atomic():
        assert isinstance(transaction.get_connection(), DatabaseWrapper)
