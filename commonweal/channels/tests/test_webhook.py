"""Signed JSON out to another program, and in from it."""

import json

import pytest

from commonweal.channels.signing import sign
from commonweal.channels.tests.conftest import ID, NOON
from commonweal.channels.tests.provider import Say
from commonweal.channels.webhook.adapter import Form, check
from commonweal.channels.webhook.channel import Channel
from commonweal.intake.models import Inbound
from commonweal.messaging.actions import queue_message
from commonweal.messaging.errors import ChannelDown, OptedOut, PermanentFailure
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address

pytestmark = pytest.mark.django_db
KEY = "a shared key of some length"
NOW = str(int(NOON.timestamp()))
ROSA = "+14105550101"


@pytest.fixture
def line(set_up, provider):
    return set_up(
        "webhook",
        carries=["phone", "email"],
        options={"base": provider.base + "/out"},
        credentials={"secret": KEY},
    )


def test_message_goes_out_signed_under_our_own_id(line, provider, outgoing):
    provider.always = Say(status=200, said={"receipt": "their-1"})

    assert Channel(line).send(outgoing(kind="phone", to=ROSA)) == "their-1"

    (told,) = provider.told
    assert (told.method, told.path) == ("POST", "/out")
    assert told.headers["x-commonweal-timestamp"] == NOW
    assert told.headers["x-commonweal-signature"] == sign(KEY, NOW.encode(), b".", told.body)
    assert told.json == {
        "id": str(ID),
        "network": "Alder Street",
        "kind": "phone",
        "to": ROSA,
        "language": "en",
        "subject": "Groceries — für zwei",
        "text": "Still needed?",
        "stop": "",
    }
    Channel(line).close()


def test_email_goes_out_whole(line, provider, outgoing):
    Channel(line).send(outgoing())

    assert provider.told[0].json["text"] == "Hello,\n\nis it still needed?\n"


@pytest.mark.parametrize(
    "say", [Say(status=204, said=b""), Say(status=409), Say(status=202, said={"receipt": 7})]
)
def test_without_a_receipt_ours_is_one(line, provider, outgoing, say):
    provider.always = say

    assert Channel(line).send(outgoing()) == str(ID)


@pytest.mark.parametrize(
    ("say", "kind"),
    [
        (Say(status=422, said={"code": "stopped"}), OptedOut),
        (Say(status=422, said={"code": "odd"}), PermanentFailure),
        (Say(status=404), ChannelDown),
        (Say(status=302), ChannelDown),
    ],
)
def test_failure_says_what_to_do(line, provider, outgoing, say, kind):
    provider.always = say

    with pytest.raises(kind) as caught:
        Channel(line).send(outgoing())
    assert type(caught.value) is kind


@pytest.fixture
def tell(client, line):
    """Tell the door something, signed; a test may sign it otherwise."""

    def tell(said, *, rest="message", key=KEY, timestamp=NOW, body=None):
        raw = said if isinstance(said, bytes) else json.dumps(said).encode()
        return client.post(
            f"/in/{line.pk}/{line.token}/{rest}",
            raw if body is None else body,
            content_type="application/json",
            headers={
                "X-Commonweal-Timestamp": timestamp,
                "X-Commonweal-Signature": sign(key, timestamp.encode(), b".", raw),
            },
        )

    return tell


SAID = {
    "id": "m-1",
    "from": ROSA,
    "to": "+14105550100",
    "text": "Necesito comida",
    "at": "2026-03-03T11:58:00Z",
}


def test_text_is_stored_once(tell, network):
    assert [tell(SAID).status_code for _ in range(2)] == [204, 204]

    inbound = Inbound.objects.get(network=network)
    assert (inbound.channel, inbound.sort, inbound.sender, inbound.ours) == (
        "webhook",
        "text",
        ROSA,
        "+14105550100",
    )
    assert (inbound.text, inbound.automatic, inbound.said_at.minute) == ("Necesito comida", False, 58)


def test_email_is_stored_with_its_subject(tell, network):
    tell(
        {
            "id": "m-2",
            "kind": "email",
            "from": "Rosa@Example.org",
            "subject": "Food",
            "text": "For two",
            "automatic": True,
        }
    )

    inbound = Inbound.objects.get(network=network)
    assert (inbound.sort, inbound.sender, inbound.subject) == ("email", "rosa@example.org", "Food")
    assert inbound.automatic


@pytest.mark.parametrize(
    "forgery",
    [
        {"key": "guess"},
        {"body": b"{}"},
        {"timestamp": "0"},
        {"timestamp": "soon"},
        {"body": json.dumps(SAID).encode()[:-4]},
    ],
)
def test_forged_is_refused(tell, forgery):
    assert tell(SAID, **forgery).status_code == 403
    assert not Inbound.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        b"", b"[]", b"{", b"\xff", b'{"a":' * 40_00,
        {}, {**SAID, "id": ""}, {**SAID, "kind": "pigeon"}, {**SAID, "text": 7}, {**SAID, "at": "yesterday"},
        {**SAID, "at": "2026-03-03T11:58:00"}, {**SAID, "kind": "email"}, {**SAID, "kind": "email", "from": "@"},
    ],
)  # fmt: skip
def test_signed_and_unreadable_is_malformed(tell, said):
    answer = tell(said)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not Inbound.objects.exists()


def test_news_of_a_message_is_noted(tell, network, line):
    message = queue_message(
        network=network,
        to=Address(kind="phone", value=ROSA, language="en"),
        template="stopped",
        context={"network": "Alder Street"},
        key="1",
    )
    Message.objects.filter(pk=message.pk).update(
        state="sent", due_at=None, receipt="their-1", carried_by=line.key
    )

    assert (
        tell({"receipt": "their-1", "arrived": False, "detail": f"no such {ROSA}"}, rest="status").status_code
        == 204
    )

    message.refresh_from_db()
    assert (message.delivery, message.state, message.last_detail) == ("failed", "dead", "no such ")


@pytest.mark.parametrize("said", [{"arrived": True}, {"receipt": "x"}, {"receipt": "x", "arrived": "yes"}])
def test_news_of_nothing_is_malformed(tell, said):
    assert tell(said, rest="status").status_code == 400


def test_other_address_is_not_found(tell):
    assert tell(SAID, rest="fax").status_code == 404


@pytest.mark.parametrize(
    ("say", "is_well", "words"),
    [
        (Say(status=405), True, "answers"),
        (Say(status=500), False, "fault of its own"),
        (Say(drop=True), False, "can't be reached"),
    ],
)
def test_program_is_looked_at(line, provider, say, is_well, words):
    provider.always = say

    came = check(line)
    assert (came.is_well, words in came.words) == (is_well, True)


def test_settings_are_checked():
    good = {"name": "Our bot", "base": "https://bot.example/out", "carries": ["phone"], "secret": KEY}

    form = Form(good)
    assert form.is_valid(), form.errors
    assert form.options() == {"base": "https://bot.example/out", "carries": ["phone"]}
    assert set(Form({**good, "secret": "short", "carries": ["pigeon"], "base": "bot"}).errors) == {
        "secret",
        "carries",
        "base",
    }
