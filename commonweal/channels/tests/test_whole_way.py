"""From somebody's phone through the door, the conversation and the outbox, and back to the phone."""

from urllib.parse import urlencode

import pytest

from commonweal.channels.sms_twilio.signature import sign
from commonweal.channels.tests.provider import Say
from commonweal.intake.actions.conversing import converse_due
from commonweal.messaging.actions import queue_message
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address
from commonweal.messaging.sending import send_due

pytestmark = pytest.mark.django_db
ROSA, OURS = "+14105550101", "+14105550100"


@pytest.fixture
def line(set_up, provider):
    provider.always = Say(status=201, said={"sid": "SM-out"})
    return set_up(
        "sms_twilio",
        options={"base": provider.base, "account": "AC1", "number": OURS},
        credentials={"auth_token": "secret"},
    )


@pytest.fixture
def write(client, line, provider):
    """Rosa writes; what she gets for it."""

    def write(words, sid):
        path = f"/in/{line.pk}/{line.token}/sms"
        fields = {"MessageSid": sid, "From": ROSA, "To": OURS, "Body": words}
        signature = sign("secret", f"http://testserver{path}", list(fields.items()))
        answer = client.post(
            path,
            urlencode(fields),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )
        assert answer.status_code == 200
        before = len(provider.told)
        converse_due()
        send_due()
        return [told.form["Body"] for told in provider.told[before:]]

    return write


def remind(network, key):
    words = {"title": "Groceries", "link": "https://example.org/a/1", "network": network.name}
    rosa = Address(kind="phone", value=ROSA, language="en")
    return queue_message(network=network, to=rosa, template="loan_returned", context=words, key=key)


def test_stop_is_confirmed_once_and_then_there_is_silence_until_start(write, network, line):
    (said,) = write("HELP", "SM1")
    assert "Alder Street" in said

    (said,) = write("stop", "SM2")
    assert "no more messages" in said
    assert write("STOP", "SM3") == []
    assert write("stop", "SM2") == []

    withheld = remind(network, "1")
    send_due()
    assert Message.objects.get(pk=withheld.pk).state == "cancelled"

    assert write("START", "SM4")
    sent = remind(network, "2")
    send_due()
    assert Message.objects.get(pk=sent.pk).carried_by == line.key


def test_text_told_twice_is_answered_once(write):
    first, again = write("HELP", "SM1"), write("HELP", "SM1")

    assert (len(first), again) == (1, [])
