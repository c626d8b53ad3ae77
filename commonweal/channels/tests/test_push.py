"""Notices to a member's own devices, through a push service on loopback that answers as a test tells it."""

import uuid
from datetime import timedelta

import pytest

from commonweal.base.crypto import Unreadable
from commonweal.channels import calling, trying
from commonweal.channels.actions import switch_setup
from commonweal.channels.models import ChannelSetup
from commonweal.channels.push import channel as push
from commonweal.channels.push import vapid
from commonweal.channels.push.channel import LENGTH, Channel
from commonweal.channels.tests.browsers import Browser
from commonweal.channels.tests.conftest import ID, NOON
from commonweal.channels.tests.provider import Provider, Say
from commonweal.members.actions import add_push_device, join, remove_push_device
from commonweal.members.contacts import Contact
from commonweal.members.models import PushDevice
from commonweal.messaging.actions import queue_message, stop_contact
from commonweal.messaging.errors import PermanentFailure, RetryableFailure
from commonweal.messaging.models import Message, TextsOfDay
from commonweal.messaging.port import Address, installed_channel
from commonweal.messaging.sending import send_due
from commonweal.networks.actions import create_network

pytestmark = pytest.mark.django_db
PLACE = uuid.UUID(int=1)
HOUR = timedelta(hours=1)
PHONE = Contact(kind="phone", value="+14105550101")


@pytest.fixture
def rosa(network):
    return join(network=network, name="Rosa", contact=PHONE, languages=["en"])


@pytest.fixture
def inside(monkeypatch):
    """The service stands on loopback, where nobody's browser may lead."""

    def call(*what, public, **how):
        assert public
        return calling.call(*what, **how)

    monkeypatch.setattr(push, "call", call)


@pytest.fixture
def hers(provider, inside):
    return Browser(f"{provider.base}/to/one?token=x%2By")


@pytest.fixture
def told_on(rosa):
    def told_on(browser, member=rosa):
        return add_push_device(member=member, contact=browser.given.as_contact, place=PLACE)

    return told_on


@pytest.fixture
def message(network, outgoing):
    def message(browser, **more):
        about = {
            "network": network.pk,
            "queued_at": NOON + HOUR,
            "subject": "Can you help? Groceries",
            "link": "http://127.0.0.1:8000/i/abc/",
        }
        return outgoing(kind="push", to=browser.given.as_contact.value, **{**about, **more})

    return message


def test_a_few_words_and_the_path_go_out_sealed(provider, hers, told_on, message):
    told_on(hers)

    assert Channel().send(message(hers)) == str(ID)

    (told,) = provider.told
    assert (told.method, told.path, told.query) == ("POST", "/to/one", {"token": ["x+y"]})
    assert hers.open(told.body) == {
        "title": "Alder Street",
        "text": "Can you help? Groceries",
        "path": "/i/abc/",
        "tag": ID.hex,
        "language": "en",
    }
    assert told.headers["content-encoding"] == "aes128gcm"
    assert told.headers["content-type"] == "application/octet-stream"
    assert told.headers["authorization"].startswith("vapid t=")
    assert told.headers["topic"] == ID.hex
    assert len(told.headers["topic"]) <= 32
    assert len(told.body) == 21 + 65 + LENGTH + 1 + 16


@pytest.mark.parametrize(
    ("template", "lives", "urgency"),
    [
        ("invitation", 24 * 3600, "normal"),
        ("desk_alert", 24 * 3600, "high"),
        ("how_did_it_go", 3 * 24 * 3600, "normal"),
        ("news", 3 * 24 * 3600, "low"),
    ],
)
def test_how_long_it_is_kept_and_how_much_it_matters(
    provider, hers, told_on, message, template, lives, urgency
):
    told_on(hers)
    Channel().send(message(hers, template=template))

    headers = provider.told[0].headers
    assert (headers["ttl"], headers["urgency"]) == (str(lives), urgency)


def test_what_leads_nowhere_is_said_whole_and_what_is_long_is_cut(provider, hers, told_on, message):
    told_on(hers)
    Channel().send(message(hers, link=""))
    long = '\u0628"' * 400
    Channel().send(message(hers, network_name="\U0001f33b" * 80, subject=long))

    short, cut = (hers.open(told.body) for told in provider.told)
    assert (short["text"], short["path"]) == ("Still needed?", "/me/")
    assert (len(cut["text"]), cut["text"][-1]) == (500, "…")
    assert len(provider.told[0].body) == len(provider.told[1].body)


def test_every_device_is_told_and_one_is_enough(provider, hers, told_on, message):
    other = Browser(f"{provider.base}/to/two")
    told_on(hers), told_on(other)
    provider.answers.extend([Say(status=429), Say(status=201)])

    assert Channel().send(message(hers)) == str(ID)

    assert sorted(told.path for told in provider.told) == ["/to/one", "/to/two"]
    assert other.open(provider.told[1].body)["path"] == "/i/abc/"


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(provider, hers, told_on, message, status):
    kept = told_on(Browser(f"{provider.base}/to/two"))
    told_on(hers)
    kept.delete()
    provider.answers.append(Say(status=status))

    with pytest.raises(PermanentFailure, match=str(status)):
        Channel().send(message(hers))
    assert not PushDevice.objects.exists()
    with pytest.raises(PermanentFailure, match="switched off"):
        Channel().send(message(hers))
    assert len(provider.told) == 1


@pytest.mark.parametrize("status", [400, 413])
def test_what_is_refused_for_good_is_not_said_again_and_the_device_stays(
    provider, hers, told_on, message, status
):
    told_on(hers)
    provider.answers.append(Say(status=status))

    with pytest.raises(PermanentFailure):
        Channel().send(message(hers))
    assert PushDevice.objects.exists()


@pytest.mark.parametrize(
    ("status", "unsure"),
    [(401, False), (403, False), (429, False), (500, True), (502, True), (503, False), (307, False)],
)
def test_what_may_pass_is_tried_again(provider, hers, told_on, message, status, unsure):
    told_on(hers)
    provider.answers.append(Say(status=status, headers={"Retry-After": "90"}))

    with pytest.raises(RetryableFailure) as caught:
        Channel().send(message(hers))

    assert type(caught.value) is RetryableFailure, "another member's service may be up"
    assert caught.value.unsure == unsure
    if status not in (401, 403, 307):
        assert caught.value.retry_after == timedelta(seconds=90)
    assert PushDevice.objects.exists()


def test_a_service_that_is_down_is_left_alone_for_the_round_and_others_are_not(
    provider, hers, told_on, message, steward
):
    told_on(hers)
    channel = Channel()
    provider.answers.append(Say(drop=True))
    with pytest.raises(RetryableFailure) as caught:
        channel.send(message(hers))
    assert caught.value.unsure
    with pytest.raises(RetryableFailure, match="down"):
        channel.send(message(hers))
    assert len(provider.told) == 1

    with Provider() as up:
        elsewhere = Browser(f"{up.base}/to/sol")
        told_on(elsewhere, member=steward)
        assert channel.send(message(elsewhere)) == str(ID)
        up.shutdown()

    channel.close()
    assert channel.send(message(hers)) == str(ID)


def test_one_that_does_not_know_our_key_says_nothing_of_its_neighbours(
    provider, hers, told_on, message, steward
):
    neighbour = Browser(f"{provider.base}/to/sol")
    told_on(hers), told_on(neighbour, member=steward)
    channel = Channel()
    provider.answers.append(Say(status=403))

    with pytest.raises(RetryableFailure):
        channel.send(message(hers))
    assert channel.send(message(neighbour)) == str(ID)


def test_nobody_leads_us_into_our_own_house(provider, told_on, message):
    """Even where the keeper of the machine lets stewards' channels call phones in the house."""
    hers = Browser(f"{provider.base}/admin")
    told_on(hers)

    with pytest.raises(RetryableFailure, match="address refused"):
        Channel().send(message(hers))
    assert not provider.told


def test_who_has_the_browser_now_reads_nothing_that_was_meant_for_another(
    provider, hers, told_on, message, hand, steward
):
    told_on(hers)
    hand.advance(2 * HOUR)
    told_on(hers, member=steward)

    with pytest.raises(PermanentFailure, match="switched off"):
        Channel().send(message(hers, queued_at=NOON + HOUR))
    assert not provider.told
    assert Channel().send(message(hers, queued_at=NOON + 3 * HOUR)) == str(ID)


def test_a_device_is_known_in_its_own_network_alone(provider, hers, told_on, message):
    told_on(hers)
    birch = create_network(slug="birch", name="Birch")

    with pytest.raises(PermanentFailure):
        Channel().send(message(hers, network=birch.pk))
    with pytest.raises(PermanentFailure):
        Channel().send(message(hers, network=None))
    assert not provider.told


def queue(rosa, browser, **more):
    words = {"title": "Groceries", "link": "http://127.0.0.1:8000/a/1/", "network": "Alder Street"}
    return queue_message(
        network=rosa.network,
        to=Address(kind="phone", value=PHONE.value, language="es"),
        template="still_needed",
        context=words,
        key="1",
        others=[browser.given.as_contact],
        **more,
    )


def test_who_stopped_texts_is_still_told_on_their_device(provider, hers, told_on, rosa):
    """A notice is no text: it is neither stopped by STOP nor counted as one."""
    told_on(hers)
    stop_contact(network=rosa.network, contact=PHONE, language="en", confirm=False)
    message = queue(rosa, hers)

    assert send_due() == 1

    message.refresh_from_db()
    assert (message.kind, message.state) == ("push", Message.State.SENT)
    told = hers.open(provider.told[0].body)
    assert (told["path"], told["language"], told["title"]) == ("/a/1/", "es", "Alder Street")
    assert told["text"].endswith("Groceries")
    assert not TextsOfDay.objects.filter(texts__gt=1).exists()


def test_when_the_device_is_off_the_list_nothing_is_called(provider, hers, told_on, rosa):
    device = told_on(hers)
    stop_contact(network=rosa.network, contact=PHONE, language="en", confirm=False)
    message = queue(rosa, hers)
    remove_push_device(member=rosa, device=device.pk)

    send_due()

    message.refresh_from_db()
    assert message.state == Message.State.DEAD
    assert not provider.told


def test_what_waits_for_the_morning_waits_as_a_notice_too(provider, hers, told_on, rosa, hand):
    told_on(hers)
    hand.advance(11 * HOUR)  # eleven at night
    queue_message(
        network=rosa.network,
        to=Address(kind="push", value=hers.given.as_contact.value, language="en"),
        template="news",
        context={"words": "The water is off until six.", "network": "Alder Street"},
        key="1",
    )

    assert send_due() == 0
    hand.advance(10 * HOUR)
    assert send_due() == 1

    told = hers.open(provider.told[0].body)
    assert (told["path"], "The water is off until six." in told["text"]) == ("/me/", True)


def test_the_program_has_this_way_for_everybody():
    assert isinstance(installed_channel("push"), Channel)


@pytest.fixture
def light(set_up):
    return set_up("push", carries=("push",))


def try_it(light, steward, *, send):
    trying.try_channel(network=light.network_id, setup=light.pk, member=steward.pk, send=send, language="en")
    return ChannelSetup.objects.get(pk=light.pk)


def test_a_steward_sees_how_it_is_and_tries_it(provider, hers, told_on, light, steward):
    told_on(hers, member=steward)

    checked = try_it(light, steward, send=False)
    assert "1 device is switched on" in checked.trial["words"]
    assert provider.told == []

    tried = try_it(light, steward, send=True)
    assert (tried.trial["state"], tried.light) == ("well", "good")
    assert "test" in hers.open(provider.told[0].body)["text"].lower()

    provider.answers.append(Say(status=429))
    assert try_it(light, steward, send=True).light == "shaky"


def test_a_steward_without_a_device_is_told_so(light, steward):
    assert "no confirmed way" in try_it(light, steward, send=True).trial["words"]


def test_a_key_that_cannot_be_read_is_no_good(light, steward, monkeypatch):
    def unreadable():
        raise Unreadable

    monkeypatch.setattr(vapid, "own_key", unreadable)

    assert try_it(light, steward, send=False).trial["state"] == "ill"


def test_a_network_can_do_without(provider, hers, told_on, rosa, light, steward):
    told_on(hers)
    stop_contact(network=rosa.network, contact=PHONE, language="en", confirm=False)
    switch_setup(setup=light, by=steward, on=False)
    message = queue(rosa, hers)

    send_due()

    message.refresh_from_db()
    assert message.state == Message.State.CANCELLED
    assert provider.told == []
