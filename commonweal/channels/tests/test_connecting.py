"""Two who are matched call one another through the network: by a key, under its number, and not a digit of theirs."""

from urllib.parse import urlencode, urlsplit
from xml.etree.ElementTree import fromstring

import pytest
from django.urls import reverse

from commonweal.base import clock
from commonweal.channels.models import ChannelSetup, SimulatedText
from commonweal.channels.simulator import queries
from commonweal.channels.sms_twilio.signature import sign
from commonweal.exchange.models import PassedOn
from commonweal.exchange.tests.cast import DAY, MONDAY, found_town
from commonweal.intake.models import Inbound
from commonweal.intake.tests.conftest import member_phone
from commonweal.members.contacts import Contact
from commonweal.networks.actions import change_policy

AMINA, ROSA, OURS = "+14105550123", "+14105550124", "+14105550100"
CALL = {"CallSid": "CA1", "From": AMINA, "To": OURS, "Direction": "inbound"}


@pytest.fixture
def hand():
    with clock.frozen(MONDAY) as hand:
        yield hand


@pytest.fixture
def town(db, hand):
    return found_town()


@pytest.fixture
def match(town):
    """Amina asked by phone, Rosa said yes, and the members want everything to go through the network."""
    change_policy(network=town.network, changes={"reached": "relayed"}, reason="We want it.")
    member_phone(town, town.rosa, ROSA)
    return town.agreed(town.ask(contact_kind="phone", contact=AMINA), town.rosa)


@pytest.fixture
def step(client, town):
    line = ChannelSetup.objects.create(
        network=town.network,
        adapter="sms_twilio",
        name="The line",
        carries=["phone"],
        options={"account": "AC1", "number": OURS},
        credentials={"auth_token": "secret"},
        token="token",
    )

    def step(rest, **fields):
        said = {**CALL, **fields}
        path = f"/in/{line.pk}/{line.token}/{rest}"
        signature = sign("secret", f"http://testserver{path}", list(said.items()))
        answer = client.post(
            path,
            data=urlencode(said),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )
        assert answer.status_code == 200
        return fromstring(answer.content)

    return step


def words(tree):
    return [one.text for one in tree.iter("Say")]


def where(tree, tag, name="action"):
    one = next(tree.iter(tag))
    return urlsplit(one.get(name) or one.text).path.split("/", 4)[4]


def test_the_asker_reaches_the_helper_under_our_number(match, step):
    asked = step("voice")
    assert "To be put through to Rosa, press 1." in words(asked)
    assert where(asked, "Gather") == "voice/through"
    assert where(asked, "Redirect") == "voice/ourselves"
    through = step("voice/through", Digits="1")
    dial = next(through.iter("Dial"))
    assert dial.get("callerId") == OURS
    assert next(dial.iter("Number")).text == ROSA
    assert words(through) == ["We put you through to Rosa."]
    assert [(row.by, row.via, row.words) for row in PassedOn.objects.all()] == [("asker", "call", "")]
    step("voice/ended", CallStatus="completed")
    assert not Inbound.objects.exists()  # nobody has to call back


def test_the_helper_reaches_the_asker(match, step):
    assert "To be put through to Amina, press 1." in words(step("voice", From=ROSA))
    assert next(step("voice/through", From=ROSA, Digits="1").iter("Number")).text == AMINA


@pytest.mark.parametrize("digits", ["", "2", "11", "*"])
def test_who_presses_nothing_comes_to_the_network(match, step, digits):
    assert not list(step("voice/through", Digits=digits).iter("Dial"))
    assert not PassedOn.objects.exists()
    assert list(step("voice/ourselves").iter("Record"))


def test_where_nobody_answers_there_are_texts(match, step):
    assert words(step("voice/hung-up", DialCallStatus="no-answer")) == [
        "Nobody answered. Send a text to this number, and we pass it on."
    ]
    assert words(step("voice/hung-up", DialCallStatus="completed")) == []


def test_outside_of_the_window_and_for_a_stranger_it_is_a_call_like_any_other(match, step, hand):
    assert not list(step("voice", From="+14105550177").iter("Gather"))
    assert not list(step("voice", From="anonymous").iter("Gather"))
    hand.advance(5 * DAY)
    assert not list(step("voice").iter("Gather"))
    assert not list(step("voice/through", Digits="1").iter("Dial"))


def test_too_many_calls_are_calls_to_the_network(match, step, monkeypatch):
    monkeypatch.setattr("commonweal.exchange.actions.relaying.MOST_A_DAY", 1)
    step("voice/through", Digits="1")
    assert not list(step("voice/through", Digits="1", CallSid="CA2").iter("Dial"))


def test_on_phones_that_are_a_page_both_screens_say_so(match, client, town):
    town.network.is_demo = True
    town.network.save()
    client.post(reverse("channels:phone_take"), {"number": AMINA})
    assert "Be put through to Rosa" in client.get(reverse("channels:phones")).content.decode()
    call = reverse("channels:phone_call", args=[queries.key_of(AMINA)])
    client.post(call, {"text": "I am at the door", "through": "1"})
    shown = {row.number: row.text for row in SimulatedText.objects.all()}
    assert shown == {
        AMINA: "You are put through to Rosa: I am at the door",
        ROSA: "Amina calls through the network: I am at the door",
    }
    assert not Inbound.objects.exists()


def test_there_a_call_for_nobody_is_for_the_network(town, client):
    town.network.is_demo = True
    town.network.save()
    client.post(reverse("channels:phone_take"), {"number": AMINA})
    call = reverse("channels:phone_call", args=[queries.key_of(AMINA)])
    client.post(call, {"text": "Hello", "through": "1"})
    assert Inbound.objects.get().sort == "voice"


def test_a_real_number_is_on_no_screen(match, client, town):
    member_phone(town, town.rosa, "+14108378200")
    town.network.is_demo = True
    town.network.save()
    client.post(reverse("channels:phone_take"), {"number": AMINA})
    call = reverse("channels:phone_call", args=[queries.key_of(AMINA)])
    client.post(call, {"text": "Hello", "through": "1"})
    assert [row.number for row in SimulatedText.objects.all()] == [AMINA]
    assert Contact(kind="phone", value=AMINA).masked not in SimulatedText.objects.get().text
