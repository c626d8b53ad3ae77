"""A person on shift may always ask somebody else than the program suggests, with a word why."""

import pytest

from commonweal.base.eventlog import story_of
from commonweal.exchange import actions
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.models import CallNote, Match
from commonweal.exchange.queries import timeline
from commonweal.exchange.tests.cast import DAY, MONDAY
from commonweal.matching.actions import invite_candidate
from commonweal.matching.errors import CantBeAsked, WhyIsMissing
from commonweal.matching.planning import making
from commonweal.matching.planning.known import Elsewhere
from commonweal.matching.planning.making import make_plan
from commonweal.matching.queries import who_could
from commonweal.matching.solving.work import answer
from commonweal.matching.words import ONLY_ONE, needed_elsewhere_in_words
from commonweal.members.actions import pause

NEAR = (15731, -24515)
WEEK = {"starts_at": MONDAY, "ends_at": MONDAY + 7 * DAY}


@pytest.fixture
def ask(town, monkeypatch):
    """Groceries, for which the plan has Lee: Rosa is nearer, and the only one with a car, which a ride needs."""
    monkeypatch.setattr(making, "run", answer)
    town.rosa.per_week = 1
    town.rosa.save()
    town.offer(town.rosa, cell=NEAR, vehicle="car", categories=(town.groceries.pk, town.ride.pk))
    town.offer(town.lee, cell=(NEAR[0] + 3, NEAR[1]), radius_m=9000)
    ask = town.ask(**WEEK)
    town.ask(category=town.ride.pk, **WEEK)
    make_plan(network=town.network, at=MONDAY)
    return ask


def told(ask):
    """The codes of what was chosen instead, in the log."""
    return [event.data["why"] for event in story_of(ask).filter(verb="overruled")]


def test_the_desk_sees_whom_the_plan_has_and_why_the_other_is_needed_elsewhere(town, ask):
    lee, rosa = who_could(ask).candidates
    assert (lee.name, lee.is_planned, lee.against) == ("Lee", True, [])
    assert lee.reasons[0] == "best for the network as a whole"
    assert (rosa.name, rosa.is_planned) == ("Rosa", False)
    assert rosa.against == ["the only one with a car for another ask"]


def test_looking_costs_as_many_queries_as_ever(town, ask, django_assert_max_num_queries):
    with django_assert_max_num_queries(13):
        who_could(ask)


def test_whom_the_plan_has_is_asked_without_a_word(town, ask):
    match = invite_candidate(ask=ask, member_id=town.lee.pk, dispatcher=town.jo)
    assert (match.origin, match.state, told(ask)) == (Match.Origin.DISPATCHER, Match.State.INVITED, [])


def test_somebody_else_takes_a_word_why_and_it_is_on_record(town, ask):
    with pytest.raises(WhyIsMissing):
        invite_candidate(ask=ask, member_id=town.rosa.pk, dispatcher=town.jo)
    assert not Match.objects.filter(ask=ask).exists()

    match = invite_candidate(
        ask=ask, member_id=town.rosa.pk, dispatcher=town.jo, why="spoke", note="She is on her way anyway."
    )
    assert (match.member, match.origin, told(ask)) == (town.rosa, Match.Origin.DISPATCHER, ["spoke"])
    assert CallNote.objects.get().text == "She is on her way anyway."
    assert "Jo chose Rosa instead of whom the program suggested: I have spoken with them" in [
        row.text for row in timeline(ask)
    ]
    assert "way anyway" not in str([event.data for event in story_of(ask)])


def test_without_a_note_there_is_none(town, ask):
    invite_candidate(ask=ask, member_id=town.rosa.pk, dispatcher=town.jo, why="knows")
    assert (told(ask), CallNote.objects.count()) == (["knows"], 0)


def test_a_reason_that_there_is_not_asks_nobody(town, ask):
    with pytest.raises(ValueError, match="tree"):
        invite_candidate(ask=ask, member_id=town.rosa.pk, dispatcher=town.jo, why="tree")
    assert not Match.objects.filter(ask=ask).exists()


def test_where_the_one_suggested_can_t_come_there_is_nothing_to_overrule(town, ask):
    pause(member=town.lee)
    invite_candidate(ask=ask, member_id=town.rosa.pk, dispatcher=town.jo)
    assert told(ask) == []


def test_what_members_said_of_themselves_comes_before_any_reason(town, ask):
    pause(member=town.rosa)
    with pytest.raises(CantBeAsked):
        invite_candidate(ask=ask, member_id=town.rosa.pk, dispatcher=town.jo)


def test_who_was_suggested_to_the_desk_needs_no_reason_and_anybody_else_does(town):
    town.offer(town.rosa, cell=NEAR)
    town.offer(town.lee, cell=NEAR)
    ask = town.ask()
    actions.propose(ask=ask, candidates=[Candidate(member_id=town.lee.pk)])
    with pytest.raises(WhyIsMissing):
        invite_candidate(ask=ask, member_id=town.rosa.pk, dispatcher=town.jo)
    assert invite_candidate(ask=ask, member_id=town.lee.pk, dispatcher=town.jo).member == town.lee


@pytest.mark.parametrize("scarce", ["", "vehicle", "load", "needs", "language", "wish"])
@pytest.mark.parametrize(("choices", "said"), [(1, None), (3, "one of only 3 who"), (30, "better placed")])
def test_what_keeps_somebody_for_another_ask_is_said_without_whose_it_is(town, scarce, choices, said):
    words = needed_elsewhere_in_words(Elsewhere(ask=town.jo.pk, choices=choices, scarce=scarce))
    assert words.startswith(said or str(ONLY_ONE[scarce]))
