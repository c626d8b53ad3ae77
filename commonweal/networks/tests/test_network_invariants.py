"""What the doctor says of networks."""

import pytest

from commonweal.networks import invariants
from commonweal.networks.actions import change_policy
from commonweal.networks.models import Network, PolicyVersion

pytestmark = pytest.mark.django_db


def test_a_sound_network_gives_no_cause(harbor, hills):
    change_policy(network=harbor, changes={"near_m": 900}, reason="Hills")

    for check in (
        invariants.policy_is_the_last_of_its_history,
        invariants.zones_are_known,
        invariants.maps_are_there,
    ):
        assert list(check()) == []


def test_a_policy_beside_its_history_is_found(harbor, hills):
    Network.objects.filter(pk=harbor.pk).update(policy_values={"near_m": 900})
    PolicyVersion.objects.filter(network=hills).delete()

    found = list(invariants.policy_is_the_last_of_its_history())

    assert [("harbor" in one.what, "hills" in one.what) for one in found] == [(True, False), (False, True)]


def test_an_unknown_zone_is_found(harbor):
    Network.objects.filter(pk=harbor.pk).update(time_zone="Mars/Olympus")

    assert "Mars/Olympus" in next(iter(invariants.zones_are_known())).what


def test_a_missing_map_is_worth_knowing(harbor):
    Network.objects.filter(pk=harbor.pk).update(map_name="atlantis")

    found = next(iter(invariants.maps_are_there()))
    assert "atlantis" in found.what
    assert not found.grave
