"""Pages of the network, and the pages before there is one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commonweal.networks.actions import change_policy
from commonweal.networks.tests.cast import HILLS_HOST

pytestmark = pytest.mark.django_db


def test_rules_are_open_to_everybody(client, harbor, hand, django_assert_num_queries):
    change_policy(network=harbor, changes={"near_m": 900}, reason="Hills are steep here")

    with django_assert_num_queries(2):  # the network, the history
        response = client.get(reverse("networks:policy"))

    body = response.content.decode()
    assert response.status_code == 200
    assert "Hills are steep here" in body
    assert "at first 1500" in body


def test_rules_of_one_network_are_not_those_of_another(client, harbor, hills):
    change_policy(network=harbor, changes={"near_m": 900}, reason="Hills are steep here")

    body = client.get(reverse("networks:policy"), headers={"host": HILLS_HOST}).content.decode()

    assert "Hill Neighbors" in body
    assert "Hills are steep here" not in body


def test_rules_are_only_read_here(client, harbor):
    assert client.post(reverse("networks:policy"), {"near_m": 900}).status_code == 405


def test_times_are_those_of_the_network(client, harbor, hills, hand):
    """One o'clock at night in UTC is still the day before in Baltimore."""
    hand.advance(timedelta(hours=13))
    change_policy(network=harbor, changes={"near_m": 900}, reason="At night")
    change_policy(network=hills, changes={"near_m": 900}, reason="At night")

    url = reverse("networks:policy")

    assert "May 4, 2026" in client.get(url).content.decode()
    assert "May 5, 2026" in client.get(url, headers={"host": HILLS_HOST}).content.decode()


def test_tiles_and_areas_are_handed_out(client, harbor):
    tiles = client.get(reverse("networks:tiles", args=["baltimore"]), headers={"range": "bytes=0-126"})
    areas = client.get(reverse("networks:areas", args=["baltimore"]))

    assert (tiles.status_code, b"".join(tiles.streaming_content)[:7]) == (206, b"PMTiles")
    assert areas.json()["type"] == "FeatureCollection"
    assert client.get(reverse("networks:tiles", args=["atlantis"])).status_code == 404


@pytest.mark.parametrize("page", ["/", "/policy/", "/sign-in/", "/me/profile/", "/nowhere/"])
def test_without_a_network_every_page_says_how_to_make_one(client, page):
    response = client.get(page)

    assert response.status_code == 503
    assert "commonweal network create" in response.content.decode()


def test_without_a_network_the_design_can_be_looked_at(client):
    assert client.get("/design/").status_code == 200
    assert client.post("/language/", {"language": "es"}).status_code == 302
