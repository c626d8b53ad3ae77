"""The two networks of the adversary's tests, and one visitor for each column of the table."""

import pytest

from commonweal.base import clock
from tests.access.people import HOME, visitors
from tests.adversary.cast import MONDAY
from tests.adversary.conftest import both_hosts, ours, sides, theirs

__all__ = ["both_hosts", "ours", "sides", "theirs"]


@pytest.fixture(autouse=True)
def served_as(settings):
    """The host under which browsers keep passkeys."""
    settings.COMMONWEAL_BASE_URL = HOME


@pytest.fixture(scope="module")
def people(sides, django_db_blocker):
    """Everybody who may come to a door of ours."""
    with clock.frozen(MONDAY), django_db_blocker.unblock():
        yield visitors(*sides)
