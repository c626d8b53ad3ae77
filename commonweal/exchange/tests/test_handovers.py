"""Saying how it went, and what comes of it: done, partly, not at all, another time, lent and back."""

import pytest

from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.errors import AlreadyMet, NotPossibleNow
from commonweal.exchange.lifecycle import State, Step
from commonweal.exchange.models import Handover, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, fresh, letters, verbs

S = Match.State


def say(match, outcome, said_by=By.HELPER, **more):
    return actions.report_handover(match=match, outcome=outcome, said_by=said_by, **more)


class TestDone:
    def test_closes_the_ask_and_stops_the_questions(self, town):
        ask = town.ask()
        match = say(town.agreed(ask, town.rosa), "done")
        assert (match.state, fresh(ask).state) == (S.DONE, State.DONE)
        assert fresh(ask).erase_at == MONDAY + 30 * DAY
        assert not letters("how_did_it_go").exists()
        assert Handover.objects.get().said_by == By.HELPER

    def test_the_same_twice_is_once(self, town):
        match = town.agreed(town.ask(), town.rosa)
        say(match, "done")
        say(match, "done")
        assert Handover.objects.count() == 1
        say(match, "done", By.ASKER)
        assert Handover.objects.count() == 2
        assert verbs(match.ask).count("went_well") == 1

    def test_of_two_hands_the_ask_waits_for_the_other(self, town):
        ask = town.ask(hands=2)
        first, second = town.agreed(ask, town.rosa), town.agreed(ask, town.lee)
        say(first, "done")
        assert fresh(ask).state == State.AGREED
        say(second, "done")
        assert fresh(ask).state == State.DONE

    def test_done_early_while_another_hand_is_still_looked_for(self, town):
        ask = town.ask(hands=2)
        say(town.agreed(ask, town.rosa), "done")
        assert (fresh(ask).state, fresh(ask).hands_taken) == (State.NEAR, 1)

    def test_a_work_party_that_took_place_with_fewer_hands_is_done(self, town, hand):
        ask = town.ask(hands=3)
        matches = [town.agreed(ask, town.rosa), town.agreed(ask, town.lee)]
        hand.move_to(ask.ends_at + 3 * HOUR)
        for match in matches:
            say(match, "done")
        assert fresh(ask).state == State.DONE

    @pytest.mark.parametrize("outcome", ["returned", "rescheduled"])
    def test_what_makes_no_sense_is_refused(self, town, outcome):
        match = town.agreed(town.ask(), town.rosa)
        with pytest.raises(NotPossibleNow):
            say(match, outcome)
        assert not Handover.objects.exists()

    def test_nothing_is_said_of_what_was_not_agreed(self, town):
        with pytest.raises(NotPossibleNow):
            say(town.invited(town.ask(), town.rosa), "done")


class TestShort:
    @pytest.mark.parametrize(("outcome", "state"), [("partly", S.PARTLY), ("missed", S.MISSED)])
    def test_goes_back_into_the_search_ahead_of_others(self, town, outcome, state):
        ask = town.ask()
        match = say(town.agreed(ask, town.rosa), outcome, By.ASKER)
        ask = fresh(ask)
        assert (match.state, ask.state, ask.ahead, ask.hands_taken) == (state, State.NEAR, 1, 0)
        assert (ask.next_step, ask.next_step_at) == (Step.SEARCH, MONDAY)

    def test_after_its_time_it_gets_a_new_one(self, town, hand):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        hand.advance(WEEK)
        say(match, "missed")
        assert (fresh(ask).starts_at, fresh(ask).ends_at) == (MONDAY + WEEK, MONDAY + 2 * WEEK)

    def test_the_people_who_were_helped_are_looked_after(self, town):
        ask = town.ask(people=4)
        say(town.agreed(ask, town.rosa), "partly", quantity=3)
        assert fresh(ask).people == 1
        say(town.agreed(ask, town.lee), "partly", quantity=9)
        assert fresh(ask).people == 1

    def test_of_a_counted_thing_the_rest_is_looked_for(self, town):
        ask = town.ask(category=town.things.pk, quantity=40)
        offer = town.offer(town.rosa, categories=(town.things.pk,), quantity=50)
        match = say(town.agreed(ask, town.rosa, offer_id=offer.pk), "partly", quantity=15)
        ask = fresh(ask)
        assert (match.quantity, ask.quantity_taken, ask.places_left, ask.state) == (15, 15, 25, State.NEAR)
        assert fresh(offer).quantity_left == 35

    @pytest.mark.parametrize(("said", "given"), [(0, 0), (40, 39), (99, 39)])
    def test_in_part_is_never_all_of_it(self, town, said, given):
        ask = town.ask(category=town.things.pk, quantity=40)
        assert say(town.agreed(ask, town.rosa), "partly", quantity=said).quantity == given
        assert (fresh(ask).state, fresh(ask).quantity_taken) == (State.NEAR, given)

    def test_one_of_two_missing_is_looked_for_while_there_is_time(self, town):
        ask = town.ask(hands=2)
        first, second = town.agreed(ask, town.rosa), town.agreed(ask, town.lee)
        say(first, "missed", By.ASKER)
        assert (fresh(ask).state, fresh(ask).hands_taken) == (State.NEAR, 1)
        say(second, "missed", By.ASKER)
        assert (fresh(ask).state, fresh(ask).hands_taken) == (State.NEAR, 0)

    def test_after_its_time_the_ask_waits_for_what_is_said_of_the_other(self, town, hand):
        ask = town.ask(hands=2)
        first, second = town.agreed(ask, town.rosa), town.agreed(ask, town.lee)
        hand.move_to(ask.ends_at + HOUR)
        say(first, "missed", By.ASKER)
        assert fresh(ask).state == State.AGREED
        say(second, "done", By.ASKER)
        assert fresh(ask).state == State.DONE


class TestDisagreeing:
    def test_the_desk_sorts_it_out(self, town):
        ask = town.ask()
        match = say(town.agreed(ask, town.rosa), "done", By.HELPER)
        say(match, "missed", By.ASKER)
        ask = fresh(ask)
        assert (ask.state, ask.next_step, ask.desk_at) == (State.DESK, Step.CALL, MONDAY + HOUR)
        assert (ask.closed_at, ask.erase_at) == (None, None)
        assert fresh(match).state == S.DONE

    @pytest.mark.parametrize(
        ("verdict", "state", "taken"), [("missed", State.NEAR, 0), ("done", State.DONE, 1)]
    )
    def test_what_a_dispatcher_says_stands(self, town, verdict, state, taken):
        ask = town.ask()
        match = say(town.agreed(ask, town.rosa), "done", By.HELPER)
        say(match, "missed", By.ASKER)
        say(match, verdict, By.DISPATCHER, actor=town.jo.pk)
        assert (fresh(ask).state, fresh(ask).hands_taken) == (state, taken)

    def test_a_dispatcher_turns_missed_into_done(self, town):
        ask = town.ask()
        match = say(town.agreed(ask, town.rosa), "missed", By.ASKER)
        say(match, "done", By.HELPER)
        assert fresh(ask).state == State.DESK
        say(match, "done", By.DISPATCHER)
        assert fresh(ask).state == State.DONE

    def test_who_was_replaced_disturbs_nobody(self, town):
        ask = town.ask()
        match = say(town.agreed(ask, town.rosa), "missed", By.ASKER)
        town.agreed(ask, town.lee)
        say(match, "done", By.HELPER)
        assert (fresh(ask).state, fresh(match).state) == (State.AGREED, S.MISSED)
        assert "disagreed" in verbs(ask)
        with pytest.raises(AlreadyMet):
            say(match, "done", By.DISPATCHER)

    def test_a_withdrawn_ask_stays_withdrawn(self, town):
        ask = town.ask()
        match = say(town.agreed(ask, town.rosa), "missed", By.ASKER)
        actions.withdraw_ask(ask=ask)
        say(match, "done", By.HELPER)
        assert fresh(ask).state == State.WITHDRAWN
        assert verbs(ask)[-1] == "disagreed"


class TestAnotherTime:
    def test_both_are_told_and_reminded_anew(self, town):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        later = (ask.ends_at + 2 * DAY, ask.ends_at + 2 * DAY + HOUR)
        say(match, "rescheduled", new_time=later)
        ask = fresh(ask)
        assert (ask.state, ask.next_step_at, ask.ends_at) == (State.AGREED, later[1] + 2 * HOUR, later[1])
        assert letters("agreed_asker").count() == letters("agreed_helper").count() == 2
        assert [message.due_at for message in letters("how_did_it_go")] == [later[1] + 2 * HOUR] * 2
        say(match, "rescheduled", new_time=later)
        assert letters("agreed_helper").count() == 2

    def test_after_the_time_came_it_is_agreed_again(self, town, hand):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        hand.move_to(fresh(ask).next_step_at)
        actions.advance_ask(ask_id=ask.pk, network_id=ask.network_id)
        say(match, "rescheduled", new_time=(MONDAY + WEEK, MONDAY + WEEK + HOUR))
        assert fresh(ask).state == State.AGREED

    def test_in_a_partly_filled_work_party_the_search_goes_on(self, town):
        ask = town.ask(hands=2)
        say(town.agreed(ask, town.rosa), "rescheduled", new_time=(MONDAY + WEEK, MONDAY + WEEK + HOUR))
        assert (fresh(ask).state, fresh(ask).ends_at) == (State.NEAR, MONDAY + WEEK + HOUR)

    def test_with_more_time_whoever_is_missing_is_looked_for_again(self, town, hand):
        ask = town.ask(hands=2)
        match = town.agreed(ask, town.rosa)
        while fresh(ask).state != State.AFTER:
            hand.move_to(max(fresh(ask).next_step_at, ask.ends_at))
            actions.advance_ask(ask_id=ask.pk, network_id=ask.network_id)
        say(match, "rescheduled", new_time=(MONDAY + WEEK, MONDAY + WEEK + HOUR))
        assert (fresh(ask).state, fresh(ask).hands_taken) == (State.NEAR, 1)

    @pytest.mark.parametrize("ago", [(HOUR, 2 * HOUR), (-2 * HOUR, -HOUR), (-HOUR, 0 * HOUR)])
    def test_only_a_time_to_come_that_ends_after_it_begins(self, town, ago):
        match = town.agreed(town.ask(), town.rosa)
        with pytest.raises(NotPossibleNow):
            say(match, "rescheduled", new_time=(MONDAY - ago[0], MONDAY - ago[1]))
        assert fresh(match).meets_at == match.meets_at


class TestLendingInPart:
    def test_the_rest_is_looked_for_and_what_was_lent_comes_back(self, town):
        ask = town.ask(category=town.borrow.pk, quantity=6, unit="chairs")
        first = say(town.agreed(ask, town.rosa), "partly", quantity=4)
        assert (first.state, first.quantity, fresh(ask).state) == (S.LENT, 4, State.NEAR)
        second = say(town.agreed(ask, town.lee), "done")
        assert (second.quantity, fresh(ask).state) == (2, State.OUT)
        for match in (first, second):
            actions.return_loan(match=match, said_by=By.HELPER)
        assert fresh(ask).state == State.DONE


class TestLending:
    @pytest.fixture
    def lent(self, town):
        ask = town.ask(category=town.borrow.pk, returns_at=MONDAY + 5 * DAY)
        offer = town.offer(town.rosa, categories=(town.borrow.pk,), quantity=1)
        return say(town.agreed(ask, town.rosa, offer_id=offer.pk), "done")

    def test_the_thing_is_out_until_it_is_back(self, lent):
        ask = fresh(lent.ask)
        assert (lent.state, ask.state, ask.next_step) == (S.LENT, State.OUT, Step.ASK_BACK)
        assert ask.next_step_at == MONDAY + 5 * DAY
        assert fresh(lent.offer).quantity_left == 0

    def test_back_it_can_be_lent_again(self, lent):
        actions.return_loan(match=lent, said_by=By.ASKER)
        actions.return_loan(match=lent, said_by=By.ASKER)
        assert (fresh(lent).state, fresh(lent.ask).state) == (S.DONE, State.DONE)
        assert fresh(lent.offer).quantity_left == 1
        assert letters("loan_returned").get().to == "rosa@example.org"
        assert verbs(lent.ask).count("returned") == 1

    def test_its_owner_needs_not_be_told_what_they_said(self, lent):
        actions.return_loan(match=lent, said_by=By.HELPER)
        assert not letters("loan_returned").exists()

    def test_of_two_things_both_come_back(self, town):
        ask = town.ask(category=town.borrow.pk, hands=2)
        first, second = (say(town.agreed(ask, who), "done") for who in (town.rosa, town.lee))
        actions.return_loan(match=first, said_by=By.HELPER)
        assert fresh(ask).state == State.OUT
        actions.return_loan(match=second, said_by=By.HELPER)
        assert fresh(ask).state == State.DONE

    def test_it_may_stay_longer(self, lent):
        actions.extend_loan(match=lent, returns_at=MONDAY + 9 * DAY, said_by=By.HELPER)
        assert fresh(lent.ask).next_step_at == MONDAY + 9 * DAY
        with pytest.raises(NotPossibleNow):
            actions.extend_loan(match=lent, returns_at=MONDAY - DAY, said_by=By.HELPER)

    def test_longer_while_another_is_still_looked_for(self, town):
        ask = town.ask(category=town.borrow.pk, hands=2)
        lent = say(town.agreed(ask, town.rosa), "done")
        actions.extend_loan(match=lent, returns_at=MONDAY + 9 * DAY, said_by=By.HELPER)
        assert (fresh(ask).state, fresh(ask).returns_at) == (State.NEAR, MONDAY + 9 * DAY)

    def test_what_is_lent_is_not_said_to_have_failed(self, lent):
        with pytest.raises(NotPossibleNow):
            say(lent, "missed", By.ASKER)

    def test_what_is_not_lent_can_t_come_back(self, town):
        with pytest.raises(NotPossibleNow):
            actions.return_loan(match=town.agreed(town.ask(), town.rosa), said_by=By.HELPER)
