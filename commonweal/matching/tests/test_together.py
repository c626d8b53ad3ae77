"""Asks next door to each other: met in one visit where the members allow it, and said on the desk."""

import pytest

from commonweal.exchange import actions
from commonweal.exchange.errors import WeekIsFull
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.reasons import reasons_in_words
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY
from commonweal.matching.actions import search_for
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


class TestOnTheWay:
    """Rosa has agreed to come to one ask; she may be asked for others in that square, on the same visit."""

    THURSDAY = MONDAY + 3 * DAY

    @pytest.fixture
    def going(self, once_a_week, hand):
        town, asks = once_a_week
        town.offer(town.lee, cell=NEAR, radius_m=9000)
        change_policy(network=town.network, changes={"together": "on"}, reason="One way.")
        self.come(town, asks[0])
        return town, self.fresh(asks)

    def come(self, town, ask):
        return town.agreed(ask, town.rosa, meets_at=self.THURSDAY, meets_until=self.THURSDAY + HOUR)

    def fresh(self, asks):
        rows = Ask.objects.select_related("network", "category", "by", "area")
        return [rows.get(pk=ask.pk) for ask in asks]

    def test_she_is_asked_first_though_she_was_asked_just_now_and_her_week_is_full(self, going):
        _town, (first, second, _third) = going
        search_for(network_id=second.network_id, ask_id=second.pk, at=MONDAY)
        match = Match.objects.get(ask=second)
        assert (match.member.name, match.state) == ("Rosa", "invited")
        assert abs(match.meets_at - self.THURSDAY) < 3 * HOUR
        said = reasons_in_words(match.reasons, to_helper=True)
        assert said[0] == f"next door to {first.shown_code}, where you are going"
        assert actions.accept_invitation(match=match).state == "accepted"
        assert candidates_for(self.fresh([going[1][2]])[0])[0].reasons[0].startswith("on the same trip as")

    def test_not_for_more_than_three_in_one_visit(self, going):
        town, asks = going
        for ask in asks[1:]:
            search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)
            actions.accept_invitation(match=Match.objects.get(ask=ask, state="invited"))
        [fourth] = self.fresh([town.ask(**WEEK)])
        assert [row.name for row in candidates_for(fourth)] == ["Lee"]

    @pytest.mark.parametrize(
        "otherwise",
        [
            {"cell": (NEAR[0] + 1, NEAR[1])},
            {"hands": 2},
            {"starts_at": MONDAY + 4 * DAY, "ends_at": MONDAY + 6 * DAY},
        ],
        ids=["another square", "two hands", "another day"],
    )
    def test_nor_for_what_is_not_on_the_way(self, going, otherwise):
        town, _asks = going
        [other] = self.fresh([town.ask(**{**WEEK, **otherwise})])
        assert [row.name for row in candidates_for(other)] == ["Lee"]

    def test_nor_where_the_members_want_one_visit_for_each(self, going):
        town, asks = going
        change_policy(network=town.network, changes={"together": "off"}, reason="One by one.")
        [second] = self.fresh(asks[1:2])
        assert [row.name for row in candidates_for(second)] == ["Lee"]
        match = town.invited(second, town.rosa, meets_at=self.THURSDAY, meets_until=self.THURSDAY + HOUR)
        with pytest.raises(WeekIsFull):
            actions.accept_invitation(match=match)

    def test_another_hour_of_that_day_is_another_time_out_of_the_week(self, going):
        town, asks = going
        later = self.THURSDAY + 4 * HOUR
        match = town.invited(asks[1], town.rosa, meets_at=later, meets_until=later + HOUR)
        with pytest.raises(WeekIsFull):
            actions.accept_invitation(match=match)
