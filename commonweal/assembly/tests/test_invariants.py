"""What the doctor says of mandates."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.invariants import (
    every_mandate_has_its_decision,
    every_network_has_a_dispatcher,
    every_network_has_founders,
)
from commonweal.assembly.models import Mandate
from commonweal.members.actions import leave
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


def test_a_network_that_one_decides_for_is_worth_knowing(founders, hills, hand):
    (found,) = every_network_has_founders()
    assert ("hills has no founder" in found.what, found.grave) == (True, False)
    leave(member=founders[1])

    assert ["one founder" in one.what for one in every_network_has_founders()] == [True, False]


def test_a_role_that_was_given_past_the_program_is_found(founders):
    assert list(every_mandate_has_its_decision()) == []
    Mandate.objects.filter(member=founders[0]).update(decision=founders[0].pk)

    (found,) = every_mandate_has_its_decision()

    assert found.grave
    assert "founder" in found.what
