"""The search that invites, by the clock and on the real database: near, wide, desk, and nobody presses anything."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from commonweal.base.eventlog import By
from commonweal.exchange.actions import (
    accept_invitation,
    change_ask,
    decline_invitation,
    drop_out,
    pause_ask,
    pick_from_board,
    publish_offer,
    report_handover,
    take_hold,
    withdraw_ask,
)
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, fresh
from commonweal.matching.actions import search_for
from commonweal.matching.search import look
from commonweal.members.actions import block, pause
from commonweal.members.models import Member
from commonweal.messaging.models import Message
from commonweal.networks.actions import change_policy
from commonweal.networks.models import Category

S = Match.State
NEAR, FAR, FARTHER = (15731, -24515), (15743, -24515), (15751, -24515)  # 0, 3.3 and 5.6 km north of Abell


def invited(ask):
    """The names of those who are being asked, in the order in which they were asked."""
    matches = Match.objects.filter(ask=ask, state=S.INVITED).select_related("member")
    return [match.member.name for match in matches.order_by("invited_at", "-score")]


def theirs(ask, member):
    """The match of a member with an ask."""
    return Match.objects.get(ask=ask, member=member)


def standing(ask):
    """Where the ask stands, and who is being asked."""
    return fresh(ask).state, invited(ask)


def everybody_is_rested():
    """Nobody has been asked for long."""
    Member.objects.update(last_asked_at=None)


def search(ask, hand_at=MONDAY):
    """One search, as the worker would make it."""
    search_for(network_id=ask.network_id, ask_id=ask.pk, at=hand_at)


@pytest.fixture
def helpers(town):
    """Rosa near by, Lee a little farther, Sam across town; all go far enough."""
    town.offer(town.rosa, cell=NEAR, radius_m=4000)
    town.offer(town.lee, cell=(NEAR[0] + 3, NEAR[1]), radius_m=4000)
    town.offer(town.sam, cell=FAR, radius_m=4000)
    return town


def test_the_nearest_is_asked_and_told_why(helpers, worker):
    ask = helpers.ask()
    worker.work()
    assert invited(ask) == ["Rosa"]
    match = theirs(ask, helpers.rosa)
    assert (match.score, match.policy_number, match.origin) == (20, helpers.network.policy_number, "program")
    assert [reason["code"] for reason in match.reasons] == ["distance", "varies", "week"]
    assert (match.meets_at, match.meets_until) == (ask.starts_at, ask.starts_at + HOUR)
    assert "close to you" in Message.objects.get(template="invitation").context["reasons"]
    assert fresh(ask).next_step_at == match.answer_by == MONDAY + timedelta(minutes=120)


def test_near_then_wide_then_the_desk_and_nobody_presses_anything(helpers, worker):
    ask = helpers.ask()
    worker.work()
    assert standing(ask) == ("near", ["Rosa"])
    worker.pass_time(hours=2)
    assert standing(ask) == ("near", ["Lee"])
    worker.pass_time(hours=2)
    assert standing(ask) == ("wide", ["Sam"])
    worker.pass_time(hours=2)
    assert standing(ask) == ("desk", [])
    assert fresh(ask).desk_at is not None
    assert set(Match.objects.filter(ask=ask).values_list("state", flat=True)) == {S.LAPSED}


def test_the_near_ring_ends_by_the_clock_even_when_some_are_left(helpers, worker):
    change_policy(network=helpers.network, changes={"near_hours": 1}, reason="Quickly.")
    ask = helpers.ask()
    worker.pass_time(hours=1)
    assert standing(ask) == ("wide", ["Rosa"])
    worker.pass_time(hours=1)
    assert standing(ask) == ("wide", ["Lee"])


def test_an_ask_that_nobody_can_meet_is_on_the_desk_at_once(town, worker):
    ask = town.ask()
    worker.work()
    assert standing(ask) == ("desk", [])


def test_beyond_the_desk_there_is_a_fresh_look_every_day(town, worker):
    ask = town.ask(ends_at=MONDAY + 6 * DAY)
    worker.pass_time(hours=26)
    assert fresh(ask).state == "beyond"
    town.offer(town.rosa, cell=NEAR)
    DBTaskResult.objects.all().delete()  # the news of the offer is lost
    worker.pass_time(hours=25)
    assert [match.member for match in Match.objects.filter(ask=ask)] == [town.rosa]


def test_a_no_has_the_next_person_asked_at_once(helpers, worker):
    ask = helpers.ask()
    worker.work()
    with worker.commits():
        decline_invitation(match=theirs(ask, helpers.rosa))
    worker.work()
    assert standing(ask) == ("near", ["Lee"])
    assert fresh(ask).next_step_at == MONDAY + timedelta(minutes=120)


def test_a_no_to_this_kind_of_thing_is_heard_for_a_month(helpers, worker, hand):
    ask = helpers.ask()
    worker.work()
    decline_invitation(match=theirs(ask, helpers.rosa), rest="category")
    hand.advance(29 * DAY)
    later = helpers.ask(starts_at=MONDAY + 31 * DAY, ends_at=MONDAY + 32 * DAY)
    search(later, MONDAY + 29 * DAY)
    assert invited(later) == ["Lee"]
    hand.advance(2 * DAY)
    last = helpers.ask(starts_at=MONDAY + 33 * DAY, ends_at=MONDAY + 34 * DAY)
    search(last, MONDAY + 31 * DAY)
    assert invited(last) == ["Rosa"]


def test_a_yes_ends_the_search(helpers, worker):
    ask = helpers.ask()
    worker.work()
    accept_invitation(match=theirs(ask, helpers.rosa))
    worker.pass_time(hours=6)
    assert standing(ask) == ("agreed", [])
    assert Match.objects.filter(ask=ask).count() == 1


def test_who_drops_out_is_replaced_and_the_ask_goes_ahead(helpers, worker):
    ask = helpers.ask()
    worker.work()
    accept_invitation(match=theirs(ask, helpers.rosa))
    with worker.commits():
        drop_out(match=theirs(ask, helpers.rosa))
    assert [task.priority for task in DBTaskResult.objects.ready()] == [1]
    worker.work()
    assert standing(ask) == ("near", ["Lee"])


def test_what_did_not_happen_is_searched_for_again_without_them(helpers, worker, hand):
    ask = helpers.ask()
    worker.work()
    match = accept_invitation(match=theirs(ask, helpers.rosa))
    hand.advance(3 * DAY)
    with worker.commits():
        report_handover(match=match, outcome="missed", said_by=By.ASKER)
    worker.work()
    assert standing(ask) == ("near", ["Lee"])


def test_as_many_are_asked_as_hands_are_wanted(helpers, worker):
    ask = helpers.ask(hands=2)
    worker.work()
    assert standing(ask) == ("near", ["Rosa", "Lee"])
    accept_invitation(match=theirs(ask, helpers.rosa))
    with worker.commits():
        decline_invitation(match=theirs(ask, helpers.lee))
    worker.work()
    assert standing(ask) == ("wide", ["Sam"])
    accept_invitation(match=theirs(ask, helpers.sam))
    worker.work()
    assert (fresh(ask).state, fresh(ask).hands_taken) == ("agreed", 2)


def test_who_is_asked_for_a_work_party_is_not_asked_again_while_the_others_are_looked_for(helpers, worker):
    ask = helpers.ask(hands=3)
    worker.pass_time(hours=1)
    assert standing(ask) == ("near", ["Rosa", "Lee"])
    worker.pass_time(hours=1)
    assert standing(ask) == ("wide", ["Sam"])


def test_several_are_asked_at_once_where_the_members_want_it(helpers, worker):
    change_policy(network=helpers.network, changes={"at_once": 2}, reason="It is winter.")
    ask = helpers.ask()
    worker.work()
    assert invited(ask) == ["Rosa", "Lee"]


def test_of_a_counted_thing_one_giver_is_asked_and_then_the_rest_is_looked_for(town, worker):
    town.offer(town.rosa, cell=NEAR, quantity=2)
    town.offer(town.lee, cell=NEAR, quantity=6)
    ask = town.ask(quantity=6)
    worker.work()
    assert invited(ask) == ["Lee"]
    assert theirs(ask, town.lee).quantity == 6
    with worker.commits():
        decline_invitation(match=theirs(ask, town.lee))
    worker.work()
    assert (invited(ask), theirs(ask, town.rosa).quantity) == (["Rosa"], 2)


def test_a_paused_member_is_not_asked(helpers, worker):
    pause(member=helpers.rosa, until=MONDAY + WEEK)
    ask = helpers.ask()
    worker.work()
    assert invited(ask) == ["Lee"]


@pytest.mark.parametrize("by_asker", [True, False])
def test_a_block_holds_both_ways_and_is_never_told(helpers, worker, by_asker):
    asker, helper = helpers.jo, helpers.rosa
    ask = helpers.ask()
    Ask.objects.filter(pk=ask.pk).update(by=asker)
    block(member=asker if by_asker else helper, blocked=helper if by_asker else asker)
    worker.work()
    assert invited(ask) == ["Lee"]


def test_nobody_is_asked_to_meet_their_own_ask_even_where_they_asked_without_an_account(helpers, worker):
    ask = helpers.ask(contact="rosa@example.org")
    worker.work()
    assert invited(ask) == ["Lee"]


def test_a_full_week_is_respected_and_the_next_week_is_used(town):
    town.offer(town.rosa, cell=NEAR)
    for hours in (1, 3, 5):
        starts = MONDAY + hours * HOUR
        town.agreed(town.ask(starts_at=starts, ends_at=starts + HOUR), town.rosa)
    everybody_is_rested()
    this_week, next_week = town.ask(), town.ask(starts_at=MONDAY, ends_at=MONDAY + 8 * DAY)
    search(this_week)
    assert standing(this_week) == ("wide", [])
    search(next_week)
    assert invited(next_week) == ["Rosa"]
    match = theirs(next_week, town.rosa)
    assert match.meets_at == MONDAY + 7 * DAY - 4 * HOUR
    assert {"code": "week", "agreed": 0, "per_week": 3} in match.reasons


def test_two_meetings_are_never_put_at_one_time(town):
    town.offer(town.rosa, cell=NEAR)
    first, second = town.ask(), town.ask()
    town.agreed(first, town.rosa, meets_at=first.starts_at, meets_until=first.starts_at + HOUR)
    everybody_is_rested()
    search(second)
    assert theirs(second, town.rosa).meets_at == first.starts_at + HOUR


def test_somebody_asked_a_short_while_ago_rests(helpers, worker, hand):
    one, other = helpers.ask(), helpers.ask()
    worker.work()
    assert sorted(invited(one) + invited(other)) == ["Lee", "Rosa"]
    hand.advance(23 * HOUR)
    withdraw_ask(ask=one, said_by=By.ASKER, why="other")
    third = helpers.ask(starts_at=MONDAY + 3 * DAY, ends_at=MONDAY + 4 * DAY)
    search(third, MONDAY + 23 * HOUR)
    assert invited(third) == ["Rosa"]


def test_another_network_s_helpers_are_never_candidates(town, bo, worker):
    groceries = Category.objects.get(network=bo.network, slug="groceries")
    everywhere = town.offer_draft(categories=(groceries.pk,), area=None, cell=NEAR, radius_m=60_000)
    publish_offer(network=bo.network, member=bo, draft=everywhere)
    ask = town.ask()
    worker.work()
    assert standing(ask) == ("desk", [])


def test_an_ask_for_today_is_searched_for_faster(helpers, worker):
    ask = helpers.ask(starts_at=MONDAY, ends_at=MONDAY + 8 * HOUR, urgency=2)
    worker.work()
    assert theirs(ask, helpers.rosa).answer_by == MONDAY + timedelta(minutes=30)
    assert theirs(ask, helpers.rosa).meets_at == MONDAY + timedelta(minutes=30)
    worker.pass_time(minutes=40)
    assert invited(ask) == ["Lee"]


@pytest.mark.parametrize("times", [1, 5])
def test_a_search_made_twice_changes_nothing(helpers, worker, times):
    ask = helpers.ask()
    worker.work()
    before = (fresh(ask).next_step_at, fresh(ask).state, invited(ask))
    for _ in range(times):
        search(ask)
    assert (fresh(ask).next_step_at, fresh(ask).state, invited(ask)) == before
    assert Message.objects.filter(template="invitation").count() == 1


def test_a_lost_search_is_called_for_again(helpers, worker):
    ask = helpers.ask()
    DBTaskResult.objects.all().delete()
    worker.pass_time(minutes=20)
    assert invited(ask) == ["Rosa"]


def test_who_was_asked_for_something_else_in_this_very_moment_is_passed_over(helpers, monkeypatch):
    ask, other = helpers.ask(), helpers.ask()

    def slow_look(*args, **kwargs):
        ranking = look(*args, **kwargs)
        helpers.invited(other, helpers.rosa)
        return ranking

    monkeypatch.setattr("commonweal.matching.actions.look", slow_look)
    search(ask)
    assert invited(ask) == ["Lee"]


@pytest.mark.parametrize("gone", ["withdrawn", "paused", "over", "unknown", "elsewhere"])
def test_what_is_not_searched_for_is_left_alone(helpers, bo, gone):
    ask = helpers.ask()
    network_id, ask_id, at = ask.network_id, ask.pk, MONDAY
    if gone == "withdrawn":
        withdraw_ask(ask=ask, said_by=By.ASKER, why="other")
    elif gone == "paused":
        pause_ask(ask=ask, said_by=By.ASKER)
    elif gone == "over":
        at = ask.ends_at
    elif gone == "unknown":
        ask_id = helpers.rosa.pk
    else:
        network_id = bo.network_id
    search_for(network_id=network_id, ask_id=ask_id, at=at)
    assert not Match.objects.exists()


def test_a_changed_ask_is_searched_for_anew(helpers, worker):
    ask = helpers.ask()
    worker.work()
    decline_invitation(match=theirs(ask, helpers.rosa))
    with worker.commits():
        change_ask(ask=ask, version=fresh(ask).version, draft=helpers.draft(people=2), said_by=By.ASKER)
    worker.work()
    assert standing(ask) == ("near", ["Lee"])


def test_a_picked_ask_is_not_searched_for(helpers, worker):
    ask = helpers.ask()
    with worker.commits():
        pick_from_board(ask=ask, member=helpers.jo)
    worker.work()
    assert standing(ask) == ("agreed", [])


def test_on_the_desk_somebody_new_is_asked_unless_a_person_holds_the_ask(town, worker):
    one, held = town.ask(), town.ask()
    worker.work()
    take_hold(ask=held, dispatcher=town.jo)
    with worker.commits():
        town.offer(town.rosa, cell=NEAR)
        town.offer(town.lee, cell=NEAR)
    worker.work()
    assert standing(held) == ("desk", [])
    assert standing(one)[0] == "desk"
    assert len(invited(one)) == 1


def test_on_the_desk_a_vain_search_leaves_the_promise_as_it_is(town, worker):
    ask = town.ask()
    worker.work()
    before = fresh(ask).desk_at, fresh(ask).next_step_at
    search(ask)
    assert (fresh(ask).desk_at, fresh(ask).next_step_at) == before


def test_a_dispatcher_s_invitation_counts_as_asked(helpers, worker):
    ask = helpers.ask()
    helpers.invited(ask, helpers.sam)
    worker.work()
    assert invited(ask) == ["Sam"]


def test_the_preferred_helper_is_asked_first_and_alone(helpers, worker):
    change_policy(network=helpers.network, changes={"at_once": 3}, reason="It is winter.")
    ask = helpers.ask()
    Ask.objects.filter(pk=ask.pk).update(preferred=helpers.sam)
    worker.work()
    assert standing(ask) == ("near", ["Sam"])
    assert theirs(ask, helpers.sam).reasons[0] == {"code": "preferred"}
    with worker.commits():
        decline_invitation(match=theirs(ask, helpers.sam))
    worker.work()
    assert invited(ask) == ["Rosa", "Lee"]


def test_the_preferred_helper_needs_no_offer_and_no_rest(helpers, worker):
    ask = helpers.ask()
    helpers.jo.last_asked_at = MONDAY - HOUR
    helpers.jo.save()
    Ask.objects.filter(pk=ask.pk).update(preferred=helpers.jo)
    worker.work()
    assert invited(ask) == ["Jo"]
    assert theirs(ask, helpers.jo).offer is None
