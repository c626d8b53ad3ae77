"""Telling people from machines: what a form that was sent looks like, calm and in a rush."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from commonweal.base import clock, guard
from commonweal.base.errors import TooMany
from commonweal.base.guard import BITS, MOST_USES, Guard, Looks, is_proof, new_stamp
from commonweal.base.limits import count_both, count_once, counted

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hand():
    with clock.frozen(NOW) as hand:
        yield hand


@pytest.fixture
def stamp():
    return new_stamp()


def of(said, *, wanted=False):
    return Guard(
        what="ask", whose="192.0.2.1", most=8, within=HOUR, network="elm", said=said, is_wanted=wanted
    )


def work(stamp, bits=BITS):
    """The number that a browser would find."""
    mark, number = stamp.rpartition(":")[2], 0
    while int.from_bytes(hashlib.sha256(f"{mark}:{number}".encode()).digest()[:4], "big") >> (32 - bits):
        number += 1
    return str(number)


class TestCalm:
    def test_a_person_is_a_person(self, hand, stamp):
        hand.advance(timedelta(seconds=2))
        assert of({"stamp": stamp}).looks() is Looks.PERSON

    def test_a_form_from_before_there_were_stamps_is_a_person_s(self):
        assert of({}).looks() is Looks.PERSON
        assert of({"stamp": "made:up"}).looks() is Looks.PERSON

    def test_the_trap_is_a_machine_s(self, hand, stamp):
        hand.advance(timedelta(minutes=5))
        assert of({"stamp": stamp, "website": "https://spam.example"}).looks() is Looks.MACHINE

    def test_haste_is_a_machine_s(self, hand, stamp):
        hand.advance(timedelta(seconds=1))
        assert of({"stamp": stamp}).looks() is Looks.HASTY

    def test_nothing_is_worked_at(self):
        assert of({}).bits == 0


class TestRush:
    def test_it_is_one_from_a_quarter_of_the_limit_on(self):
        for _number in range(2):
            assert not of({}).is_busy
            count_once("ask", "192.0.2.1", most=8, within=HOUR)
        assert of({}).is_busy
        assert of({}).bits == BITS

    def test_a_flood_from_many_addresses_is_one(self, monkeypatch):
        monkeypatch.setattr(guard, "FLOOD", 2)
        for number in range(2):
            assert not of({}).is_busy
            count_both(("press", f"192.0.2.{number}"), (guard.STRANGERS, "elm"), most=9, within=HOUR)
        assert of({}).is_busy

    def test_the_work_is_enough(self, hand, stamp):
        hand.advance(timedelta(seconds=3))
        assert of({"stamp": stamp, "proof": work(stamp)}, wanted=True).looks() is Looks.PERSON

    def test_without_a_script_one_waits(self, hand, stamp):
        hand.advance(timedelta(seconds=29))
        assert of({"stamp": stamp}, wanted=True).looks() is Looks.UNPROVEN
        hand.advance(timedelta(seconds=1))
        assert of({"stamp": stamp}, wanted=True).looks() is Looks.PERSON

    @pytest.mark.parametrize("said", [{}, {"stamp": ""}, {"stamp": "1:x:y"}, {"stamp": "\x00"}])
    def test_without_a_stamp_of_ours_nothing_helps(self, said):
        assert of({**said, "proof": "1"}, wanted=True).looks() is Looks.UNPROVEN

    def test_an_old_stamp_is_none(self, hand, stamp):
        hand.advance(guard.LASTS + timedelta(seconds=1))
        assert of({"stamp": stamp}, wanted=True).looks() is Looks.UNPROVEN

    def test_one_stamp_is_for_one_form(self, hand, stamp):
        said = {"stamp": stamp, "proof": work(stamp)}
        hand.advance(timedelta(minutes=1))
        looks = [of(said, wanted=True).looks() for _number in range(MOST_USES + 1)]
        assert looks == [Looks.PERSON] * MOST_USES + [Looks.UNPROVEN]


class TestStamp:
    def test_one_that_was_sent_comes_back(self, stamp):
        assert of({"stamp": stamp}).stamp == stamp

    @pytest.mark.parametrize("given", ["", "1:x:y", "9" * 500])
    def test_any_other_gives_way_to_a_new_one(self, given):
        made = of({"stamp": given})
        assert made.stamp != given
        assert made.stamp == made.stamp
        assert of({"stamp": made.stamp}).stamp == made.stamp

    @pytest.mark.parametrize("proof", ["", "-1", "1.5", "٣", "x", "9" * 11, " 1"])
    def test_what_is_no_number_is_no_proof(self, stamp, proof):
        assert not is_proof(stamp, proof)

    def test_the_proof_of_another_is_none(self, stamp):
        proofs = {is_proof(new_stamp(), work(stamp)) for _number in range(5)}
        assert proofs == {False}


def test_looking_counts_nothing():
    both = ("ask", "192.0.2.1"), ("ask", "192.0.2.2")
    assert counted(*both, within=HOUR) == [0, 0]
    count_once(*both[0], most=8, within=HOUR)
    assert [counted(*both, within=HOUR) for _number in range(3)] == [[1, 0]] * 3


def test_of_two_that_are_counted_at_once_the_first_is_limited():
    both = ("press", "192.0.2.1"), ("presses", "elm")
    for _number in range(2):
        count_both(*both, most=2, within=HOUR)
    with pytest.raises(TooMany) as refused:
        count_both(*both, most=2, within=HOUR)
    assert refused.value.wait == 3600
    assert counted(*both, within=HOUR) == [3, 3]
