"""Text messages out by Twilio, against a server that does what a test tells it."""

import base64
from datetime import timedelta
from email.utils import format_datetime

import pytest

from commonweal.channels import calling
from commonweal.channels.sms_twilio.adapter import Form, check
from commonweal.channels.sms_twilio.channel import Channel
from commonweal.channels.tests.conftest import ID, NOON
from commonweal.channels.tests.provider import Say
from commonweal.messaging.errors import ChannelDown, OptedOut, PermanentFailure, RetryableFailure

pytestmark = pytest.mark.django_db
ROSA = "+14105550101"


@pytest.fixture
def line(set_up, provider):
    return set_up(
        "sms_twilio",
        options={"base": provider.base, "account": "AC1", "number": "+14105550100"},
        credentials={"auth_token": "secret"},
    )


@pytest.fixture
def text(outgoing):
    def text(**more):
        return outgoing(kind="phone", to=ROSA, **more)

    return text


def test_text_is_handed_over_with_its_own_way_back(line, provider, text, settings):
    settings.COMMONWEAL_BASE_URL = "https://mutual.example"
    provider.always = Say(status=201, said={"sid": "SM1", "status": "queued"})

    assert Channel(line).send(text()) == "SM1"

    (told,) = provider.told
    assert (told.method, told.path) == ("POST", "/2010-04-01/Accounts/AC1/Messages.json")
    assert told.headers["authorization"] == "Basic " + base64.b64encode(b"AC1:secret").decode()
    assert told.form == {
        "To": ROSA,
        "From": "+14105550100",
        "Body": "Still needed?",
        "StatusCallback": f"https://mutual.example/in/{line.pk}/{line.token}/status/{ID}",
    }
    Channel(line).close()


def test_messaging_service_may_choose_the_number(line, provider, text):
    line.options["number"] = "MG" + "0" * 32

    Channel(line).send(text())

    assert provider.told[0].form["MessagingServiceSid"] == "MG" + "0" * 32
    assert "From" not in provider.told[0].form


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 21610, OptedOut),
        (400, 21211, PermanentFailure),
        (400, 21614, PermanentFailure),
        (401, 20003, ChannelDown),
        (400, 21606, ChannelDown),
        (429, 20429, RetryableFailure),
        (400, 21611, RetryableFailure),
        (500, None, RetryableFailure),
        (503, None, ChannelDown),
    ],
)
def test_failure_says_what_to_do_and_names_nobody(line, provider, text, status, code, kind):
    provider.always = Say(status=status, said={"code": code, "message": f"not to {ROSA}"})

    with pytest.raises(kind) as caught:
        Channel(line).send(text())

    assert type(caught.value) is kind
    assert ROSA not in str(caught.value)


def test_provider_may_name_the_time_to_wait(line, provider, text):
    provider.always = Say(status=429, said={"code": 20429}, headers={"Retry-After": "90"})

    with pytest.raises(RetryableFailure) as caught:
        Channel(line).send(text())
    assert caught.value.retry_after == timedelta(seconds=90)


def listed(**more):
    return {
        "sid": "SM7",
        "to": ROSA,
        "body": "Still needed?",
        "status": "sent",
        "date_created": format_datetime(NOON + timedelta(seconds=3)),
        **more,
    }


def test_in_doubt_it_is_asked_first_what_it_has_sent(line, provider, text, monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.2)
    provider.answers.append(Say(late=0.5))
    with pytest.raises(ChannelDown) as caught:
        Channel(line).send(text(queued_at=NOON))
    assert caught.value.unsure
    provider.answers.append(Say(said={"messages": [listed()]}))

    assert Channel(line).send(text(unsure=True, queued_at=NOON)) == "SM7"

    assert [(told.method, told.path.rpartition("/")[2]) for told in provider.told] == [
        ("POST", "Messages.json"),
        ("GET", "Messages.json"),
    ]
    assert provider.told[1].query["To"] == [ROSA]


@pytest.mark.parametrize(
    "said",
    [
        {"messages": []},
        {"messages": [listed(body="Something else")]},
        {"messages": [listed(to="+14105550999")]},
        {"messages": [listed(status="failed")]},
        {"messages": [listed(date_created=format_datetime(NOON - timedelta(days=1)))]},
        {"messages": [listed(date_created="yesterday"), None]},
        {"messages": None},
        {},
    ],
)
def test_what_it_has_not_sent_is_sent(line, provider, text, said):
    provider.answers.extend([Say(said=said), Say(status=201, said={"sid": "SM8"})])

    assert Channel(line).send(text(unsure=True, queued_at=NOON)) == "SM8"


def test_provider_that_keeps_no_list_is_told_again(line, provider, text):
    provider.answers.extend([Say(status=404), Say(status=201, said={"sid": "SM8"})])

    assert Channel(line).send(text(unsure=True, queued_at=NOON)) == "SM8"


def test_while_it_cannot_be_asked_it_is_told_nothing(line, provider, text):
    provider.always = Say(status=500)

    with pytest.raises(ChannelDown, match="HTTP 500"):
        Channel(line).send(text(unsure=True, queued_at=NOON))
    assert [told.method for told in provider.told] == ["GET"]


@pytest.mark.parametrize(
    ("say", "is_well", "words"),
    [
        (Say(status=200, said={"status": "active"}), True, "it is open"),
        (Say(status=200, said={"status": "suspended"}), False, "suspended"),
        (Say(status=401), False, "does not accept"),
        (Say(status=500), False, "HTTP 500"),
        (Say(drop=True), False, "can't be reached"),
    ],
)
def test_account_is_looked_at_without_writing_to_anybody(line, provider, say, is_well, words):
    provider.always = say

    came = check(line)

    assert (came.is_well, words in came.words) == (is_well, True)
    assert (provider.told[0].method, provider.told[0].path) == ("GET", "/2010-04-01/Accounts/AC1.json")


GOOD = {
    "name": "The line", "base": "https://api.twilio.com/", "account": "AC1", "auth_token": "secret",
    "number": "+14105550100",
}  # fmt: skip


def test_settings_are_taken_apart_into_what_may_be_shown_and_what_never_is():
    form = Form(GOOD)

    assert form.is_valid(), form.errors
    assert form.options() == {"base": "https://api.twilio.com", "account": "AC1", "number": "+14105550100"}
    assert form.credentials() == {"auth_token": "secret"}


@pytest.mark.parametrize(
    "bad",
    [
        {"base": "http://api.twilio.com"}, {"base": "https://10.0.0.1"}, {"account": "A/../C"}, {"number": "Alder"},
        {"auth_token": ""}, {"name": ""}, {"number": "+0"},
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_at_the_field(bad):
    form = Form({**GOOD, **bad})

    assert set(form.errors) == set(bad)
