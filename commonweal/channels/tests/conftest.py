"""A message on its way, somebody else's server, and a network whose steward sets channels up."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.base import clock
from commonweal.channels import actions
from commonweal.channels.tests.provider import Provider
from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.members.models import ContactPoint
from commonweal.messaging.models import Message
from commonweal.messaging.port import Address, OutgoingMessage, Written
from commonweal.networks.actions import create_network

ID = uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057")
NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def outgoing():
    """Make a message; what a test does not care about has a value already."""

    def outgoing(
        kind="email",
        to="ana@example.org",
        network_name="Alder Street",
        subject="Groceries — für zwei",
        stop_link="",
        **more,
    ):
        return OutgoingMessage(
            id=ID,
            template=more.pop("template", "still_needed"),
            network_name=network_name,
            to=Address(kind=kind, value=to, language="en"),
            written=Written(subject=subject, body="Hello,\n\nis it still needed?\n", text="Still needed?"),
            stop_link=stop_link,
            **more,
        )

    return outgoing


@pytest.fixture
def provider(settings):
    """Somebody else's server on loopback, which this program may call."""
    settings.COMMONWEAL_LAN_CHANNELS = True
    with Provider() as server:
        yield server
        server.shutdown()


@pytest.fixture
def hand():
    with clock.frozen(NOON) as hand:
        yield hand


@pytest.fixture
def network(db, hand):
    return create_network(slug="alder", name="Alder Street", country="US", languages=["en", "es"])


@pytest.fixture
def steward(network):
    """Sol, who looks after the channels, and is reached by phone."""
    sol = join(
        network=network,
        name="Sol",
        contact=Contact(kind="phone", value="+14105550199"),
        languages=["en"],
    )
    ContactPoint.objects.filter(member=sol).update(confirmed_at=NOON)
    give_mandate(member=sol, role="steward", until=NOON + timedelta(days=90), reason="Chosen in March.")
    # They are told so; these tests begin with an outbox that is empty.
    Message.objects.filter(network=network, template="mandate_given").delete()
    return sol


@pytest.fixture
def set_up(network, steward):
    """Set a channel up; what a test does not care about has a value already."""

    def set_up(adapter, *, by=None, name="The line", carries=("phone",), network=network, **more):
        options = more.pop("options", {})
        return actions.add_setup(
            network=network,
            by=by or steward,
            adapter=adapter,
            name=name,
            carries=carries,
            options=options,
            credentials=more.pop("credentials", {}),
        )

    return set_up
