"""Pages of the network, and the pages before there is one."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


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
