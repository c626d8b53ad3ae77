"""A stopped clock and the cast of members."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import give_mandate, stand
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.base.tests.racing import on_disk
from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.members.tests import cast
from commonweal.networks.tests import cast as networks

__all__ = ["on_disk"]
YEAR = timedelta(days=365)


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


@pytest.fixture
def founders(alma, ben):
    """Alma and Ben began the network."""
    for member in (alma, ben):
        give_mandate(member=member, role="founder", until=networks.NOON + YEAR, reason="They began it.")
    return alma, ben


@pytest.fixture
def dora(harbor):
    """A member who would take any role."""
    dora = join(
        network=harbor, name="Dora", contact=Contact(kind="email", value="dora@example.org"), languages=["en"]
    )
    for role in Mandate.Role:
        stand(member=dora, role=role)
    return dora
