"""A group's own phone as gateway: out, in, what became of it, and whether it lives."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from commonweal.channels.models import ChannelSetup
from commonweal.channels.sms_android.adapter import EVENTS, Form, check
from commonweal.channels.sms_android.channel import Channel
from commonweal.channels.tests.conftest import ID, NOON
from commonweal.channels.tests.provider import Say
from commonweal.intake.models import Attachment, Inbound
from commonweal.messaging.actions import queue_message
from commonweal.messaging.errors import ChannelDown, PermanentFailure, RetryableFailure
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address

pytestmark = pytest.mark.django_db
ROSA = "+14105550101"
KEY = "phone-signing-key"
NOW = str(int(NOON.timestamp()))


@pytest.fixture
def phone(set_up, provider):
    return set_up(
        "sms_android",
        name="The phone at the pantry",
        options={"base": provider.base + "/v1", "login": "alder", "device": "", "sim": "0"},
        credentials={"password": "word", "signing_key": KEY},
    )


def test_text_is_handed_over_under_our_own_id(phone, provider, outgoing):
    provider.always = Say(status=202, said={"id": str(ID), "state": "Pending"})

    assert Channel(phone).send(outgoing(kind="phone", to=ROSA)) == str(ID)

    (told,) = provider.told
    assert (told.method, told.path) == ("POST", "/v1/messages")
    assert told.headers["authorization"] == "Basic " + base64.b64encode(b"alder:word").decode()
    assert told.json == {
        "id": str(ID),
        "textMessage": {"text": "Still needed?"},
        "phoneNumbers": [ROSA],
        "withDeliveryReport": True,
        "ttl": 86400,
    }
    Channel(phone).close()


def test_second_sim_of_one_of_several_phones(phone, provider, outgoing):
    phone.options |= {"sim": "2", "device": "PyDmBQZZXYmyxMwED8Fzy"}

    Channel(phone).send(outgoing(kind="phone", to=ROSA))

    assert provider.told[0].json["simNumber"] == 2
    assert provider.told[0].json["deviceId"] == "PyDmBQZZXYmyxMwED8Fzy"


def test_code_does_not_wait_for_the_phones_own_pauses(phone, provider, outgoing):
    Channel(phone).send(outgoing(kind="phone", to=ROSA, template="code"))

    assert provider.told[0].json["priority"] == 100


def test_same_message_again_is_known_there_and_goes_out_once(phone, provider, outgoing):
    provider.answers.extend([Say(drop=True), Say(status=409, said={"message": "exists"})])
    with pytest.raises(ChannelDown) as caught:
        Channel(phone).send(outgoing(kind="phone", to=ROSA))
    assert caught.value.unsure

    assert Channel(phone).send(outgoing(kind="phone", to=ROSA, unsure=True)) == str(ID)
    assert provider.told[0].json["id"] == provider.told[1].json["id"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, PermanentFailure), (401, ChannelDown), (503, ChannelDown), (500, RetryableFailure)],
)
def test_failure_says_what_to_do(phone, provider, outgoing, status, kind):
    provider.always = Say(status=status, said={"message": f"not to {ROSA}"})

    with pytest.raises(kind) as caught:
        Channel(phone).send(outgoing(kind="phone", to=ROSA))
    assert (type(caught.value), str(caught.value)) == (kind, f"HTTP {status}")


def event(kind="sms:received", **payload):
    return {
        "id": "ev-1",
        "webhookId": "w",
        "deviceId": "d",
        "event": kind,
        "payload": {
            "messageId": "abc123",
            "message": "Necesito comida",
            "sender": ROSA,
            "recipient": "+14105550100",
            "simNumber": 1,
            "receivedAt": "2026-03-03T11:59:30.000+00:00",
            **payload,
        },
    }


@pytest.fixture
def tell(client, phone):
    """Tell the door something, signed as the phone signs it; a test may sign it otherwise."""

    def tell(said, *, key=KEY, timestamp=NOW, body=None, signature=None, rest="events"):
        raw = json.dumps(said).encode()
        made = hmac.new(key.encode(), raw + timestamp.encode(), hashlib.sha256).hexdigest()
        return client.post(
            f"/in/{phone.pk}/{phone.token}/{rest}",
            raw if body is None else body,
            content_type="application/json",
            headers={"X-Signature": made if signature is None else signature, "X-Timestamp": timestamp},
        )

    return tell


def test_text_is_stored(tell, network):
    assert tell(event()).status_code == 200
    assert tell(event()).status_code == 200

    inbound = Inbound.objects.get(network=network)
    assert (inbound.channel, inbound.sender, inbound.ours, inbound.text) == (
        "sms_android",
        ROSA,
        "+14105550100",
        "Necesito comida",
    )
    assert inbound.said_at == NOON - timedelta(seconds=30)


def test_older_phones_name_the_sender_otherwise(tell, network):
    said = event(phoneNumber="(410) 555-0101", sender=None, recipient=None, receivedAt="half past nine")
    del said["id"]

    tell(said)

    inbound = Inbound.objects.get(network=network)
    assert (inbound.sender, inbound.said_at) == (ROSA, NOON)
    assert inbound.provider_id.endswith(":abc123")


def test_time_without_a_zone_is_no_time(tell, network):
    tell(event(receivedAt="2026-03-03T11:00:00"))

    assert Inbound.objects.get(network=network).said_at == NOON


def test_picture_message_comes_with_its_pictures(tell, network):
    parts = [
        {
            "partId": 1,
            "contentType": "image/jpeg",
            "name": "bag.jpg",
            "data": base64.b64encode(b"jpeg").decode(),
        },
        {"partId": 2, "contentType": "text/x-vcard", "data": "*no base64*"},
        {"partId": 3, "contentType": "audio/amr", "data": None},
        "junk",
    ]

    tell(event("mms:downloaded", body="Look", message=None, subject="Bags", attachments=parts))

    inbound = Inbound.objects.get(network=network)
    assert (inbound.text, inbound.subject) == ("Look", "Bags")
    assert [entry["kind"] for entry in inbound.media] == ["image", "other", "audio"]
    assert base64.b64decode(Attachment.objects.get(network=network).content) == b"jpeg"


@pytest.mark.parametrize(
    "forgery",
    [
        {"key": "guess"},
        {"signature": ""},
        {"body": b'{"event": "sms:received"}'},
        {"body": json.dumps(event()).encode()[:-9]},
        {"timestamp": ""},
        {"timestamp": "yesterday"},
        {"timestamp": str(int(NOON.timestamp()) - 700)},
        {"timestamp": str(int(NOON.timestamp()) + 700)},
    ],
    ids=["key", "unsigned", "changed", "truncated", "no time", "odd time", "old", "early"],
)
def test_forged_or_repeated_late_is_refused(tell, forgery):
    answer = tell(event(), **forgery)

    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert not Inbound.objects.exists()


def test_wrong_clock_of_the_phone_is_seen_on_the_page(tell, phone):
    tell(event(), timestamp=str(int(NOON.timestamp()) - 700))

    assert "clock" in ChannelSetup.objects.get(pk=phone.pk).last_error


def test_phone_without_a_key_is_not_believed(tell, phone):
    ChannelSetup.objects.filter(pk=phone.pk).update(credentials={})

    assert tell(event(), key="").status_code == 403


@pytest.mark.parametrize(
    "said",
    [
        [1],
        {},
        {"event": "sms:received"},
        {"event": "sms:received", "payload": []},
        {"event": 7, "payload": {}},
        {"event": "sms:received", "payload": {"sender": ROSA}},
        {"event": "sms:received", "payload": {"messageId": 7, "sender": ROSA}},
        {"event": "sms:failed", "payload": {}},
    ],
)
def test_signed_and_unreadable_is_malformed(tell, said):
    answer = tell(said)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "kind", ["system:ping", "sms:sent", "mms:received", "sms:data-received", "unheard:of"]
)
def test_event_that_is_no_business_of_ours_is_thanked_for(tell, kind, phone):
    assert tell(event(kind)).status_code == 200
    assert not Inbound.objects.exists()
    assert ChannelSetup.objects.get(pk=phone.pk).heard_at == NOON


def test_other_address_is_not_found(tell):
    assert tell(event(), rest="fax").status_code == 404


@pytest.mark.parametrize(("kind", "delivery"), [("sms:delivered", "arrived"), ("sms:failed", "failed")])
def test_news_of_a_text_is_noted(tell, network, phone, kind, delivery):
    message = queue_message(
        network=network,
        to=Address(kind="phone", value=ROSA, language="en"),
        template="stopped",
        context={"network": "Alder Street"},
        key="1",
    )
    Message.objects.filter(pk=message.pk).update(
        state="sent", due_at=None, receipt=str(message.pk), carried_by=phone.key
    )

    tell(event(kind, messageId=str(message.pk), reason=f"RESULT_ERROR {ROSA}"))

    message.refresh_from_db()
    assert message.delivery == delivery
    assert ROSA not in message.last_detail


def healthy(**checks):
    return [
        Say(status=200, said=[{"id": "d1", "lastSeen": (NOON - timedelta(minutes=5)).isoformat()}]),
        Say(status=200, said={"status": "pass", "checks": checks}),
    ]


def test_check_finds_the_phone_and_gives_it_our_address(phone, provider, settings):
    settings.COMMONWEAL_BASE_URL = "https://mutual.example"
    provider.answers.extend(healthy())

    assert check(phone).is_well

    hooks = [told.json for told in provider.told[2:]]
    assert [hook["event"] for hook in hooks] == list(EVENTS)
    assert {hook["url"] for hook in hooks} == {f"https://mutual.example/in/{phone.pk}/{phone.token}/events"}
    assert len({hook["id"] for hook in hooks}) == len(EVENTS)
    assert all(len(hook["id"]) <= 36 for hook in hooks)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([Say(status=401)], "does not accept"),
        ([Say(status=500)], "HTTP 500"),
        ([Say(drop=True)], "can't be reached"),
        ([Say(status=200, said=b"<html>")], "no SMS gateway"),
        ([Say(status=200, said=[])], "no such phone"),
        ([Say(status=200, said={})], "no such phone"),
        ([Say(status=200, said=[{"id": "d", "lastSeen": "2026-03-03T11:00:00+00:00"}])], "1 hour ago"),
        (healthy(**{"battery:level": {"status": "warn", "observedValue": 7}}), "7 percent"),
        (healthy(**{"db:ping": {"status": "fail"}, "x": "junk", "battery:level": 3}), "db:ping"),
        ([*healthy(), Say(status=400)], "does not take our address"),
    ],
)
def test_check_says_what_is_wrong(phone, provider, answers, words):
    provider.answers.extend(answers)

    came = check(phone)

    assert not came.is_well
    assert words in came.words


def test_phone_called_directly_has_no_list_of_phones(phone, provider):
    provider.answers.extend([Say(status=404), Say(status=200, said={"status": "pass"})])

    assert check(phone).is_well


def test_one_of_several_phones_is_meant(phone, provider):
    phone.options["device"] = "d2"
    provider.answers.append(
        Say(
            status=200, said=[{"id": "d1", "lastSeen": NOON.isoformat()}, {"id": "d2", "lastSeen": "junk"}, 7]
        )
    )
    provider.answers.append(Say(status=200, said={}))

    assert check(phone).is_well
    assert provider.told[2].json["deviceId"] == "d2"


def test_settings_are_checked(settings):
    good = {
        "name": "The phone", "base": "https://api.sms-gate.app/3rdparty/v1", "login": "alder", "password": "word",
        "signing_key": "phone-signing-key", "sim": "2",
    }  # fmt: skip

    assert Form(good).is_valid()
    assert set(Form({**good, "base": "http://192.168.1.20:8080", "sim": "4"}).errors) == {"base", "sim"}
    settings.COMMONWEAL_LAN_CHANNELS = True
    assert Form({**good, "base": "http://192.168.1.20:8080"}).is_valid()
