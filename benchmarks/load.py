"""A small load generator: so many clients over kept-alive connections, each request timed, answers checked."""

import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_ANSWER = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a load came to. Times are milliseconds; ``wrong`` counts answers of another status than was expected."""

    requests: int
    wrong: int
    seconds: float
    p50: float
    p95: float
    p99: float

    @property
    def per_second(self) -> float:
        """Answered as expected, a second."""
        return (self.requests - self.wrong) / self.seconds


class Connection:
    """One kept-alive HTTP/1.1 connection to 127.0.0.1, written for little cost on the client's side."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._open()

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send one request; returns status, head and body. A connection that the server closed is opened anew once."""
        try:
            self.socket.sendall(request)
            return self._answer()
        except (ConnectionError, TimeoutError):
            self.socket.close()
            self.socket = self._open()
            self.socket.sendall(request)
            return self._answer()

    def _answer(self) -> tuple[int, bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        status = int(head[9:12])
        lower = head.lower()
        if b"content-length:" in lower:
            length = int(lower.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
            while len(body) < length:
                body += self._more()
        elif b"transfer-encoding: chunked" in lower:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
        return status, head, body

    def _more(self) -> bytes:
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionResetError("closed by the server")
        return piece

    def close(self) -> None:
        """Hang up."""
        self.socket.close()


def run(
    *,
    port: int,
    clients: int,
    seconds: float,
    request: Callable[[int, int], bytes],
    expect: int,
    most: int = 200_000,
) -> Figures:
    """Let ``clients`` ask for ``seconds`` (or ``most`` requests in all); ``request(client, n)`` makes each one."""
    times: list[list[float]] = [[] for _ in range(clients)]
    wrong = [0] * clients
    gate = threading.Barrier(clients + 1)
    ends_at = [0.0]

    def client(number: int) -> None:
        connection = Connection(port)
        gate.wait()
        for n in range(most // clients):
            if time.perf_counter() >= ends_at[0]:
                break
            message = request(number, n)
            begun = time.perf_counter()
            status, _, _ = connection.ask(message)
            times[number].append(time.perf_counter() - begun)
            wrong[number] += status != expect
        connection.close()

    threads = [threading.Thread(target=client, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    begun = time.perf_counter()
    ends_at[0] = begun + seconds
    gate.wait()
    for thread in threads:
        thread.join(timeout=seconds + 120)
    took = time.perf_counter() - begun
    every = sorted(1000 * one for some in times for one in some)
    cuts = statistics.quantiles(every, n=100, method="inclusive") if len(every) > 1 else [0.0] * 99
    return Figures(
        requests=len(every), wrong=sum(wrong), seconds=took,
        p50=round(cuts[49], 2), p95=round(cuts[94], 2), p99=round(cuts[98], 2),
    )  # fmt: skip
