"""Many presses at once: one shift."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base.tests.racing import CROWD, all_at_once
from commonweal.gatherings.actions import hand_over, plan_shift, start_shift
from commonweal.gatherings.models import Shift
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.usefixtures("on_disk")

HOUR = timedelta(hours=1)


@pytest.fixture
def dispatchers(on_disk, alma, ben):
    """Alma and Ben, who may both be on shift."""
    for member in (alma, ben):
        give_mandate(
            member=member, role=Mandate.Role.DISPATCHER, until=NOON + timedelta(days=9), reason="Assembly"
        )
    return alma, ben


def test_however_often_the_button_is_pressed_one_shift_starts(dispatchers):
    alma, _ben = dispatchers

    outcomes = all_at_once(lambda: start_shift(member=alma))

    assert outcomes == {"done": CROWD}
    assert Shift.objects.count() == 1


def test_however_many_plan_at_once_no_two_shifts_of_one_member_overlap(dispatchers):
    alma, _ben = dispatchers

    begins = iter([NOON + HOUR + timedelta(minutes=minute) for minute in range(CROWD)])

    outcomes = all_at_once(lambda: plan_shift(member=alma, starts_at=next(begins), ends_at=NOON + 2 * HOUR))

    assert outcomes == {"done": 1, "ShiftsOverlap": CROWD - 1}


def test_a_shift_is_handed_over_once(dispatchers):
    alma, ben = dispatchers
    shift = start_shift(member=alma)

    outcomes = all_at_once(lambda: hand_over(shift=shift, to=ben))

    assert outcomes == {"done": 1, "ShiftOver": CROWD - 1}
    assert Shift.objects.filter(ended_at=None).get().member == ben
