"""The pages on which a steward sets channels up, orders them, tries them out and takes them away."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from commonweal.base.models import Event
from commonweal.channels import actions, tasks, trying
from commonweal.channels.adapters import adapters
from commonweal.channels.errors import NoSuchAdapter, SetupNotFound
from commonweal.channels.models import ChannelSetup
from commonweal.channels.tests.conftest import NOON
from commonweal.channels.tests.provider import Say
from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.members.models import ContactPoint
from commonweal.members.tests.cast import sign_in
from commonweal.messaging.actions import queue_message, stop_contact
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address
from commonweal.networks.actions import create_network

pytestmark = pytest.mark.django_db
TWILIO = {
    "name": "The line", "base": "https://api.twilio.com", "account": "AC1", "auth_token": "very-secret-token",
    "number": "+14105550100",
}  # fmt: skip
LIST = "/settings/channels/"


@pytest.fixture
def neighbour(network):
    return join(
        network=network,
        name="Noor",
        contact=Contact(kind="email", value="noor@example.org"),
        languages=["en"],
    )


@pytest.fixture
def sol(client, steward):
    """The steward's browser."""
    sign_in(client, steward)
    return client


@pytest.fixture
def line(set_up, provider):
    return set_up(
        "sms_twilio",
        options={"base": provider.base, "account": "AC1", "number": "+14105550100"},
        credentials={"auth_token": "very-secret-token"},
    )


def url(name, setup):
    return reverse(f"channels:{name}", args=[setup.pk])


def look(setup):
    return ChannelSetup.objects.get(pk=setup.pk)


def test_channel_is_set_up_and_its_key_is_never_shown(sol, network):
    answer = sol.post(f"{LIST}add/sms_twilio/", TWILIO)

    setup = ChannelSetup.objects.get(network=network)
    assert answer.status_code == 302
    assert (setup.name, setup.adapter, setup.carries, setup.is_on) == (
        "The line",
        "sms_twilio",
        ["phone"],
        True,
    )
    assert setup.options == {"base": "https://api.twilio.com", "account": "AC1", "number": "+14105550100"}
    assert setup.credentials == {"auth_token": "very-secret-token"}
    page = sol.get(url("one", setup)).content.decode()
    assert "very-secret-token" not in page
    assert f"/in/{setup.pk}/{setup.token}/sms" in page
    assert "Not tried yet" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT credentials, token FROM channels_channelsetup")
        stored = " ".join(cursor.fetchone())
    assert "very-secret" not in stored
    assert setup.token not in stored
    event = Event.objects.get(network=network, verb="channel_added")
    assert event.data == {"adapter": "sms_twilio"}


def test_what_is_wrong_is_said_at_the_field_and_nothing_is_kept(sol):
    answer = sol.post(f"{LIST}add/sms_twilio/", {**TWILIO, "base": "http://10.0.0.1"})

    assert answer.status_code == 422
    assert b"It must begin with https://" in answer.content
    assert b"very-secret-token" not in answer.content
    assert not ChannelSetup.objects.exists()


def test_page_says_where_it_is_told_step_by_step(sol):
    for key, page in (("sms_android", "how-to/connect-a-phone"), ("webhook", "reference/webhook")):
        assert f"docs/{page}.md".encode() in sol.get(f"{LIST}add/{key}/").content
        assert (Path(__file__).parents[3] / f"docs/{page}.md").exists()


def test_key_left_empty_is_kept_and_one_typed_anew_replaces_it(sol, line, settings):
    settings.COMMONWEAL_LAN_CHANNELS = True
    form = {**TWILIO, "name": "Renamed", "auth_token": ""}
    assert sol.post(url("one", line), form).status_code == 302
    assert (look(line).name, look(line).credentials) == ("Renamed", {"auth_token": "very-secret-token"})

    sol.post(url("one", line), {**form, "auth_token": "new-token"})
    assert look(line).credentials == {"auth_token": "new-token"}
    changed = Event.objects.filter(verb="channel_changed").order_by("at", "id")
    assert [event.data for event in changed] == [{"anew": []}, {"anew": ["auth_token"]}]


def test_change_that_is_wrong_is_said_at_the_field(sol, line):
    assert sol.post(url("one", line), {**TWILIO, "number": "x"}).status_code == 422
    assert look(line).name == "The line"


def test_webhook_carries_what_is_ticked(sol, network):
    form = {"name": "Bot", "base": "https://bot.example/x", "secret": "x" * 24, "carries": ["email"]}
    sol.post(f"{LIST}add/webhook/", form)

    setup = ChannelSetup.objects.get(network=network)
    assert (setup.carries, setup.options) == (["email"], {"base": "https://bot.example/x"})
    assert b"checked" in sol.get(url("one", setup)).content


def test_list_shows_every_light_in_its_order(sol, set_up, network, django_assert_max_num_queries):
    names = ["first", "second", "third", "fourth", "fifth"]
    rows = [set_up("webhook", name=name, credentials={"secret": "x" * 24}) for name in names]
    for row, how in zip(
        rows,
        [{}, {"succeeded_at": NOON}, {"failures_in_row": 1}, {"failures_in_row": 3}, {"is_on": False}],
        strict=True,
    ):
        ChannelSetup.objects.filter(pk=row.pk).update(**how)

    with django_assert_max_num_queries(8):
        page = sol.get(LIST).content.decode()

    places = [
        page.index(word) for word in ("Not tried yet", "Works", "Falters", "Does not work", "Switched off")
    ]
    assert places == sorted(places)
    assert [page.index(name) for name in names] == sorted(page.index(name) for name in names)


def test_list_without_channels_says_what_happens_then(sol):
    page = sol.get(LIST).content.decode()

    assert "None is set up yet" in page
    assert page.count("/settings/channels/add/") >= 3


def test_list_says_how_many_texts_wait_for_tomorrow(sol, network):
    message = waiting(network)
    Message.objects.filter(pk=message.pk).update(last_error="limit")

    assert b"1 text message waits for tomorrow" in sol.get(LIST).content


def test_channel_is_moved_up(sol, set_up, network):
    first, second, third = (set_up("webhook", name=name) for name in ("first", "second", "third"))

    assert sol.post(url("move", third)).status_code == 302
    assert [setup.name for setup in ChannelSetup.objects.filter(network=network)] == [
        "first",
        "third",
        "second",
    ]
    sol.post(url("move", first))
    assert [setup.position for setup in (look(first), look(third), look(second))] == [0, 1, 2]
    assert Event.objects.filter(verb="channel_moved").count() == 1


def waiting(network):
    return queue_message(
        network=network,
        to=Address(kind="phone", value="+14105550101", language="en"),
        template="stopped",
        context={"network": "Alder Street"},
        key="1",
    )


def test_switching_off_says_what_still_uses_it(sol, line, network):
    waiting(network)
    assert b"1 message is waiting that it could carry" in sol.get(url("one", line)).content

    sol.post(url("switch", line), {"on": "no"})
    sol.post(url("switch", line), {"on": "no"})
    assert (look(line).is_on, look(line).light) == (False, "off")
    assert b"Switch it on" in sol.get(url("one", line)).content
    ChannelSetup.objects.filter(pk=line.pk).update(failures_in_row=9)
    sol.post(url("switch", line), {"on": "yes"})
    assert (look(line).is_on, look(line).failures_in_row) == (True, 0)
    assert [event.verb for event in Event.objects.filter(thing="channelsetup").order_by("at", "id")] == [
        "channel_added",
        "channel_off",
        "channel_on",
    ]


def test_channel_is_taken_away_after_a_question(sol, line, network):
    waiting(network)
    page = sol.get(url("remove", line)).content
    assert b"Take" in page
    assert b"1 message is waiting" in page
    assert ChannelSetup.objects.exists()

    assert sol.post(url("remove", line)).status_code == 302
    assert not ChannelSetup.objects.exists()


def test_check_is_made_in_the_background_and_shown(sol, line, provider):
    provider.always = Say(status=200, said={"status": "active"})
    assert sol.post(url("check", line)).status_code == 302
    page = sol.get(url("one", line)).content.decode()
    assert "It is being tried out." in page
    assert 'hx-trigger="load delay:2s"' in page
    assert provider.told == []

    run_tasks()

    page = sol.get(url("one", line)).content.decode()
    assert "The provider knows the account, and it is open." in page
    assert look(line).light == "good"


def run_tasks():
    """Do what a worker would do with the tasks that wait."""
    for result in DBTaskResult.objects.filter(status="READY"):
        result.task.func(*result.args_kwargs["args"])
        DBTaskResult.objects.filter(pk=result.pk).delete()


def test_check_that_fails_turns_the_light(sol, line, provider):
    provider.always = Say(status=401)
    sol.post(url("check", line))
    run_tasks()

    assert "does not accept the account" in sol.get(url("one", line)).content.decode()
    assert look(line).light == "shaky"


def test_check_speaks_the_stewards_language(sol, line, provider):
    provider.always = Say(status=200, said={"status": "active"})
    sol.cookies["django_language"] = "es"
    sol.post(url("check", line))
    run_tasks()

    assert "está abierta" in look(line).trial["words"]


def test_test_message_goes_to_who_presses_and_to_nobody_else(sol, line, provider):
    provider.always = Say(status=201, said={"sid": "SM1"})
    sol.post(url("test", line))
    run_tasks()

    (told,) = provider.told
    assert told.form["To"] == "+14105550199"
    assert "this is a test" in told.form["Body"]
    assert look(line).trial["state"] == "well"
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("say", "words"),
    [
        (Say(status=400, said={"code": 21610}), "you want no messages there"),
        (Say(status=400, said={"code": 21211}), "HTTP 400 code 21211"),
        (Say(status=503), "HTTP 503"),
    ],
)
def test_test_that_fails_says_why(sol, line, provider, say, words):
    provider.always = say
    sol.post(url("test", line))
    run_tasks()

    assert look(line).trial["state"] == "ill"
    assert words in look(line).trial["words"]


def test_steward_who_cannot_be_reached_is_told_so(sol, line, steward, network):
    ContactPoint.objects.filter(member=steward).update(confirmed_at=None)

    answer = sol.post(url("test", line))

    assert answer.status_code == 409
    assert b"There is no confirmed way to reach you" in answer.content
    assert look(line).trial == {}


def test_steward_who_stops_messages_in_between_gets_none(sol, line, steward, network, provider):
    sol.post(url("test", line))
    stop_contact(network=network, contact=Contact(kind="phone", value="+14105550199"), language="en")
    run_tasks()

    assert provider.told == []
    assert look(line).trial["state"] == "ill"


def test_channel_that_is_gone_is_not_tried(sol, line):
    sol.post(url("check", line))
    line.delete()

    run_tasks()


def test_kind_that_carries_nothing_cannot_be_tested(line, steward, monkeypatch):
    silent = {key: replace(adapter, channel=None) for key, adapter in adapters().items()}
    monkeypatch.setattr(trying, "adapters", lambda: silent)

    with pytest.raises(TypeError, match="carries nothing out"):
        trying.try_channel(
            network=line.network_id, setup=line.pk, member=steward.pk, send=True, language="en"
        )


def test_phones_are_looked_after_by_themselves(set_up, provider, line):
    phone = set_up(
        "sms_android",
        options={"base": provider.base, "login": "a", "sim": "0", "device": ""},
        credentials={"password": "b", "signing_key": "c"},
    )
    provider.always = Say(status=401)

    tasks.look_at_watched()

    assert (look(phone).light, look(line).light) == ("shaky", "new")


DOORS = ["one", "switch", "move", "check", "test", "remove"]


@pytest.mark.parametrize("name", DOORS)
def test_only_stewards_come_in(client, line, neighbour, name):
    address = url(name, line)
    assert client.post(address).status_code == 302
    sign_in(client, neighbour)

    assert client.post(address).status_code == 403
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}add/webhook/").status_code == 403
    assert (look(line).is_on, look(line).trial) == (True, {})


@pytest.mark.parametrize("name", DOORS)
def test_channel_of_another_network_does_not_exist(sol, steward, name):
    birch = create_network(slug="birch", name="Birch Street", domain="birch.example")
    theirs = actions.add_setup(
        network=birch,
        by=steward,
        adapter="webhook",
        name="Theirs",
        carries=["phone"],
        options={},
        credentials={},
    )

    assert sol.post(url(name, theirs)).status_code == 404
    assert look(theirs).is_on


def test_kind_that_there_is_not_cannot_be_set_up(sol, network, steward, line):
    assert sol.get(f"{LIST}add/pigeon/").status_code == 404
    with pytest.raises(NoSuchAdapter):
        actions.add_setup(
            network=network, by=steward, adapter="pigeon", name="x", carries=[], options={}, credentials={}
        )
    ChannelSetup.objects.filter(pk=line.pk).update(adapter="pigeon")
    assert sol.get(url("one", line)).status_code == 404
    assert sol.get(LIST).status_code == 200
    assert str(SetupNotFound())


def test_name_of_a_channel_is_its_text(line):
    assert str(line) == "The line"
