"""What the doors in script/ are made of."""

import gettext
import importlib.util
import json
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.house.places import ROOT, files

PINNED = re.compile(r"^([a-z0-9][\w.-]*)==(\S+)", re.M)


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def shell_scripts():
    return [path for path in files("script/*") if not path.suffix]


@pytest.mark.parametrize("script", shell_scripts(), ids=lambda path: path.name)
def test_every_door_says_what_it_does(script):
    said = subprocess.run(["sh", script, "--help"], capture_output=True, check=True, text=True, cwd="/")
    assert f"script/{script.name}" in said.stdout
    assert said.stderr == ""


@pytest.mark.parametrize("name", ["setup", "lint"])
def test_a_word_that_a_door_does_not_know_is_refused(name):
    said = subprocess.run(
        ["sh", ROOT / "script" / name, "--nothing"], capture_output=True, check=False, text=True
    )
    assert said.returncode == 2
    assert "--nothing" in said.stderr


# --- locks ---


def test_the_development_lock_holds_every_line_of_the_other():
    """script/setup takes an environment made for development as good for running, because of this."""
    run, development = (
        dict(PINNED.findall((ROOT / name).read_text()))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run.items() <= development.items()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_every_locked_package_has_a_hash(lock):
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / lock).read_text(), flags=re.M)[1:]
    assert len(blocks) >= 1
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_the_browser_assets_are_pinned_and_locked():
    wanted = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert set(wanted["copy"]) == set(wanted["dependencies"])
    for name, version in wanted["dependencies"].items():
        assert locked[f"node_modules/{name}"]["version"] == version
    assert all(package.get("integrity") for path, package in locked.items() if path)


# --- assets ---


@pytest.fixture
def manifest(tmp_path):
    (tmp_path / "modules" / "pretty").mkdir(parents=True)
    (tmp_path / "modules" / "pretty" / "LICENSE").write_text("Free.\n")
    (tmp_path / "modules" / "pretty" / "a.js").write_text("let a = 1;\n//# sourceMappingURL=a.js.map")
    path = tmp_path / "package.json"
    path.write_text(json.dumps({"copy": {"pretty": {"to": "nice", "files": ["LICENSE", "a.js"]}}}))
    return path


def test_assets_are_copied_without_the_way_to_their_maps(manifest, tmp_path):
    copy_assets = load(ROOT / "script" / "copy_assets.py").copy_assets
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "old.js").write_text("gone")
    assert copy_assets(manifest, tmp_path / "modules", tmp_path / "vendor") == 2
    assert (tmp_path / "vendor" / "nice" / "a.js").read_text() == "let a = 1;\n"
    assert sorted(path.name for path in (tmp_path / "vendor").rglob("*.*")) == ["a.js"]


def test_assets_stay_as_they_were_when_one_is_missing(manifest, tmp_path):
    copy_assets = load(ROOT / "script" / "copy_assets.py").copy_assets
    (tmp_path / "modules" / "pretty" / "a.js").unlink()
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "old.js").write_text("kept")
    with pytest.raises(FileNotFoundError):
        copy_assets(manifest, tmp_path / "modules", tmp_path / "vendor")
    assert (tmp_path / "vendor" / "old.js").read_text() == "kept"


# --- translations ---


def test_translations_are_compiled_and_unsure_ones_left_out(tmp_path):
    folder = tmp_path / "room" / "locale" / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "I need"\nmsgstr "Necesito"\n\n#, fuzzy\nmsgid "I can"\nmsgstr "Lata"\n'
    )
    assert load(ROOT / "script" / "compile_translations.py").compile_translations(tmp_path) == 1
    with (folder / "django.mo").open("rb") as file:
        catalog = gettext.GNUTranslations(file)
    assert catalog.gettext("I need") == "Necesito"
    assert catalog.gettext("I can") == "I can"


# --- the command ---


def test_the_command_runs_from_any_folder_and_takes_no_stranger_for_ours(tmp_path):
    home, bin_folder, elsewhere = tmp_path / "a home", tmp_path / "a bin", tmp_path / "elsewhere"
    for folder in (home, bin_folder, elsewhere):
        folder.mkdir()
    (home / "pyproject.toml").write_text(
        '[project]\nname = "kind"\nversion = "1.0"\nscripts = { kind = "kindness:main" }\n'
    )
    (home / "kindness.py").write_text("import sys\n\n\ndef main():\n    print(sys.argv)\n    return 3\n")
    (elsewhere / "kindness.py").write_text("raise SystemExit('a stranger')\n")
    (bin_folder / "kind-0.9.dist-info").mkdir()
    link_project = load(ROOT / "script" / "link_project.py").link_project
    link_project(root=home, site_packages=bin_folder, scripts=bin_folder, python=sys.executable)

    assert (bin_folder / "kind.pth").read_text() == f"{home}\n"
    assert [path.name for path in bin_folder.glob("*.dist-info")] == ["kind-1.0.dist-info"]
    ran = subprocess.run(
        [bin_folder / "kind", "a b", "c"],
        capture_output=True,
        check=False,
        text=True,
        cwd=elsewhere,
        env={"PYTHONPATH": str(home)},
    )
    assert (ran.stdout, ran.returncode) == ("['kind', 'a b', 'c']\n", 3)


# --- on a server ---


def test_the_command_on_a_server_takes_the_settings_as_they_stand(tmp_path):
    """What `deploy/commonweal` hands on, with the account and the places of a server replaced by ours."""
    (tmp_path / "environment").write_text(
        "# said aside\nCOMMONWEAL_SMTP_PASSWORD=a $b 'c\" #d\n\nCOMMONWEAL_WORKER=no\n"
    )
    script = (ROOT / "deploy" / "commonweal").read_text()
    for there, here in {
        "/etc/commonweal/environment": str(tmp_path / "environment"),
        "/var/lib/commonweal": str(tmp_path),
        "runuser --user commonweal -- /opt/commonweal/.venv/bin/commonweal": f"{sys.executable} -c "
        "'import os, sys; print([os.environ[name] for name in sys.argv[1:]])'",
    }.items():
        assert there in script
        script = script.replace(there, here)
    ran = subprocess.run(
        ["sh", "-c", script, "sh", "COMMONWEAL_SMTP_PASSWORD", "COMMONWEAL_WORKER", "COMMONWEAL_DATA"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert ran.stdout == f"{['a $b ' + chr(39) + 'c' + chr(34) + ' #d', 'no', str(tmp_path)]}\n"


# --- health ---


class Stub(HTTPServer):
    """A server that answers with the status it is given, and remembers for which host it was asked."""

    status = 200

    def __init__(self):
        self.hosts = []
        super().__init__(("127.0.0.1", 0), StubAnswer)


class StubAnswer(BaseHTTPRequestHandler):
    server: Stub

    def do_GET(self):
        self.server.hosts.append(self.headers["Host"])
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def answering():
    with Stub() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (301, True), (500, False), (503, False)])
def test_the_health_check_believes_what_the_server_answers(answering, monkeypatch, status, healthy):
    healthcheck = load(ROOT / "deploy" / "healthcheck.py")
    answering.status = status
    monkeypatch.setattr(healthcheck, "PORT", answering.server_port)
    monkeypatch.setenv("COMMONWEAL_HOSTS", "mutual-aid.example, other.example")
    assert healthcheck.answers() is healthy
    assert answering.hosts == ["mutual-aid.example"]


def test_a_server_that_is_not_there_is_not_healthy(monkeypatch):
    healthcheck = load(ROOT / "deploy" / "healthcheck.py")
    monkeypatch.setattr(healthcheck, "PORT", 1)
    assert healthcheck.answers() is False
