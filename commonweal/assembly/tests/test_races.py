"""Many at once: one mandate, one change of the rules."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import end_mandate, give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base.tests.racing import CROWD, all_at_once
from commonweal.networks.actions import change_policy
from commonweal.networks.models import Network, PolicyVersion
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.usefixtures("on_disk")


def test_a_role_is_given_and_ended_once(on_disk, alma):
    until = NOON + timedelta(days=9)

    given = all_at_once(
        lambda: give_mandate(member=alma, role=Mandate.Role.STEWARD, until=until, reason="Assembly")
    )
    mandate = Mandate.objects.get()
    ended = all_at_once(lambda: end_mandate(mandate=mandate))

    assert given == {"done": 1, "MandateHeld": CROWD - 1}
    assert ended == {"done": 1, "MandateOver": CROWD - 1}


def test_of_many_stewards_at_one_page_one_changes_the_rules(on_disk, harbor):
    outcomes = all_at_once(
        lambda: change_policy(
            network=Network.objects.get(pk=harbor.pk), changes={"near_m": 900}, reason="Assembly", number=0
        )
    )

    assert outcomes == {"done": 1, "PolicyChangedMeanwhile": CROWD - 1}
    assert PolicyVersion.objects.count() == 2
