"""What each web process is: one thread that answers, and around it threads that wait for slow readers and writers.

Kept apart from everything that needs the models: it is loaded before they are there.
"""

import io
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

LOOK_SECONDS = 1.0
# No page of ours takes more; what is smaller, the program itself refuses with a page of its own.
MOST_BODY = 1_000_000

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class OneAtATime:
    """Runs a WSGI application in one thread, and lets other threads wait for bodies that arrive slowly.

    One thread answers fastest, because Python runs one at a time anyway, and needs one database connection. But a
    phone on a bad network would hold it up while its form trickles in; so the body is read before its turn comes.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._turns = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answer")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Read the body, wait for a turn, answer."""
        length = _length(environ)
        if length > MOST_BODY:
            return _refuse(start_response, "413 Content Too Large", b"This is more than the program takes.")
        if length:
            body = environ["wsgi.input"].read(length)
            if len(body) < length:
                return _refuse(start_response, "400 Bad Request", b"This was cut off on the way.")
            environ["wsgi.input"] = io.BytesIO(body)
        return self._turns.submit(self._application, environ, start_response).result()


def _refuse(start_response: Callable[..., Any], status: str, words: bytes) -> Iterable[bytes]:
    """Answer without asking the program: half a form must not be taken for a whole one."""
    start_response(status, [("Content-Type", "text/plain"), ("Connection", "close")])
    return [words + b" Nothing was changed.\n"]


def _length(environ: dict[str, Any]) -> int:
    try:
        return max(0, int(environ.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def load_application() -> Application:
    """The WSGI application, in a process that ends when the one that started it is gone."""
    threading.Thread(target=_end_with, args=(os.getppid(),), name="parent", daemon=True).start()
    return OneAtATime(import_string(settings.WSGI_APPLICATION))


def _end_with(parent: int) -> None:
    """A server that was killed outright must not leave processes behind that hold its port and its data."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
