"""Texts a second over the whole path: signed webhook, stored, conversed, outbox, handed to a provider."""

import argparse
import contextlib
import json
import multiprocessing
import socketserver
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from benchmarks import load
from benchmarks.machine import machine
from benchmarks.messages_inside import ACCOUNT, SEED, TOKEN, texts
from benchmarks.postgres import NoPostgres, free_port
from benchmarks.processes import cpu_seconds
from benchmarks.program import installed, prepare, run, serving
from commonweal.channels.sms_twilio.signature import sign

AIM = {"per_second": 500, "p95_ms": 100}
PATIENCE = 300
MIX = (
    "of 100 texts 56 of people who ask (what they need, yes, status, thanks), 12 a helper's yes to an invitation, "
    "14 who are you, 10 nobody understands, 8 STOP; 4 to 60 characters"
)


def main() -> None:
    """Measure, and print JSON."""
    arguments = _arguments()
    results: dict[str, Any] = {
        "machine": _machine(arguments),
        "mix": MIX,
        "aim": AIM,
        "latencies": {
            "acknowledged": "from sending the webhook until its 200 is read: by then it is stored for good",
            "reply_ms": "from being stored until the reply stands in the outbox",
            "whole": "texts by the time from the first stored to the last reply taken by the provider",
        },
        "databases": {},
    }
    for name in arguments.databases:
        try:
            with installed(name, COMMONWEAL_LAN_CHANNELS="yes") as (environment, pid):
                results["databases"][name] = _measure(environment, pid, arguments)
        except NoPostgres:
            results["databases"][name] = {
                "skipped": "PostgreSQL is not installed: apt-get install postgresql"
            }
    print(json.dumps(results, indent=None if arguments.json else 2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench messages", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of an indented text")
    parser.add_argument("--texts", type=int, default=3000, help="how many come as fast as they are taken")
    parser.add_argument("--clients", type=int, default=8, help="connections of the provider")
    parser.add_argument(
        "--rates", type=_numbers, default=[50, 100, 200], metavar="N,N", help="texts a second"
    )
    parser.add_argument("--seconds", type=int, default=10, help="how long each rate is kept up")
    parser.add_argument("--databases", type=lambda text: text.split(","), default=["sqlite", "postgresql"])
    parser.add_argument("--web", type=int, default=1, help="web processes")
    parser.add_argument("--workers", type=int, default=1, help="worker processes")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def _machine(arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        **machine("django", "granian"),
        "seed": SEED,
        "web": arguments.web,
        "workers": arguments.workers,
        "note": "clients, web, worker, database and the fake provider share the cores; durable commits at the door",
    }


def _measure(environment: dict[str, str], database_pid: int, arguments: argparse.Namespace) -> dict[str, Any]:
    prepare(environment)
    helpers = str(max(1, arguments.texts // 6))
    with _provider() as provider:
        made = run(environment, "benchmarks.messages_inside", "prepare", str(provider), helpers)
        return _measured(environment, json.loads(made)["path"], database_pid, arguments)


def _measured(
    environment: dict[str, str], path: str, database_pid: int, arguments: argparse.Namespace
) -> dict[str, Any]:
    with serving(environment, web=arguments.web, workers=arguments.workers) as (port, pids):
        pids = [*pids, *([database_pid] if database_pid else [])]
        found = {"burst": _burst(environment, port, path, pids, arguments)}
        for number, rate in enumerate(arguments.rates, start=1):
            found[f"at_{rate}"] = _steady(environment, port, path, number, rate, arguments)
            print(f"{rate}/s: {json.dumps(found[f'at_{rate}'])}", file=sys.stderr)
    return found


def _burst(
    environment: dict[str, str], port: int, path: str, pids: list[int], arguments: argparse.Namespace
) -> dict[str, Any]:
    """As many as are taken: what the door does while the worker works beside it, and when all is done."""
    before = sum(map(cpu_seconds, pids))
    requests = _requests(port, path, 0, arguments.texts)
    acknowledged = _send(port, requests, arguments.clients, seconds=PATIENCE)
    came = _until_done(environment, "SM0-")
    used = sum(map(cpu_seconds, pids)) - before
    whole = max(came["last_sent"], came["handled"]) - came["first"]
    figures = {
        "texts": came["received"],
        "acknowledged_per_second": round(acknowledged.per_second, 1),
        "acknowledged_ms": _times(acknowledged),
        "wrong": acknowledged.wrong,
        "whole_per_second": round(came["received"] / whole, 1),
        "sent": came["sent"],
        "cpu_ms_a_text": round(1000 * used / came["received"], 2),
        "states": came["states"],
    }
    print(json.dumps(figures), file=sys.stderr)
    return figures


def _steady(
    environment: dict[str, str], port: int, path: str, number: int, rate: int, arguments: argparse.Namespace
) -> dict[str, Any]:
    """So many a second, evenly, whatever is answered."""
    size = rate * arguments.seconds
    requests = _requests(port, path, number, size)
    acknowledged = _send(port, requests, arguments.clients, seconds=PATIENCE, rate=rate)
    came = _until_done(environment, f"SM{number}-")
    return {
        "texts": came["received"],
        "acknowledged_per_second": round(acknowledged.per_second, 1),
        "acknowledged_ms": _times(acknowledged),
        "reply_ms": came["reply_ms"],
        "wrong": acknowledged.wrong,
    }


def _times(figures: load.Figures) -> dict[str, float]:
    return {"p50": figures.p50, "p95": figures.p95, "p99": figures.p99}


def _requests(port: int, path: str, run: int, size: int) -> list[bytes]:
    """The signed webhooks of a run, ready to be sent."""
    url = f"http://127.0.0.1:{port}{path}"
    made = []
    for number, (sender, text) in enumerate(texts(size, run)):
        fields = {
            "MessageSid": f"SM{run}-{number}",
            "AccountSid": ACCOUNT,
            "From": sender,
            "To": "+14105550100",
            "Body": text,
            "NumMedia": "0",
        }
        body = urlencode(fields).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"X-Twilio-Signature: {sign(TOKEN, url, list(fields.items()))}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


def _send(port: int, requests: list[bytes], clients: int, *, seconds: float, rate: int = 0) -> load.Figures:
    """Each request once, the n-th by the client whose turn it is; at ``rate`` a second where one is given."""
    begins = time.perf_counter() + 0.5

    def request(client: int, n: int) -> bytes:
        place = n * clients + client
        if rate:
            time.sleep(max(0.0, begins + place / rate - time.perf_counter()))
        return requests[place]

    most = len(requests) // clients * clients
    return load.run(port=port, clients=clients, seconds=seconds, request=request, expect=200, most=most)


def _until_done(environment: dict[str, str], prefix: str) -> dict[str, Any]:
    """Wait until everything was worked on and sent."""
    ends_at = time.monotonic() + PATIENCE
    while True:
        came: dict[str, Any] = json.loads(run(environment, "benchmarks.messages_inside", "read", prefix))
        if not (came["waiting"] or came["due"]):
            return came
        if time.monotonic() > ends_at:
            raise SystemExit(f"not done after {PATIENCE} seconds: {came}")
        time.sleep(2)


class _Answer(socketserver.StreamRequestHandler):
    """A provider that takes every text at once."""

    def handle(self) -> None:
        while self.rfile.readline():
            length = 0
            while (line := self.rfile.readline().strip()) != b"":
                name, _colon, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            self.rfile.read(length)
            body = b'{"sid": "SMsent", "status": "queued"}'
            head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
            self.wfile.write(head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


class _Provider(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


@contextlib.contextmanager
def _provider() -> Iterator[int]:
    """A provider on a port of its own, in a process of its own."""
    port = free_port()
    process = multiprocessing.Process(target=_provide, args=(port,), daemon=True)
    process.start()
    try:
        yield port
    finally:
        process.terminate()
        process.join()


def _provide(port: int) -> None:
    with _Provider(("127.0.0.1", port), _Answer) as provider:
        provider.serve_forever()


if __name__ == "__main__":
    main()
