"""Where a dispatcher confirms: the best are suggested, the desk looks at once, a press invites."""

import pytest

from commonweal.base.models import Event
from commonweal.exchange.actions import accept_invitation, decline_invitation
from commonweal.exchange.errors import NotPossibleNow
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh, member_of
from commonweal.matching.actions import confirm_match, invite_candidate, search_for
from commonweal.matching.errors import CantBeAsked
from commonweal.members.actions import pause
from commonweal.networks.actions import change_policy

S = Match.State
NEAR = (15731, -24515)


@pytest.fixture
def helpers(town):
    """Rosa is nearest, then Lee; a dispatcher confirms."""
    change_policy(network=town.network, changes={"mode": "dispatcher"}, reason="We know one another.")
    town.offer(town.rosa, cell=NEAR, radius_m=9000)
    town.offer(town.lee, cell=(NEAR[0] + 3, NEAR[1]), radius_m=9000)
    return town


def suggested(ask):
    """The names of those who are suggested, best first."""
    matches = Match.objects.filter(ask=ask, state=S.PROPOSED).select_related("member")
    return [match.member.name for match in matches.order_by("-score")]


def theirs(ask, member):
    """The match of a member with an ask."""
    return Match.objects.get(ask=ask, member=member)


def states(ask):
    """How far each pairing is, by name."""
    return {
        match.member.name: match.state for match in Match.objects.filter(ask=ask).select_related("member")
    }


def test_the_best_are_suggested_and_the_desk_looks_at_once(helpers, worker):
    ask = helpers.ask()
    worker.work()
    assert (fresh(ask).state, suggested(ask)) == ("desk", ["Rosa", "Lee"])
    assert fresh(ask).desk_at == MONDAY + HOUR
    assert not Match.objects.filter(state=S.INVITED).exists()


def test_at_most_five_are_suggested(helpers, worker):
    for number in range(6):
        helpers.offer(member_of(helpers.network, f"Neighbour{number}", languages=["en"]), cell=NEAR)
    ask = helpers.ask()
    worker.work()
    assert len(suggested(ask)) == 5


def test_an_ask_without_candidates_is_on_the_desk_all_the_same(town, worker):
    change_policy(network=town.network, changes={"mode": "dispatcher"}, reason="We know one another.")
    ask = town.ask()
    worker.work()
    assert (fresh(ask).state, suggested(ask)) == ("desk", [])


def test_a_confirmed_suggestion_is_an_invitation_by_the_dispatcher(helpers, worker):
    ask = helpers.ask()
    worker.work()
    match = confirm_match(match=theirs(ask, helpers.rosa), dispatcher=helpers.jo)
    assert (match.state, match.origin) == (S.INVITED, Match.Origin.DISPATCHER)
    assert Event.objects.filter(verb="searched", actor=helpers.jo.pk).exists()
    accept_invitation(match=match)
    worker.work()
    assert fresh(ask).state == "agreed"
    assert states(ask) == {"Rosa": S.ACCEPTED, "Lee": S.TAKEN_BACK}


def test_a_suggestion_that_has_grown_old_is_confirmed_with_a_time_to_come(helpers, worker, hand):
    ask = helpers.ask(starts_at=MONDAY, ends_at=MONDAY + 6 * DAY)
    worker.work()
    suggested_at = theirs(ask, helpers.rosa).meets_at
    hand.advance(DAY)
    match = confirm_match(match=theirs(ask, helpers.rosa), dispatcher=helpers.jo)
    assert suggested_at == MONDAY + 2 * HOUR
    assert fresh(match).meets_at == MONDAY + DAY + 2 * HOUR


def test_a_press_twice_invites_once(helpers, worker):
    ask = helpers.ask()
    worker.work()
    match = theirs(ask, helpers.rosa)
    confirm_match(match=match, dispatcher=helpers.jo)
    with pytest.raises(CantBeAsked) as refused:
        confirm_match(match=match, dispatcher=helpers.jo)
    assert refused.value.codes == ("being_asked", "resting")
    assert Match.objects.filter(state=S.INVITED).count() == 1


def test_after_a_no_the_others_still_stand_and_who_is_new_is_suggested(helpers, worker):
    ask = helpers.ask()
    worker.work()
    match = confirm_match(match=theirs(ask, helpers.rosa), dispatcher=helpers.jo)
    with worker.commits():
        helpers.offer(helpers.sam, cell=NEAR)
        decline_invitation(match=match)
    worker.work()
    assert fresh(ask).state == "desk"
    assert states(ask) == {"Rosa": S.DECLINED, "Lee": S.PROPOSED, "Sam": S.PROPOSED}


def test_what_members_said_binds_people_on_shift_too(helpers, worker):
    ask = helpers.ask()
    worker.work()
    pause(member=helpers.rosa)
    with pytest.raises(CantBeAsked) as refused:
        confirm_match(match=theirs(ask, helpers.rosa), dispatcher=helpers.jo)
    assert refused.value.codes == ("paused",)
    assert "taking a break" in str(refused.value)
    assert theirs(ask, helpers.rosa).state == S.PROPOSED


def test_somebody_who_was_not_suggested_can_be_asked_too(helpers, worker):
    ask = helpers.ask()
    worker.work()
    helpers.offer(helpers.sam, cell=NEAR)
    match = invite_candidate(ask=ask, member_id=helpers.sam.pk, dispatcher=helpers.jo, why="spoke")
    assert (match.member, match.state) == (helpers.sam, S.INVITED)


def test_who_offers_nothing_of_the_kind_is_not_asked(helpers):
    with pytest.raises(CantBeAsked) as refused:
        invite_candidate(ask=helpers.ask(), member_id=helpers.sam.pk, dispatcher=helpers.jo)
    assert refused.value.codes == ()
    assert "offers something else" in str(refused.value)


def test_a_met_ask_wants_nobody_any_more(helpers):
    ask = helpers.ask()
    helpers.agreed(ask, helpers.rosa)
    with pytest.raises(NotPossibleNow):
        invite_candidate(ask=fresh(ask), member_id=helpers.lee.pk, dispatcher=helpers.jo)


def test_the_preferred_helper_is_asked_before_the_desk_is(helpers, worker):
    ask = helpers.ask()
    Ask.objects.filter(pk=ask.pk).update(preferred=helpers.lee)
    worker.work()
    assert (fresh(ask).state, states(ask)) == ("near", {"Lee": S.INVITED})
    search_for(network_id=ask.network_id, ask_id=ask.pk, at=MONDAY)
    assert (fresh(ask).state, states(ask)) == ("near", {"Lee": S.INVITED})
    worker.pass_time(hours=2)
    assert fresh(ask).state == "desk"
    assert states(ask) == {"Lee": S.LAPSED, "Rosa": S.PROPOSED}


def test_beyond_the_desk_somebody_new_brings_it_back(town, worker):
    change_policy(network=town.network, changes={"mode": "dispatcher"}, reason="We know one another.")
    ask = town.ask(ends_at=MONDAY + 6 * DAY)
    worker.pass_time(hours=26)
    assert fresh(ask).state == "beyond"
    worker.pass_time(hours=24)
    assert fresh(ask).state == "beyond"
    with worker.commits():
        town.offer(town.rosa, cell=NEAR)
    worker.work()
    assert (fresh(ask).state, suggested(ask)) == ("desk", ["Rosa"])
