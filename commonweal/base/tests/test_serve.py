"""``commonweal serve`` and ``commonweal worker``: what they refuse, and that they come up and go down whole."""

import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from commonweal.base.locks import Busy, out_of_use
from commonweal.base.management.commands import serve
from commonweal.base.management.commands import worker as worker_command
from commonweal.base.tests.site import is_alive, wait_until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.fixture
def stage(settings, tmp_path, monkeypatch):
    """Serving with the server, the supervisor and the preparations replaced by ones that only note what happens."""
    stage = SimpleNamespace(happened=[], about={}, network=True)

    class Server:
        def __init__(self, target, **about):
            stage.about = {"target": target, **about}

        def serve(self, *, target_loader, wrap_loader):
            stage.happened.append("serve")

    class Supervisor:
        def __init__(self, command):
            stage.command = command

        def start(self):
            stage.happened.append("start worker")

        def stop(self):
            stage.happened.append("stop worker")

    settings.COMMONWEAL_DATA = tmp_path
    monkeypatch.setattr(serve, "Server", Server)
    monkeypatch.setattr(serve, "Supervisor", Supervisor)
    monkeypatch.setattr("commonweal.base.management.commands.serve.connections.close_all", lambda: None)
    monkeypatch.setattr(serve.Command, "_greet", lambda command, host, port: None)
    for step in ("prepare_tables", "prepare_static", "prepare_demonstration"):
        monkeypatch.setattr(
            f"commonweal.base.starting.{step}", lambda say, step=step: stage.happened.append(step)
        )
    monkeypatch.setattr("commonweal.base.starting.has_network", lambda: stage.network)
    return stage


def call(*words):
    out = StringIO()
    call_command("serve", "--port", str(free_port()), *words, stdout=out, skip_checks=True)
    return out.getvalue()


@pytest.mark.django_db
def test_everything_is_prepared_then_served_with_a_worker_beside(stage):
    said = call()

    assert stage.happened == ["prepare_tables", "prepare_static", "start worker", "serve", "stop worker"]
    assert stage.command[-3:] == ["worker", "--parent", str(os.getpid())]
    assert (stage.about["target"], stage.about["address"]) == ("config.wsgi.application", "127.0.0.1")
    assert stage.about["log_access"] is False
    assert said == "Commonweal is closed.\n"


@pytest.mark.django_db
def test_demonstration_is_made_only_when_asked_for(stage):
    call("--demo", "--workers", "3")

    assert "prepare_demonstration" in stage.happened
    assert stage.about["workers"] == 3


@pytest.mark.django_db
def test_program_without_a_network_says_how_to_make_one(stage):
    stage.network = False

    assert "commonweal network create" in call()


@pytest.mark.django_db
def test_stop_while_preparing_is_no_fault(stage, monkeypatch):
    def interrupted(say):
        raise KeyboardInterrupt

    monkeypatch.setattr("commonweal.base.starting.prepare_tables", interrupted)

    with pytest.raises(SystemExit) as caught:
        call()
    assert (caught.value.code, stage.happened) == (130, [])


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["word", "setting"])
def test_worker_may_be_left_to_others(stage, settings, how):
    settings.COMMONWEAL_WORKER = how != "setting"

    call(*(["--no-worker"] if how == "word" else []))

    assert stage.happened[-1] == "serve"


@pytest.mark.django_db
def test_worker_is_stopped_when_the_server_fails(stage, monkeypatch):
    def fail(*words, **options):
        raise RuntimeError("no")

    monkeypatch.setattr("commonweal.base.management.commands.serve.Server.serve", fail)

    with pytest.raises(RuntimeError):
        call()
    assert stage.happened[-1] == "stop worker"


@pytest.mark.django_db
def test_nothing_starts_while_a_backup_is_restored(stage):
    with out_of_use(), pytest.raises(CommandError, match="being restored"):
        call()
    assert stage.happened == []

    with out_of_use(), pytest.raises(CommandError, match="being restored"):
        call_command("worker", "--once")


def test_taken_port_is_a_clear_sentence(taken_port):
    with pytest.raises(CommandError) as caught:
        call_command("serve", "--port", str(taken_port), skip_checks=True)

    assert str(caught.value) == (
        f"Port {taken_port} is taken by another program. Choose another: commonweal serve --port {taken_port + 1}"
    )


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_address_of_another_machine_is_a_clear_sentence(host):
    with pytest.raises(CommandError, match="is not an address of this machine"):
        serve._require_free(host, free_port())


def test_port_of_the_root_is_a_clear_sentence(monkeypatch):
    def bind(probe, address):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("socket.socket", type("Probe", (socket.socket,), {"bind": bind}))

    with pytest.raises(CommandError, match="Choose one above 1023"):
        serve._require_free("127.0.0.1", 80)


@pytest.mark.parametrize("words", [["--port", "0"], ["--port", "70000"], ["--port", "x"], ["--workers", "0"]])
def test_numbers_that_make_no_sense_are_refused(words):
    with pytest.raises(CommandError, match="invalid"):
        call_command("serve", *words, skip_checks=True)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]")],
)
def test_greeting_names_an_address_that_can_be_opened(monkeypatch, host, shown):
    answers = iter([False, True])
    monkeypatch.setattr(serve, "_answers", lambda host, port: next(answers))
    out = StringIO()

    serve.Command(stdout=out)._greet(host, 8000)

    assert out.getvalue() == f"Commonweal is open at http://{shown}:8000 (Ctrl+C closes it)\n"


def test_whether_somebody_answers(taken_port):
    assert serve._answers("0.0.0.0", taken_port)
    assert not serve._answers("127.0.0.1", free_port())


# --- the worker's command


@pytest.fixture
def worker(settings, tmp_path, monkeypatch):
    """A worker that only notes how it is run."""
    worker = SimpleNamespace(failed=0, ran=[])
    worker.run = lambda: worker.ran.append("run")
    worker.run_once = lambda: worker.ran.append("once")
    settings.COMMONWEAL_DATA = tmp_path
    monkeypatch.setattr(worker_command, "Worker", lambda parent: worker)
    return worker


def test_worker_works_until_stopped_or_once(worker):
    call_command("worker")
    call_command("worker", "--once")

    assert worker.ran == ["run", "once"]


def test_worker_says_by_its_exit_code_that_something_failed(worker):
    worker.failed = 2

    call_command("worker")
    with pytest.raises(CommandError, match="2 pieces of work failed"):
        call_command("worker", "--once")


def test_worker_shows_that_the_data_is_in_use(worker, settings):
    def run():
        with pytest.raises(Busy), out_of_use():
            pass
        worker.ran.append("in use")

    worker.run = run
    call_command("worker")

    assert worker.ran == ["in use"]


# --- the whole program, from outside


def children(pid):
    found = subprocess.run(["pgrep", "--parent", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            return page.status
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError:
        return 0


@pytest.fixture
def served(empty_site):
    """The whole program, serving, with no network in it yet: its home page says so with 503."""
    port = free_port()
    process = empty_site.start("serve", "--port", str(port), "--workers", "1")
    wait_until(lambda: process.poll() is not None or answers(port))
    assert process.poll() is None, process.communicate()
    return SimpleNamespace(process=process, port=port, site=empty_site)


@pytest.mark.journey
def test_program_comes_up_from_nothing_and_goes_down_whole(served):
    assert answers(served.port) == 503
    assert served.site.run("serve", "--port", str(served.port)).returncode == 1
    wait_until(lambda: served.site.rows("SELECT worker FROM base_pulse"))
    processes = children(served.process.pid)
    assert len(processes) == 2

    served.process.send_signal(signal.SIGINT)
    said, _ = served.process.communicate(timeout=60)

    assert served.process.returncode == 0
    assert f"Commonweal is open at http://127.0.0.1:{served.port} " in said
    assert said.endswith("Commonweal is closed.\n")
    assert not [pid for pid in processes if is_alive(pid)]
    assert answers(served.port) == 0
    assert served.site.rows("SELECT worker FROM base_pulse") == []


@pytest.mark.journey
def test_killed_worker_is_replaced(served):
    wait_until(lambda: served.site.rows("SELECT pid FROM base_pulse"))
    ((pid,),) = served.site.rows("SELECT pid FROM base_pulse")

    os.kill(pid, signal.SIGKILL)

    wait_until(lambda: {row[0] for row in served.site.rows("SELECT pid FROM base_pulse")} - {pid})
    assert answers(served.port) == 503


@pytest.mark.journey
def test_killed_server_leaves_nothing_behind(served):
    wait_until(lambda: len(children(served.process.pid)) == 2)
    processes = children(served.process.pid)

    served.process.kill()

    wait_until(lambda: not [pid for pid in processes if is_alive(pid)])
    assert answers(served.port) == 0
