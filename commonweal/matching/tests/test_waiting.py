"""Where members pick from the board: nobody is asked, the rings pass by the clock, and then a person looks."""

from datetime import timedelta

import pytest

from commonweal.exchange.actions import decline_invitation, pick_from_board
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, MONDAY, fresh
from commonweal.matching.actions import search_for
from commonweal.networks.actions import change_policy

S = Match.State
NEAR = (15731, -24515)


@pytest.fixture
def helpers(town):
    """Rosa could, and nobody is asked."""
    change_policy(network=town.network, changes={"mode": "board"}, reason="We look for ourselves.")
    town.offer(town.rosa, cell=NEAR)
    return town


def test_nobody_is_asked_and_the_rings_pass_by_the_clock(helpers, worker):
    ask = helpers.ask()
    worker.pass_time(hours=3)
    assert fresh(ask).state == "near"
    worker.pass_time(hours=1)
    assert fresh(ask).state == "wide"
    worker.pass_time(hours=5)
    assert fresh(ask).state == "wide"
    worker.pass_time(hours=1)
    assert fresh(ask).state == "desk"
    assert not Match.objects.exists()


def test_who_picks_it_ends_the_wait(helpers, worker):
    ask = helpers.ask()
    worker.pass_time(hours=1)
    pick_from_board(ask=ask, member=helpers.rosa)
    worker.pass_time(hours=4)
    assert fresh(ask).state == "agreed"


def test_beyond_the_desk_it_waits_on(helpers, worker):
    ask = helpers.ask(ends_at=MONDAY + 6 * DAY)
    worker.pass_time(hours=60)
    assert fresh(ask).state == "beyond"
    assert fresh(ask).next_step_at is not None


@pytest.mark.parametrize("times", [1, 3])
def test_a_search_made_twice_changes_nothing(helpers, worker, times):
    ask = helpers.ask()
    worker.work()
    before = fresh(ask).next_step_at
    for _ in range(times):
        search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)
    assert (fresh(ask).state, fresh(ask).next_step_at) == ("near", before)


def test_the_preferred_helper_of_a_series_is_asked_even_here(helpers, worker):
    ask = helpers.ask()
    Ask.objects.filter(pk=ask.pk).update(preferred=helpers.rosa)
    worker.work()
    match = Match.objects.get(ask=ask)
    assert (match.member, match.state) == (helpers.rosa, S.INVITED)
    worker.pass_time(hours=1)
    assert Match.objects.filter(ask=ask).count() == 1
    with worker.commits():
        decline_invitation(match=match)
    worker.pass_time(minutes=20)
    assert (fresh(ask).state, fresh(ask).next_step_at) == ("near", MONDAY + timedelta(hours=3))
    assert Match.objects.filter(ask=ask).count() == 1
