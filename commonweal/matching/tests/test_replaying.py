"""The past under other rules: the same asks, the offers of today, week by week."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commonweal.exchange import actions
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, member_of
from commonweal.matching.figures import GroupFigures
from commonweal.matching.replaying import replay
from commonweal.matching.solving.work import answer

NEAR = (15731, -24515)
ANY_TIME = {"starts_at": MONDAY, "ends_at": MONDAY + 7 * DAY}


@pytest.fixture(autouse=True)
def at_hand(monkeypatch):
    """The engine in this very process."""
    monkeypatch.setattr("commonweal.matching.solving.running.run", answer)


def played(town, **changes):
    """A fortnight from Monday on, under the rules in force with these changes."""
    policy = replace(town.network.policy, **changes)
    return replay(town.network, since=MONDAY, until=MONDAY + 2 * WEEK, policy=policy)


def test_a_stretch_without_anybody(town):
    figures = played(town)
    assert (figures.asks, figures.served, figures.helpers, figures.offered) == (0, 0, 0, 0)
    assert (figures.metres, figures.farthest_m, figures.evenness, figures.groups) == (None, None, 0.0, ())


def test_who_is_met_how_far_and_by_whom(town, hand):
    town.offer(town.rosa, cell=(NEAR[0] + 2, NEAR[1]), languages=("en",))
    town.offer(town.lee, categories=(town.ride.pk,))
    met = town.ask(urgency=2, needs=(), languages=("es",), **ANY_TIME)
    actions.withdraw_ask(ask=met)  # what became of it plays no part
    town.ask(category=town.borrow.pk, needs=("stairs",), area=town.waverly.pk, **ANY_TIME)
    figures = played(town)
    assert (figures.asks, figures.served, figures.urgent, figures.urgent_served) == (2, 1, 1, 1)
    assert (figures.metres, figures.farthest_m, figures.interpreted) == (556, 556, 1)
    assert (figures.helpers, figures.offered, figures.most_per_week, figures.over_three) == (1, 2, 1, 0)
    assert figures.evenness == pytest.approx(0.5)
    assert set(figures.groups) == {
        GroupFigures(kind="area", key=str(town.abell.pk), asks=1, served=1),
        GroupFigures(kind="area", key=str(town.waverly.pk), asks=1, served=0),
        GroupFigures(kind="language", key="es", asks=1, served=1),
        GroupFigures(kind="need", key="stairs", asks=1, served=0),
    }


def test_another_week_is_another_chance_and_a_limit_holds_in_each(town):
    town.offer(town.rosa, cell=NEAR)
    for _number in range(8):
        town.ask(starts_at=MONDAY, ends_at=MONDAY + 14 * DAY)
    figures = played(town)
    assert (figures.served, figures.most_per_week) == (6, 3)
    assert (played(town, week_cap=2).served, played(town, week_cap=4).most_per_week) == (4, 4)
    assert played(town, week_cap=4).over_three == 2


def test_who_has_waited_a_week_comes_first_in_the_next(town):
    """One who could be met in either week is not in the first; in the second both are nearer, and it goes before."""
    modest = member_of(town.network, "Modest", per_week=1)
    town.offer(modest, cell=NEAR)
    late = {"starts_at": MONDAY + 8 * DAY, "ends_at": MONDAY + 13 * DAY}
    far = {"cell": (NEAR[0] + 3, NEAR[1]), "area": town.waverly.pk}
    town.ask(starts_at=MONDAY, ends_at=MONDAY + DAY)
    town.ask(starts_at=MONDAY, ends_at=MONDAY + 13 * DAY, **far)
    town.ask(area=town.abell.pk, **late)
    rules = {"areas": 0, "languages": 0, "access": 0}
    patient = {group.key: group.served for group in played(town, waiting=100, **rules).groups}
    hasty = {group.key: group.served for group in played(town, waiting=0, **rules).groups}
    assert (patient[str(town.waverly.pk)], hasty[str(town.waverly.pk)]) == (1, 0)


def test_who_said_a_limit_of_their_own_keeps_it(town):
    modest = member_of(town.network, "Modest", per_week=1)
    town.offer(modest, cell=NEAR)
    for _number in range(3):
        town.ask(**ANY_TIME)
    assert played(town, week_cap=9).served == 1


def test_only_what_came_in_that_stretch_counts(town, hand):
    town.offer(town.rosa, cell=NEAR)
    town.ask(**ANY_TIME)
    hand.advance(2 * WEEK)
    town.ask(starts_at=MONDAY + 2 * WEEK, ends_at=MONDAY + 3 * WEEK)
    assert played(town).asks == 1


def test_an_ask_is_not_met_before_it_came(town, hand):
    town.offer(town.rosa, cell=NEAR, slots=0b111111)  # on Mondays
    hand.advance(DAY)
    town.ask(starts_at=MONDAY, ends_at=MONDAY + 3 * DAY)
    assert played(town).served == 0


def test_the_same_stretch_gives_the_same_figures(town):
    for member in (town.rosa, town.lee, town.sam):
        town.offer(member, cell=NEAR)
    for _number in range(5):
        town.ask(**ANY_TIME)
    assert played(town) == played(town)


@pytest.mark.parametrize("length", [timedelta(0), -HOUR])
def test_a_stretch_ends_after_it_begins(town, length):
    with pytest.raises(ValueError, match="after it begins"):
        replay(town.network, since=MONDAY, until=MONDAY + length, policy=town.network.policy)


def test_it_takes_as_many_queries_however_much_there_is(town, django_assert_max_num_queries):
    for _number in range(4):
        town.ask(**ANY_TIME)
        town.offer(town.rosa)
    with django_assert_max_num_queries(11):
        played(town)
