"""The first minute on a machine: one command, and a page comes; then the same again without a network."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from tests.house.places import ROOT, project_files

pytestmark = pytest.mark.journey

FIRST_PAGE_S = 240  # the promise is two minutes on an idle machine; tests share theirs
SECOND_START_S = 30
# Nobody listens there: whatever asks the network is refused at once.
NOWHERE = "http://127.0.0.1:9"
NO_NETWORK = {
    "PIP_INDEX_URL": NOWHERE,
    "PIP_NO_INDEX": "1",
    "UV_OFFLINE": "1",
    "npm_config_registry": NOWHERE,
    "HTTP_PROXY": NOWHERE,
    "HTTPS_PROXY": NOWHERE,
}


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """What git would give a stranger, in a folder whose name has a blank in it."""
    folder = tmp_path_factory.mktemp("a stranger") / "common weal"
    for source in project_files():
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stranger(clone, **more):
    """The environment of somebody who has set nothing, and who stands in another folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COMMONWEAL_", "COVERAGE", "PYTHON"))
    }
    return {**kept, "HOME": str(clone.parent), **more}


@contextmanager
def serving(clone, log, **environment):
    """`script/server --demo` while it runs; gives the address of the first page and the seconds until it came."""
    port = free_port()
    began = time.monotonic()
    with log.open("wb") as said:
        server = subprocess.Popen(
            ["sh", str(clone / "script" / "server"), "--demo", "--port", str(port)],
            cwd="/",
            env=stranger(clone, **environment),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            address = f"http://127.0.0.1:{port}/"
            yield wait_for(address, server, log), time.monotonic() - began
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
                raise


def wait_for(address, server, log):
    """The first page, as text; fails with what the server said where it ends before."""
    deadline = time.monotonic() + FIRST_PAGE_S
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5) as page:
                return page.read().decode()
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"no page after {FIRST_PAGE_S} s:\n{log.read_text()}")


def test_one_command_leads_to_a_page_and_the_next_start_needs_no_network(clone, tmp_path):
    first, second = tmp_path / "first.log", tmp_path / "second.log"
    with serving(clone, first) as (page, seconds):
        assert "<h1" in page
        assert seconds < FIRST_PAGE_S
    assert re.search(r"^\[ *\d+ s\] Making the environment", first.read_text(), re.M)

    with serving(clone, second, **NO_NETWORK) as (again, seconds):
        assert "<h1" in again
        assert seconds < SECOND_START_S
    assert "Making the environment" not in second.read_text()


def test_a_python_that_is_too_old_is_said_in_one_sentence(tmp_path):
    shutil.copytree(ROOT / "script", tmp_path / "script")
    for lock in ROOT.glob("requirements*.lock"):
        shutil.copy2(lock, tmp_path)
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    said = subprocess.run(
        ["sh", str(tmp_path / "script" / "setup"), "--no-assets"],
        capture_output=True,
        check=False,
        text=True,
        env=stranger(tmp_path, PYTHON=str(old)),
    )
    assert said.returncode == 1
    assert f"PYTHON is {old}, which is not a Python 3.11 or newer." in said.stderr
    assert not (tmp_path / ".venv").exists()
