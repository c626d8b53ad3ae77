"""One thread answers; the others wait for bodies that come slowly."""

import io
import os
import signal
import threading

import pytest

from commonweal.base import webprocess
from commonweal.base.webprocess import MOST_BODY, OneAtATime, load_application


def echo(environ, start_response):
    """Say who answers, and what was sent."""
    start_response("200 OK", [])
    return [threading.current_thread().name.encode(), environ["wsgi.input"].read()]


def fails(environ, start_response):
    """Fail."""
    raise RuntimeError("no")


@pytest.fixture
def ask():
    """Ask an application that runs one at a time; returns the status and what it said."""
    made: list[OneAtATime] = []

    def ask(body=b"", application=echo, length=None, source=None):
        wrapped = OneAtATime(application) if not made or application is not echo else made[0]
        made.append(wrapped)
        statuses = []
        environ = {"wsgi.input": source or io.BytesIO(body), "CONTENT_LENGTH": length or str(len(body))}
        answer = list(wrapped(environ, lambda status, headers: statuses.append(status)))
        return statuses[0], answer

    yield ask
    for wrapped in made:
        wrapped._turns.shutdown()


def test_body_reaches_the_application_whole(ask):
    status, (name, body) = ask(b"a=1")

    assert (status, body) == ("200 OK", b"a=1")
    assert name == b"answer_0"


def test_no_more_is_read_than_was_announced(ask):
    assert ask(b"a=1&rest", length="3")[1][1] == b"a=1"


@pytest.mark.parametrize("length", ["", "0", "-5", "junk"])
def test_without_a_length_nothing_is_read(ask, length):
    body = io.BytesIO(b"a=1")

    assert ask(source=body, length=length or " ")[0] == "200 OK"


def test_far_too_much_is_refused_unread(ask):
    body = io.BytesIO(b"a" * 10)

    status, answer = ask(source=body, length=str(MOST_BODY + 1))

    assert status == "413 Content Too Large"
    assert b"Nothing was changed" in answer[0]
    assert body.tell() == 0


def test_half_a_form_is_not_taken_for_a_whole_one(ask):
    status, answer = ask(b"a=1", length="4")

    assert status == "400 Bad Request"
    assert answer == [b"This was cut off on the way. Nothing was changed.\n"]


def test_fault_of_the_application_is_passed_on(ask):
    with pytest.raises(RuntimeError, match="no"):
        ask(application=fails)


def test_slow_body_keeps_nobody_waiting(ask):
    class Slow(io.BytesIO):
        def read(self, size=-1):
            arrived.wait(10)
            return super().read(size)

    arrived, answers = threading.Event(), []
    ask()
    slow = threading.Thread(target=lambda: answers.append(ask(source=Slow(b"a=1"), length="3")))
    slow.start()

    assert ask(b"b=2")[1][1] == b"b=2"
    assert answers == []
    arrived.set()
    slow.join()
    assert answers[0][1] == [b"answer_0", b"a=1"]


def test_process_ends_with_the_one_that_started_it(monkeypatch):
    killed = []
    parents = iter([7, 7, 1])
    monkeypatch.setattr(webprocess, "LOOK_SECONDS", 0)
    monkeypatch.setattr("os.getppid", lambda: next(parents))
    monkeypatch.setattr("os.kill", lambda pid, number: killed.append((pid, number)))

    webprocess._end_with(7)

    assert killed == [(os.getpid(), signal.SIGTERM)]


def test_application_of_the_settings_is_loaded(settings, monkeypatch):
    watched: list[int] = []
    monkeypatch.setattr(webprocess, "_end_with", watched.append)
    settings.WSGI_APPLICATION = f"{__name__}.echo"

    application = load_application()

    assert isinstance(application, OneAtATime)
    assert application._application.__name__ == "echo"
    application._turns.shutdown()
    assert watched == [os.getppid()]
