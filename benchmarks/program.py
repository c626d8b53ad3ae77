"""The program as a benchmark runs it: with data of its own, its commands, and its server with workers."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator

from benchmarks.postgres import free_port, server


@contextlib.contextmanager
def installed(database: str, **settings: str) -> Iterator[tuple[dict[str, str], int]]:
    """An environment with its own data and database, and the process id of the database's server (0: none)."""
    data = tempfile.mkdtemp(prefix="commonweal-bench-")
    environment = {**os.environ, "COMMONWEAL_DATA": data, "COMMONWEAL_WORKER": "no", **settings}
    environment.pop("COMMONWEAL_DATABASE_URL", None)
    try:
        if database == "sqlite":
            yield environment, 0
        else:
            with server() as (url, pid):
                yield {**environment, "COMMONWEAL_DATABASE_URL": url}, pid
    finally:
        shutil.rmtree(data, ignore_errors=True)


def prepare(environment: dict[str, str]) -> None:
    """Make the tables, and collect the static files."""
    run(environment, "config.cli", "migrate", "-v0")
    run(environment, "config.cli", "collectstatic", "--noinput", "-v0")


def run(environment: dict[str, str], module: str, *words: str) -> str:
    """Run a module with these words; returns what it printed."""
    command = [sys.executable, "-m", module, *words]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


@contextlib.contextmanager
def serving(environment: dict[str, str], *, web: int, workers: int = 0) -> Iterator[tuple[int, list[int]]]:
    """The program's own server with ``web`` processes and ``workers`` beside it; gives port and process ids."""
    port = free_port()
    cli = [sys.executable, "-m", "config.cli"]
    serve = [*cli, "serve", "--no-worker", "--workers", str(web), "--port", str(port)]
    commands = [serve, *([*cli, "worker"] for _ in range(workers))]
    processes = [subprocess.Popen(each, env=environment, stdout=subprocess.DEVNULL) for each in commands]
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/board/", timeout=5).close()
                break
            time.sleep(0.1)
        yield port, [process.pid for process in processes]
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=60)
