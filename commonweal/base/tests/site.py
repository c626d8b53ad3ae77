"""A whole installation for one test, on the kind of database that the tests run on: other processes work on it."""

import contextlib
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from django.db import connection

from commonweal.base.supervisor import own_environment

# Processes that share a core with many others take their time; nothing waits this long unless it fails.
PATIENCE = 180


class Site:
    """Its folder, its settings, and ways to run commands and look into its database."""

    def __init__(self, data: Path, database: str = "") -> None:
        self.data, self.database = data, database
        self.processes: list[subprocess.Popen[str]] = []

    @property
    def environment(self) -> dict[str, str]:
        """The settings of this installation, and nothing from outside."""
        kept = {key: value for key, value in own_environment().items() if not key.startswith("COMMONWEAL_")}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "COMMONWEAL_DATA": str(self.data),
            "COMMONWEAL_DATABASE_URL": self.url,
            "PYTHONWARNINGS": "ignore",
        }

    @property
    def url(self) -> str:
        """Where its database is; empty for SQLite."""
        about = connection.settings_dict
        login = f"{about['USER']}:{about['PASSWORD']}@{about['HOST']}:{about['PORT']}"
        return f"postgresql://{login}/{self.database}" if self.database else ""

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start a command and go on; what is still running at the end of the test is killed."""
        process = subprocess.Popen(
            [sys.executable, "-m", "django", *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.processes.append(process)
        return process

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        command = [sys.executable, "-m", "django", *words]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def python(self, code: str) -> str:
        """Run Python inside of the installation and return what it printed."""
        words = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        done = subprocess.run(
            words, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=True
        )
        return done.stdout.strip()

    def execute(self, command: str) -> None:
        """Change something in its database, past the program."""
        if self.database:
            with psycopg.connect(self.url) as database:
                database.execute(command)
            return
        with contextlib.closing(sqlite3.connect(self.data / "commonweal.sqlite3", timeout=20)) as lite, lite:
            lite.execute(command)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What a query finds in its database."""
        if self.database:
            with psycopg.connect(self.url) as database:
                return database.execute(query).fetchall()
        with contextlib.closing(sqlite3.connect(self.data / "commonweal.sqlite3", timeout=20)) as lite:
            return lite.execute(query).fetchall()

    def end(self) -> None:
        """Kill what still runs."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()


def new_site(folder: Path, template: Site | None = None) -> Site:
    """An installation without tables, or a copy of another one."""
    data = folder / f"site-{secrets.token_hex(4)}"
    if connection.vendor != "postgresql":
        if template is not None:
            shutil.copytree(template.data, data)
        return Site(data)
    site = Site(data, database=f"cw_{secrets.token_hex(6)}")
    data.mkdir(parents=True)
    source = f' TEMPLATE "{template.database}"' if template is not None else ""
    _administer(f'CREATE DATABASE "{site.database}"{source}')
    if template is not None:
        shutil.copy(template.data / "keys", data / "keys")
    return site


def drop_site(site: Site) -> None:
    """End it and throw it away."""
    site.end()
    if site.database:
        _administer(f'DROP DATABASE "{site.database}" WITH (FORCE)')
    shutil.rmtree(site.data, ignore_errors=True)


def _administer(command: str) -> None:
    about = connection.settings_dict
    with psycopg.connect(
        host=about["HOST"], port=about["PORT"], user=about["USER"], password=about["PASSWORD"], dbname="postgres",
        autocommit=True,
    ) as server:  # fmt: skip
        server.execute(command)


def wait_until(true, seconds: float = PATIENCE) -> None:
    """Wait for something that another process does; fails the test when it takes too long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether there is such a process, and not only its name in the list of the dead."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
