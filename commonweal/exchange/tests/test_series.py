"""Asks that repeat: the next occurrence opens by itself, prefers who helped, and never stands there twice."""

from datetime import UTC, datetime

import pytest

from commonweal.base.eventlog import By
from commonweal.exchange import access, actions
from commonweal.exchange.actions.series import next_date, open_next
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, fresh

TUESDAY, WEDNESDAY, THURSDAY = 1 << 1, 1 << 2, 1 << 3
# Wednesday from two to six in Baltimore.
FIRST = MONDAY + 2 * DAY + 4 * HOUR


@pytest.fixture
def weekly(town):
    """Every Wednesday, and the helper of the first."""
    return actions.publish_ask(network=town.network, draft=town.draft(repeat_days=WEDNESDAY)).ask


def occurrences(ask):
    return list(Ask.objects.filter(series=ask.series).order_by("occurs_at"))


class TestNextDate:
    def test_is_the_next_of_its_weekdays_at_the_same_hour(self, town):
        ask = town.ask(repeat_days=TUESDAY | WEDNESDAY)
        assert next_date(ask, MONDAY) == (FIRST + 6 * DAY, FIRST + 6 * DAY + 4 * HOUR)

    def test_skips_what_has_gone_by(self, weekly):
        assert next_date(weekly, MONDAY + 3 * WEEK)[0] == FIRST + 3 * WEEK

    def test_keeps_its_hour_on_the_wall_when_the_clocks_change(self, town):
        at = datetime(2027, 3, 10, 19, 0, tzinfo=UTC)  # two o'clock, winter time; summer begins on Sunday
        ask = town.ask(repeat_days=WEDNESDAY, starts_at=at, ends_at=at + HOUR)
        assert next_date(ask, at)[0] == at + WEEK - HOUR


class TestOpening:
    def test_done_opens_the_next_with_the_same_link_preferring_who_helped(self, town, weekly):
        match = town.agreed(weekly, town.rosa)
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        _first, second = occurrences(weekly)
        assert (second.state, second.starts_at, second.ends_at) == (
            State.NEAR,
            FIRST + WEEK,
            FIRST + WEEK + 4 * HOUR,
        )
        assert (second.preferred_id, second.token_hash) == (town.rosa.pk, weekly.token_hash)
        assert (second.contact, second.words, second.code != weekly.code) == (
            "amina@example.org",
            weekly.words,
            True,
        )
        assert (second.hands_taken, second.version, second.next_step_at) == (0, 1, MONDAY)

    def test_its_time_opens_the_next_before_anybody_says_how_it_went(self, town, weekly, hand):
        match = town.agreed(weekly, town.rosa)
        hand.move_to(fresh(weekly).next_step_at)
        actions.advance_ask(ask_id=weekly.pk, network_id=weekly.network_id)
        assert [ask.state for ask in occurrences(weekly)] == [State.AFTER, State.NEAR]
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        assert [ask.state for ask in occurrences(weekly)] == [State.DONE, State.NEAR]

    def test_who_did_not_come_is_no_longer_preferred(self, town, weekly, hand):
        match = town.agreed(weekly, town.rosa)
        hand.move_to(fresh(weekly).next_step_at)
        actions.advance_ask(ask_id=weekly.pk, network_id=weekly.network_id)
        assert occurrences(weekly)[1].preferred_id == town.rosa.pk
        actions.report_handover(match=match, outcome="missed", said_by=By.ASKER)
        assert occurrences(weekly)[1].preferred_id is None

    def test_nobody_came_and_the_next_opens_all_the_same(self, weekly, hand):
        hand.move_to(weekly.ends_at)
        actions.advance_ask(ask_id=weekly.pk, network_id=weekly.network_id)
        assert [ask.state for ask in occurrences(weekly)] == [State.DESK, State.NEAR]

    def test_a_lent_thing_comes_back_as_long_after_as_the_first(self, town):
        ask = town.ask(category=town.borrow.pk, repeat_days=WEDNESDAY, returns_at=FIRST + DAY)
        actions.report_handover(match=town.agreed(ask, town.rosa), outcome="done", said_by=By.HELPER)
        assert occurrences(ask)[1].returns_at == FIRST + WEEK + DAY

    def test_a_code_that_is_taken_is_drawn_again(self, town, weekly, monkeypatch):
        codes = iter([weekly.code, "K7F2QM"])
        monkeypatch.setattr("commonweal.exchange.actions.series.new_code", lambda: next(codes))
        assert open_next(weekly).code == "K7F2QM"

    def test_what_does_not_repeat_opens_nothing(self, town):
        assert open_next(town.ask()) is None

    def test_the_link_leads_to_the_occurrence_with_an_open_question(self, town, weekly, hand):
        match = town.agreed(weekly, town.rosa)
        hand.move_to(fresh(weekly).next_step_at)
        actions.advance_ask(ask_id=weekly.pk, network_id=weekly.network_id)
        assert access.ask_by_token(town.network, weekly.token_box).pk == weekly.pk
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        assert access.ask_by_token(town.network, weekly.token_box).pk == occurrences(weekly)[1].pk


class TestEnding:
    def test_withdrawing_ends_the_series(self, town, weekly, hand):
        match = town.agreed(weekly, town.rosa)
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        second = occurrences(weekly)[1]
        invited = town.invited(second, town.rosa)
        actions.withdraw_ask(ask=second)
        assert [ask.state for ask in occurrences(weekly)] == [State.DONE, State.WITHDRAWN]
        assert fresh(invited).state == Match.State.TAKEN_BACK

    def test_from_whichever_occurrence(self, weekly, hand):
        hand.move_to(weekly.ends_at)
        actions.advance_ask(ask_id=weekly.pk, network_id=weekly.network_id)
        actions.withdraw_ask(ask=weekly)
        assert {ask.state for ask in occurrences(weekly)} == {State.WITHDRAWN}

    def test_only_this_one_opens_the_next(self, weekly):
        actions.withdraw_ask(ask=weekly, only_this=True)
        assert [ask.state for ask in occurrences(weekly)] == [State.WITHDRAWN, State.NEAR]

    def test_a_paused_series_goes_on_at_its_next_date(self, weekly, hand):
        actions.pause_ask(ask=weekly)
        hand.advance(10 * DAY)
        resumed = actions.resume_ask(ask=weekly)
        assert (resumed.starts_at, resumed.occurs_at) == (FIRST + 2 * WEEK, FIRST + 2 * WEEK)
        assert len(occurrences(weekly)) == 1

    def test_moving_to_another_day_moves_the_series(self, town, weekly):
        later = town.draft(repeat_days=THURSDAY, starts_at=FIRST + DAY, ends_at=FIRST + DAY + HOUR)
        changed = actions.change_ask(ask=weekly, version=1, draft=later)
        actions.withdraw_ask(ask=changed, only_this=True)
        assert occurrences(weekly)[1].occurs_at == FIRST + DAY + WEEK

    def test_when_the_asker_is_silent_the_occurrences_to_come_pause(self, weekly, hand):
        hand.move_to(weekly.ends_at)
        actions.advance_ask(ask_id=weekly.pk, network_id=weekly.network_id)
        first, second = occurrences(weekly)
        actions.report_search(ask=second, found=True)
        while fresh(first).is_open:
            hand.move_to(fresh(first).next_step_at)
            actions.advance_ask(ask_id=first.pk, network_id=first.network_id)
        assert [ask.state for ask in occurrences(weekly)] == [State.RESTED, State.PAUSED]

    def test_who_has_agreed_to_one_to_come_is_left_in_peace(self, town, weekly, hand):
        hand.move_to(weekly.ends_at)
        actions.advance_ask(ask_id=weekly.pk, network_id=weekly.network_id)
        first, second = occurrences(weekly)
        Ask.objects.filter(pk=second.pk).update(hands=2)
        town.agreed(second, town.rosa)
        while fresh(first).is_open:
            hand.move_to(fresh(first).next_step_at)
            actions.advance_ask(ask_id=first.pk, network_id=first.network_id)
        assert fresh(second).state == State.NEAR

    def test_waking_one_while_the_series_goes_on_finds_it_a_time_of_its_own(self, weekly, hand):
        hand.move_to(weekly.ends_at)
        actions.advance_ask(ask_id=weekly.pk, network_id=weekly.network_id)
        kept = actions.keep_ask(ask=weekly)
        assert (kept.starts_at, kept.occurs_at) == (weekly.ends_at, FIRST)
