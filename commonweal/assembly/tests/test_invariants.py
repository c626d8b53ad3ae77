"""What the doctor says of mandates."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.invariants import every_network_has_a_dispatcher
from commonweal.assembly.models import Mandate
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_a_network_without_a_dispatcher_is_worth_knowing(alma, hills, hand):
    give_mandate(
        member=alma, role=Mandate.Role.DISPATCHER, until=NOON + timedelta(days=9), reason="Assembly, 4 May"
    )

    found = list(every_network_has_a_dispatcher())
    assert ["hills" in one.what for one in found] == [True]
    assert not found[0].grave
    hand.advance(timedelta(days=9))
    assert len(list(every_network_has_a_dispatcher())) == 2
