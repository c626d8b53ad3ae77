"""The door itself: who gets in at all, and what it answers when we fail."""

import uuid

import pytest
from django.db import OperationalError
from django.test import Client

from commonweal.channels import adapters as registry
from commonweal.channels import doors
from commonweal.channels.forms import SettingUp
from commonweal.channels.models import ChannelSetup
from commonweal.channels.tests.test_webhook import KEY, SAID, tell
from commonweal.intake.models import Inbound

__all__ = ["tell"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def line(set_up):
    return set_up("webhook", credentials={"secret": KEY}, options={"base": "https://bot.example"})


@pytest.mark.parametrize(
    "path",
    ["/in/{pk}/wrong/message", "/in/{other}/{token}/message", "/in/{pk}/{token}", "/in/{pk}/{token}/"],
)
def test_door_that_there_is_not_is_not_found(client, line, path):
    answer = client.post(
        path.format(pk=line.pk, token=line.token, other=uuid.uuid4()), b"", content_type="text/plain"
    )

    assert answer.status_code in (404, 301)


def test_channel_that_is_off_hears_nothing(tell, line):
    ChannelSetup.objects.filter(pk=line.pk).update(is_on=False)

    answer = tell(SAID)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_channel_of_a_kind_that_is_gone_hears_nothing(tell, line):
    ChannelSetup.objects.filter(pk=line.pk).update(adapter="pigeon")

    assert tell(SAID).status_code == 404


def test_channel_that_takes_nothing_in_hears_nothing(tell, line, monkeypatch):
    only_out = registry.Adapter(
        key="webhook", name="", lead="", kinds=frozenset(), form=SettingUp, check=lambda setup: None
    )
    monkeypatch.setattr(doors, "adapters", lambda: {"webhook": only_out})

    assert tell(SAID).status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
def test_only_a_post_is_answered(client, line, method):
    answer = getattr(client, method)(f"/in/{line.pk}/{line.token}/message")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_without_tls_a_program_is_refused_and_not_led_on(tell, settings):
    settings.COMMONWEAL_HTTPS = True
    settings.SECURE_SSL_REDIRECT = True

    answer = tell(SAID)

    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert not Inbound.objects.exists()


def test_no_form_token_and_no_cookie_is_wanted_or_given(line, tell):
    """With the check of form tokens on, as in a browser: the signature is what counts."""
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"/in/{line.pk}/{line.token}/message", b"{}", content_type="application/json")

    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
    assert not answer.cookies
    assert not tell(SAID).cookies


@pytest.mark.parametrize(
    ("fault", "level"), [(OperationalError("locked"), "WARNING"), (KeyError("x"), "ERROR")]
)
def test_fault_of_ours_is_said_again_later(tell, monkeypatch, caplog, fault, level):
    def fail(**more):
        raise fault

    monkeypatch.setattr("commonweal.channels.webhook.door.receive", fail)

    answer = tell(SAID)

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert [record.levelname for record in caplog.records if record.name == doors.__name__] == [level]


def test_line_that_breaks_off_is_malformed(tell, monkeypatch):
    def broken(request, most):
        raise doors.UnreadablePostError

    monkeypatch.setattr("commonweal.channels.webhook.door.read_body", broken)

    assert tell(SAID).status_code == 400


def test_guessing_is_slowed_down_and_the_genuine_is_not(tell, monkeypatch):
    monkeypatch.setattr(doors, "MOST_WRONG", 2)
    statuses = [tell(SAID, key="guess").status_code for _ in range(3)]

    assert statuses == [403, 403, 429]
    assert tell(SAID, key="guess")["Retry-After"]
    assert tell(SAID).status_code == 204


def test_large_body_is_not_read_to_its_end(tell):
    assert tell(b"x" * (64 * 1024 + 1)).status_code == 413


def test_words_of_an_error_say_nothing_of_the_message(tell):
    answer = tell({**SAID, "at": "at Rosa's"})

    assert b"Rosa" not in answer.content
