"""Asks next door to each other: met in one visit where the members allow it, and said on the desk."""

import pytest

from commonweal.exchange import actions
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY
from commonweal.matching.planning import making
from commonweal.matching.planning.following import Follower
from commonweal.matching.planning.known import newest_plan
from commonweal.matching.planning.making import make_plan, replayed
from commonweal.matching.queries import candidates_for
from commonweal.matching.solving.work import answer
from commonweal.matching.tests.engine import AtHand
from commonweal.networks.actions import change_policy
from commonweal.networks.models import Network

NEAR = (15731, -24515)
WEEK = {"starts_at": MONDAY, "ends_at": MONDAY + 7 * DAY}


@pytest.fixture(autouse=True)
def at_hand(monkeypatch):
    """The engine in this very process."""
    monkeypatch.setattr(making, "run", answer)
    monkeypatch.setattr(making, "EngineProcess", AtHand)


@pytest.fixture
def once_a_week(town):
    """Rosa helps once a week, and three ask in one house."""
    town.rosa.per_week = 1
    town.rosa.save()
    town.offer(town.rosa, cell=NEAR, radius_m=9000)
    return town, [town.ask(**WEEK) for _ in range(3)]


def planned(town, **changes):
    """A plan under other rules."""
    if changes:
        change_policy(network=town.network, changes=changes, reason="One way.")
    return make_plan(network=Network.objects.get(), at=MONDAY)


@pytest.mark.parametrize(("together", "met"), [("off", 1), ("on", 3)])
def test_one_visit_meets_three_where_the_members_allow_it(once_a_week, together, met):
    town, asks = once_a_week
    plan = planned(town, **({"together": together} if together == "on" else {}))
    assert plan.met == met
    known = newest_plan(town.network, at=MONDAY)
    assert sum(known.for_ask(ask.pk) == (town.rosa.pk,) for ask in asks) == met


def test_not_more_than_three_and_not_from_round_the_corner(once_a_week):
    town, _asks = once_a_week
    town.ask(**WEEK)
    town.ask(cell=(NEAR[0] + 1, NEAR[1]), **WEEK)
    assert planned(town, together="on").met == 3


def test_the_desk_says_on_whose_trip(once_a_week, django_assert_max_num_queries):
    town, asks = once_a_week
    planned(town, together="on")
    ask = Ask.objects.select_related("network", "category", "by").get(pk=asks[0].pk)
    with django_assert_max_num_queries(16):
        [rosa] = candidates_for(ask)
    others = sorted(other.shown_code for other in asks[1:])
    assert f"on the same trip as {', '.join(others)}" in rosa.reasons


def test_without_the_rule_nothing_is_said_of_trips(once_a_week):
    town, asks = once_a_week
    planned(town)
    [rosa] = candidates_for(Ask.objects.select_related("network", "category", "by").get(pk=asks[0].pk))
    assert not any("trip" in reason for reason in rosa.reasons)


def test_a_ride_ends_with_its_visit(once_a_week, hand):
    """The plan is mended: whoever rode along goes without, or takes the place of the one who left."""
    town, asks = once_a_week
    plan = planned(town, together="on")
    follower = Follower.of(plan, AtHand())
    hand.advance(HOUR)
    for ask in asks[:2]:
        actions.withdraw_ask(ask=ask)
    follower.follow(at=MONDAY + HOUR)
    known = newest_plan(town.network, at=MONDAY + HOUR)
    assert [known.for_ask(ask.pk) for ask in asks] == [(), (), (town.rosa.pk,)]
    assert known.trip_of(asks[2].pk, town.rosa.pk) == ()
    hand.advance(HOUR)
    actions.pause_offer(offer=town.rosa.offers.get())
    follower.follow(at=MONDAY + 2 * HOUR)
    assert newest_plan(town.network, at=MONDAY + 2 * HOUR).for_ask(asks[2].pk) == ()
    assert all(replayed(plan))
