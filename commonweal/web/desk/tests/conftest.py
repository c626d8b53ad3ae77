"""At the desk: Jo is on shift, and so is Sam; Rosa holds no mandate. Bo is on shift at another network's desk."""

import pytest
from django.test import Client
from django.urls import reverse

from commonweal.assembly.access import holds_mandate
from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, found_town, member_of
from commonweal.gatherings.actions import start_shift
from commonweal.members.tests.cast import sign_in
from commonweal.networks.actions import create_network

HAMPDEN = "hampden.example"


def dispatcher(member):
    """Put somebody on shift, with the mandate for it."""
    if not holds_mandate(member, Mandate.Role.DISPATCHER):
        mandate(member)
    start_shift(member=member, until=clock.now() + 8 * HOUR)
    return member


def mandate(member):
    give_mandate(
        member=member, role=Mandate.Role.DISPATCHER, until=clock.now() + 200 * DAY, reason="We chose them."
    )


class Desk:
    """The browser of somebody, with short ways to the pages of the desk."""

    def __init__(self, member=None, **host):
        self.browser = Client(**host)
        if member is not None:
            sign_in(self.browser, member)

    def get(self, name, /, *args, **further):
        return self.browser.get(url(name, *args), **further)

    def post(self, name, /, *args, **sent):
        return self.browser.post(url(name, *args), sent)

    def open(self, ask):
        """The page of an ask, which then is held."""
        return self.get("ask", ask.code)


def url(name, *args):
    return reverse(f"desk:{name}", args=args)


def words(answer):
    """The page as text, blanks gathered."""
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


@pytest.fixture
def hand():
    with clock.frozen(MONDAY) as hand:
        yield hand


@pytest.fixture
def town(db, hand):
    return found_town()


@pytest.fixture
def jo(town):
    return Desk(dispatcher(town.jo))


@pytest.fixture
def sam(town):
    return Desk(dispatcher(town.sam))


@pytest.fixture
def bo(town, settings):
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, HAMPDEN]
    network = create_network(slug="hampden", name="Hampden", domain=HAMPDEN)
    return Desk(dispatcher(member_of(network, "Bo")), HTTP_HOST=HAMPDEN)
