"""Reading networks, areas, places and the policy."""

import pytest
from django.utils import translation

from commonweal.networks import zones
from commonweal.networks.actions import create_network
from commonweal.networks.errors import NetworkUnclear
from commonweal.networks.languages import CHOICES, language_name, other_languages, usual_languages
from commonweal.networks.models import Area, Category
from commonweal.networks.queries import (
    area_with,
    areas_of,
    category_with,
    find_places,
    network_called,
    network_for_host,
    open_categories,
)
from commonweal.networks.tests import cast
from commonweal.networks.zones import usual_zone, zones_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("hills.example", "hills"),
        ("HILLS.example:8000", "hills"),
        ("harbor.example", "harbor"),
        ("127.0.0.1:8000", "harbor"),
        ("[::1]", "harbor"),
        ("[::1]:8000", "harbor"),
        ("", "harbor"),
    ],
)
def test_host_names_lead_to_their_network_else_to_the_oldest_without_one(harbor, hills, host, slug):
    create_network(slug="younger", name="Younger")

    found = network_for_host(host)

    assert found is not None
    assert found.slug == slug


def test_an_empty_database_has_no_network():
    assert network_for_host("harbor.example") is None


def test_network_is_named_or_the_only_one(harbor):
    assert network_called("") == harbor
    assert network_called("harbor") == harbor
    with pytest.raises(NetworkUnclear, match="harbor"):
        network_called("hills")
    create_network(slug="hills", name="Hills")
    with pytest.raises(NetworkUnclear, match="harbor, hills"):
        network_called("")


def test_without_a_network_the_words_say_so():
    with pytest.raises(NetworkUnclear, match="none"):
        network_called("")


def test_areas_and_categories_are_a_networks_own(harbor, hills, django_assert_num_queries):
    cast.areas(harbor)
    Category.objects.filter(network=harbor, slug="ride").update(is_open=False)

    with django_assert_num_queries(2):
        areas, categories = areas_of(harbor), open_categories(harbor)

    assert [area.name for area in areas] == ["Abell", "Remington"]
    assert list(areas_of(hills)) == []
    assert "ride" not in {category.slug for category in categories}
    assert "ride" in {category.slug for category in open_categories(hills)}
    assert [category.position for category in categories] == sorted(
        category.position for category in categories
    )


def test_one_area_and_one_category_are_a_networks_own(harbor, hills):
    abell = cast.areas(harbor)["abell"]
    ride = Category.objects.get(network=harbor, slug="ride")

    assert area_with(harbor, abell.pk) == abell
    assert category_with(harbor, ride.pk) == ride
    with pytest.raises(Area.DoesNotExist):
        area_with(hills, abell.pk)
    with pytest.raises(Category.DoesNotExist):
        category_with(hills, ride.pk)


def test_category_speaks_the_readers_language(harbor):
    ride = Category.objects.get(network=harbor, slug="ride")
    with translation.override("es"):
        assert (ride.name, str(ride), ride.hint) == (
            "Transporte",
            "Transporte",
            "a la clínica, al juzgado, a casa",
        )
    with translation.override("de"):
        assert ride.name == "A ride"
    ride.names, ride.hints = {"fr": "Trajet"}, {}
    assert (ride.name, ride.hint) == ("Trajet", "")
    ride.names = {}
    assert ride.name == "ride"


def test_names_are_what_people_see(harbor):
    area = cast.areas(harbor)["abell"]

    assert (str(harbor), str(area)) == ("Harbor Neighbors", "Abell")
    assert str(harbor.zone) == "America/New_York"


def test_places_are_found_on_the_networks_own_map(harbor, hills):
    found = find_places(harbor, "Orleans Street")

    assert found
    assert "Orleans" in found[0].label
    assert find_places(hills, "Orleans Street") == []
    assert len(find_places(harbor, "avenue", limit=2)) <= 2


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "a" * 500, "∞", "\u202e"])
def test_what_is_no_place_finds_nothing(harbor, text):
    assert find_places(harbor, text) == []


def test_languages_are_named_for_the_reader(harbor):
    assert usual_languages(harbor) == [("en", "English"), ("es", "Spanish")]
    with translation.override("es"):
        assert usual_languages(harbor) == [("en", "Inglés"), ("es", "Español")]
    others = other_languages(harbor)
    assert {"en", "es"}.isdisjoint(dict(others))
    assert dict(others)["ase"] == "American Sign Language"
    assert len(others) == len(CHOICES) - 2
    assert language_name("qqq") == "qqq"


def test_language_unknown_to_the_readers_language_has_its_english_name():
    with translation.override("ar"):
        assert all(language_name(code) != code for code in CHOICES)


def test_a_network_without_languages_speaks_english(harbor):
    harbor.languages = []

    assert usual_languages(harbor) == [("en", "English")]


@pytest.mark.parametrize(
    ("machine", "country", "zone"),
    [
        ("/usr/share/zoneinfo/America/Chicago", "US", "America/Chicago"),
        ("/usr/share/zoneinfo/Etc/UTC", "US", "America/New_York"),
        ("/nowhere", "FR", "Europe/Paris"),
        ("/usr/share/zoneinfo/America/Chicago", "QQ", "UTC"),
    ],
)
def test_usual_zone_is_the_machines_if_it_is_the_countrys(monkeypatch, tmp_path, machine, country, zone):
    link = tmp_path / "localtime"
    link.symlink_to(machine)
    monkeypatch.setattr(zones, "MACHINE", link)

    assert usual_zone(country) == zone


def test_zones_of_a_country_are_those_of_the_database():
    assert zones_of("US")[0] == "America/New_York"
    assert zones_of("FR") == ["Europe/Paris"]
    assert zones_of("QQ") == []


def test_area_knows_its_network(harbor):
    cast.areas(harbor)

    assert Area.objects.filter(network=harbor, slug="abell").get().network == harbor
