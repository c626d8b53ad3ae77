"""Phones that are a page: what they show, to whom, and to whom never."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commonweal.base import crypto
from commonweal.channels.models import SimulatedText
from commonweal.channels.simulator import access, actions, numbers, queries
from commonweal.channels.simulator.channel import Channel
from commonweal.intake.models import Inbound
from commonweal.members.actions import start_confirmation
from commonweal.members.contacts import Contact, ContactUnclear
from commonweal.messaging.actions import queue_message
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address
from commonweal.messaging.sending import send_due

pytestmark = pytest.mark.django_db
ROSA, BEN, REAL = "+14105550123", "+14105550124", "+14108378200"
PHONES = "channels:phones"


@pytest.fixture
def demo(network):
    network.is_demo = True
    network.save()
    return network


def pick_up(client, number=""):
    return client.post(reverse("channels:phone_take"), {"number": number}, follow=True)


def write(client, number, text, door="channels:phone_text"):
    return client.post(reverse(door, args=[queries.key_of(number)]), {"text": text}, follow=True)


def code_to(network, number):
    start_confirmation(
        network=network,
        contact=Contact(kind="phone", value=number),
        purpose="sign_in",
        language="en",
        remote="192.0.2.1",
    )
    send_due()
    return Message.objects.latest("id").context["code"]


@pytest.mark.parametrize("number", ["+14105550100", "+12025550199"])
def test_kept_free_for_fiction(number):
    assert numbers.is_fictional(number)


@pytest.mark.parametrize(
    "number", [REAL, "+14105550200", "+14105550099", "+11235550100", "+441415550100", ""]
)
def test_may_be_somebodys(number):
    assert not numbers.is_fictional(number)


def test_any_invented_number_passes_where_a_number_is_read():
    for _try in range(20):
        assert numbers.read_fictional(numbers.invented(), "US")
    with pytest.raises(ContactUnclear):
        numbers.read_fictional("ana@example.org", "US")


def test_text_goes_in_and_its_answer_comes_out(client, network):
    pick_up(client, "410 555 0123")
    page = write(client, ROSA, "Necesito pañales")

    (inbound,) = Inbound.objects.all()
    assert (inbound.channel, inbound.sender, inbound.sort) == ("simulator", ROSA, "text")
    assert inbound.text == "Necesito pañales"
    assert "Necesito pañales" in page.content.decode()
    assert "on its way" in page.content.decode()

    queue_message(
        network=network,
        to=Address(kind="phone", value=ROSA, language="en"),
        template="code",
        context={"code": "123456", "minutes": 10, "network": network.name, "open_at": ""},
        key="one",
    )
    send_due()
    part = client.get(reverse("channels:phone_screen", args=[queries.key_of(ROSA)])).content.decode()
    assert "123456" in part
    assert part.index("pañales") < part.index("123456")
    assert Message.objects.get().carried_by == "phone"


def test_call_leaves_a_voice_message(client, network):
    pick_up(client, ROSA)
    page = write(client, ROSA, "My heating is off", "channels:phone_call")

    assert Inbound.objects.get().sort == "voice"
    assert "Voice message" in page.content.decode()


def test_empty_text_is_not_sent(client, network):
    pick_up(client, ROSA)
    write(client, ROSA, "  ")

    assert not Inbound.objects.exists()


def test_length_is_counted_while_typing(client, network):
    url = reverse("channels:phone_length")

    assert "1 text message · GSM-7" in client.post(url, {"text": "Hello"}).content.decode()
    assert "2 text messages · UCS-2" in client.post(url, {"text": "á" * 71}).content.decode()
    assert client.post(url, {"text": ""}).content.decode().strip() == ""


def test_text_to_a_real_number_is_stored_on_no_screen(network, outgoing, capsys):
    for number in (REAL, ROSA):
        Channel().send(outgoing(kind="phone", to=number, network=network.pk))

    assert [row.number for row in SimulatedText.objects.all()] == [ROSA]
    assert REAL in capsys.readouterr().out
    Channel().close()


def test_sent_twice_stands_there_once(network, outgoing):
    for _try in range(2):
        assert Channel().send(outgoing(kind="phone", to=ROSA, network=network.pk)) == str(outgoing().id)

    assert SimulatedText.objects.count() == 1


def test_screen_is_encrypted_bounded_and_goes_after_days(network, hand, monkeypatch):
    monkeypatch.setattr(actions, "MOST_ON_SCREEN", 2)
    for count in range(3):
        actions.keep_sent(network=network.pk, number=ROSA, key=f"k{count}", text="x" * 3000)
        hand.advance(timedelta(minutes=1))

    assert set(SimulatedText.objects.values_list("key", flat=True)) == {"k1", "k2"}
    assert len(SimulatedText.objects.first().text) == actions.LONGEST
    assert SimulatedText.objects.first().number_index == crypto.blind_index(ROSA, "contact")
    assert actions.erase_screens() == 0
    hand.advance(actions.KEEP)
    assert actions.erase_screens() == 2


class TestWhoMayRead:
    """Success and refusal share one set-up: a code that is on its way to a made-up number."""

    def test_in_a_demonstration_anybody(self, client, demo):
        code = code_to(demo, ROSA)

        assert code in pick_up(client, ROSA).content.decode()
        assert "+1 410-555-0123" in client.get(reverse(PHONES)).content.decode()

    def test_in_a_real_network_nobody_who_comes_later(self, client, network):
        code = code_to(network, ROSA)
        page = pick_up(client, ROSA)

        assert page.status_code == 422
        assert "Somebody uses this number already." in page.content.decode()
        assert code not in page.content.decode()
        assert client.get(reverse("channels:phone_screen", args=[queries.key_of(ROSA)])).status_code == 404

    def test_who_picked_it_up_first_and_no_other_browser(self, client, network):
        pick_up(client, ROSA)
        code = code_to(network, ROSA)
        other = type(client)()

        assert code in client.get(reverse(PHONES)).content.decode()
        assert code not in other.get(reverse(PHONES)).content.decode()
        assert pick_up(other, ROSA).status_code == 422
        key = queries.key_of(ROSA)
        assert other.get(reverse("channels:phone_screen", args=[key])).status_code == 404
        for door in ("channels:phone_text", "channels:phone_call", "channels:phone_put_down"):
            assert other.post(reverse(door, args=[key]), {"text": "me"}).status_code == 404
        assert not Inbound.objects.exists()

    def test_real_number_cannot_be_picked_up_anywhere(self, client, demo):
        code_to(demo, REAL)
        page = pick_up(client, REAL)

        assert page.status_code == 422
        assert "real number" in page.content.decode()
        assert not SimulatedText.objects.exists()

    def test_numbers_of_others_are_listed_in_a_demonstration_only(self, client, network):
        actions.keep_sent(network=network.pk, number=ROSA, key="k", text="Hello")
        shown = "+1 410-555-0123"
        assert shown not in client.get(reverse(PHONES)).content.decode()

        network.is_demo = True
        network.save()
        assert shown in client.get(reverse(PHONES)).content.decode()

    def test_number_of_a_member_is_theirs(self, client, network, steward):
        assert pick_up(client, "+14105550199").status_code == 422
        assert pick_up(client, "+14105550198").status_code == 200


def test_two_phones_at_once_and_each_can_be_put_away(client, network):
    for number in (ROSA, BEN, ROSA):
        pick_up(client, number)
    assert write(client, BEN, "Hello").status_code == 200
    page = pick_up(client).content.decode()
    assert page.count('class="phone"') == access.AT_ONCE
    assert "+1 410-555-0123" not in page

    client.post(reverse("channels:phone_put_down", args=[queries.key_of(BEN)]))
    assert client.get(reverse(PHONES)).content.decode().count('class="phone"') == 1


def test_no_number_left(client, network, monkeypatch):
    monkeypatch.setattr(access, "invented", lambda: "+14105550199")
    actions.keep_sent(network=network.pk, number="+14105550199", key="k", text="Hello")

    assert pick_up(client).status_code == 422


def test_sample_stands_at_its_time(network):
    at = network.created_at - timedelta(hours=2)
    actions.keep_sample(network=network, number=ROSA, text="Hi", at=at, from_network=False)

    (line,) = queries.phone_of(network, ROSA).lines
    assert (line.at, line.from_network, line.state) == (at, False, "")


def test_no_phones_where_real_ones_are_written_to(client, network, set_up, settings):
    assert client.get(reverse(PHONES)).status_code == 200
    set_up("webhook", carries=["phone"])
    assert client.get(reverse(PHONES)).status_code == 404


def test_no_phones_where_the_installation_has_another_way(client, network, settings):
    settings.COMMONWEAL_CHANNELS = {"phone": "commonweal.channels.console.channel.Channel"}

    assert client.get(reverse(PHONES)).status_code == 404


def test_too_many_texts_are_refused(client, network, monkeypatch):
    monkeypatch.setattr(actions, "MOST_WRITTEN", 2)
    pick_up(client, ROSA)
    answers = [write(client, ROSA, "more").status_code for _ in range(3)]

    assert answers == [200, 200, 429]
