"""Every form of every page and every door of other programs, a small share of what `script/bench fuzz` sends."""

import random

import pytest

from benchmarks import fuzz
from benchmarks.fuzzing import inside, machines
from benchmarks.fuzzing.pages import filled_in, forms_in
from benchmarks.fuzzing.words import WORDS, strange
from commonweal.base import clock
from commonweal.channels.actions import add_setup

PAGE = """<form action="go/" method="post"><input name="a" value="1"><textarea name="b"></textarea>
<select name="c"><option value="x"><option value="y"></select><input type="radio" name="d" value="p">
<input type="radio" name="d" value="q"><button name="e" value="z"></form><input name="outside"><form></form>"""


@pytest.fixture
def fuzzer(ours, theirs):
    return inside.Fuzzer(ours, theirs, random.Random(7))


@pytest.fixture
def places(ours):
    made = {
        adapter: add_setup(
            network=ours.network, by=ours.dispatcher, adapter=adapter, name=adapter, carries=[], **about
        )
        for adapter, about in machines.SETUPS.items()
    }
    return {name: (str(setup.pk), setup.token) for name, setup in made.items()}


def test_strange_words_everywhere_are_answered_and_give_nothing_away(fuzzer, places):
    inside._send_all(fuzzer, 1200, 7, places)
    assert fuzzer.faults == []
    assert fuzzer.sent >= 1200
    assert {
        "page",
        "form",
        "address",
        "webhookMessage",
        "twilioText",
        "phoneEvent",
        "mailRaw",
    } <= fuzzer.doors.keys()


def test_what_other_programs_say_rightly_is_taken(fuzzer, places):
    """Without this the doors could be refusing everything for a wrong signature."""
    inside._tell_doors(fuzzer, 44, 7, places, int(clock.now().timestamp()))
    taken = {door for door, answers in fuzzer.doors.items() if answers[200] + answers[204]}
    assert {"twilioText", "twilioCall", "phoneEvent", "webhookStatus"} <= taken


def test_a_fault_and_a_leak_are_noted(fuzzer, theirs, monkeypatch):
    def fails(*_words, **_said):
        raise ValueError

    monkeypatch.setattr("commonweal.web.home.of", fails)
    fuzzer.send("page", "stranger", "GET", "/")
    fuzzer.secrets = {"<main"}
    fuzzer.send("page", "stranger", "GET", "/need/")
    assert [(fault["status"], fault["leaks"]) for fault in fuzzer.faults] == [(500, []), (200, ["<main"])]


def test_the_log_is_searched_for_what_is_private(ours, theirs):
    lines = ["nothing", f"GET /a/{ours.tokens['open']}/", "qqTheirsSesameHelper came"]
    assert inside._in_log(lines, ours, theirs) == 2


def test_a_form_is_read_as_a_browser_reads_it():
    form, empty = forms_in(PAGE, "/at/")
    assert (form.action, form.method, empty.fields) == ("/at/go/", "post", [])
    assert dict(form.fields) == {"a": "1", "b": "", "c": "x", "d": "p", "e": "z"}
    assert form.choices == {"c": ["x", "y"], "d": ["p", "q"], "e": ["z"]}


def test_the_same_seed_says_the_same():
    (form, _empty) = forms_in(PAGE, "/")
    once, again = ([filled_in(form, random.Random(3)) for _number in range(20)] for _time in range(2))
    assert once == again
    said = [strange(random.Random(number)) for number in range(300)]
    assert len(set(said)) > 80
    assert "\x00" in WORDS


def test_parts_are_summed():
    part = {
        "requests": 2,
        "doors": {"form": {"200": 2}},
        "faults": [],
        "private_in_log": 0,
        "log_lines": 1,
        "cpu_s": 0.5,
    }
    both = fuzz.summed([part, {**part, "doors": {"form": {"422": 2}, "page": {"200": 2}}}])
    assert (both["requests"], both["cpu_s"], both["log_lines"]) == (4, 1.0, 2)
    assert both["statuses"] == {"200": 4, "422": 2}
    assert both["doors"] == {"form": {"200": 2, "422": 2}, "page": {"200": 2}}
