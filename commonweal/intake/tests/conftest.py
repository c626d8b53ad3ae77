"""What the tests of intake share: the cast of the exchange, a stopped clock, a phone."""

import pytest

from commonweal.base import clock
from commonweal.exchange.tests.cast import MONDAY, found_town
from commonweal.intake.tests import talking
from commonweal.members.contacts import Contact
from commonweal.members.models import ContactPoint


@pytest.fixture
def hand():
    """The clock, stopped on Monday morning."""
    with clock.frozen(MONDAY) as hand:
        yield hand


@pytest.fixture
def town(db, hand):
    """The cast in their network."""
    return found_town()


@pytest.fixture
def reader(monkeypatch):
    """Texts are read by the few words that the tests use."""
    monkeypatch.setattr("commonweal.intake.conversations.turning.read_message", talking.read_message)


@pytest.fixture
def phone(town, reader):
    """Amina's phone; she is no member."""
    return talking.phone_of(town)


@pytest.fixture
def rosas(town, reader):
    """Rosa's phone. She wants her messages there first."""
    return member_phone(town, town.rosa, "+14105550177")


def member_phone(town, member, number):
    """The phone of a member, which they put first."""
    ContactPoint.objects.filter(network=town.network, member=member).update(is_first=False)
    contact = Contact(kind="phone", value=number)
    ContactPoint.objects.create(
        network=town.network, member=member, kind=contact.kind, value=contact.value, is_first=True,
        confirmed_at=clock.now(),
    )  # fmt: skip
    return talking.phone_of(town, number)


@pytest.fixture
def drafts():
    """Why a person reads what: the reasons of all drafts, oldest first."""
    from commonweal.intake.models import Draft

    return lambda: list(Draft.objects.order_by("id").values_list("why", flat=True))
