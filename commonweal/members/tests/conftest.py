"""A stopped clock, the cast, and somebody who takes the codes."""

import pytest

from commonweal.base import clock
from commonweal.base.tests.racing import on_disk
from commonweal.members import courier
from commonweal.members.tests import cast
from commonweal.networks.tests import cast as networks

__all__ = ["on_disk"]


@pytest.fixture(autouse=True)
def hand():
    """The hand of the stopped clock."""
    with clock.frozen(networks.NOON) as hand:
        yield hand


@pytest.fixture
def codes(monkeypatch):
    """The codes that went out, as (contact, code), the newest last."""
    sent = []

    def take(*, confirmation, code, link):
        sent.append((confirmation.contact, code))

    monkeypatch.setattr(courier, "_couriers", [take])
    return sent


@pytest.fixture
def harbor(db):
    return networks.harbor()


@pytest.fixture
def hills(db, harbor, settings):
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, networks.HILLS_HOST]
    return networks.hills()


@pytest.fixture
def alma(harbor):
    return cast.alma(harbor)


@pytest.fixture
def ben(harbor):
    return cast.ben(harbor)


@pytest.fixture
def cleo(hills):
    return cast.cleo(hills)


@pytest.fixture
def as_alma(client, alma):
    """A browser in which Alma is signed in."""
    cast.sign_in(client, alma)
    return client
