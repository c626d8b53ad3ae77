"""An ask as matching reads it."""

from datetime import timedelta

import pytest

from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY
from commonweal.matching.need import need_of, ring_of, rules_of, window_of
from commonweal.networks.actions import change_policy
from commonweal.networks.models import Category


def category(town, slug):
    """A category of the start."""
    return Category.objects.get(network=town.network, slug=slug)


def test_an_ask_as_it_stands(town):
    ask = town.ask(languages=("es", "en"), needs=("stairs",), repeat_days=4, urgency=0)
    ask.preferred = town.rosa
    need = need_of(ask, at=MONDAY, asker="jo", within_m=900)
    assert (need.category, need.cell, need.within_m) == (str(town.groceries.pk), (15731, -24515), 900)
    assert (need.languages, need.needs, need.urgency) == (("es", "en"), frozenset({"stairs"}), 0)
    assert (need.asker, need.preferred, need.repeats) == ("jo", str(town.rosa.pk), True)
    assert (need.load, need.vehicles, need.talk, need.in_person) == (1, frozenset(), False, True)


@pytest.mark.parametrize(
    ("slug", "load", "vehicles", "talk", "in_person"),
    [
        ("moving", 2, set(), False, True),
        ("ride", 0, {"car", "van"}, False, True),
        ("company", 0, set(), True, True),
        ("listening", 0, set(), True, False),
    ],
)
def test_each_kind_takes_its_own(town, slug, load, vehicles, talk, in_person):
    need = need_of(town.ask(category=category(town, slug).pk), at=MONDAY)
    assert (need.load, need.vehicles, need.talk, need.in_person) == (load, vehicles, talk, in_person)


def test_of_a_counted_thing_what_is_still_wanted_counts(town):
    ask = town.ask(quantity=6)
    ask.quantity_taken = 4
    assert need_of(ask, at=MONDAY).quantity == 2


def test_without_a_place_there_is_none(town):
    assert need_of(town.ask(cell=None), at=MONDAY).cell is None


@pytest.mark.parametrize(
    ("starts", "ends", "urgency", "expected"),
    [
        # An ordinary invitation is answered within two hours, a pressing one within half an hour.
        (timedelta(), 7 * DAY, 1, (2 * HOUR, 7 * DAY)),
        (timedelta(), 7 * DAY, 2, (HOUR / 2, 7 * DAY)),
        (timedelta(), 20 * HOUR, 1, (HOUR / 2, 20 * HOUR)),
        (3 * DAY, 7 * DAY, 1, (3 * DAY, 7 * DAY)),
        # Where the answer would come too late, the time that is left counts.
        (timedelta(), HOUR, 1, (HOUR / 2, HOUR)),
        (timedelta(), HOUR * 0.9, 1, (timedelta(), HOUR * 0.9)),
        (-DAY, HOUR * 0.9, 1, (timedelta(), HOUR * 0.9)),
        # What is over is read as it was.
        (-DAY, -HOUR, 1, (-DAY, -HOUR)),
    ],
)
def test_when_it_may_still_happen(town, starts, ends, urgency, expected):
    ask = Ask(network=town.network, starts_at=MONDAY + starts, ends_at=MONDAY + ends, urgency=urgency)
    assert window_of(ask, MONDAY) == (MONDAY + expected[0], MONDAY + expected[1])


def test_it_begins_on_a_quarter_of_an_hour(town):
    ask = Ask(network=town.network, starts_at=MONDAY, ends_at=MONDAY + 7 * DAY)
    assert window_of(ask, MONDAY + timedelta(minutes=1, seconds=1))[0] == MONDAY + timedelta(
        hours=2, minutes=15
    )


def test_a_short_window_wants_no_more_than_itself(town):
    ask = town.ask(starts_at=MONDAY + DAY, ends_at=MONDAY + DAY + timedelta(minutes=10))
    assert need_of(ask, at=MONDAY).minutes == 10
    ask.ends_at = ask.starts_at + timedelta(seconds=10)
    assert need_of(ask, at=MONDAY).minutes == 1
    assert need_of(town.ask(), at=MONDAY).minutes == 30


def test_the_ring_and_the_rules_are_the_network_s(town):
    change_policy(network=town.network, changes={"near_m": 700, "rest_hours": 3}, reason="A small place.")
    ask = town.ask()
    assert ring_of(ask) == 700
    ask.state = "wide"
    assert ring_of(ask) is None
    assert rules_of(town.network.policy).rest_hours == 3
