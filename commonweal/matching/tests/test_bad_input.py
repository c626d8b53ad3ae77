"""Odd networks, from end to end: the plan, its changes, the search for one ask and the past played again bear them all,
and say the same."""

from datetime import UTC, datetime, timedelta

import pytest

from commonweal.algorithms.places import X_MAX, X_MIN, Y_MAX, Y_MIN
from commonweal.exchange.models import Ask
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY
from commonweal.matching import replaying
from commonweal.matching.planning import making
from commonweal.matching.planning.following import Follower
from commonweal.matching.planning.known import newest_plan
from commonweal.matching.planning.making import make_plan
from commonweal.matching.queries import why_not
from commonweal.matching.replaying import replay
from commonweal.matching.search import look
from commonweal.matching.solving.work import answer
from commonweal.matching.tests.engine import AtHand
from commonweal.members.models import Member

NEAR = (15731, -24515)
ALWAYS = (1 << 42) - 1


@pytest.fixture(autouse=True)
def at_hand(monkeypatch):
    """The engine in this very process."""
    monkeypatch.setattr(making, "run", answer)
    monkeypatch.setattr("commonweal.matching.solving.running.run", answer)


def one_and_one(town, hand, *, at=MONDAY, asked=NEAR, offered=NEAR, per_week=3, hours=6 * 24):
    """An ask and an offer; whom the plan, a change of the plan, and the search for the ask have for it, by name."""
    hand.move_to(at)
    Member.objects.filter(pk=town.rosa.pk).update(per_week=per_week)
    town.offer(town.rosa, cell=offered, radius_m=1500, slots=ALWAYS)
    nobody_asks = Follower.of(make_plan(network=town.network, at=at), AtHand())
    hand.advance(timedelta(minutes=1))
    ask = town.ask(cell=asked, starts_at=at + HOUR, ends_at=at + hours * HOUR)
    later = at + timedelta(minutes=2)
    nobody_asks.follow(at=later)
    mended = newest_plan(town.network, at=later).for_ask(ask.pk)
    hand.advance(timedelta(minutes=2))
    make_plan(network=town.network, at=later)
    made = newest_plan(town.network, at=later).for_ask(ask.pk)
    ask = Ask.objects.select_related("network", "category", "by").get(pk=ask.pk)
    found = [fit.helper.id for fit in look(ask, at=later).fits]
    assert list(map(str, made)) == list(map(str, mended)) == found
    figures = replay(town.network, since=at, until=at + 7 * DAY, policy=town.network.policy)
    return ask, bool(found), figures


@pytest.mark.parametrize(
    "cell",
    [(Y_MAX, 0), (Y_MIN, 0), (0, X_MAX), (0, X_MIN), (Y_MAX, X_MAX), (NEAR[1], NEAR[0])],
    ids=["north pole", "south pole", "date line", "its other side", "corner", "swapped"],
)
def test_at_the_ends_of_the_earth_who_is_there_is_found(town, hand, cell):
    _ask, found, figures = one_and_one(town, hand, asked=cell, offered=cell)
    assert (found, figures.served, figures.metres) == (True, 1, 0)


@pytest.mark.parametrize(
    ("cell", "is_said"), [((Y_MAX, 0), True), ((0, X_MAX), True), ((NEAR[1], NEAR[0]), False)]
)
def test_who_asks_from_the_other_end_of_the_earth_gets_nobody(town, hand, cell, is_said):
    """Whoever is far beyond reach is not even read; at the ends of the earth everybody is, and it is said why not."""
    ask, found, figures = one_and_one(town, hand, asked=cell)
    assert (found, figures.served, figures.metres) == (False, 0, None)
    assert [row.words for row in why_not(ask)] == ["farther away than they go"] * is_said


def test_beside_the_date_line_neighbours_are_neighbours(town, hand):
    _ask, found, figures = one_and_one(town, hand, asked=(0, X_MAX), offered=(0, X_MIN))
    assert (found, figures.served) == (True, 1)


@pytest.mark.parametrize(("per_week", "is_found"), [(0, False), (1, True), (32_767, True)])
def test_no_time_at_all_and_more_than_there_is(town, hand, per_week, is_found):
    _ask, found, figures = one_and_one(town, hand, per_week=per_week)
    assert (found, figures.served) == (is_found, int(is_found))


@pytest.mark.parametrize(
    "at",
    [datetime(2027, 11, 6, 16, 0, tzinfo=UTC), datetime(2027, 3, 13, 17, 0, tzinfo=UTC)],
    ids=["an hour more", "an hour less"],
)
def test_the_clocks_change_inside_the_window(town, hand, at):
    """From Saturday noon to Sunday evening in New York; they meet within the window, and not in the night."""
    ask, found, figures = one_and_one(town, hand, at=at, hours=30)
    assert (found, figures.served) == (True, 1)
    starts, ends = (datetime.fromtimestamp(60 * minute, UTC) for minute in look(ask, at=at).fits[0].meets)
    assert ask.starts_at <= starts < ends <= ask.ends_at
    assert 6 <= starts.astimezone(town.network.zone).hour < 24


def test_a_window_that_is_over_is_planned_for_no_more(town, hand):
    ask, found, _figures = one_and_one(town, hand, hours=8)
    assert found
    hand.advance(9 * HOUR)
    plan = make_plan(network=town.network, at=MONDAY + 9 * HOUR)
    assert (plan.wanted, newest_plan(town.network, at=MONDAY + 9 * HOUR).for_ask(ask.pk)) == (0, ())


@pytest.mark.parametrize("days", [0, -1])
def test_no_stretch_of_time_is_no_past(town, days):
    with pytest.raises(ValueError, match="ends after it begins"):
        replaying.replay(town.network, since=MONDAY, until=MONDAY + days * DAY, policy=town.network.policy)
