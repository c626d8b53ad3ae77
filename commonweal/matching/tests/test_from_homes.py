"""Whom care keeps from helping at homes is brought to none, by whatever path; and to everything else, as before."""

from contextlib import suppress

import pytest

from commonweal.exchange import actions
from commonweal.exchange.errors import InvitationNotFound
from commonweal.exchange.models import Match
from commonweal.exchange.tests.cast import DAY, MONDAY, fresh
from commonweal.matching.errors import CantBeAsked
from commonweal.matching.models import Ring
from commonweal.matching.planning.due import networks_with_news
from commonweal.matching.planning.making import make_plan
from commonweal.matching.planning.numbering import numbers_of
from commonweal.matching.queries import who_could
from commonweal.matching.reading.changes import Moment, read_changes
from commonweal.matching.reading.network import read_network
from commonweal.matching.rings.actions import say_yes
from commonweal.matching.tests.paths import PATHS
from commonweal.matching.tests.ring_cast import found_circle
from commonweal.members.actions import hold_from_homes, let_back_to_homes
from commonweal.members.errors import HeldFromHomes

NEAR = (15731, -24515)
WEEK = {"starts_at": MONDAY + DAY, "ends_at": MONDAY + 6 * DAY}
S = Match.State


@pytest.fixture
def held(town):
    """Rosa shops and drives, and is asked to no home for three days."""
    town.offer(town.rosa, cell=NEAR, categories=(town.groceries.pk, town.ride.pk), vehicle="car")
    return hold_from_homes(member=town.rosa, until=MONDAY + 3 * DAY)


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_to_a_home(town, held, path):
    ask = town.ask(**WEEK)
    with suppress(HeldFromHomes, CantBeAsked):
        path(town, fresh(ask))
    assert not Match.objects.filter(ask=ask, member=town.rosa).exists()


@pytest.mark.parametrize("path", PATHS)
def test_every_path_leads_to_a_ride(town, held, path):
    ask = town.ask(**WEEK, category=town.ride.pk)
    path(town, fresh(ask))
    assert Match.objects.get(ask=ask).member == town.rosa


@pytest.mark.parametrize("path", PATHS)
def test_every_path_leads_to_a_home_again_from_that_day_on(town, held, path, hand):
    ask = town.ask(**WEEK)
    hand.move_to(MONDAY + 3 * DAY)
    path(town, fresh(ask))
    assert Match.objects.get(ask=ask).member == town.rosa


def test_a_late_yes_is_told_why(town):
    match = town.invited(town.ask(), town.rosa)
    hold_from_homes(member=town.rosa, until=MONDAY + DAY)
    with pytest.raises(HeldFromHomes):
        actions.accept_invitation(match=match)
    let_back_to_homes(member=town.rosa)
    assert actions.accept_invitation(match=match).state == S.ACCEPTED


def test_what_is_asked_of_them_at_homes_is_taken_back_and_nothing_else(town, run_commits):
    at_home, ride = town.invited(town.ask(), town.rosa), town.ask(category=town.ride.pk)
    there = town.agreed(town.ask(), town.rosa)
    on_the_way = town.invited(ride, town.rosa)
    with run_commits():
        hold_from_homes(member=town.rosa, until=MONDAY + DAY)
    assert [fresh(match).state for match in (at_home, there, on_the_way)] == [
        S.TAKEN_BACK,
        S.ACCEPTED,
        S.INVITED,
    ]


def test_the_desk_reads_no_reason(town, held):
    (row,) = who_could(town.ask(**WEEK)).refusals
    assert (row.words, row.names, row.may_ask) == ("can't be asked for this one", ["Rosa"], [])


def test_nobody_goes_along_to_a_home_either(town, held):
    buddy = actions.bring_buddy(match=town.agreed(town.ask(), town.lee), name="R.")
    with pytest.raises(InvitationNotFound):
        actions.join_as_buddy(buddy=buddy, member=town.rosa)
    along = actions.bring_buddy(match=town.agreed(town.ask(category=town.ride.pk), town.lee), name="R.")
    assert actions.join_as_buddy(buddy=along, member=town.rosa).member == town.rosa


def test_a_plan_has_them_ride_and_visit_nobody(town, held):
    home, ride = town.ask(**WEEK), town.ask(**WEEK, category=town.ride.pk)
    instance = (reading := read_network(town.network, at=MONDAY)).instance
    kinds = {
        ask: bool(int(instance.helpers.categories[0]) >> int(instance.asks.category[place]) & 1)
        for place, ask in enumerate(reading.asks)
    }
    assert kinds == {home.pk: False, ride.pk: True}


def test_a_plan_hears_of_it_while_it_is_followed(town, hand):
    town.offer(town.rosa, cell=NEAR, categories=(town.groceries.pk, town.ride.pk), vehicle="car")
    town.ask(**WEEK)
    town.ask(**WEEK, category=town.ride.pk)
    plan = make_plan(network=town.network, at=MONDAY)
    numbers = numbers_of(plan, [])
    hand.advance(DAY / 24)
    at = MONDAY + DAY / 24
    assert networks_with_news(at) == []
    before = read_changes(moment(town, at), asks=(), members=[town.rosa.pk], numbers=numbers)
    hold_from_homes(member=town.rosa, until=MONDAY + 3 * DAY)
    assert networks_with_news(at) == [town.network]
    after = read_changes(moment(town, at), asks=(), members=[town.rosa.pk], numbers=numbers)
    had, has = (int(read["helpers.categories"][0]) for read in (before, after))
    assert (had.bit_count(), has.bit_count(), has & had) == (2, 1, has)


class TestRings:
    @pytest.fixture
    def circle(self, town):
        """Rosa shops, Lee drives, Sam keeps company."""
        return found_circle(town)

    def test_none_is_offered_in_which_they_would_go_to_a_home(self, town, circle):
        hold_from_homes(member=town.sam, until=MONDAY + 3 * DAY)
        assert circle.offer() is None

    def test_who_drives_is_in_one_as_before(self, town, circle):
        hold_from_homes(member=town.lee, until=MONDAY + 3 * DAY)
        assert circle.offer().state == Ring.State.WAITING

    def test_one_that_waits_comes_to_nothing(self, town, circle, run_commits):
        ring = circle.offer()
        with run_commits():
            hold_from_homes(member=town.sam, until=MONDAY + 3 * DAY)
        assert (fresh(ring).state, fresh(ring).why) == (Ring.State.VOID, Ring.Why.MEMBER_GONE)

    def test_and_is_never_agreed_to_whoever_said_yes(self, town, circle):
        ring = circle.offer()
        for name in ("Rosa", "Lee"):
            say_yes(place=circle.place(ring, name))
        hold_from_homes(member=town.sam, until=MONDAY + 3 * DAY)
        assert say_yes(place=circle.place(ring, "Sam")).state == Ring.State.VOID
        assert not Match.objects.filter(state=S.ACCEPTED).exists()


def moment(town, at):
    return Moment(network=town.network, made_at=MONDAY, at=at)
