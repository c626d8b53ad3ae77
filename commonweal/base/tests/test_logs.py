"""The log says what went wrong and where, and nothing of anybody."""

import contextlib
import logging
import logging.config

import pytest
from django.conf import settings
from django.db import DataError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from django.utils.log import log_response

from commonweal.base.logs import Formatter, frames_of

AMINA = "amina@example.org"


def line(message, *args, fault=None):
    """What is written of a message, by the formatter that the settings name."""
    about = {**settings.LOGGING["formatters"]["plain"]}
    assert about.pop("()") == f"{Formatter.__module__}.{Formatter.__qualname__}"
    info = (type(fault), fault, fault.__traceback__) if fault else None
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, args, info)
    return Formatter(**about).format(record)


def fails(error, cause=None):
    """The error, as it is after it was raised."""
    try:
        raise error from cause
    except type(error) as raised:
        return raised


def test_a_private_link_is_no_part_of_a_line():
    written = line("Not Found: %s", "/a/DliawGpO6EXPEWK5V64jC_YnI5ey1HO9/change/")
    assert "django.request" in written
    assert written.endswith("Not Found: /a/…/change/")


def test_of_a_host_that_is_not_ours_stands_nothing(client, caplog):
    with caplog.at_level(logging.WARNING, "django.security"):
        assert client.get("/", headers={"host": "qzamina-41055.example"}).status_code == 400
    about = {**settings.LOGGING["formatters"]["plain"]}
    about.pop("()")
    (record,) = [record for record in caplog.records if "qzamina" in record.getMessage()]
    written = Formatter(**about).format(record)
    assert "not ours" in written
    assert "qzamina" not in written


def test_what_is_no_key_stays():
    assert line("ask %s: /desk/board/", "01a203a2-95a7-7d6d-95e1-365dbfce4c8f").endswith(
        "ask 01a203a2-95a7-7d6d-95e1-365dbfce4c8f: /desk/board/"
    )


@pytest.mark.parametrize(
    ("path", "written"), [("/qzamina/41055", "/…"), ("/board/qzamina/", "/board/<str:code>/"), ("/", "/")]
)
def test_of_an_address_stands_the_door_alone(caplog, path, written):
    request = RequestFactory().get(path)
    with contextlib.suppress(Resolver404):
        request.resolver_match = resolve(path)
    with caplog.at_level(logging.WARNING, "django.request"):
        log_response("Not Found: %s", path, response=HttpResponse(status=404), request=request)
    about = {**settings.LOGGING["formatters"]["plain"]}
    about.pop("()")
    assert Formatter(**about).format(caplog.records[-1]).endswith(f"Not Found: {written}")


@pytest.mark.parametrize("kind", [ValueError, KeyError, DataError, OSError])
def test_a_fault_is_told_by_its_kind_and_place(kind):
    written = line("failed", fault=fails(kind(AMINA), fails(ValueError(AMINA))))
    assert AMINA not in written
    assert kind.__name__ in written
    assert written.count("in fails") == 2
    assert "builtins.ValueError" in written


def test_a_fault_that_was_hidden_is_not_told():
    inner = fails(ValueError())
    outer = fails(KeyError(), None)
    outer.__context__ = inner
    assert "ValueError" not in line("failed", fault=outer)


def test_faults_that_go_in_a_circle_are_told_once():
    one, other = fails(ValueError()), fails(KeyError())
    one.__cause__, other.__cause__ = other, one
    assert line("failed", fault=one).count("ValueError") == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (OperationalError("no such table: base_event\nLINE 1: x"), "OperationalError: no such table: base_event"),
        (OSError(28, "No space left on device"), "OSError: No space left on device"),
        (ImportError("No module named 'x'"), "ImportError: No module named 'x'"),
    ],
)  # fmt: skip
def test_what_the_machine_lacks_is_told(fault, words):
    assert line("failed", fault=fault).endswith(words)


def test_of_a_written_trace_the_places_stay():
    text = f'Traceback:\n  File "a.py", line 3, in go\n    int("{AMINA}")\nValueError: {AMINA}\n  File of {AMINA}\n'
    assert frames_of(text) == '  File "a.py", line 3, in go'
