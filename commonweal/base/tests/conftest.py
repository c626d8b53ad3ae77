"""A network, its neighbour, and a stopped clock. Base knows no room above it, so models come by their setting."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.conf import settings

from commonweal.base import clock
from commonweal.base.tests.site import drop_site, new_site

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


def model(label):
    return apps.get_model(label)


@pytest.fixture
def hand():
    with clock.frozen(NOON) as hand:
        yield hand


@pytest.fixture
def alder(db, hand):
    return model(settings.TENANT_MODEL).objects.create(slug="alder", name="Alder Street")


@pytest.fixture
def birch(db, hand):
    return model(settings.TENANT_MODEL).objects.create(slug="birch", name="Birch Street")


@pytest.fixture
def empty_site(db, tmp_path):
    """An installation without tables."""
    site = new_site(tmp_path)
    yield site
    drop_site(site)
