"""``commonweal serve``: the whole program on one machine, from one command."""

import errno
import os
import socket
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from commonweal.base import starting
from commonweal.base.locks import Busy, in_use, one_start_at_a_time
from commonweal.base.supervisor import Supervisor, own_command
from commonweal.base.webprocess import load_application

# A page of ours needs a few kB of headers; whoever sends them slower than this is no browser.
HTTP_LIMITS = HTTP1Settings(header_read_timeout=10_000, keep_alive=True, max_buffer_size=64 * 1024)
BACKLOG = 1024
# Requests a web process takes in at once (one is answered at a time); the others wait in the backlog.
BACKPRESSURE = 64
STOP_SECONDS = 10


class Command(BaseCommand):
    """Prepare what is missing, then serve pages and do the work in the background until told to stop."""

    help = (
        "Serves the program: prepares the database and the static files, then answers on http://127.0.0.1:8000, with "
        "one worker for the background beside it. Ctrl+C or SIGTERM ends it. Exit code: 0 after a stop, 1 when it "
        "could not start."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where and how to serve."""
        parser.add_argument(
            "--demo", action="store_true", help="fill an empty program with a demonstration city"
        )
        parser.add_argument(
            "--host", default="127.0.0.1", help="the address to answer on (default: %(default)s)"
        )
        parser.add_argument("--port", type=_port, default=8000, help="the port (default: %(default)s)")
        parser.add_argument(
            "--workers",
            type=_count,
            default=min(2, os.cpu_count() or 1),
            help="web processes (default: %(default)s here)",
        )
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help="leave the work in the background to `commonweal worker` processes (as COMMONWEAL_WORKER=no does)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        host, port = options["host"], options["port"]
        _require_free(host, port)
        try:
            with in_use():
                self._prepare(demo=options["demo"])
                self._serve(
                    host,
                    port,
                    options["workers"],
                    worker=settings.COMMONWEAL_WORKER and not options["no_worker"],
                )
        except Busy:
            raise CommandError(
                "A backup is being restored at this moment. Start again when that is done."
            ) from None
        except KeyboardInterrupt:
            # While preparing: the database takes back what was not finished. Later the server hears it itself.
            raise SystemExit(130) from None

    def _prepare(self, *, demo: bool) -> None:
        with one_start_at_a_time():
            starting.prepare_tables(self._say)
            starting.prepare_static(self._say)
            if demo:
                starting.prepare_demonstration(self._say)
        if not starting.has_network():
            self._say(
                "There is no network here yet. Make one with `commonweal network create`; --demo shows a made-up one."
            )

    def _serve(self, host: str, port: int, workers: int, *, worker: bool) -> None:
        supervisor = Supervisor(own_command("worker", "--parent", str(os.getpid()))) if worker else None
        server = Server(
            settings.WSGI_APPLICATION,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            workers=workers,
            blocking_threads=BACKPRESSURE,
            backlog=BACKLOG,
            backpressure=BACKPRESSURE,
            http1_settings=HTTP_LIMITS,
            websockets=False,
            # Private links are in addresses, so addresses are not written down.
            log_access=False,
            log_level=LogLevels.error,
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_SECONDS,
        )
        # The web processes are copies of this one: a shared connection would mix their answers.
        connections.close_all()
        if supervisor:
            supervisor.start()
        threading.Thread(target=self._greet, args=(host, port), daemon=True).start()
        try:
            server.serve(target_loader=load_application, wrap_loader=False)
        finally:
            if supervisor:
                supervisor.stop()
        self._say("Commonweal is closed.")

    def _greet(self, host: str, port: int) -> None:
        while not _answers(host, port):
            time.sleep(0.05)
        near = _near(host)
        shown = f"[{near}]" if ":" in near else near
        self._say(f"Commonweal is open at http://{shown}:{port} (Ctrl+C closes it)")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError
    return number


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 64:
        raise ValueError
    return number


def _require_free(host: str, port: int) -> None:
    """Stop with a sentence where the address cannot be had. The server itself would share a taken port."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise CommandError(
            f"{host} is not an address of this machine. Leave --host out, or write 0.0.0.0."
        ) from None
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except PermissionError:
            raise CommandError(
                f"Port {port} is kept for the machine's root. Choose one above 1023 with --port."
            ) from None
        except OSError as error:
            raise CommandError(_why_not(error, host, port)) from None


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Choose another: commonweal serve --port {port + 1}"
    return f"{host} is not an address of this machine. Leave --host out, or write 0.0.0.0."


def _near(host: str) -> str:
    """The address by which this machine reaches what answers on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # nosec B104


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((_near(host), port), timeout=1):
            return True
    except OSError:
        return False
