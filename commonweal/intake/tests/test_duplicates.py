"""What looks like an ask that is here already, and what does not."""

from datetime import timedelta

import pytest

from commonweal.exchange.actions import withdraw_ask
from commonweal.exchange.tests.cast import DAY, found_town
from commonweal.intake.duplicates import Said, is_alike, looks_like, of_ask, of_draft

PHONE = {"contact_kind": "phone", "contact": "+14105550123"}


@pytest.fixture
def ask(town):
    return town.ask(**PHONE, words="Four bags of groceries up three floors")


def found(town, **said):
    return [twin.ask.pk for twin in looks_like(town.network, Said(**said))]


def test_the_same_phone_and_kind(town, ask):
    twin = looks_like(town.network, Said(contact=PHONE["contact"], category=town.groceries.pk))[0]
    assert (twin.ask.pk, twin.signs) == (ask.pk, ("phone", "category"))
    assert twin.reasons == ["the same phone number or address", "the same kind of thing"]


def test_nearly_the_same_words_from_the_same_phone(town, ask):
    words = "four bags of grocery up the three floors"
    assert found(town, contact=PHONE["contact"], words=words) == [ask.pk]


def test_the_same_place_and_kind(town, ask):
    said = {"place": "2901 guilford avenue", "area": town.abell.pk, "category": town.groceries.pk}
    assert found(town, **said) == [ask.pk]


def test_who_needs_something_else_is_no_twin(town, ask):
    assert found(town, contact=PHONE["contact"], category=town.ride.pk, words="A ride to the clinic") == []


def test_neighbours_who_need_the_same_are_no_twins(town, ask):
    assert found(town, area=town.abell.pk, category=town.groceries.pk, people=1) == []


def test_not_after_the_days_of_the_policy(town, ask, hand):
    said = {"contact": PHONE["contact"], "category": town.groceries.pk}
    withdraw_ask(ask=ask)
    hand.advance(6 * DAY)
    assert found(town, **said) == [ask.pk]
    hand.advance(DAY + timedelta(hours=1))
    assert found(town, **said) == []


def test_another_networks_asks_are_its_own(town, ask):
    assert looks_like(found_town("hampden").network, of_ask(ask)) == []


def test_an_ask_is_not_its_own_twin(town, ask):
    assert looks_like(town.network, of_ask(ask), but=ask.pk) == []
    assert looks_like(town.network, of_draft(town.draft(**PHONE), member=town.rosa.pk))[0].ask == ask


def test_nothing_said_is_like_nothing(town, ask):
    assert looks_like(town.network, Said()) == []
    assert not is_alike(("phone", "household"))
