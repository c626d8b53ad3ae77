"""Starting the engine's process and waiting for what it says."""

import contextlib
import logging
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from django.conf import settings

from commonweal.algorithms import machine_code
from commonweal.base.supervisor import own_environment
from commonweal.matching.errors import NoEngine
from commonweal.matching.solving.framing import framed, next_frame

logger = logging.getLogger(__name__)

# The first run after an installation compiles the engine, which takes a minute or two; later ones take seconds.
LONGEST = 300.0
# One thread each for the libraries of linear algebra: the engine splits its own work.
QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
TAIL = 300


def command() -> list[str]:
    """How the engine's process is started: by the same Python."""
    return [sys.executable, "-m", "commonweal.matching.solving"]


def run(request: bytes, *, seconds: float = LONGEST) -> bytes:
    """What the engine answers to a request (`messages.packed`). Raises NoEngine where it can't, or takes too long."""
    with EngineProcess() as engine:
        return engine.ask(request, seconds=seconds)


class EngineProcess:
    """The engine in a process of its own, for as many requests as are asked. It ends with this object, and with this
    process, however that ends. One that has failed once is over."""

    def __init__(self) -> None:
        kept = machine_code.folder(Path(settings.COMMONWEAL_DATA) / "engine")
        environment = {**own_environment(), **QUIET, "NUMBA_CACHE_DIR": str(kept)}
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
        try:
            self._process = subprocess.Popen(  # nosec B603
                command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                env=environment,
            )
        except OSError as fault:
            self._said.close()
            logger.warning("the matching engine could not be started (%s)", type(fault).__name__)
            raise NoEngine from None

        # Both are pipes, as was asked.
        self._stdin, self._stdout = (
            cast(IO[bytes], pipe) for pipe in (self._process.stdin, self._process.stdout)
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def ask(self, request: bytes, *, seconds: float = LONGEST) -> bytes:
        """What it answers. Raises NoEngine where it can't, or takes longer than so many seconds; it is over then."""
        late = threading.Event()
        watch = threading.Timer(seconds, self._stop_late, (late,))
        watch.daemon = True
        watch.start()
        try:
            answer = self._exchange(request)
        except (OSError, EOFError, ValueError):
            answer = None
        finally:
            watch.cancel()
        if answer is None:
            self._give_up(late=seconds if late.is_set() else None)
            raise NoEngine
        return answer

    def close(self) -> None:
        """End it. Safe to call twice."""
        process = self._process
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (self._stdin, self._stdout, self._said):
            # What was not yet written to it is lost with it.
            with contextlib.suppress(OSError):
                pipe.close()

    def _exchange(self, request: bytes) -> bytes | None:
        self._stdin.write(framed(request))
        self._stdin.flush()
        return next_frame(self._stdout)

    def _stop_late(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def _give_up(self, *, late: float | None) -> None:
        if late is not None:
            logger.warning("the matching engine took longer than %.0f s", late)
            self.close()
            return
        try:
            # It closed its end, so it is about to end by itself and to say why.
            code: int | None = self._process.wait(TAIL / 100)
        except subprocess.TimeoutExpired:
            code = None
        self._said.seek(0)
        said = self._said.read().decode(errors="replace").strip()[-TAIL:]
        logger.warning("the matching engine ended with code %s: %s", code, said)
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
