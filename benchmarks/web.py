"""Create asks and list the board, on both databases, from a thousand asks to a million."""

import argparse
import json
import random
import re
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

from benchmarks import load
from benchmarks.machine import machine
from benchmarks.pages import fetched_by, filled, form_of, unpacked
from benchmarks.postgres import NoPostgres
from benchmarks.processes import cpu_seconds
from benchmarks.program import installed, prepare, run, serving

SIZES = [1_000, 10_000, 100_000, 1_000_000]
CLIENTS = [8, 32]
# The best of the field's programs, on two cores (../shared/data/README.md).
FIELD = {"create": 35, "list": 31}


def main() -> None:
    """Measure, and print a table or JSON."""
    arguments = _arguments()
    results: dict[str, Any] = {
        "machine": _machine(),
        "seconds": arguments.seconds,
        "field": FIELD,
        "databases": {},
    }
    for name in arguments.databases:
        try:
            with installed(name, COMMONWEAL_BEHIND_PROXY="yes") as (environment, pid):
                results["databases"][name] = _measure(environment, pid, arguments)
        except NoPostgres:
            results["databases"][name] = {
                "skipped": "PostgreSQL is not installed: apt-get install postgresql"
            }
    print(json.dumps(results, indent=None if arguments.json else 2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench web", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one line of JSON instead of an indented text")
    parser.add_argument("--sizes", type=_numbers, default=SIZES, metavar="N,N", help="numbers of open asks")
    parser.add_argument("--clients", type=_numbers, default=CLIENTS, metavar="N,N", help="numbers of clients")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each measurement")
    parser.add_argument("--databases", type=lambda text: text.split(","), default=["sqlite", "postgresql"])
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _machine() -> dict[str, Any]:
    return {
        **machine("django", "granian"),
        "seed": 20261122,
        "note": "clients and server share the cores; durable commits; no worker",
    }


def _measure(environment: dict[str, str], database_pid: int, arguments: argparse.Namespace) -> dict[str, Any]:
    prepare(environment)
    found: dict[str, Any] = {"sizes": []}
    for size in arguments.sizes:
        begun = time.perf_counter()
        made = json.loads(run(environment, "benchmarks.inside", "fill", str(size)))
        counted = json.loads(run(environment, "benchmarks.inside", "count"))
        entry = {"asks": made["asks"], "fill_seconds": round(time.perf_counter() - begun, 1)}
        entry["queries"] = {name: counted[name] for name in ("list_first", "list_thousandth", "create")}
        with serving(environment, web=arguments.workers) as (port, [pid]):
            if "status_bytes" not in found:
                found["status_bytes"] = _weight(port, counted["status_path"])
            pids = [pid, database_pid] if database_pid else [pid]
            entry["clients"] = {
                str(clients): _load(port, pids, clients, arguments.seconds, made["thousandth"])
                for clients in arguments.clients
            }
        found["sizes"].append(entry)
        print(f"{size} asks: {json.dumps(entry['clients'])}", file=sys.stderr)
    return found


def _load(port: int, pids: list[int], clients: int, seconds: float, thousandth: str) -> dict[str, Any]:
    """The three loads, one after the other; processor time is that of server and database together."""
    cookies, fields = _form(port)
    chance = random.Random(clients)
    # Many neighbours, not one: the limit against abuse counts by address.
    addresses = [
        f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}" for _ in range(4096)
    ]
    run_key = f"{chance.random()}"

    def first(_client: int, _n: int) -> bytes:
        return _get("/board/?kind=asks", port)

    def later(_client: int, _n: int) -> bytes:
        return _get(f"/board/?kind=asks&from={thousandth}", port)

    def create(client: int, n: int) -> bytes:
        body = urlencode(filled(fields, f"{run_key}-{client}-{n}")).encode()
        address = addresses[(client * 131 + n) % len(addresses)]
        return _post("/need/", body, cookies, address, port)

    return {
        name: _one(port, pids, clients, seconds, request, expect)
        for name, request, expect in (
            ("list_first", first, 200),
            ("list_thousandth", later, 200),
            ("create", create, 302),
        )
    }


def _one(
    port: int, pids: list[int], clients: int, seconds: float, request: Any, expect: int
) -> dict[str, Any]:
    load.run(port=port, clients=clients, seconds=0.7, request=request, expect=expect, most=clients * 20)
    before = sum(cpu_seconds(pid) for pid in pids)
    figures = load.run(
        port=port, clients=clients, seconds=seconds, request=lambda c, n: request(c, n + 1000), expect=expect
    )
    used = sum(cpu_seconds(pid) for pid in pids) - before
    return {
        "per_second": round(figures.per_second, 1),
        "p50_ms": figures.p50,
        "p95_ms": figures.p95,
        "p99_ms": figures.p99,
        "cpu_ms": round(1000 * used / max(figures.requests, 1), 2),
        "requests": figures.requests,
        "wrong": figures.wrong,
    }


def _form(port: int) -> tuple[str, dict[str, str]]:
    """The cookie and the fields of the page on which one asks."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/need/", timeout=30) as answer:
        cookies = "; ".join(value.split(";")[0] for value in answer.headers.get_all("set-cookie") or [])
        return cookies, form_of(answer.read().decode())


def _get(path: str, port: int) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()


def _post(path: str, body: bytes, cookies: str, address: str, port: int) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookies}\r\nX-Forwarded-For: {address}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _weight(port: int, path: str) -> dict[str, int]:
    """What a first visit to an asker's page brings over the wire: bodies, and the typefaces its style sheet names."""
    base = f"http://127.0.0.1:{port}"
    connection = load.Connection(port)
    _, head, body = connection.ask(_get(path, port))
    weights = {"page": len(body)}
    for address in sorted(fetched_by(unpacked(body, head.decode("latin-1")), base)):
        local = address.removeprefix(base)
        _, sheet_head, sheet = connection.ask(_get(local, port))
        weights[Path(local).name] = len(sheet)
        if local.endswith(".css"):
            for font in _fonts(unpacked(sheet, sheet_head.decode("latin-1"))):
                font_path = urljoin(local, font)
                weights[Path(font_path).name] = len(connection.ask(_get(font_path, port))[2])
    connection.close()
    return {**weights, "total": sum(weights.values())}


def _fonts(sheet: str) -> list[str]:
    """The Latin typeface that a style sheet names: the page of an English reader needs no other."""
    found = re.findall(r'url\("?([^")]+\.woff2)"?\)', sheet)
    return [name for name in found if "latin-ext" not in name]


if __name__ == "__main__":
    main()
