"""What the tests of the exchange share: a stopped clock and the cast."""

import pytest

from commonweal.base import clock
from commonweal.exchange.tests.cast import MONDAY, found_town, member_of
from commonweal.networks.actions import create_network


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
def bo(town):
    """Somebody of another network."""
    return member_of(create_network(slug="hampden", name="Hampden"), "Bo")


@pytest.fixture
def run_commits(django_capture_on_commit_callbacks):
    """Runs what is told on commit, within the test's own transaction."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
