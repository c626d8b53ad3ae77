"""Racing: many threads do one thing at the same moment, on a database that really locks.

The tests' own SQLite database lives in memory and is shared by its connections, which therefore never wait for one
another. A race needs what people have: a file.
"""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection, connections

CROWD = 12


def all_at_once(work: Callable[[], object], crowd: int = CROWD) -> Counter[str]:
    """What came of ``work`` in as many threads as the crowd has people: "done" or the name of the error, counted."""
    start, outcomes = threading.Barrier(crowd), list[str]()

    def one() -> None:
        start.wait()
        try:
            work()
            outcomes.append("done")
        except Exception as error:  # noqa: BLE001 - whatever it is, the test compares it
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


@pytest.fixture
def on_disk(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """The test's database as a file, where it would be in memory; a test that races asks for this first."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():  # type: ignore[attr-defined]
        yield
        return
    settings, in_memory = connections.settings["default"], connection.connection
    name = settings["NAME"]
    file = tmp_path / "race.sqlite3"
    copy = sqlite3.connect(file)
    in_memory.backup(copy)
    copy.close()
    settings["NAME"], connection.connection = str(file), None
    try:
        yield
    finally:
        connection.close()
        settings["NAME"], connection.connection = name, in_memory
