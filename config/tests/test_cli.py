"""The ``commonweal`` command."""

import os
import sys

import pytest

from config import cli


@pytest.fixture
def start(monkeypatch):
    """Type a command; returns the environment in which it would run, without running it."""
    for name in ("COMMONWEAL_DEMO", "COMMONWEAL_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("django.core.management.execute_from_command_line", lambda words: None)

    def start(*words):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["commonweal", *words])
            patch.setattr(os, "environ", dict(os.environ))
            cli.main()
            return os.environ

    return start


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ([], "http://127.0.0.1:8000"),
        (["--port", "8131", "--workers", "2"], "http://127.0.0.1:8131"),
        (["--demo", "--host=mutual.example"], "http://mutual.example:8000"),
        (["--host", "0.0.0.0"], "http://127.0.0.1:8000"),
        (["--host", "::", "--port=80"], "http://[::1]:80"),
    ],
)
def test_links_lead_to_where_the_program_is_served(start, words, address):
    assert start("serve", *words)["COMMONWEAL_BASE_URL"] == address


def test_what_was_set_stays_and_other_commands_set_nothing(start, monkeypatch):
    assert "COMMONWEAL_BASE_URL" not in start("worker", "--port", "8131")

    monkeypatch.setenv("COMMONWEAL_BASE_URL", "https://mutual.example")
    assert start("serve", "--port", "8131")["COMMONWEAL_BASE_URL"] == "https://mutual.example"


def test_demonstration_is_asked_for_by_a_word(start):
    assert start("serve", "--demo")["COMMONWEAL_DEMO"] == "yes"
    assert "COMMONWEAL_DEMO" not in start("serve")
