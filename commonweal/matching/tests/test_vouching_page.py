"""Where people are vouched for: members read it, a steward sets it."""

import pytest
from django.urls import reverse

from commonweal.assembly.models import Mandate
from commonweal.exchange.tests.cast import DAY, MONDAY
from commonweal.matching.policy import access
from commonweal.members.tests.cast import sign_in
from commonweal.networks.models import Category
from commonweal.networks.queries import open_categories

URL = reverse("matching:vouching")


@pytest.fixture
def steward(town):
    Mandate.objects.create(
        network=town.network, member=town.jo, role=Mandate.Role.STEWARD, starts_at=MONDAY - DAY,
        ends_at=MONDAY + DAY, reason="We met.",
    )  # fmt: skip
    assert access.is_steward(town.jo)
    return town.jo


def said(town, **levels):
    return {category.slug: 0 for category in open_categories(town.network)} | levels


def test_a_member_reads_it_and_can_t_change_it(client, town):
    sign_in(client, town.rosa)
    assert "Looking after children" in client.get(URL).content.decode()
    assert client.post(URL, said(town)).status_code == 403
    assert Category.objects.get(network=town.network, slug="childcare").vouched == 2


def test_a_steward_changes_it(client, town, steward):
    sign_in(client, steward)
    assert client.post(URL, said(town, errand=9)).status_code == 422
    assert client.post(URL, said(town, errand=1)).url == URL
    levels = dict(Category.objects.filter(network=town.network).values_list("slug", "vouched"))
    assert (levels["errand"], levels["childcare"]) == (1, 0)
