"""Somebody calls: greeted, asked, recorded; the sound is fetched; who says nothing is called back."""

import base64
from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import fromstring

import pytest
from django.db import connection

from commonweal.base import crypto
from commonweal.channels import tasks
from commonweal.channels.models import Recording
from commonweal.channels.sms_twilio import recordings
from commonweal.channels.sms_twilio.signature import sign
from commonweal.channels.sms_twilio.twiml import answer as twiml
from commonweal.channels.tests.provider import Say
from commonweal.intake.models import Attachment, Inbound
from commonweal.members.contacts import Contact
from commonweal.messaging.actions import stop_contact
from commonweal.networks.models import Network
from commonweal.networks.threat import begin_threat

pytestmark = pytest.mark.django_db
CALL = {"CallSid": "CA1", "From": "+14105550101", "To": "+14105550100", "Direction": "inbound"}
TAPE = {
    **CALL,
    "RecordingSid": "RE1",
    "RecordingUrl": "https://api.twilio.com/r/RE1",
    "RecordingDuration": "32",
}


@pytest.fixture
def line(set_up, provider):
    return set_up(
        "sms_twilio",
        options={"base": provider.base, "account": "AC1", "number": "+14105550100"},
        credentials={"auth_token": "secret"},
    )


@pytest.fixture
def step(client, line):
    """One step of a call: the words that are said, and the whole answer."""

    def step(rest, fields=CALL):
        path = f"/in/{line.pk}/{line.token}/{rest}"
        signature = sign("secret", f"http://testserver{path}", list(fields.items()))
        return client.post(
            path,
            data=urlencode(fields),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )

    return step


def tree(answer):
    assert answer.status_code == 200
    return fromstring(answer.content)


def said(answer):
    return [(one.get("language"), one.text) for one in tree(answer).iter("Say")]


def where(address):
    """The step that an address of ours leads to."""
    return urlsplit(address).path.split("/", 4)[4]


def test_caller_chooses_a_language_in_that_language(step):
    answer = step("voice")

    assert said(answer) == [
        ("en-US", "Alder Street"),
        ("en-US", "For English, press 1."),
        ("es-MX", "Para español, marca 2."),
    ]
    gather = tree(answer).find("Gather")
    assert (gather.get("numDigits"), where(gather.get("action"))) == ("1", "voice/chosen")
    assert where(tree(answer).find("Redirect").text) == "voice/chosen"


@pytest.mark.parametrize(
    ("digits", "language"),
    [("2", "es"), ("1", "en"), ("", "en"), ("9", "es"), ("*", "en"), ("²", "en"), ("12", "en")],
)
def test_chosen_language_is_spoken_and_recorded(step, digits, language):
    answer = step("voice/chosen", {**CALL, "Digits": digits})

    record = tree(answer).find("Record")
    assert where(record.get("action")) == f"voice/recorded/{language}"
    assert (record.get("maxLength"), record.get("finishOnKey")) == ("180", "#")
    assert {one for one, _words in said(answer)} == {{"en": "en-US", "es": "es-MX"}[language]}


def test_network_of_one_language_asks_at_once_and_names_the_emergency_number(step, network):
    Network.objects.filter(pk=network.pk).update(languages=["ar"], emergency="Call 911 & wait <here>")

    answer = step("voice")

    assert [words for _one, words in said(answer)][:2] == ["Alder Street", "Call 911 & wait <here>"]
    assert tree(answer).find("Say").get("voice") == "Polly.Zeina"
    assert b"&amp; wait &lt;here&gt;" in answer.content


def test_language_without_a_translation_is_not_offered(step, network):
    Network.objects.filter(pk=network.pk).update(languages=["ht"])

    assert said(step("voice"))[0] == ("en-US", "Alder Street")
    assert tree(step("voice")).find("Record") is not None


def test_name_of_a_network_cannot_break_the_answer(step, network):
    Network.objects.filter(pk=network.pk).update(name='<Dial>+1</Dial> & "co"\x0b')

    answer = step("voice")

    assert tree(answer).find(".//Dial") is None
    assert said(answer)[0][1] == '<Dial>+1</Dial> & "co"'


def test_message_is_stored_for_the_desk_with_its_language(step, network):
    answer = step("voice/recorded/es", TAPE)

    assert said(answer) == [("es-MX", "Gracias. Tenemos tu mensaje.")]
    assert tree(answer).find("Hangup") is not None
    inbound = Inbound.objects.get(network=network)
    assert (inbound.sort, inbound.sender, inbound.language, inbound.text) == (
        "voice",
        "+14105550101",
        "es",
        "",
    )
    assert inbound.media == [
        {"kind": "audio", "url": "https://api.twilio.com/r/RE1", "name": "RE1", "length_s": 32}
    ]


def test_message_told_twice_is_one(step, network):
    for _ in range(2):
        step("voice/recorded/es", TAPE)

    assert Inbound.objects.filter(network=network).count() == 1
    assert Recording.objects.filter(network=network).count() == 1


@pytest.mark.parametrize("broken", [{"RecordingSid": ""}, {"RecordingSid": "../x"}, {"CallSid": ""}])
def test_recording_without_a_name_is_malformed(step, broken):
    assert step("voice/recorded/es", {**TAPE, **broken}).status_code == 400
    assert not Inbound.objects.exists()


def test_language_that_nobody_offered_is_none(step, network):
    step("voice/recorded/xx", {**TAPE, "RecordingDuration": "long"})

    inbound = Inbound.objects.get(network=network)
    assert (inbound.language, inbound.media[0]["length_s"]) == ("", 0)


def test_who_hangs_up_without_a_word_is_called_back(step, network):
    for _ in range(2):
        step("voice/ended", {**CALL, "CallStatus": "completed"})

    inbound = Inbound.objects.get(network=network)
    assert (inbound.sort, inbound.sender, inbound.media) == ("voice", "+14105550101", {})


def test_who_left_a_message_is_not_called_back_for_hanging_up(step, network):
    step("voice/recorded/en", TAPE)
    step("voice/ended", {**CALL, "CallStatus": "completed"})

    assert Inbound.objects.filter(network=network).count() == 1


@pytest.mark.parametrize(
    "fields", [{"CallStatus": "ringing"}, {"CallStatus": "completed", "Direction": "outbound-api"}]
)
def test_call_that_is_not_over_or_not_theirs_is_no_entry(step, fields):
    assert step("voice/ended", {**CALL, **fields}).status_code == 200
    assert not Inbound.objects.exists()


def test_end_of_no_call_is_malformed(step):
    assert step("voice/ended", {"CallStatus": "completed"}).status_code == 400


@pytest.mark.parametrize("number", ["anonymous", "+266696687", "Restricted", ""])
def test_caller_who_keeps_the_number_is_heard_too(step, network, number):
    step("voice/recorded/en", {**TAPE, "From": number})

    inbound = Inbound.objects.get(network=network)
    assert (inbound.sender, inbound.sort) == ("", "voice")


def test_caller_who_wants_no_texts_may_still_call(step, network):
    stop_contact(network=network, contact=Contact(kind="phone", value="+14105550101"), language="en")

    step("voice/recorded/en", TAPE)

    assert Inbound.objects.filter(network=network).count() == 1


def test_sound_is_fetched_stored_encrypted_and_forgotten_there(step, provider, network):
    step("voice/recorded/en", TAPE)
    provider.answers.append(Say(said=b"ID3 sound"))
    provider.always = Say(status=204)

    tasks.fetch_recordings()

    assert [(told.method, told.path) for told in provider.told] == [
        ("GET", "/2010-04-01/Accounts/AC1/Recordings/RE1.mp3"),
        ("DELETE", "/2010-04-01/Accounts/AC1/Recordings/RE1.json"),
    ]
    kept = Attachment.objects.get(network=network)
    assert (base64.b64decode(kept.content), kept.position) == (b"ID3 sound", 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM intake_attachment")
        (stored,) = cursor.fetchone()
    assert base64.b64decode(crypto.decrypt(stored)) == b"ID3 sound"
    assert not recordings.recordings_are_due()


def test_in_worse_times_no_sound_is_kept_and_the_provider_removes_it(step, provider, network):
    begin_threat(network=network)
    step("voice/recorded/en", TAPE)
    provider.always = Say(status=204)

    tasks.fetch_recordings()

    assert [(told.method, told.path[-8:]) for told in provider.told] == [("DELETE", "RE1.json")]
    assert not Attachment.objects.exists()
    assert not recordings.recordings_are_due()


def test_sound_that_is_not_there_yet_is_fetched_later_and_given_up_at_last(step, provider, hand):
    step("voice/recorded/en", TAPE)
    provider.always = Say(status=404)
    for pause in recordings.PAUSES:
        assert recordings.fetch_due() == 0
        assert not recordings.recordings_are_due()
        hand.advance(pause)

    assert recordings.fetch_due() == 0
    assert not Recording.objects.exists()


@pytest.mark.parametrize("say", [Say(drop=True), Say(said=b"")])
def test_sound_that_does_not_come_through_is_fetched_later(step, provider, say):
    step("voice/recorded/en", TAPE)
    provider.always = say

    assert recordings.fetch_due() == 0
    assert Recording.objects.get().tries == 1


def test_provider_that_does_not_forget_is_let_be(step, provider):
    step("voice/recorded/en", TAPE)
    provider.answers.extend([Say(said=b"sound"), Say(drop=True)])

    assert recordings.fetch_due() == 1


def test_fetcher_that_was_killed_leaves_it_to_the_next(step, provider, hand):
    step("voice/recorded/en", TAPE)
    recordings._claim()
    assert not recordings.recordings_are_due()

    hand.advance(recordings.LEASE + timedelta(seconds=1))
    provider.always = Say(said=b"sound")
    assert recordings.fetch_due() == 1


def test_nothing_to_do_is_an_empty_answer():
    assert twiml().content == b'<?xml version="1.0" encoding="UTF-8"?><Response />'
