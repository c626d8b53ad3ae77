"""The WSGI door, for granian or any other server."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from commonweal.base.contenttype import believed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_program = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer; whatever a header says, what is sent is read as UTF-8."""
    environ["CONTENT_TYPE"] = believed(environ.get("CONTENT_TYPE", ""))
    answer: Iterable[bytes] = _program(environ, start_response)
    return answer
