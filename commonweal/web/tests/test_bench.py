"""The door to the benchmarks."""

import subprocess

import pytest
from django.core.management import CommandError, call_command


@pytest.mark.parametrize("name", ["nothing", "../web", "os", ""])
def test_what_is_no_benchmark_is_said(name):
    with pytest.raises(CommandError, match="no such benchmark"):
        call_command("bench", name)


def test_a_benchmark_gets_what_follows_and_gives_its_exit_code(monkeypatch):
    seen = []

    def run(command, **_more):
        seen.extend(command[1:])
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(SystemExit) as ended:
        call_command("bench", "web", "--", "--json")
    assert ended.value.code == 3
    assert seen == ["-m", "benchmarks.web", "--json"]


def test_without_the_source_there_is_none(monkeypatch):
    def lost(_name):
        raise ModuleNotFoundError

    monkeypatch.setattr("importlib.util.find_spec", lost)
    with pytest.raises(CommandError, match="come with the source"):
        call_command("bench", "web")
