"""What the log may say: what went wrong and where in the program, never about whom or with whose words."""

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.http import HttpRequest

# A piece of an address that is as long as a private link's token, or an id.
_KEY = re.compile(r"(?<=/)[\w-]{24,}")
# It repeats what was asked for, whatever that is.
_OF_HOSTS = "django.security.DisallowedHost"
_FRAME = re.compile(r'^  File ".*", line \d+, in .*$', re.MULTILINE)
# Faults whose words speak of the machine. All others may quote what somebody typed.
_OF_THE_MACHINE = (ImproperlyConfigured, ImportError, OperationalError)


class Formatter(logging.Formatter):
    """Writes log lines without what was typed into addresses, and faults by kind and place, without their words."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging calls it so
        """The line; a private link in it is a key that nobody may pick up from a log.

        Whoever mistypes an address may have typed a name or a number: of what was asked for stands the pattern alone,
        and of a host name that isn't ours nothing.
        """
        if record.name == _OF_HOSTS:
            record.message = "A host name was asked for that is not ours"
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and request.path != "/":
            for path in (request.path.encode("unicode_escape").decode(), request.path):
                record.message = record.message.replace(path, _pattern(request))
        record.message = _KEY.sub("…", record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging calls it so
        """The kind of the fault and the lines of code that led to it, and the same of what it came from."""
        fault: BaseException | None = ei[1]
        return "\n".join(_told(error) for error in reversed([*_chain(fault)]))


def _pattern(request: HttpRequest) -> str:
    """Which door it was; "…" where there is none of that address."""
    return f"/{request.resolver_match.route}" if request.resolver_match else "/…"


def frames_of(text: str) -> str:
    """Of a traceback as Python writes it, the places in the code alone."""
    return "\n".join(_FRAME.findall(text))


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def _told(fault: BaseException) -> str:
    words = ""
    if isinstance(fault, _OF_THE_MACHINE):
        words = str(fault).partition("\n")[0]
    elif isinstance(fault, OSError):
        words = fault.strerror or ""
    kind = f"{type(fault).__module__}.{type(fault).__qualname__}"
    return f"{_places(fault.__traceback__)}{kind}{': ' if words else ''}{words}"


def _places(trace: TracebackType | None) -> str:
    return "Traceback (most recent call last):\n" + "".join(traceback.format_tb(trace)) if trace else ""
