"""Holding somebody back from helping at homes alone: who is told, beside what it holds, and how it ends."""

from datetime import timedelta

import pytest

from commonweal.assembly import tasks
from commonweal.assembly.care import actions
from commonweal.assembly.care.errors import MeasureThere, NotWished, ReportNotFound, TooLong
from commonweal.assembly.tests.care.cast import fresh, told
from commonweal.messaging.models import Message
from commonweal.networks.tests.cast import NOON

DAY = timedelta(days=1)


@pytest.fixture
def report(harbor, carol, alma, ben):
    """Alma tells Carol of Ben, and wants something done."""
    return told(harbor, carol, by=alma, about=ben)


def letters(template):
    return Message.objects.filter(template=template)


def test_they_are_told_until_when_and_no_name(report, carol, ben):
    measure = actions.hold_from_homes(report=report, by=carol, days=7, words="We want to talk first.")

    assert measure.is_in_force
    assert (fresh(ben).homes_held_until, fresh(ben).state) == (NOON + 7 * DAY, "active")
    (letter,) = letters("care_homes")
    assert letter.to == "+14105550123"
    assert "Alma" not in str(letter.context)
    with pytest.raises(MeasureThere):
        actions.hold_from_homes(report=report, by=carol, days=7, words="Again.")


def test_it_comes_before_holding_back_altogether_not_after(report, carol, ben):
    homes = actions.hold_from_homes(report=report, by=carol, days=30, words="We want to talk.")
    held = actions.hold_back(report=report, by=carol, days=3, words="It was more than that.")
    actions.lift(measure=homes, by=carol)
    assert (fresh(ben).is_held_from_homes, fresh(ben).is_held) == (False, True)
    assert not letters("care_back").exists()
    with pytest.raises(MeasureThere):
        actions.hold_from_homes(report=report, by=carol, days=7, words="Again.")
    actions.lift(measure=held, by=carol)
    assert letters("care_back").count() == 1


def test_it_goes_on_when_what_was_more_ends(report, carol, ben):
    actions.hold_from_homes(report=report, by=carol, days=30, words="We want to talk.")
    held = actions.hold_back(report=report, by=carol, days=3, words="It was more than that.")
    actions.lift(measure=held, by=carol)
    assert (fresh(ben).is_held_from_homes, fresh(ben).is_held) == (True, False)
    assert not letters("care_back").exists()


def test_it_ends_by_itself(report, carol, ben, hand):
    actions.hold_from_homes(report=report, by=carol, days=7, words="We want to talk.")
    hand.advance(7 * DAY)
    assert not fresh(ben).is_held_from_homes
    tasks.end_measures()
    assert fresh(ben).homes_held_until is None
    assert letters("care_back").count() == 1


def test_its_days_and_its_reader(report, carol, dora):
    with pytest.raises(TooLong):
        actions.hold_from_homes(report=report, by=carol, days=1000, words="…")
    with pytest.raises(ReportNotFound):
        actions.hold_from_homes(report=report, by=dora, days=3, words="…")
    actions.change_wish(report=report, wish="talk")
    with pytest.raises(NotWished):
        actions.hold_from_homes(report=report, by=carol, days=3, words="…")
