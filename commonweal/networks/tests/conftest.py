"""A stopped clock and the two networks."""

import pytest

from commonweal.base import clock
from commonweal.networks.tests import cast


@pytest.fixture
def hand():
    """The hand of the stopped clock."""
    with clock.frozen(cast.NOON) as hand:
        yield hand


@pytest.fixture
def harbor(db):
    return cast.harbor()


@pytest.fixture
def hills(db, harbor, settings):
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, cast.HILLS_HOST]
    return cast.hills()
