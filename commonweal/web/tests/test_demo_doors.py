"""The demonstration's pages where it is empty or none, and the command that fills it."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from commonweal.networks.actions import create_network
from commonweal.web.management.commands import demo as command


class TestAnEmptyDemonstration:
    @pytest.fixture
    def empty(self, db):
        return create_network(slug="demo", name="Nobody yet", is_demo=True)

    def test_says_so(self, empty):
        page = Client().get(reverse("demo")).content.decode()
        assert "Nothing yet" in page
        assert "An asker" not in page

    @pytest.mark.parametrize("role", ["helper", "dispatcher", "", "\x00", "king"])
    def test_there_is_nobody_to_be(self, empty, role):
        assert Client().post(reverse("demo_enter"), {"as": role}).status_code == 404


class TestARealNetwork:
    @pytest.fixture
    def real(self, db):
        return create_network(slug="elm", name="Elm Street")

    def test_has_no_demonstration(self, real):
        assert Client().get(reverse("demo")).status_code == 404
        assert Client().post(reverse("demo_enter"), {"as": "dispatcher"}).status_code == 404
        assert f'href="{reverse("demo")}"' not in Client().get("/").content.decode()

    def test_is_never_filled(self, real, monkeypatch):
        said = StringIO()
        monkeypatch.setattr(command, "fill_demonstration", lambda **_: pytest.fail("it was filled"))
        call_command("demo", stdout=said)
        assert "There is a network already" in said.getvalue()


def test_the_command_fills_an_empty_installation(db, monkeypatch):
    said, filled = StringIO(), []
    monkeypatch.setattr(command, "fill_demonstration", lambda **how: filled.append(how))
    call_command("demo", stdout=said, stderr=StringIO())
    assert [*filled[0]] == ["progress"]
    assert "The demonstration is ready" in said.getvalue()
