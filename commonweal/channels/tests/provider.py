"""Somebody else's server on loopback, that answers as a test tells it, and remembers what it was told."""

import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(kw_only=True)
class Told:
    """One call."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(kw_only=True)
class Say:
    """One answer. ``late`` seconds pass before it; ``drop``: the line is cut instead."""

    status: int = 200
    said: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    late: float = 0
    drop: bool = False
    trickle: bool = False


class Provider(ThreadingHTTPServer):
    """Answers from ``answers`` in turn, and with ``always`` once they are used up."""

    daemon_threads = True

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.answers: deque[Say] = deque()
        self.always = Say(status=201, said={})
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """Keeps the call, and says what is wanted."""

    server: Provider

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.told.append(
            Told(
                method=self.command,
                path=parts.path,
                query=parse_qs(parts.query),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=body,
            )
        )
        say = self.server.answers.popleft() if self.server.answers else self.server.always
        time.sleep(say.late)
        if say.drop:
            self.connection.close()
            return
        said = say.said if isinstance(say.said, bytes) else json.dumps(say.said).encode()
        self.send_response(say.status)
        for name, value in say.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        for piece in [said[i : i + 1] for i in range(len(said))] if say.trickle else [said]:
            self.wfile.write(piece)
            time.sleep(0.05 if say.trickle else 0)

    do_GET = do_DELETE = do_POST  # noqa: N815 - the library calls them so

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            return

    def log_message(self, *args: Any) -> None:
        """Says nothing."""
