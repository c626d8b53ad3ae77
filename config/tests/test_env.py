from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.fixture(autouse=True)
def nothing_read(monkeypatch):
    monkeypatch.setattr(env, "READ", {})


@pytest.fixture
def said(monkeypatch):
    def say(value):
        monkeypatch.setenv("COMMONWEAL_X", value)

    return say


def test_every_reader_notes_what_it_was_asked_for():
    env.text("COMMONWEAL_A", "a")
    env.flag("COMMONWEAL_B", default=True)
    env.number("COMMONWEAL_C", 3, least=1, most=9)
    env.names("COMMONWEAL_D", "x,y")
    assert env.READ == {
        "COMMONWEAL_A": "a",
        "COMMONWEAL_B": "yes",
        "COMMONWEAL_C": "3",
        "COMMONWEAL_D": "x,y",
    }


def test_text_comes_without_blanks_around_it(said):
    said("  a b ")
    assert env.text("COMMONWEAL_X") == "a b"
    assert env.text("COMMONWEAL_UNSET", "c") == "c"


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("yes", True),
        ("TRUE", True),
        ("1", True),
        (" on ", True),
        ("no", False),
        ("0", False),
        ("off", False),
        ("", False),
    ],
)
def test_a_flag_is_a_yes_or_a_no(said, value, meant):
    said(value)
    assert env.flag("COMMONWEAL_X", default=not meant) is meant


def test_a_flag_that_is_neither_stops_the_start(said):
    said("perhaps")
    with pytest.raises(ImproperlyConfigured, match="COMMONWEAL_X is 'perhaps'; write yes or no"):
        env.flag("COMMONWEAL_X")


def test_a_number_is_read_within_its_bounds(said):
    said("65535")
    assert env.number("COMMONWEAL_X", 587, least=1, most=65535) == 65535


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("many", "whole number"),
        ("1.5", "whole number"),
        ("0", "from 1 to 65535"),
        ("65536", "from 1 to 65535"),
    ],
)
def test_a_number_that_makes_no_sense_stops_the_start(said, value, why):
    said(value)
    with pytest.raises(ImproperlyConfigured, match=why):
        env.number("COMMONWEAL_X", 587, least=1, most=65535)


def test_a_list_has_no_empty_parts(said):
    said(" a.example, ,b.example,")
    assert env.names("COMMONWEAL_X") == ["a.example", "b.example"]


def test_a_folder_is_absolute(said, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/srv/home")
    said("data")
    assert env.folder("COMMONWEAL_X", Path("/elsewhere")) == tmp_path / "data"
    said("~/data")
    assert env.folder("COMMONWEAL_X", Path("/elsewhere")) == Path("/srv/home/data")


@pytest.mark.parametrize("value", ["", "keeper@example.org", " keeper@example.org "])
def test_an_address_is_one_or_none(said, value):
    said(value)
    assert env.address("COMMONWEAL_X") == value.strip()


@pytest.mark.parametrize("value", ["keeper", "keeper@localhost", "a b@example.org", "mailto:<a@example.org>"])
def test_what_is_no_address_stops_the_start(said, value):
    said(value)
    with pytest.raises(ImproperlyConfigured, match="write an e-mail address"):
        env.address("COMMONWEAL_X")
