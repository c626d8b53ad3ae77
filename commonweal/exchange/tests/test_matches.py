"""Suggesting, inviting, saying yes and no, picking from the board, dropping out."""

import pytest

from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.errors import (
    AlreadyMet,
    InvitationOver,
    NotPossibleNow,
    OwnAsk,
    PageWasStale,
    WeekIsFull,
)
from commonweal.exchange.events import AskAgreed, SearchWanted
from commonweal.exchange.lifecycle import State, Step
from commonweal.exchange.models import Ask, Match, Offer
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, fresh, letters, verbs
from commonweal.members.actions import leave
from commonweal.members.errors import HasLeft
from commonweal.networks.actions import change_policy

S = Match.State
WEDNESDAY = MONDAY + 2 * DAY + 4 * HOUR


@pytest.fixture
def heard(monkeypatch):
    """What is told to the rooms above."""
    news = []
    monkeypatch.setattr("commonweal.base.bus.publish", news.append)
    return news


def candidate(member, **about):
    return Candidate(member_id=member.pk, **about)


class TestSuggesting:
    def test_puts_the_ask_on_the_desk_while_the_search_goes_on(self, town):
        ask = town.ask()
        suggested = actions.propose(ask=ask, candidates=[candidate(town.rosa, score=3), candidate(town.lee)])
        assert [match.state for match in suggested] == [S.PROPOSED, S.PROPOSED]
        assert (fresh(ask).state, fresh(ask).desk_at) == (State.NEAR, MONDAY + HOUR)
        assert verbs(ask) == ["published", "proposed"]

    def test_nobody_twice_and_the_promise_stands(self, town, hand):
        ask = town.ask()
        actions.propose(ask=ask, candidates=[candidate(town.rosa)])
        hand.advance(HOUR / 2)
        assert actions.propose(ask=ask, candidates=[candidate(town.rosa)]) == []
        actions.propose(ask=ask, candidates=[candidate(town.rosa), candidate(town.lee)])
        assert Match.objects.count() == 2
        assert fresh(ask).desk_at == MONDAY + HOUR

    def test_nothing_for_what_is_not_searched_for(self, town):
        ask = town.ask()
        actions.withdraw_ask(ask=ask)
        assert actions.propose(ask=ask, candidates=[candidate(town.rosa)]) == []


class TestInviting:
    def test_asks_with_a_time_to_answer(self, town):
        ask = town.ask()
        match = actions.invite(
            ask=ask, candidate=candidate(town.rosa, reasons=({"code": "distance", "m": 600},))
        )
        assert (match.state, match.answer_by) == (S.INVITED, MONDAY + 2 * HOUR)
        assert (fresh(ask).state, fresh(ask).next_step_at) == (State.NEAR, MONDAY + 2 * HOUR)
        assert fresh(town.rosa).last_asked_at == MONDAY
        message = letters("invitation").get()
        assert message.context["link"].endswith(f"/i/{fresh(match).token_box}/")
        assert "Amina" not in str(message.context)
        assert "Guilford" not in str(message.context)

    def test_a_pressing_ask_is_answered_sooner(self, town):
        ask = town.ask(urgency=Ask.Urgency.TODAY)
        assert town.invited(ask, town.rosa).answer_by == MONDAY + HOUR / 2

    def test_the_program_asks_no_more_at_once_than_the_policy_allows(self, town):
        ask = town.ask()
        assert actions.invite(ask=ask, candidate=candidate(town.rosa))
        assert actions.invite(ask=ask, candidate=candidate(town.lee)) is None
        assert actions.invite(ask=ask, candidate=candidate(town.lee), by=town.jo)

    def test_the_next_look_is_at_the_first_answer_due(self, town, hand):
        ask = town.ask(hands=2)
        town.invited(ask, town.rosa)
        hand.advance(HOUR)
        town.invited(ask, town.lee)
        assert fresh(ask).next_step_at == MONDAY + 2 * HOUR

    def test_confirms_a_suggestion(self, town):
        ask = town.ask()
        (suggested,) = actions.propose(ask=ask, candidates=[candidate(town.rosa)])
        invited = actions.invite(
            ask=ask, candidate=candidate(town.rosa), origin=Match.Origin.DISPATCHER, by=town.jo
        )
        assert invited.pk == suggested.pk
        assert invited.origin == Match.Origin.DISPATCHER
        assert fresh(ask).desk_at is None

    def test_nobody_twice(self, town):
        ask = town.ask(hands=2)
        town.invited(ask, town.rosa)
        assert actions.invite(ask=ask, candidate=candidate(town.rosa), by=town.jo) is None

    def test_not_the_asker_and_not_what_is_over(self, town, hand):
        mine = actions.publish_ask(network=town.network, draft=town.draft(), by=town.rosa).ask
        assert actions.invite(ask=mine, candidate=candidate(town.rosa)) is None
        hand.advance(WEEK)
        assert actions.invite(ask=mine, candidate=candidate(town.lee)) is None


class TestSayingYes:
    def test_both_learn_how_to_reach_one_another(self, town, heard):
        ask = town.ask()
        match = town.invited(ask, town.rosa)
        heard.clear()
        agreed = actions.accept_invitation(match=match)
        assert (agreed.state, agreed.answered_at) == (S.ACCEPTED, MONDAY)
        ask = fresh(ask)
        assert (ask.state, ask.next_step, ask.hands_taken, ask.agreed_at) == (
            State.AGREED,
            Step.ASK_HOW,
            1,
            MONDAY,
        )
        ours, theirs = letters("agreed_asker").get().context, letters("agreed_helper").get().context
        assert (ours["helper"], theirs["asker"]) == ("Rosa", "Amina")
        # A letter stays for ever: how to reach one another stands on the page behind its link.
        for secret in ("rosa@", "amina@", "Guilford", "lift"):
            assert secret not in f"{ours}{theirs}"
        assert heard == [AskAgreed(network=town.network.pk, ask=ask.pk)]

    def test_both_are_reminded_before_and_asked_afterwards(self, town):
        town.agreed(town.ask(), town.rosa)
        assert {message.due_at for message in letters("reminder_asker")} == {WEDNESDAY - 20 * HOUR}
        assert letters("reminder_helper").count() == 1
        assert [message.due_at for message in letters("how_did_it_go")] == [WEDNESDAY + 6 * HOUR] * 2

    def test_pressed_twice_it_stays_one_yes(self, town):
        match = town.agreed(town.ask(), town.rosa)
        assert actions.accept_invitation(match=match).state == S.ACCEPTED
        assert letters("agreed_helper").count() == 1

    def test_the_others_are_told_that_nothing_is_expected(self, town):
        ask = town.ask()
        slow, fast = town.invited(ask, town.lee), town.invited(ask, town.rosa)
        actions.propose(ask=ask, candidates=[candidate(town.sam)])
        actions.accept_invitation(match=fast)
        assert fresh(slow).state == S.TAKEN_BACK
        assert letters("invitation_taken_back").get().to == "lee@example.org"
        assert not Match.objects.filter(state=S.PROPOSED).exists()
        with pytest.raises(InvitationOver):
            actions.accept_invitation(match=slow)

    def test_too_late_by_a_moment(self, town):
        ask = town.ask()
        slow = town.invited(ask, town.lee)
        Ask.objects.filter(pk=ask.pk).update(hands_taken=1)
        with pytest.raises(AlreadyMet):
            actions.accept_invitation(match=slow)
        assert fresh(slow).state == S.INVITED

    def test_a_late_yes_is_welcome_while_there_is_a_place(self, town, hand):
        ask = town.ask()
        match = town.invited(ask, town.rosa)
        hand.advance(2 * HOUR)
        actions.advance_ask(ask_id=ask.pk, network_id=ask.network_id)
        assert fresh(match).state == S.LAPSED
        assert actions.accept_invitation(match=match).state == S.ACCEPTED

    def test_a_work_party_goes_on_looking(self, town, heard):
        ask = town.ask(hands=3)
        match = town.invited(ask, town.rosa)
        heard.clear()
        actions.accept_invitation(match=match)
        assert (fresh(ask).state, fresh(ask).hands_taken) == (State.NEAR, 1)
        assert heard == [SearchWanted(network=town.network.pk, ask=ask.pk)]

    def test_at_the_desk_the_person_goes_on(self, town, heard):
        ask = actions.send_to_desk(ask=town.ask(hands=3), said_by=By.ASKER)
        match = town.invited(ask, town.rosa)
        due = fresh(ask).next_step_at
        heard.clear()
        actions.accept_invitation(match=match)
        assert (fresh(ask).state, fresh(ask).hands_taken, fresh(ask).next_step_at) == (State.DESK, 1, due)
        assert heard == []

    def test_a_page_read_before_a_change_is_stale(self, town):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        actions.change_ask(ask=ask, version=1, draft=town.draft(hands=2))
        second = town.invited(ask, town.lee)
        with pytest.raises(PageWasStale):
            actions.accept_invitation(match=second, version=1)
        assert actions.accept_invitation(match=second, version=2).state == S.ACCEPTED
        assert actions.accept_invitation(match=match, version=1).state == S.ACCEPTED

    def test_not_one_s_own_ask(self, town):
        mine = actions.publish_ask(network=town.network, draft=town.draft(), by=town.rosa).ask
        with pytest.raises(OwnAsk):
            actions.pick_from_board(ask=mine, member=town.rosa)

    def test_not_after_leaving(self, town):
        match = town.invited(town.ask(), town.rosa)
        leave(member=town.rosa)
        with pytest.raises(HasLeft):
            actions.accept_invitation(match=match)

    def test_no_more_a_week_than_wanted(self, town):
        for _number in range(3):
            town.agreed(town.ask(), town.rosa)
        fourth = town.invited(town.ask(), town.rosa)
        with pytest.raises(WeekIsFull):
            actions.accept_invitation(match=fourth)
        assert fresh(fourth).state == S.INVITED

    def test_the_week_counted_is_the_one_of_the_meeting_by_the_network_s_calendar(self, town):
        for _number in range(3):
            town.agreed(town.ask(), town.rosa)
        # Three in the morning of Monday in London is Sunday evening in Baltimore.
        sunday = MONDAY + 6 * DAY + 12 * HOUR
        with pytest.raises(WeekIsFull):
            town.agreed(town.ask(starts_at=sunday, ends_at=sunday + HOUR), town.rosa)
        next_week = sunday + 2 * HOUR
        assert (
            town.agreed(town.ask(starts_at=next_week, ends_at=next_week + HOUR), town.rosa).state
            == S.ACCEPTED
        )

    def test_the_meeting_is_never_in_the_past(self, town, hand):
        ask = town.ask()
        hand.move_to(WEDNESDAY + HOUR)
        assert actions.pick_from_board(ask=ask, member=town.rosa).meets_at == WEDNESDAY + HOUR

    def test_what_is_over_gets_a_new_time_by_a_yes(self, town, hand):
        ask = town.ask()
        hand.move_to(MONDAY + WEEK)
        assert actions.pick_from_board(ask=ask, member=town.rosa).meets_until == MONDAY + 2 * WEEK


class TestCountedThings:
    def test_several_givers_fill_it(self, town):
        ask = town.ask(category=town.things.pk, quantity=40, unit="packs")
        rosa = town.offer(town.rosa, categories=(town.things.pk,), quantity=30, unit="packs")
        lee = town.offer(town.lee, categories=(town.things.pk,), quantity=30, unit="packs")
        first = town.agreed(ask, town.rosa, offer_id=rosa.pk, quantity=30)
        assert (fresh(ask).state, fresh(ask).quantity_taken, fresh(rosa).quantity_left) == (State.NEAR, 30, 0)
        assert fresh(rosa).state == Offer.State.USED_UP
        second = town.agreed(ask, town.lee, offer_id=lee.pk)
        assert (first.quantity, second.quantity) == (30, 10)
        assert (fresh(ask).state, fresh(ask).quantity_taken, fresh(lee).quantity_left) == (
            State.AGREED,
            40,
            20,
        )
        assert fresh(ask).hands_taken == 0

    def test_dropping_out_gives_it_back(self, town):
        ask = town.ask(category=town.things.pk, quantity=40)
        offer = town.offer(town.rosa, categories=(town.things.pk,), quantity=30)
        match = town.agreed(ask, town.rosa, offer_id=offer.pk)
        assert not offer.categories.filter(is_open=True).exists()
        actions.drop_out(match=match)
        offer = fresh(offer)
        assert (offer.quantity_left, offer.state, fresh(ask).quantity_taken) == (30, Offer.State.OPEN, 0)
        assert offer.categories.filter(is_open=True).exists()

    def test_withdrawing_the_ask_gives_it_back(self, town):
        ask = town.ask(category=town.things.pk, quantity=40)
        offer = town.offer(town.rosa, categories=(town.things.pk,), quantity=30)
        town.agreed(ask, town.rosa, offer_id=offer.pk)
        assert actions.withdraw_ask(ask=ask).quantity_taken == 0
        assert fresh(offer).quantity_left == 30

    def test_of_a_thing_that_is_counted_only_by_its_giver_one_goes(self, town):
        offer = town.offer(town.rosa, categories=(town.things.pk,), quantity=2)
        match = town.agreed(town.ask(category=town.things.pk), town.rosa, offer_id=offer.pk)
        assert (match.quantity, fresh(offer).quantity_left) == (1, 1)

    def test_nothing_left_is_no_yes(self, town):
        offer = town.offer(town.rosa, categories=(town.things.pk,), quantity=1)
        late = town.invited(town.ask(category=town.things.pk), town.rosa, offer_id=offer.pk)
        town.agreed(town.ask(category=town.things.pk), town.rosa, offer_id=offer.pk)
        with pytest.raises(InvitationOver):
            actions.accept_invitation(match=late)


class TestPicking:
    def test_is_a_yes_at_once(self, town):
        ask = town.ask()
        match = actions.pick_from_board(ask=ask, member=town.rosa, offer=town.offer(town.rosa))
        assert (match.state, match.origin, fresh(ask).state) == (S.ACCEPTED, Match.Origin.BOARD, State.AGREED)
        assert letters("agreed_helper").get().context["link"].endswith(f"/i/{match.token_box}/")

    def test_twice_is_once(self, town):
        ask = town.ask()
        first = actions.pick_from_board(ask=ask, member=town.rosa)
        assert actions.pick_from_board(ask=ask, member=town.rosa).pk == first.pk

    def test_answers_an_invitation(self, town):
        ask = town.ask()
        invited = town.invited(ask, town.rosa)
        assert actions.pick_from_board(ask=ask, member=town.rosa).pk == invited.pk

    def test_somebody_was_faster(self, town):
        ask = town.ask()
        actions.pick_from_board(ask=ask, member=town.rosa)
        with pytest.raises(AlreadyMet):
            actions.pick_from_board(ask=ask, member=town.lee)

    def test_it_is_not_on_the_board_any_more(self, town):
        ask = town.ask()
        actions.withdraw_ask(ask=ask)
        with pytest.raises(InvitationOver):
            actions.pick_from_board(ask=ask, member=town.lee)

    def test_only_with_an_offer_of_one_s_own(self, town):
        ask = town.ask()
        offer = town.offer(town.lee)
        with pytest.raises(NotPossibleNow):
            actions.pick_from_board(ask=ask, member=town.rosa, offer=offer)
        assert actions.pick_from_board(ask=ask, member=town.lee, offer=offer).offer_id == offer.pk

    def test_some_of_a_counted_thing(self, town):
        ask = town.ask(category=town.things.pk, quantity=40)
        assert actions.pick_from_board(ask=ask, member=town.rosa, quantity=15).quantity == 15
        assert actions.pick_from_board(ask=ask, member=town.lee, quantity=99).quantity == 25


class TestSayingNo:
    def test_the_next_is_looked_for_at_once(self, town, heard, hand):
        ask = town.ask()
        match = town.invited(ask, town.rosa)
        hand.advance(HOUR)
        heard.clear()
        declined = actions.decline_invitation(match=match)
        assert (declined.state, declined.rest) == (S.DECLINED, "this")
        assert fresh(ask).next_step_at == MONDAY + HOUR
        assert heard == [SearchWanted(network=town.network.pk, ask=ask.pk)]

    def test_twice_changes_only_the_rest_wanted(self, town):
        ask = town.ask()
        match = town.invited(ask, town.rosa)
        actions.decline_invitation(match=match)
        assert actions.decline_invitation(match=match, rest="category").rest == "category"
        assert verbs(ask).count("declined") == 1

    def test_at_the_desk_the_promise_stands(self, town, heard):
        ask = actions.send_to_desk(ask=town.ask(), said_by=By.ASKER)
        match = town.invited(ask, town.rosa)
        due = fresh(ask).next_step_at
        heard.clear()
        actions.decline_invitation(match=match)
        assert (fresh(ask).state, fresh(ask).next_step_at) == (State.DESK, due)
        assert heard == [SearchWanted(network=town.network.pk, ask=ask.pk)]

    def test_what_was_taken_back_needs_no_answer(self, town):
        ask = town.ask()
        match = town.invited(ask, town.rosa)
        actions.withdraw_ask(ask=ask)
        with pytest.raises(InvitationOver):
            actions.decline_invitation(match=match)

    def test_no_after_the_ask_was_met_looks_for_nobody(self, town, heard):
        ask = town.ask()
        match = town.invited(ask, town.rosa)
        Match.objects.filter(pk=match.pk).update(state=S.LAPSED)
        town.agreed(ask, town.lee)
        heard.clear()
        assert actions.decline_invitation(match=match).state == S.DECLINED
        assert heard == []


class TestDroppingOut:
    def test_the_place_is_free_and_the_search_goes_on_ahead(self, town, heard):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        heard.clear()
        assert actions.drop_out(match=match).state == S.DROPPED
        ask = fresh(ask)
        assert (ask.state, ask.hands_taken, ask.ahead, ask.next_step_at) == (State.NEAR, 0, 1, MONDAY)
        assert heard == [SearchWanted(network=town.network.pk, ask=ask.pk, ahead=1)]
        assert letters("dropped_asker").get().to == "amina@example.org"
        assert not letters("reminder_asker").exists()
        assert not letters("how_did_it_go").exists()

    def test_twice_is_once(self, town):
        match = town.agreed(town.ask(), town.rosa)
        actions.drop_out(match=match)
        actions.drop_out(match=match)
        assert verbs(match.ask).count("helper_dropped") == 1

    def test_the_asker_may_want_somebody_else(self, town):
        match = town.agreed(town.ask(), town.rosa)
        actions.drop_out(match=match, said_by=By.ASKER)
        assert letters("invitation_taken_back").get().to == "rosa@example.org"
        assert not letters("dropped_asker").exists()

    def test_by_a_dispatcher_both_are_told(self, town):
        match = town.agreed(town.ask(), town.rosa)
        actions.drop_out(match=match, said_by=By.DISPATCHER, actor=town.jo.pk)
        assert letters("invitation_taken_back").get().to == "rosa@example.org"
        assert letters("dropped_asker").get().to == "amina@example.org"

    def test_what_was_not_agreed_can_t_be_dropped(self, town):
        with pytest.raises(NotPossibleNow):
            actions.drop_out(match=town.invited(town.ask(), town.rosa))

    def test_several_at_once_by_policy(self, town):
        change_policy(network=town.network, changes={"at_once": 3}, reason="We are few.")
        ask = town.ask()
        assert all(
            actions.invite(ask=ask, candidate=candidate(who)) for who in (town.rosa, town.lee, town.sam)
        )
