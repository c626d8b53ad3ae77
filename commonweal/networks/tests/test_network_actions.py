"""Making a network and changing its policy."""

import pytest

from commonweal.base import bus
from commonweal.base.ids import new_id
from commonweal.base.models import Event
from commonweal.networks.actions import (
    add_areas,
    add_category,
    areas_of_map,
    change_policy,
    create_network,
    go_in_pairs,
)
from commonweal.networks.errors import (
    AreaTaken,
    NoSuchSetting,
    NothingChanged,
    NotUnderstood,
    PolicyChangedMeanwhile,
    SlugTaken,
    Unexplained,
)
from commonweal.networks.events import NetworkCreated, PolicyChanged
from commonweal.networks.models import Area, Category, Network, PolicyVersion
from commonweal.networks.places.maps import area_map
from commonweal.networks.starting import CATEGORIES
from commonweal.networks.tests import cast

pytestmark = pytest.mark.django_db


def test_new_network_starts_with_categories_and_the_default_policy(
    monkeypatch, django_capture_on_commit_callbacks
):
    heard: list[object] = []
    monkeypatch.setitem(bus._subscribers, NetworkCreated, [heard.append])

    with django_capture_on_commit_callbacks(execute=True):
        network = create_network(slug="harbor", name="Harbor Neighbors", domain="Harbor.Example")

    assert network.domain == "harbor.example"
    slugs = list(Category.objects.filter(network=network).values_list("slug", flat=True))
    assert slugs == [category["slug"] for category in CATEGORIES]
    assert PolicyVersion.objects.get(network=network).number == 0
    assert Event.objects.get(network=network).verb == "network_created"
    assert heard == [NetworkCreated(network=network.pk)]


def test_short_names_and_domains_are_used_once(hills):
    with pytest.raises(SlugTaken):
        create_network(slug="hills", name="Other")
    with pytest.raises(SlugTaken):
        create_network(slug="other", name="Other", domain=cast.HILLS_HOST.upper())

    assert Network.objects.filter(name="Other").count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": ""},
        {"name": " "},
        {"name": "H" * 81},
        {"phone": "0" * 33},
        {"slug": "Harbor"},
        {"slug": "a b"},
        {"slug": "-a"},
        {"slug": "a" * 41},
        {"slug": "a\x00"},
        {"domain": "no host"},
        {"domain": "https://harbor.example"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": ""},
        {"country": "us"},
        {"country": "QQ"},
        {"country": "USA"},
        {"country": "12"},
        {"languages": ["en", "klingon"]},
    ],
)
def test_what_there_is_not_is_refused_with_words(wrong):
    with pytest.raises(NotUnderstood) as refusal:
        create_network(**{"slug": "harbor", "name": "Harbor", **wrong})

    assert str(refusal.value) not in ("", "NotUnderstood")
    assert not Network.objects.exists()


def test_every_starting_category_is_named_in_every_language():
    for category in CATEGORIES:
        assert set(category["names"]) == set(category["hints"]) == {"en", "es", "ar"}
        assert category["nature"] in Category.Nature.values


def test_a_category_is_added_once_and_comes_last(harbor, hills):
    added = add_category(network=harbor, slug="masks", names={"en": "Masks"}, nature="gift")
    again = add_category(network=harbor, slug="masks", names={"en": "Other"}, nature="task")

    assert again == added
    assert (again.name, again.nature) == ("Masks", "gift")
    assert Category.objects.filter(network=harbor).last() == added
    assert not Category.objects.filter(network=hills, slug="masks").exists()
    assert Event.objects.filter(verb="category_added").count() == 1


def test_helpers_of_a_category_go_in_pairs_where_the_members_want_it(harbor, hills):
    for _ in range(2):
        assert go_in_pairs(network=harbor, slug="moving", pairs=True).pairs

    assert [category.slug for category in Category.objects.filter(pairs=True)] == ["moving"]
    assert Category.objects.get(pairs=True).network == harbor
    assert Event.objects.filter(verb="pairs_changed").count() == 1
    assert not go_in_pairs(network=harbor, slug="moving", pairs=False).pairs
    with pytest.raises(NotUnderstood, match="flying"):
        go_in_pairs(network=harbor, slug="flying", pairs=True)


def test_areas_of_a_map_become_areas_of_the_network(harbor):
    drawn = area_map("baltimore")
    assert drawn is not None

    made = add_areas(network=harbor, areas=areas_of_map(drawn))

    assert len(made) == len(drawn.areas) == Area.objects.filter(network=harbor).count()
    first = Area.objects.get(network=harbor, slug=drawn.areas[0].slug)
    lon, lat = drawn.areas[0].shape[0][0]
    assert first.outline[0][0] == [lat, lon]


def test_an_area_is_added_once(harbor, hills):
    cast.areas(harbor)
    cast.areas(hills)

    with pytest.raises(AreaTaken):
        cast.areas(harbor)

    assert Area.objects.filter(network=harbor).count() == 2


def test_policy_changes_with_its_reason_and_history(
    harbor, hand, monkeypatch, django_capture_on_commit_callbacks
):
    heard: list[object] = []
    monkeypatch.setitem(bus._subscribers, PolicyChanged, [heard.append])
    member = new_id()

    with django_capture_on_commit_callbacks(execute=True):
        version = change_policy(
            network=harbor, changes={"mode": "board", "near_m": 1500}, reason="Assembly, 4 May", by=member
        )

    assert harbor.policy.mode == "board"
    assert Network.objects.get(pk=harbor.pk).policy.mode == "board"
    assert (version.number, version.values, version.reason) == (1, {"mode": "board"}, "Assembly, 4 May")
    event = Event.objects.get(verb="policy_changed")
    assert (event.by, event.actor, event.data) == (Event.By.STEWARD, member, {"settings": ["mode"]})
    assert heard == [PolicyChanged(network=harbor.pk, number=1)]


def test_changes_add_up(harbor):
    change_policy(network=harbor, changes={"mode": "board"}, reason="One", number=0)
    version = change_policy(network=harbor, changes={"near_m": 900}, reason="Two", number=1)

    assert version.values == {"mode": "board", "near_m": 900}
    assert Event.objects.filter(verb="policy_changed", by=Event.By.PROGRAM).count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"unknown": 1},
        {"near_m": 99},
        {"near_m": 50_001},
        {"near_m": "1500"},
        {"near_m": 1500.0},
        {"near_m": True},
        {"near_m": None},
        {"mode": "chaos"},
        {"mode": ["board"]},
        {"mode": 1},
        {"near_m": 900, "mode": ""},
    ],
)
def test_settings_keep_their_limits(harbor, changes):
    with pytest.raises(NoSuchSetting):
        change_policy(network=harbor, changes=changes, reason="Mischief")

    assert PolicyVersion.objects.filter(network=harbor).count() == 1
    assert Network.objects.get(pk=harbor.pk).policy_number == 0


@pytest.mark.parametrize("reason", ["", "  ", "a" * 301])
def test_a_change_has_a_reason(harbor, reason):
    with pytest.raises(Unexplained):
        change_policy(network=harbor, changes={"mode": "board"}, reason=reason)

    assert Network.objects.get(pk=harbor.pk).policy_number == 0


def test_a_change_of_nothing_is_refused(harbor):
    with pytest.raises(NothingChanged):
        change_policy(network=harbor, changes={"mode": "invite"}, reason="As it is")

    assert PolicyVersion.objects.filter(network=harbor).count() == 1


def test_nobody_changes_rules_they_have_not_seen(harbor):
    change_policy(network=harbor, changes={"mode": "board"}, reason="First", number=0)

    with pytest.raises(PolicyChangedMeanwhile):
        change_policy(network=harbor, changes={"near_m": 900}, reason="Second", number=0)

    assert Network.objects.get(pk=harbor.pk).policy.near_m == 1500
