"""Publishing, changing, pausing, resuming, withdrawing, keeping and waking an ask."""

import pytest

from commonweal.base.eventlog import By
from commonweal.base.ids import token_hash
from commonweal.exchange import actions
from commonweal.exchange.actions import asks
from commonweal.exchange.errors import NotPossibleNow, PageWasStale
from commonweal.exchange.events import AskClosed, SearchWanted
from commonweal.exchange.lifecycle import State, Step
from commonweal.exchange.models import Ask, Match
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, found_town, fresh, letters, verbs
from commonweal.messaging.models import Message
from commonweal.networks.actions import go_in_pairs
from commonweal.networks.models import Area, Category


@pytest.fixture
def heard(monkeypatch):
    """What is told to the rooms above."""
    news = []
    monkeypatch.setattr("commonweal.base.bus.publish", news.append)
    return news


class TestPublishing:
    def test_is_searched_for_near_by_at_once(self, town, heard):
        published = actions.publish_ask(network=town.network, draft=town.draft())
        ask = fresh(published.ask)
        assert (ask.state, ask.next_step, ask.next_step_at) == (State.NEAR, Step.SEARCH, MONDAY)
        assert ask.nature == "task"
        assert verbs(ask) == ["published"]
        assert heard == [SearchWanted(network=town.network.pk, ask=ask.pk)]

    def test_the_token_is_stored_as_a_hash_and_in_a_locked_box(self, town):
        published = actions.publish_ask(network=town.network, draft=town.draft())
        stored = Ask.objects.filter(pk=published.ask.pk).values_list("token_hash", flat=True).get()
        assert stored == token_hash(published.token)
        assert fresh(published.ask).token_box == published.token

    def test_the_asker_is_written_to_with_code_and_link(self, town):
        published = actions.publish_ask(network=town.network, draft=town.draft())
        message = letters("ask_received").get()
        assert message.to == "amina@example.org"
        assert message.context["code"] == published.ask.shown_code
        assert message.context["link"].endswith(f"/a/{published.token}/")

    def test_without_a_contact_nobody_is_written_to(self, town):
        town.ask(contact="", contact_kind="")
        assert not Message.objects.exists()

    def test_a_member_is_reached_as_a_member(self, town):
        draft = town.draft(contact="", contact_kind="")
        actions.publish_ask(network=town.network, draft=draft, by=town.lee)
        assert letters("ask_received").get().to == "lee@example.org"

    def test_the_same_form_twice_is_one_ask_with_one_link(self, town):
        first = actions.publish_ask(network=town.network, draft=town.draft(), source_key="form-1")
        second = actions.publish_ask(network=town.network, draft=town.draft(), source_key="form-1")
        assert (second.ask.pk, second.token) == (first.ask.pk, first.token)
        assert Ask.objects.count() == 1

    def test_a_code_that_is_taken_is_drawn_again(self, town, monkeypatch):
        first = town.ask()
        codes = iter([first.code, "K7F2QM"])
        monkeypatch.setattr(asks, "new_code", lambda: next(codes))
        assert town.ask().code == "K7F2QM"

    def test_gives_up_when_the_database_refuses_again_and_again(self, town, monkeypatch):
        first = town.ask()
        monkeypatch.setattr(asks, "new_code", lambda: first.code)
        with pytest.raises(NotPossibleNow):
            town.ask()
        assert Ask.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "error"), [("category", Category.DoesNotExist), ("area", Area.DoesNotExist)]
    )
    def test_refuses_what_belongs_to_another_network(self, town, field, error):
        other = found_town("hampden")
        theirs = {"category": other.groceries.pk, "area": other.abell.pk}[field]
        with pytest.raises(error):
            town.ask(**{field: theirs})
        assert not Ask.objects.exists()

    def test_where_helpers_go_in_pairs_it_takes_two_at_least(self, town):
        go_in_pairs(network=town.network, slug="groceries", pairs=True)
        assert [town.ask(hands=hands).hands for hands in (1, 2, 3)] == [2, 2, 3]

    def test_of_a_counted_thing_hands_are_not_counted(self, town):
        assert town.ask(category=town.things.pk, quantity=40, unit="packs", hands=3).hands == 1


class TestChanging:
    def test_starts_the_search_anew_and_takes_invitations_back(self, town):
        ask = town.ask()
        match = town.invited(ask, town.rosa)
        changed = actions.change_ask(ask=ask, version=ask.version, draft=town.draft(people=4))
        assert (changed.state, changed.people, changed.version) == (State.NEAR, 4, 2)
        assert fresh(match).state == Match.State.TAKEN_BACK
        assert letters("invitation_taken_back").get().to == "rosa@example.org"
        assert not letters("invitation").exists()

    def test_refuses_a_stale_page(self, town):
        ask = town.ask()
        actions.change_ask(ask=ask, version=1, draft=town.draft(people=4))
        with pytest.raises(PageWasStale):
            actions.change_ask(ask=ask, version=1, draft=town.draft(people=5))
        assert fresh(ask).people == 4

    def test_tells_who_agreed_and_moves_the_meeting(self, town):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        later = town.draft(starts_at=MONDAY + 4 * DAY, ends_at=MONDAY + 4 * DAY + HOUR)
        changed = actions.change_ask(ask=ask, version=1, draft=later)
        assert changed.state == State.AGREED
        assert fresh(match).meets_at == MONDAY + 4 * DAY
        assert changed.next_step_at == MONDAY + 4 * DAY + 3 * HOUR
        assert letters("ask_changed").get().to == "rosa@example.org"

    def test_other_words_leave_the_meeting_alone(self, town):
        ask = town.ask()
        match = town.agreed(
            ask, town.rosa, meets_at=MONDAY + 2 * DAY + 5 * HOUR, meets_until=MONDAY + 2 * DAY + 6 * HOUR
        )
        actions.change_ask(ask=ask, version=1, draft=town.draft(words="Mind the dog."))
        assert fresh(match).meets_at == MONDAY + 2 * DAY + 5 * HOUR

    def test_more_hands_are_looked_for_ahead_of_others(self, town):
        ask = town.ask()
        town.agreed(ask, town.rosa)
        changed = actions.change_ask(ask=ask, version=1, draft=town.draft(hands=2))
        assert (changed.state, changed.ahead, changed.hands_taken) == (State.NEAR, 1, 1)

    def test_fewer_hands_may_be_enough(self, town):
        ask = town.ask(hands=3)
        town.agreed(ask, town.rosa)
        assert actions.change_ask(ask=ask, version=1, draft=town.draft(hands=1)).state == State.AGREED

    def test_never_fewer_than_have_agreed(self, town):
        ask = town.ask(hands=3)
        town.agreed(ask, town.rosa)
        town.agreed(ask, town.lee)
        assert actions.change_ask(ask=ask, version=1, draft=town.draft(hands=1)).hands == 2

    def test_another_category_is_refused_once_somebody_agreed(self, town):
        ask = town.ask()
        town.agreed(ask, town.rosa)
        with pytest.raises(NotPossibleNow):
            actions.change_ask(ask=ask, version=1, draft=town.draft(category=town.ride.pk))
        assert fresh(ask).category_id == town.groceries.pk

    def test_counting_something_else_is_refused_once_something_is_taken(self, town):
        ask = town.ask(hands=2)
        town.agreed(ask, town.rosa)
        with pytest.raises(NotPossibleNow):
            actions.change_ask(ask=ask, version=1, draft=town.draft(quantity=3))


class TestPausing:
    def test_frees_who_was_asked_and_who_agreed(self, town):
        ask = town.ask(hands=2)
        agreed, invited = town.agreed(ask, town.rosa), town.invited(ask, town.lee)
        paused = actions.pause_ask(ask=ask)
        assert (paused.state, paused.next_step, paused.hands_taken) == (State.PAUSED, Step.CHECK_PAUSE, 0)
        assert {fresh(agreed).state, fresh(invited).state} == {Match.State.TAKEN_BACK}
        assert letters("invitation_taken_back").count() == 2

    def test_twice_is_once(self, town):
        ask = town.ask()
        actions.pause_ask(ask=ask)
        actions.pause_ask(ask=ask)
        assert verbs(ask).count("paused") == 1

    def test_is_refused_while_something_is_lent(self, town):
        ask = town.ask(category=town.borrow.pk, hands=2)
        actions.report_handover(match=town.agreed(ask, town.rosa), outcome="done", said_by=By.HELPER)
        with pytest.raises(NotPossibleNow):
            actions.pause_ask(ask=ask)

    def test_resuming_searches_again_with_a_new_time_if_the_old_one_passed(self, town, hand):
        ask = town.ask()
        actions.pause_ask(ask=ask)
        hand.advance(WEEK)
        resumed = actions.resume_ask(ask=ask)
        assert (resumed.state, resumed.starts_at, resumed.ends_at) == (
            State.NEAR,
            MONDAY + WEEK,
            MONDAY + 2 * WEEK,
        )
        assert actions.resume_ask(ask=ask).state == State.NEAR
        assert verbs(ask).count("resumed") == 1

    def test_an_ask_for_today_gets_a_day(self, town, hand):
        ask = town.ask(urgency=Ask.Urgency.TODAY)
        actions.pause_ask(ask=ask)
        hand.advance(WEEK)
        assert actions.resume_ask(ask=ask).ends_at == MONDAY + WEEK + DAY

    def test_what_is_done_is_not_resumed(self, town):
        ask = town.ask()
        actions.withdraw_ask(ask=ask)
        with pytest.raises(NotPossibleNow):
            actions.resume_ask(ask=ask)


class TestWithdrawing:
    def test_closes_dates_its_erasure_and_tells_the_helper(self, town, heard):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        heard.clear()
        withdrawn = actions.withdraw_ask(ask=ask, why="found_help")
        assert (withdrawn.state, withdrawn.closed_at, withdrawn.closed_why) == (
            State.WITHDRAWN,
            MONDAY,
            "found_help",
        )
        assert withdrawn.erase_at == MONDAY + 30 * DAY
        assert (withdrawn.next_step, withdrawn.next_step_at, withdrawn.hands_taken) == ("", None, 0)
        assert fresh(match).state == Match.State.TAKEN_BACK
        assert heard == [AskClosed(network=town.network.pk, ask=ask.pk, state="withdrawn")]
        assert not letters("how_did_it_go").exists()

    def test_twice_is_once_and_a_made_up_reason_is_another(self, town):
        ask = town.ask()
        actions.withdraw_ask(ask=ask, why="<script>")
        assert actions.withdraw_ask(ask=ask, why="found_help").closed_why == "other"
        assert verbs(ask).count("withdrawn") == 1

    def test_what_is_lent_must_come_back_first(self, town):
        ask = town.ask(category=town.borrow.pk, hands=2)
        lent = town.agreed(ask, town.rosa)
        actions.report_handover(match=lent, outcome="done", said_by=By.HELPER)
        other = town.agreed(ask, town.lee)
        actions.report_handover(match=other, outcome="missed", said_by=By.ASKER)
        waiting = actions.withdraw_ask(ask=ask)
        assert (waiting.state, waiting.next_step) == (State.OUT, Step.ASK_BACK)
        with pytest.raises(NotPossibleNow):
            actions.withdraw_ask(ask=ask)
        actions.return_loan(match=lent, said_by=By.HELPER)
        assert fresh(ask).state == State.DONE


class TestKeeping:
    def test_what_rests_wakes(self, town):
        ask = town.ask()
        Ask.objects.filter(pk=ask.pk).update(
            state=State.RESTED, closed_at=MONDAY, erase_at=MONDAY, next_step="", next_step_at=None
        )
        kept = actions.keep_ask(ask=ask)
        assert (kept.state, kept.closed_at, kept.erase_at) == (State.NEAR, None, None)
        assert actions.wake_ask(ask=ask).state == State.NEAR
        assert verbs(ask).count("woken") == 1

    def test_what_was_erased_stays_asleep(self, town):
        ask = town.ask()
        Ask.objects.filter(pk=ask.pk).update(
            state=State.RESTED, closed_at=MONDAY, next_step="", next_step_at=None, token_hash=""
        )
        with pytest.raises(NotPossibleNow):
            actions.wake_ask(ask=ask)

    def test_a_pause_goes_on(self, town, hand):
        ask = town.ask()
        actions.pause_ask(ask=ask)
        hand.advance(10 * DAY)
        assert actions.keep_ask(ask=ask).next_step_at == MONDAY + 24 * DAY

    def test_what_is_past_gets_a_new_time(self, town, hand):
        ask = town.ask()
        hand.advance(3 * DAY)
        kept = actions.keep_ask(ask=ask)
        assert (kept.state, kept.ends_at) == (State.NEAR, MONDAY + 10 * DAY)

    def test_otherwise_it_is_only_noted(self, town):
        ask = town.ask()
        assert actions.keep_ask(ask=ask).next_step_at == MONDAY
        assert verbs(ask) == ["published", "kept"]
