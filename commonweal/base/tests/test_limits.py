"""So many times in so long."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from commonweal.base.errors import TooMany
from commonweal.base.ids import new_token
from commonweal.base.limits import count_once, forget_old, refuse_spent
from commonweal.base.models import Tally

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hand")]
HOUR = timedelta(hours=1)


def refused(tries, *, most, within=HOUR, what="sign_in", whose="ana"):
    """How many of so many tries are refused."""
    count = 0
    for _ in range(tries):
        try:
            count_once(what, whose, most=most, within=within)
        except TooMany:
            count += 1
    return count


@given(
    tries=st.integers(0, 12),
    most=st.integers(0, 6),
    seconds=st.integers(1, 10**6),
    passed=st.integers(0, 10**6),
)
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_exactly_so_many_are_let_through_in_a_window(hand, tries, most, seconds, passed):
    hand.advance(timedelta(seconds=passed))

    assert refused(tries, most=most, within=timedelta(seconds=seconds), whose=new_token()) == max(
        0, tries - most
    )


def test_wait_is_named_and_true(hand):
    hand.advance(timedelta(minutes=50))
    count_once("sign_in", "ana", most=1, within=HOUR)
    with pytest.raises(TooMany) as caught:
        count_once("sign_in", "ana", most=1, within=HOUR)
    assert caught.value.wait == 600

    hand.advance(timedelta(seconds=599))
    assert refused(1, most=1) == 1
    hand.advance(timedelta(seconds=1))
    assert refused(1, most=1) == 0


def test_others_and_other_things_are_counted_apart():
    assert refused(2, most=2) == 0

    assert refused(1, most=2, whose="ben") == 0
    assert refused(1, most=2, what="ask") == 0
    assert refused(1, most=2) == 1


def test_counter_names_nobody():
    count_once("sign_in", "ana@example.org", most=2, within=HOUR)

    assert not re.search(r"\bana\b", Tally.objects.get().key)


def test_counting_is_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        count_once("sign_in", "ana", most=2, within=HOUR)


def test_refusal_that_rolls_back_still_refuses():
    assert refused(2, most=2) == 0
    for _ in range(3):
        with pytest.raises(TooMany), transaction.atomic():
            count_once("sign_in", "ana", most=2, within=HOUR)


def test_old_counters_are_forgotten(hand):
    count_once("sign_in", "ana", most=2, within=HOUR)
    count_once("sign_in", "ana", most=2, within=3 * HOUR)
    hand.advance(HOUR + timedelta(seconds=1))

    assert forget_old() == 1
    assert forget_old() == 0
    assert Tally.objects.count() == 1


def test_two_processes_count_together():
    """The statement adds to what stands, whoever wrote it."""
    count_once("sign_in", "ana", most=9, within=HOUR)
    Tally.objects.update(count=9)

    assert refused(1, most=9) == 1


def test_looking_at_a_limit_counts_nothing_and_refuses_once_it_is_spent(hand):
    for _ in range(3):
        refuse_spent("wrong", "ana", most=2, within=HOUR)
    assert not Tally.objects.exists()
    assert refused(2, most=2, what="wrong") == 0

    with pytest.raises(TooMany) as refusal:
        refuse_spent("wrong", "ana", most=2, within=HOUR)

    assert 0 < refusal.value.wait <= 3600
    refuse_spent("wrong", "ben", most=2, within=HOUR)
    hand.advance(HOUR)
    refuse_spent("wrong", "ana", most=2, within=HOUR)
