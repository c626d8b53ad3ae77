"""A PostgreSQL server of one's own for as long as a benchmark runs."""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


class NoPostgres(Exception):
    """There is no PostgreSQL on this machine; on Debian: apt-get install postgresql."""


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextlib.contextmanager
def server() -> Iterator[tuple[str, int]]:
    """The URL of a fresh database, and the process id of its server. Durable commits stay on, as in real life."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = found[-1] if found else shutil.which("initdb")
    if not initdb:
        raise NoPostgres
    bin_folder = Path(initdb).parent
    folder = Path(tempfile.mkdtemp(prefix="commonweal-bench-pg-"))
    port, password = free_port(), secrets.token_hex(8)
    try:
        _prepare(folder, password)
        _run(bin_folder / "initdb", "-D", folder / "data", "-U", "commonweal", f"--pwfile={folder / 'password'}",
             "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c shared_buffers=512MB"
        _run(bin_folder / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
        try:
            pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
            yield f"postgresql://commonweal:{password}@127.0.0.1:{port}/postgres", pid
        finally:
            _run(bin_folder / "pg_ctl", "-D", folder / "data", "-m", "fast", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(folder: Path, password: str) -> None:
    (folder / "password").write_text(password)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        for path in (folder, folder / "password"):
            os.chown(path, owner.pw_uid, owner.pw_gid)


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")
