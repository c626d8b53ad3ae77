"""Who is on duty, and until when."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import end_mandate, give_mandate
from commonweal.assembly.errors import NoMandate
from commonweal.assembly.models import Mandate
from commonweal.base import bus
from commonweal.base.eventlog import By, story_of
from commonweal.gatherings import actions, queries
from commonweal.gatherings.access import on_shift
from commonweal.gatherings.errors import SameMember, ShiftOver, ShiftsOverlap, ShiftTooLong
from commonweal.gatherings.events import ShiftEnded, ShiftStarted
from commonweal.gatherings.models import Shift
from commonweal.members.actions import leave
from commonweal.networks.actions import change_policy
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def dispatcher(member, days=30):
    return give_mandate(
        member=member,
        role=Mandate.Role.DISPATCHER,
        until=NOON + timedelta(days=days),
        reason="Assembly, 4 May",
    )


@pytest.fixture
def mandate(alma):
    return dispatcher(alma)


@pytest.fixture
def heard(monkeypatch):
    """The news of shifts, once it was sent."""
    news: list[object] = []
    for kind in (ShiftStarted, ShiftEnded):
        monkeypatch.setitem(bus._subscribers, kind, [news.append])
    return news


def test_shift_lasts_as_long_as_the_policy_says(
    alma, mandate, hand, heard, django_capture_on_commit_callbacks
):
    change_policy(network=alma.network, changes={"shift_hours": 3}, reason="Shorter")

    with django_capture_on_commit_callbacks(execute=True):
        shift = actions.start_shift(member=alma)

    assert (shift.starts_at, shift.ends_at) == (NOON, NOON + 3 * HOUR)
    assert on_shift(alma)
    assert not on_shift(None)
    assert queries.shift_now(alma.network) == [shift]
    assert heard == [ShiftStarted(network=alma.network_id, shift=shift.pk, member=alma.pk)]
    assert on_shift(alma, NOON + 3 * HOUR - timedelta(seconds=1))
    hand.advance(3 * HOUR)
    assert not on_shift(alma)
    assert queries.shift_now(alma.network) == []


def test_shift_lasts_as_long_as_its_dispatcher_says(alma, mandate):
    assert actions.start_shift(member=alma, until=NOON + 12 * HOUR).ends_at == NOON + 12 * HOUR


@pytest.mark.parametrize("until", [NOON, NOON - HOUR, NOON + 12 * HOUR + timedelta(seconds=1)])
def test_shift_lasts_twelve_hours_at_most(alma, mandate, until):
    with pytest.raises(ShiftTooLong):
        actions.start_shift(member=alma, until=until)

    assert not Shift.objects.exists()


def test_pressing_twice_starts_one_shift(alma, mandate):
    first = actions.start_shift(member=alma)

    assert actions.start_shift(member=alma, until=NOON + 8 * HOUR) == first
    assert Shift.objects.count() == 1


def test_pressing_twice_plans_one_shift(alma, mandate):
    first = actions.plan_shift(member=alma, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)

    assert actions.plan_shift(member=alma, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR) == first
    assert Shift.objects.count() == 1


def test_nobody_is_on_shift_without_a_mandate(alma, ben, cleo, mandate, hand):
    for member in (ben, cleo):
        with pytest.raises(NoMandate):
            actions.start_shift(member=member)
    hand.advance(timedelta(days=30))
    with pytest.raises(NoMandate):
        actions.start_shift(member=alma)

    assert not Shift.objects.exists()


def test_shifts_of_one_member_never_overlap(alma, ben, mandate):
    dispatcher(ben)
    actions.plan_shift(member=alma, starts_at=NOON + 2 * HOUR, ends_at=NOON + 4 * HOUR)

    for starts, ends in ((1, 3), (3, 5), (2, 3), (1, 5)):
        with pytest.raises(ShiftsOverlap):
            actions.plan_shift(member=alma, starts_at=NOON + starts * HOUR, ends_at=NOON + ends * HOUR)
    with pytest.raises(ShiftsOverlap):
        actions.start_shift(member=alma, until=NOON + 3 * HOUR)
    actions.plan_shift(member=alma, starts_at=NOON + 4 * HOUR, ends_at=NOON + 5 * HOUR)
    actions.start_shift(member=alma, until=NOON + 2 * HOUR)
    actions.plan_shift(member=ben, starts_at=NOON + HOUR, ends_at=NOON + 5 * HOUR)

    assert Shift.objects.count() == 4


@pytest.mark.parametrize(("starts", "ends"), [(-1, 1), (2, 2), (3, 2), (1, 14), (367 * 24, 367 * 24 + 1)])
def test_plan_lies_in_the_year_to_come(alma, mandate, starts, ends):
    with pytest.raises(ShiftTooLong):
        actions.plan_shift(member=alma, starts_at=NOON + starts * HOUR, ends_at=NOON + ends * HOUR)


def test_mandate_must_last_until_the_planned_shift(alma, mandate):
    with pytest.raises(NoMandate):
        actions.plan_shift(
            member=alma, starts_at=NOON + timedelta(days=30), ends_at=NOON + timedelta(days=30) + HOUR
        )


def test_shift_ends_early_once(alma, mandate, hand, heard, django_capture_on_commit_callbacks):
    shift = actions.start_shift(member=alma)
    hand.advance(HOUR)

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.end_shift(shift=shift).ended_at == NOON + HOUR

    assert not on_shift(alma)
    with pytest.raises(ShiftOver):
        actions.end_shift(shift=shift)
    assert heard[-1] == ShiftEnded(network=alma.network_id, shift=shift.pk, member=alma.pk)
    assert [event.verb for event in story_of(shift)] == ["begun", "ended"]
    assert actions.start_shift(member=alma) != shift


def test_shift_that_ran_out_is_over(alma, mandate, hand):
    shift = actions.start_shift(member=alma)
    hand.advance(5 * HOUR)

    with pytest.raises(ShiftOver):
        actions.end_shift(shift=shift)


def test_rest_of_a_shift_is_handed_over(alma, ben, mandate, hand):
    dispatcher(ben)
    shift = actions.start_shift(member=alma)
    hand.advance(HOUR)

    theirs = actions.hand_over(shift=shift, to=ben)

    assert (theirs.starts_at, theirs.ends_at) == (NOON + HOUR, NOON + 4 * HOUR)
    assert (on_shift(alma), on_shift(ben)) == (False, True)
    with pytest.raises(ShiftOver):
        actions.hand_over(shift=shift, to=ben)


def test_planned_shift_is_handed_over_for_its_own_time(alma, ben, mandate):
    dispatcher(ben)
    shift = actions.plan_shift(member=alma, starts_at=NOON + HOUR, ends_at=NOON + 3 * HOUR)

    theirs = actions.hand_over(shift=shift, to=ben, until=NOON + 2 * HOUR)

    assert (theirs.starts_at, theirs.ends_at) == (NOON + HOUR, NOON + 2 * HOUR)
    assert not on_shift(ben)


def test_handing_over_fails_whole(alma, ben, cleo, mandate):
    shift = actions.start_shift(member=alma)
    for to, refusal in ((ben, NoMandate), (cleo, NoMandate), (alma, SameMember)):
        with pytest.raises(refusal):
            actions.hand_over(shift=shift, to=to)
    dispatcher(ben)
    actions.plan_shift(member=ben, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    with pytest.raises(ShiftsOverlap):
        actions.hand_over(shift=shift, to=ben)
    with pytest.raises(ShiftTooLong):
        actions.hand_over(shift=shift, to=ben, until=NOON - HOUR)

    assert on_shift(alma)
    assert Shift.objects.filter(member=ben, ended_at=None).count() == 1


def test_who_loses_the_mandate_goes_off_shift(alma, ben, mandate, django_capture_on_commit_callbacks):
    dispatcher(ben)
    running, planned = (
        actions.start_shift(member=alma),
        actions.plan_shift(member=alma, starts_at=NOON + 5 * HOUR, ends_at=NOON + 6 * HOUR),
    )
    others = actions.start_shift(member=ben)

    with django_capture_on_commit_callbacks(execute=True):
        end_mandate(mandate=mandate)

    assert [Shift.objects.get(pk=one.pk).ended_at for one in (running, planned, others)] == [NOON, NOON, None]
    assert [event.by for event in story_of(running)] == [By.DISPATCHER, By.PROGRAM]


def test_who_ends_another_role_stays_on_shift(alma, mandate, django_capture_on_commit_callbacks):
    steward = give_mandate(
        member=alma, role=Mandate.Role.STEWARD, until=NOON + timedelta(days=1), reason="Assembly, 4 May"
    )
    actions.start_shift(member=alma)

    with django_capture_on_commit_callbacks(execute=True):
        end_mandate(mandate=steward)

    assert on_shift(alma)


def test_who_leaves_the_network_goes_off_shift(alma, mandate, django_capture_on_commit_callbacks):
    actions.start_shift(member=alma)

    with django_capture_on_commit_callbacks(execute=True):
        leave(member=alma)

    assert not on_shift(alma)


def test_now_and_next_tell_names_in_one_query_each(alma, ben, mandate, hand, django_assert_num_queries):
    dispatcher(ben)
    actions.start_shift(member=alma)
    actions.start_shift(member=ben, until=NOON + 6 * HOUR)
    actions.plan_shift(member=alma, starts_at=NOON + 8 * HOUR, ends_at=NOON + 9 * HOUR)
    cancelled = actions.plan_shift(member=ben, starts_at=NOON + 7 * HOUR, ends_at=NOON + 8 * HOUR)
    actions.end_shift(shift=cancelled)

    with django_assert_num_queries(3):
        now = [shift.member.name for shift in queries.shift_now(alma.network)]
        after = queries.next_shift(alma.network)
        plan = [shift.member.name for shift in queries.shifts_to_come(alma.network)]

    assert now == ["Ben", "Alma"]
    assert plan == ["Alma", "Ben", "Alma"]
    assert after is not None
    assert (after.member.name, after.starts_at) == ("Alma", NOON + 8 * HOUR)


def test_shifts_of_one_network_are_not_those_of_another(alma, cleo, mandate):
    actions.start_shift(member=alma)

    assert queries.shift_now(cleo.network) == []
    assert queries.next_shift(cleo.network) is None
    assert queries.shifts_to_come(cleo.network) == []
    assert queries.shift_of(cleo) is None
