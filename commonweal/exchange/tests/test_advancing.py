"""What happens by itself: the rings widen, a person is called for, both are asked how it went, silence has an end."""

from datetime import timedelta

import pytest

from commonweal.assembly.actions import give_mandate
from commonweal.assembly.models import Mandate
from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.events import SearchWanted
from commonweal.exchange.lifecycle import State, Step
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, fresh, letters, verbs
from commonweal.gatherings.actions import start_shift

S = Match.State


@pytest.fixture
def heard(monkeypatch):
    """What is told to the rooms above."""
    news = []
    monkeypatch.setattr("commonweal.base.bus.publish", news.append)
    return news


@pytest.fixture
def advance(hand):
    """Let time pass until the ask's next step is due, and take it."""

    def advance(ask):
        ask = fresh(ask)
        hand.move_to(max(ask.next_step_at, clock.now()))
        actions.advance_ask(ask_id=ask.pk, network_id=ask.network_id)
        return fresh(ask)

    return advance


@pytest.fixture
def week_long(town):
    """An ask without a date."""
    return town.ask(starts_at=MONDAY, ends_at=MONDAY + WEEK)


class TestSearching:
    def test_calls_for_a_search_and_again_if_it_is_lost(self, week_long, advance, heard):
        ask = advance(week_long)
        assert heard == [SearchWanted(network=ask.network_id, ask=ask.pk)]
        assert ask.next_step_at == MONDAY + timedelta(minutes=2)
        advance(ask)
        assert len(heard) == 2

    def test_before_its_time_nothing_happens(self, week_long, town):
        town.invited(week_long, town.rosa)
        actions.advance_ask(ask_id=week_long.pk, network_id=week_long.network_id)
        assert verbs(week_long) == ["published", "searched"]

    def test_waits_for_whoever_is_being_asked(self, town, week_long, advance, heard, hand):
        town.invited(week_long, town.rosa)
        hand.advance(HOUR)
        Ask.objects.filter(pk=week_long.pk).update(next_step_at=MONDAY + HOUR)
        heard.clear()
        assert advance(week_long).next_step_at == MONDAY + 2 * HOUR
        assert heard == []

    def test_no_answer_in_time_is_an_answer(self, town, week_long, advance, heard):
        match = town.invited(week_long, town.rosa)
        heard.clear()
        advance(week_long)
        assert fresh(match).state == S.LAPSED
        assert heard == [SearchWanted(network=town.network.pk, ask=week_long.pk)]

    def test_widens_by_itself_without_anybody_at_all(self, week_long, advance):
        path = []
        ask = week_long
        while ask.is_open:
            path.append((ask.state, ask.next_step))
            ask = advance(ask)
            if clock.now() < ask.ends_at:
                ask = actions.report_search(ask=ask, found=True)
        steps = [step for number, step in enumerate(path) if number == 0 or path[number - 1] != step]
        assert steps == [
            (State.NEAR, Step.SEARCH),
            (State.WIDE, Step.SEARCH),
            (State.DESK, Step.CALL),
            (State.BEYOND, Step.SEARCH),
        ]
        assert ask.state == State.RESTED
        assert letters("still_needed").count() == 3

    def test_the_rings_end_by_the_policy(self, week_long, hand):
        near = actions.report_search(ask=week_long, found=True)
        assert near.next_step_at == MONDAY + 2 * HOUR
        hand.advance(4 * HOUR)
        wide = actions.report_search(ask=week_long, found=True)
        assert (wide.state, wide.next_step_at) == (State.WIDE, MONDAY + 4 * HOUR)
        hand.advance(6 * HOUR)
        desk = actions.report_search(ask=week_long, found=True)
        assert (desk.state, desk.next_step_at, desk.desk_at) == (
            State.DESK,
            MONDAY + 11 * HOUR,
            MONDAY + 11 * HOUR,
        )

    def test_a_pressing_ask_is_with_a_person_in_two_and_a_half_hours(self, town, hand):
        ask = town.ask(urgency=Ask.Urgency.TODAY, starts_at=MONDAY, ends_at=MONDAY + 12 * HOUR)
        hand.advance(HOUR)
        assert actions.report_search(ask=ask, found=True).state == State.WIDE
        hand.advance(1.5 * HOUR)
        desk = actions.report_search(ask=ask, found=True)
        assert (desk.state, desk.next_step_at) == (State.DESK, MONDAY + 3 * HOUR)

    def test_nobody_left_widens_at_once(self, week_long, heard):
        heard.clear()
        assert actions.report_search(ask=week_long, found=False).state == State.WIDE
        assert heard == [SearchWanted(network=week_long.network_id, ask=week_long.pk)]
        assert actions.report_search(ask=week_long, found=False).state == State.DESK

    def test_at_the_desk_nobody_left_changes_nothing(self, week_long):
        actions.send_to_desk(ask=week_long, said_by=By.ASKER)
        assert actions.report_search(ask=week_long, found=False).state == State.DESK
        assert actions.report_search(ask=week_long, found=True).state == State.DESK

    def test_may_look_again_sooner(self, week_long):
        waiting = actions.report_search(ask=week_long, found=True, waits=HOUR / 2)
        assert waiting.next_step_at == MONDAY + HOUR / 2
        assert (
            actions.report_search(ask=week_long, found=True, waits=9 * HOUR).next_step_at == MONDAY + 2 * HOUR
        )

    def test_a_search_that_comes_too_late_changes_nothing(self, town, week_long):
        town.agreed(week_long, town.rosa)
        assert actions.report_search(ask=week_long, found=False).state == State.AGREED


class TestTimeWentBy:
    def test_nobody_came_a_person_looks_and_the_asker_is_asked(self, town, advance, hand):
        ask = town.ask()
        match = town.invited(ask, town.rosa)
        hand.move_to(ask.ends_at)
        ask = advance(ask)
        assert (ask.state, fresh(match).state) == (State.DESK, S.LAPSED)
        assert letters("still_needed").get().to == "amina@example.org"

    def test_somebody_came_to_a_work_party_that_was_not_full(self, town, advance, hand):
        ask = town.ask(hands=3)
        town.agreed(ask, town.rosa)
        hand.move_to(ask.ends_at)
        ask = advance(ask)
        assert (ask.state, ask.next_step_at) == (State.NEAR, ask.ends_at + 2 * HOUR)
        ask = advance(ask)
        assert (ask.state, ask.next_step) == (State.AFTER, Step.CHASE)

    def test_the_same_while_it_was_at_the_desk(self, town, advance, hand):
        ask = town.ask(hands=3)
        town.agreed(ask, town.rosa)
        actions.send_to_desk(ask=ask, said_by=By.ASKER)
        hand.move_to(ask.ends_at + 3 * HOUR)
        assert advance(ask).state == State.AFTER

    def test_the_same_beyond(self, town, advance, hand):
        ask = town.ask(hands=3)
        match = town.agreed(ask, town.rosa)
        for _ring in range(2):
            actions.report_search(ask=ask, found=False)
        while fresh(ask).state != State.BEYOND:
            advance(ask)
        hand.move_to(ask.ends_at + 3 * HOUR)
        assert advance(ask).state == State.AFTER
        assert fresh(match).state == S.ACCEPTED


class TestTheDesk:
    @pytest.fixture
    def waiting(self, week_long):
        return actions.send_to_desk(ask=week_long, said_by=By.ASKER)

    def test_who_is_on_shift_is_told_when_nobody_looked(self, town, waiting, advance):
        give_mandate(member=town.jo, role=Mandate.Role.DISPATCHER, until=MONDAY + WEEK, reason="Chosen.")
        start_shift(member=town.jo, until=MONDAY + 8 * HOUR)
        ask = advance(waiting)
        assert letters("desk_alert").get().to == "jo@example.org"
        assert (ask.state, ask.desk_at) == (State.DESK, MONDAY + HOUR)
        assert ask.next_step_at == MONDAY + 24 * HOUR

    def test_then_the_search_goes_beyond_and_stays_on_the_desk(self, waiting, advance):
        advance(waiting)
        ask = advance(waiting)
        assert (ask.state, ask.desk_at) == (State.BEYOND, MONDAY + HOUR)

    def test_beyond_looks_every_day(self, waiting, advance):
        advance(waiting)
        advance(waiting)
        ask = actions.report_search(ask=waiting, found=False)
        assert (ask.state, ask.next_step_at) == (State.BEYOND, MONDAY + 48 * HOUR)


class TestHowDidItGo:
    def test_silence_ends_at_the_desk_and_then_rests(self, town, advance):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        assert advance(ask).state == State.AFTER
        assert advance(ask).tries == 1
        assert letters("how_did_it_go").count() == 4
        ask = advance(ask)
        assert (ask.state, ask.hands_taken, fresh(match).state) == (State.DESK, 0, S.SILENT)
        while ask.is_open:
            ask = advance(ask)
        assert ask.state == State.RESTED

    def test_a_late_word_still_counts(self, town, advance):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        for _step in range(3):
            advance(ask)
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        assert fresh(ask).state == State.DONE

    def test_what_two_say_differently_and_nobody_sorts_out_rests_in_the_end(self, town, advance):
        ask = town.ask(starts_at=MONDAY, ends_at=MONDAY + 60 * DAY)
        match = town.agreed(ask, town.rosa)
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        actions.report_handover(match=match, outcome="missed", said_by=By.ASKER)
        ask = fresh(ask)
        while ask.is_open:
            ask = advance(ask)
        assert (ask.state, letters("still_needed").count()) == (State.RESTED, 3)


class TestComingBack:
    def test_both_are_asked_three_times_and_the_desk_from_the_first(self, town, advance):
        ask = town.ask(category=town.borrow.pk, returns_at=MONDAY + 5 * DAY)
        actions.report_handover(match=town.agreed(ask, town.rosa), outcome="done", said_by=By.HELPER)
        ask = advance(ask)
        assert (ask.state, ask.desk_at) == (State.OUT, MONDAY + 5 * DAY)
        for _day in range(6):
            ask = advance(ask)
        assert letters("return_due").count() == 6
        assert (ask.state, ask.next_step, ask.desk_at) == (State.OUT, Step.ASK_BACK, MONDAY + 5 * DAY)

    @pytest.mark.parametrize("at_the_desk", [False, True])
    def test_when_no_more_is_found_what_was_lent_still_comes_back(self, town, advance, hand, at_the_desk):
        ask = town.ask(category=town.borrow.pk, hands=2, returns_at=MONDAY + 5 * DAY)
        match = town.agreed(ask, town.rosa)
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        if at_the_desk:
            actions.send_to_desk(ask=ask, said_by=By.ASKER)
        hand.move_to(ask.ends_at)
        ask = advance(ask)
        assert (ask.state, ask.next_step_at) == (State.OUT, MONDAY + 5 * DAY)


class TestPaused:
    def test_is_asked_about_and_rests_in_the_end(self, town, advance):
        ask = actions.pause_ask(ask=town.ask())
        for asked in (1, 2, 3):
            ask = advance(ask)
            assert (ask.state, letters("still_needed").count()) == (State.PAUSED, asked)
        assert advance(ask).state == State.RESTED
