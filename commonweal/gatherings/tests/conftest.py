"""A stopped clock and the cast of members."""

import pytest

from commonweal.base import clock
from commonweal.base.tests.racing import on_disk
from commonweal.members.tests import cast
from commonweal.networks.tests import cast as networks

__all__ = ["on_disk"]


@pytest.fixture(autouse=True)
def hand():
    """The hand of the stopped clock."""
    with clock.frozen(networks.NOON) as hand:
        yield hand


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
