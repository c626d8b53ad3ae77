"""Many at once: one removal, one suspension, one step, one end."""

from datetime import timedelta

import pytest

from commonweal.assembly.care import actions
from commonweal.assembly.care.models import Measure, Report, StepTaken
from commonweal.assembly.tests.care.cast import Role, fresh, person, told, walk
from commonweal.base.tests.racing import CROWD, all_at_once
from commonweal.messaging.models import Message
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.usefixtures("on_disk")
DAY = timedelta(days=1)


@pytest.fixture
def report(on_disk, harbor, carol, alma, ben):
    return told(harbor, carol, by=alma, about=ben)


def test_a_step_is_taken_once(on_disk, report, carol):
    taken = all_at_once(lambda: actions.take_step(report=report, by=carol, step="listen", how="done"))
    assert taken == {"done": CROWD}
    assert StepTaken.objects.count() == 1


def test_a_member_is_suspended_once(on_disk, report, carol):
    outcomes = all_at_once(
        lambda: actions.suspend(
            report=report, by=carol, days=3, reason="…", words="…", review_at=NOON + 2 * DAY
        )
    )
    assert outcomes == {"done": 1, "MeasureThere": CROWD - 1}
    assert Message.objects.filter(template="care_out").count() == 1


def test_a_removal_is_agreed_to_or_refused_once(on_disk, harbor, report, carol, fran, ben):
    report = walk(report, "listen", "safe", "talk", "meet")
    measure = actions.propose_removal(report=report, by=carol, days=90, reason="…", words="…")
    outcomes = all_at_once(lambda: actions.agree_to_removal(measure=measure, by=fran))
    assert outcomes == {"done": 1, "MeasureOver": CROWD - 1}
    assert fresh(ben).epoch == 1

    ended = all_at_once(lambda: actions.lift(measure=measure, by=carol))
    assert ended == {"done": 1, "MeasureOver": CROWD - 1}
    assert Measure.objects.get().over_at == NOON


def test_a_late_step_is_called_to_mind_once(on_disk, harbor, report, hand):
    person(harbor, "Dora", Role.CARE_GIVER)
    hand.advance(2 * DAY)
    assert all_at_once(actions.nag_late) == {"done": CROWD}
    assert Report.objects.get().nagged == 1
    assert Message.objects.filter(template="care_overdue").count() == 1
