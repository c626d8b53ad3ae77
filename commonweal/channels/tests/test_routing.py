"""Which channel of a network carries what, and how it is with each of them."""

from datetime import timedelta

import pytest

from commonweal.channels.adapters import Adapter, Checked
from commonweal.channels.forms import SettingUp
from commonweal.channels.models import BAD_FROM, ChannelSetup
from commonweal.channels.routing import REST, Watched, routes_of
from commonweal.channels.tests.conftest import NOON
from commonweal.channels.tests.provider import Say
from commonweal.messaging.actions import queue_message
from commonweal.messaging.errors import ChannelDown, PermanentFailure
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address, routes
from commonweal.messaging.sending import send_due
from commonweal.networks.actions import create_network

pytestmark = pytest.mark.django_db
ROSA = Address(kind="phone", value="+14105550101", language="en")


@pytest.fixture
def line(set_up, provider):
    def line(name, **more):
        return set_up(
            "webhook", name=name, options={"base": provider.base}, credentials={"secret": "x" * 24}, **more
        )

    return line


def keys(network, kind="phone"):
    found = routes_of(network, kind)
    return None if found is None else [route.key for route in found]


def look(setup):
    return ChannelSetup.objects.get(pk=setup.pk)


def test_network_without_channels_goes_the_installations_way(network):
    assert routes_of(network, "phone") is None
    assert [route.key for route in routes(network, "phone")] == ["phone"]


def test_channels_carry_in_their_order_what_they_carry(network, line):
    first, second = line("first"), line("second", carries=["phone", "email"])

    assert keys(network) == [first.key, second.key]
    assert keys(network, "email") == [second.key]
    assert keys(network, "push") is None
    assert routes_of(create_network(slug="birch", name="Birch"), "phone") is None


def test_what_is_switched_off_carries_nothing_and_nothing_steps_in_for_it(network, line):
    ChannelSetup.objects.filter(pk=line("only").pk).update(is_on=False)

    assert keys(network) == []
    assert routes(network, "phone") == ()


def test_kind_that_the_program_no_longer_knows_carries_nothing(network, line):
    ChannelSetup.objects.filter(pk=line("only").pk).update(adapter="pigeon")

    assert keys(network) == []


def test_kind_that_only_takes_in_cannot_carry(network, line, monkeypatch):
    one_way = Adapter(
        key="webhook",
        name="",
        lead="",
        kinds=frozenset(),
        form=SettingUp,
        check=lambda setup: Checked(is_well=True, words=""),
    )
    line("in only")
    monkeypatch.setattr("commonweal.channels.routing.adapters", lambda: {"webhook": one_way})

    with pytest.raises(TypeError, match="carries nothing out"):
        routes_of(network, "phone")


def test_broken_one_comes_last_until_it_has_rested(network, line, hand):
    first, second = line("first"), line("second")
    ChannelSetup.objects.filter(pk=first.pk).update(failures_in_row=BAD_FROM, failed_at=NOON)

    assert keys(network) == [second.key, first.key]
    hand.advance(REST)
    assert keys(network) == [first.key, second.key]


class Scripted:
    """Raises what it is told, in turn."""

    kinds = frozenset({"phone"})

    def __init__(self, *faults):
        self.faults, self.closed = list(faults), False

    def send(self, message):
        fault = self.faults.pop(0) if self.faults else None
        if fault:
            raise fault
        return "taken"

    def close(self):
        self.closed = True


def test_light_goes_from_new_to_good_and_stays_since_then(line, outgoing, hand):
    setup = line("first")
    assert look(setup).light == "new"
    for _ in range(2):
        watched = Watched(look(setup), Scripted)
        assert watched.send(outgoing()) == "taken"
        watched.close()
        hand.advance(timedelta(hours=1))

    row = look(setup)
    assert (row.light, row.light_since, row.succeeded_at) == ("good", NOON, NOON + timedelta(hours=1))


def test_light_falters_breaks_and_comes_back(line, outgoing, hand):
    setup = line("first")
    watched = Watched(setup, lambda: Scripted(*[ChannelDown("HTTP 503")] * BAD_FROM))
    lights = []
    for _ in range(BAD_FROM):
        hand.advance(timedelta(minutes=1))
        with pytest.raises(ChannelDown):
            watched.send(outgoing())
        lights.append(look(setup).light)
    assert lights == ["shaky", "shaky", "bad"]
    assert (look(setup).light_since, look(setup).last_error) == (NOON + timedelta(minutes=1), "HTTP 503")

    hand.advance(timedelta(minutes=10))
    watched.send(outgoing())

    row = look(setup)
    assert (row.light, row.failures_in_row, row.last_error) == ("good", 0, "")
    assert row.light_since == NOON + timedelta(minutes=13)


def test_number_that_does_not_exist_says_nothing_of_the_channel(line, outgoing):
    setup = line("first")
    inner = Scripted(PermanentFailure("HTTP 400"))
    watched = Watched(setup, lambda: inner)

    with pytest.raises(PermanentFailure):
        watched.send(outgoing())
    watched.close()

    assert (look(setup).failures_in_row, look(setup).succeeded_at, inner.closed) == (0, None, True)


def test_round_of_many_costs_one_note(line, outgoing, django_assert_num_queries):
    watched = Watched(line("first"), Scripted)

    with django_assert_num_queries(1):
        for _ in range(20):
            watched.send(outgoing())
        watched.close()


def test_keys_that_cannot_be_read_keep_back_what_they_carry_and_nothing_else(
    network, line, settings, provider
):
    line("first")
    message = queue_message(
        network=network, to=ROSA, template="stopped", context={"network": "Alder Street"}, key="1"
    )
    settings.COMMONWEAL_KEYS = ["another key of more than thirty-two letters", *settings.COMMONWEAL_KEYS]
    fresh = queue_message(
        network=network,
        to=Address(kind="email", value="rosa@example.org", language="en"),
        template="stopped",
        context={"network": "Alder Street"},
        key="2",
    )
    settings.COMMONWEAL_KEYS = settings.COMMONWEAL_KEYS[:1]

    assert send_due() == 1

    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {message.pk: "failed", fresh.pk: "sent"}


def test_from_the_outbox_to_the_second_provider(network, line, provider):
    """The whole way: the first one is down, the second one takes it, the lights say so."""
    first, second = line("first"), line("second")
    provider.answers.append(Say(status=503))
    provider.always = Say(said={"receipt": "r-1"})
    message = queue_message(
        network=network, to=ROSA, template="stopped", context={"network": "Alder Street"}, key="1"
    )

    assert send_due() == 1

    message = Message.objects.get(pk=message.pk)
    assert (message.carried_by, message.receipt) == (second.key, "r-1")
    assert [look(first).light, look(second).light] == ["shaky", "good"]
    assert provider.told[0].json["id"] == provider.told[1].json["id"]
