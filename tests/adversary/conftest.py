"""Two networks, made once for every file of tests; each test undoes what it does."""

import pytest
from django.db import transaction

from commonweal.base import clock
from tests.adversary import cast
from tests.adversary.cast import MONDAY, OUR_HOST, OURS, THEIR_HOST, THEIRS


@pytest.fixture(scope="module")
def sides(django_db_setup, django_db_blocker):
    """Ours and theirs, under a stopped clock; in a transaction around every test of the file."""
    with clock.frozen(MONDAY), django_db_blocker.unblock(), transaction.atomic():
        ours = cast.settle("ours", OURS, host=OUR_HOST)
        theirs = cast.settle("theirs", THEIRS, host=THEIR_HOST, domain=THEIR_HOST)
        yield ours, theirs
        transaction.set_rollback(True)


@pytest.fixture
def ours(sides, db):
    """The network at the front door."""
    return sides[0]


@pytest.fixture
def theirs(sides, db):
    """Another network on the same machine, at a host name of its own."""
    return sides[1]


@pytest.fixture(autouse=True)
def both_hosts(settings):
    """Both networks are served."""
    settings.ALLOWED_HOSTS = [OUR_HOST, THEIR_HOST]
