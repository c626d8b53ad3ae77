"""Pages of the network, and the pages before there is one."""

from datetime import timedelta

import pytest
from django.urls import reverse

from commonweal.networks import views
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


def test_place_is_found_as_json(client, harbor):
    response = client.get(reverse("networks:places"), {"q": "Orleans Street"})

    first = response.json()["places"][0]
    assert response.status_code == 200
    assert "Orleans" in first["label"]
    assert first["key"] == f"{first['lat']:.5f},{first['lon']:.5f}"


def test_place_is_found_as_choices_for_htmx(client, harbor):
    response = client.get(reverse("networks:places"), {"q": "Orleans Street"}, headers={"hx-request": "true"})

    body = response.content.decode()
    assert 'type="radio" name="found"' in body
    assert "Orleans" in body
    assert "<html" not in body


def test_place_that_is_nowhere_is_said_in_words(client, harbor):
    response = client.get(reverse("networks:places"), {"q": "qqqqqqqqqq"}, headers={"hx-request": "true"})

    assert "We don't know this place" in response.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=" + "a" * 121, "q=%20", "q[]=a"])
def test_what_is_no_place_is_refused_at_the_field(client, harbor, query):
    for headers in ({}, {"hx-request": "true"}):
        response = client.get(f"{reverse('networks:places')}?{query}", headers=headers)
        assert response.status_code == 422
    assert client.get(f"{reverse('networks:places')}?{query}").json()["errors"]


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%ED%A0%80", "q=%E2%80%AE"])
def test_bytes_that_are_no_text_find_nothing(client, harbor, query):
    assert client.get(f"{reverse('networks:places')}?{query}").json()["places"] == []


def test_looking_up_is_limited(client, harbor, hand, monkeypatch):
    monkeypatch.setattr(views, "MOST_LOOKUPS", 2)
    for _ in range(2):
        assert client.get(reverse("networks:places"), {"q": "Abell"}).status_code == 200

    response = client.get(reverse("networks:places"), {"q": "Abell"})

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0


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
