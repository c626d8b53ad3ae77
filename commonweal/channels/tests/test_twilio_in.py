"""Text messages in by Twilio: signed, stored, known again; and what became of those that went out."""

import hashlib
import json
from urllib.parse import urlencode

import pytest

from commonweal.channels.models import ChannelSetup
from commonweal.channels.sms_twilio.signature import sign
from commonweal.intake.models import Inbound
from commonweal.messaging.actions import queue_message
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address

pytestmark = pytest.mark.django_db
SAID = {
    "MessageSid": "SM1",
    "From": "+14105550101",
    "To": "+14105550100",
    "Body": "Necesito comida",
    "NumMedia": "0",
}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def line(set_up):
    return set_up(
        "sms_twilio",
        options={"base": "https://api.twilio.com", "account": "AC1", "number": "+14105550100"},
        credentials={"auth_token": "secret"},
    )


@pytest.fixture
def tell(client, line):
    """Tell the door something, signed as Twilio signs it; a test may sign it otherwise."""

    def tell(
        fields=None, *, rest="sms", token="secret", body=None, signature=None, host="testserver", **more
    ):
        pairs = list((SAID if fields is None else fields).items()) if not isinstance(fields, list) else fields
        path = f"/in/{line.pk}/{line.token}/{rest}"
        signature = sign(token, f"http://{host}{path}", pairs) if signature is None else signature
        return client.post(
            path,
            data=urlencode(pairs) if body is None else body,
            content_type=more.pop("content_type", FORM),
            headers={"X-Twilio-Signature": signature},
            **more,
        )

    return tell


def test_text_is_stored_before_it_is_acknowledged(tell, line, network):
    answer = tell()

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml; charset=utf-8")
    assert answer.content.endswith(b"<Response />")
    inbound = Inbound.objects.get(network=network)
    assert (inbound.channel, inbound.sort, inbound.sender, inbound.ours) == (
        "sms_twilio",
        "text",
        "+14105550101",
        "+14105550100",
    )
    assert (inbound.text, inbound.automatic) == ("Necesito comida", False)
    assert ChannelSetup.objects.get(pk=line.pk).heard_at is not None


def test_replay_is_the_same_answer_and_no_second_message(tell, network):
    first, second = tell(), tell()

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert Inbound.objects.filter(network=network).count() == 1


def test_same_id_of_another_line_is_another_message(tell, client, set_up, network):
    tell()
    other = set_up("sms_twilio", credentials={"auth_token": "other"})
    path = f"/in/{other.pk}/{other.token}/sms"
    signature = sign("other", f"http://testserver{path}", list(SAID.items()))
    client.post(path, data=urlencode(SAID), content_type=FORM, headers={"X-Twilio-Signature": signature})

    assert Inbound.objects.filter(network=network).count() == 2


def test_order_of_arrival_does_not_matter(tell, network):
    for sid in ("SM3", "SM1", "SM2", "SM1"):
        assert tell({**SAID, "MessageSid": sid}).status_code == 200
    assert Inbound.objects.filter(network=network).count() == 3


@pytest.mark.parametrize(
    "forgery",
    [
        {"token": "guess"},
        {"signature": ""},
        {"signature": "é"},
        {"body": urlencode({**SAID, "Body": "Something else"})},
        {"body": urlencode(SAID)[:-20]},
        {"host": "evil.example"},
        {"body": "", "fields": {}, "signature": "AAAA"},
    ],
    ids=["key", "nothing", "odd", "changed", "truncated", "elsewhere", "empty"],
)
def test_forged_is_refused_and_nothing_stored(tell, network, forgery):
    answer = tell(**forgery)

    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert json.loads(answer.content)["status"] == 403
    assert not Inbound.objects.exists()


def test_line_without_a_key_believes_nobody(tell, line):
    ChannelSetup.objects.filter(pk=line.pk).update(credentials={})

    assert tell(token="").status_code == 403


@pytest.mark.parametrize("fields", [{"Body": "no id"}, {**SAID, "MessageSid": ""}])
def test_signed_and_unreadable_is_malformed(tell, fields):
    answer = tell(fields)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_more_fields_than_there_can_be_is_malformed(tell):
    assert tell(body="&".join(f"a{number}=1" for number in range(300))).status_code == 400


def test_more_than_belongs_here_is_too_large(tell):
    assert tell(body="Body=" + "x" * 70_000).status_code == 413


def test_fields_that_come_twice_are_taken_once(tell, network):
    pairs = [*SAID.items(), ("Body", "Necesito comida"), ("Body", "agua")]

    assert tell(pairs).status_code == 200
    assert Inbound.objects.get(network=network).text == "Necesito comida"


def test_odd_texts_are_stored_as_far_as_they_can_be(tell, network):
    for number, words in enumerate(["", "🙈" * 70, "مرحبا", "x" * 10_001, "a\x00b"]):
        assert tell({**SAID, "MessageSid": f"SM{number}", "Body": words}).status_code == 200
    texts = [inbound.text for inbound in Inbound.objects.filter(network=network).order_by("id")]
    assert texts == ["", "🙈" * 70, "مرحبا", "x" * 10_000, "ab"]


def test_pictures_are_kept_by_their_links(tell, network):
    media = {
        "NumMedia": "2",
        "MediaUrl0": "https://api.twilio.com/m/1",
        "MediaContentType0": "image/jpeg",
        "MediaUrl1": "https://api.twilio.com/m/2",
        "MediaContentType1": "text/vcard",
    }

    tell({**SAID, **media})

    kept = Inbound.objects.get(network=network).media
    assert [(entry["kind"], entry["url"]) for entry in kept] == [
        ("image", "https://api.twilio.com/m/1"),
        ("other", "https://api.twilio.com/m/2"),
    ]


@pytest.mark.parametrize("count", ["x", "²", "99999", "-1", ""])
def test_number_of_pictures_may_be_nonsense(tell, count):
    assert tell({**SAID, "NumMedia": count}).status_code == 200


@pytest.mark.parametrize("sender", ["12345", "AlderBank", "", "anonymous"])
def test_sender_that_cannot_be_answered_is_a_machine(tell, network, sender):
    tell({**SAID, "From": sender})

    inbound = Inbound.objects.get(network=network)
    assert inbound.automatic
    assert inbound.sender == ("" if sender == "anonymous" else sender)


def test_json_is_believed_by_the_hash_in_its_address(client, line, network):
    body = json.dumps({**SAID, "NumMedia": 0}).encode()
    path = f"/in/{line.pk}/{line.token}/sms?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {"X-Twilio-Signature": sign("secret", f"http://testserver{path}")}

    assert client.post(path, body, content_type="application/json", headers=headers).status_code == 200
    assert Inbound.objects.get(network=network).text == "Necesito comida"
    assert client.post(path, body + b" ", content_type="application/json", headers=headers).status_code == 403


def test_signed_json_that_is_none_is_malformed(client, line):
    body = b"[1, 2"
    path = f"/in/{line.pk}/{line.token}/sms?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {"X-Twilio-Signature": sign("secret", f"http://testserver{path}")}

    assert client.post(path, body, content_type="application/json", headers=headers).status_code == 400


def test_port_that_goes_without_saying_may_be_said(tell):
    assert tell(host="testserver:80").status_code == 200


def test_behind_a_proxy_the_address_is_the_one_people_know(tell, line, settings):
    settings.COMMONWEAL_BASE_URL = "https://mutual.example"
    path = f"/in/{line.pk}/{line.token}/sms"
    genuine = sign("secret", f"https://mutual.example{path}", list(SAID.items()))
    other = sign("secret", f"https://evil.example{path}", list(SAID.items()))

    assert tell(signature=genuine).status_code == 200
    assert tell(signature=other).status_code == 403


@pytest.fixture
def sent(network, line):
    """A text that went out, with the receipt of the other side."""
    message = queue_message(
        network=network,
        to=Address(kind="phone", value="+14105550101", language="en"),
        template="stopped",
        context={"network": "Alder Street"},
        key="1",
    )
    Message.objects.filter(pk=message.pk).update(
        state="sent", due_at=None, receipt="SM9", carried_by=line.key
    )
    return message


@pytest.mark.parametrize(
    ("status", "delivery", "state"),
    [
        ("delivered", "arrived", "sent"),
        ("read", "arrived", "sent"),
        ("undelivered", "failed", "dead"),
        ("failed", "failed", "dead"),
        ("sent", "", "sent"),
        ("queued", "", "sent"),
        ("", "", "sent"),
    ],
)
def test_news_of_a_text_is_noted(tell, sent, status, delivery, state):
    fields = {"MessageSid": "SM9", "MessageStatus": status, "ErrorCode": "30005", "To": "+14105550101"}

    assert tell(fields, rest=f"status/{sent.pk}").status_code == 200

    sent.refresh_from_db()
    assert (sent.delivery, sent.state) == (delivery, state)
    assert sent.last_detail == ("code 30005" if state == "dead" else "")


def test_news_of_nothing_we_know_is_thanked_for(tell):
    assert (
        tell({"MessageSid": "SM404", "MessageStatus": "failed", "ErrorCode": "x"}, rest="status/").status_code
        == 200
    )


def test_address_that_means_nothing_is_not_found(tell):
    assert tell(rest="fax").status_code == 404
    assert tell(rest="voice/fly").status_code == 404
