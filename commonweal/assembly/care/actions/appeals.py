"""Appealing against a suspension or a removal, and answering that."""

from django.db import transaction

from commonweal.assembly.care import letters
from commonweal.assembly.care.actions.measures import deciders, finish, locked_measure, undo
from commonweal.assembly.care.errors import MeasureNotFound, MeasureOver, TakesTwo
from commonweal.assembly.care.models import Measure
from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.members.models import Member


@transaction.atomic
def appeal(*, measure: Measure, words: str) -> Measure:
    """The member says why it should end; somebody who did not propose it answers. Raises MeasureOver.

    An appeal can be written anew until it is answered.
    """
    measure = locked_measure(measure)
    if not measure.is_in_force or measure.answer:
        raise MeasureOver
    if measure.appeal == words:
        return measure
    measure.appeal, measure.appealed_at = words, clock.now()
    measure.save(update_fields=["appeal", "appealed_at"])
    record(measure, "appealed", by=By.MEMBER)
    for other in deciders(measure):
        letters.second_wanted(measure, other, f"appeal:{measure.appealed_at:%y%m%d%H%M%S}")
    return measure


@transaction.atomic
def answer_appeal(*, measure: Measure, by: Member, words: str, is_lifted: bool) -> Measure:
    """Answer an appeal in words, and end the measure or not. Raises TakesTwo for who proposed it, and MeasureOver."""
    measure = locked_measure(measure)
    if by.pk == measure.by_id:
        raise TakesTwo
    if by.pk not in {member.pk for member in deciders(measure)}:
        raise MeasureNotFound
    if not measure.is_in_force or not measure.appealed_at or measure.answer:
        raise MeasureOver
    measure.answer = words
    measure.save(update_fields=["answer"])
    record(measure, "appeal_answered", by=By.CARE_GIVER, actor=by.pk, lifted=is_lifted)
    letters.answered(measure)
    if is_lifted:
        undo(measure)
        finish(measure, "lifted", by)
    return measure
