"""Two in one moment, in two connections: a ring holds as a whole or not at all, whoever is first. Both databases."""

import pytest

from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.exchange import actions as exchange
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Match
from commonweal.exchange.tests.cast import MONDAY, found_town, fresh
from commonweal.exchange.tests.test_races import at_once
from commonweal.matching.models import Ring, RingPlace
from commonweal.matching.rings import actions
from commonweal.matching.rings.invariants import rings_are_whole
from commonweal.matching.rings.tasks import offer_rings
from commonweal.matching.tests.ring_cast import found_circle
from commonweal.members.actions import pause

S = Match.State


@pytest.fixture
def circle(shared_database):
    """The three, committed, under a stopped clock."""
    with clock.frozen(MONDAY):
        yield found_circle(found_town())


@pytest.fixture
def ring(circle):
    """Their ring."""
    return circle.offer()


def saying_yes(circle, ring, *names):
    places = [circle.place(ring, name) for name in names]
    return [lambda place=place: actions.say_yes(place=place) for place in places]


def whole_or_nothing(circle, ring):
    """Three commitments or none by the ring; returns whether it holds."""
    holds = fresh(ring).state == Ring.State.AGREED
    linked = RingPlace.objects.filter(ring=ring, match__isnull=False).count()
    assert linked == (3 if holds else 0)
    assert list(rings_are_whole()) == []
    return holds


def test_all_say_yes_in_one_moment(circle, ring):
    assert at_once(*saying_yes(circle, ring, "Rosa", "Lee", "Sam")) == {"Ring": 3}
    assert whole_or_nothing(circle, ring)
    assert Match.objects.filter(state=S.ACCEPTED).count() == 3


def test_one_yes_pressed_six_times_is_one(circle, ring):
    actions.say_yes(place=circle.place(ring, "Rosa"))
    actions.say_yes(place=circle.place(ring, "Lee"))
    assert at_once(*saying_yes(circle, ring, "Sam") * 6) == {"Ring": 6}
    assert Match.objects.count() == 3


def test_the_last_yes_and_a_no(circle, ring):
    actions.say_yes(place=circle.place(ring, "Rosa"))
    actions.say_yes(place=circle.place(ring, "Lee"))
    mine = circle.place(ring, "Rosa")
    seen = at_once(*saying_yes(circle, ring, "Sam"), lambda: actions.say_no(place=mine))
    assert seen == {"Ring": 1, "RingOver": 1}
    whole_or_nothing(circle, ring)


def test_the_last_yes_and_somebody_who_takes_one_of_the_asks(circle, ring):
    actions.say_yes(place=circle.place(ring, "Rosa"))
    actions.say_yes(place=circle.place(ring, "Lee"))
    ask, jo = circle.asks["Sam"], circle.town.jo
    seen = at_once(*saying_yes(circle, ring, "Sam"), lambda: exchange.pick_from_board(ask=ask, member=jo))
    holds = whole_or_nothing(circle, ring)
    if holds:
        assert seen == {"Ring": 1, "AlreadyMet": 1}
    else:
        assert seen in ({"Ring": 1, "Match": 1}, {"RingOver": 1, "Match": 1})
    assert fresh(ask).hands_taken == 1
    assert fresh(circle.asks["Lee"]).state == (State.AGREED if holds else State.NEAR)


def test_the_last_yes_and_a_break(circle, ring):
    actions.say_yes(place=circle.place(ring, "Rosa"))
    actions.say_yes(place=circle.place(ring, "Lee"))
    rosa = circle.town.rosa
    seen = at_once(*saying_yes(circle, ring, "Sam"), lambda: pause(member=rosa))
    assert seen in ({"Ring": 1, "Member": 1}, {"RingOver": 1, "Member": 1})
    whole_or_nothing(circle, ring)
    assert fresh(ring).state != Ring.State.WAITING


def test_two_workers_offer_one_ring(circle):
    network = circle.town.network
    seen = at_once(*[lambda: _count(network)] * 2)
    assert seen == {"int": 2}
    assert Ring.objects.count() == 1


def _count(network):
    try:
        return offer_rings(network, at=MONDAY)
    except Refused:
        return 0
