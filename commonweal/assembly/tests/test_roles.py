"""Which roles a member holds at this moment."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.queries import roles_of
from commonweal.members.models import Member
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db


def test_roles_are_those_in_force(alma, ben, hand):
    for role, days in (("dispatcher", 1), ("steward", 9)):
        give_mandate(member=alma, role=role, until=NOON + timedelta(days=days), reason="Chosen.")

    assert roles_of(alma) == {"dispatcher", "steward"}
    assert roles_of(ben) == set()
    hand.advance(timedelta(days=2))
    assert roles_of(alma) == {"steward"}


def test_who_has_left_holds_none(alma):
    give_mandate(member=alma, role="steward", until=NOON + timedelta(days=9), reason="Chosen.")
    alma.state = Member.State.LEFT

    assert roles_of(alma) == set()
