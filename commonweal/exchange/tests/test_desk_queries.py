"""What the desk reads: the queue, the states, one ask's story."""

import pytest
from django.core.cache import cache
from django.utils import translation

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.base.paging import Cursor
from commonweal.exchange import actions
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.lifecycle import State, Trigger
from commonweal.exchange.models import Match
from commonweal.exchange.queries import (
    asks_by_state,
    count_by_state,
    count_needing_a_person,
    desk,
    desk_queue,
    live_matches,
    timeline,
)
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, fresh


@pytest.fixture(autouse=True)
def _forget_counts():
    cache.clear()


def queue(town):
    return desk_queue(town.network, MONDAY)


def why(town, ask):
    return next(row.why for row in queue(town) if row.code == ask.code)


class TestQueue:
    def test_holds_what_needs_a_person_oldest_promise_first(self, town, hand):
        town.ask()
        first = actions.send_to_desk(ask=town.ask(people=4), said_by=By.ASKER)
        hand.advance(HOUR / 4)
        suggested = town.ask()
        actions.propose(ask=suggested, candidates=[Candidate(member_id=town.rosa.pk)])
        rows = queue(town)
        assert [(row.code, row.due_at) for row in rows] == [
            (first.code, MONDAY + HOUR),
            (suggested.code, MONDAY + HOUR * 1.25),
        ]
        assert (rows[0].title, rows[0].where, rows[0].shown_code, rows[0].held_by) == (
            "Groceries for 4 people",
            "Abell",
            first.shown_code,
            "",
        )
        assert count_needing_a_person(town.network, MONDAY) == 2

    def test_says_who_is_on_it_while_they_are(self, town, hand):
        ask = actions.send_to_desk(ask=town.ask(), said_by=By.ASKER)
        actions.take_hold(ask=ask, dispatcher=town.jo)
        assert queue(town)[0].held_by == "Jo"
        assert desk_queue(town.network, MONDAY + HOUR)[0].held_by == ""

    def test_says_why(self, town, hand):
        ask = actions.send_to_desk(
            ask=town.ask(starts_at=MONDAY, ends_at=MONDAY + 60 * DAY), said_by=By.ASKER
        )
        assert why(town, ask) == "nobody near by could"
        actions.decline_invitation(match=town.invited(ask, town.rosa))
        assert why(town, ask) == "1 said no"
        actions.propose(
            ask=ask, candidates=[Candidate(member_id=town.lee.pk), Candidate(member_id=town.sam.pk)]
        )
        assert why(town, ask) == "2 people suggested"
        Match.objects.filter(state="proposed").delete()
        while fresh(ask).state != State.BEYOND:
            hand.move_to(fresh(ask).next_step_at)
            actions.advance_ask(ask_id=ask.pk, network_id=ask.network_id)
        assert why(town, ask) == "nobody found in the whole network"

    def test_says_why_of_what_was_agreed(self, town, hand):
        silent, unclear, lent = (
            town.ask(),
            town.ask(),
            town.ask(category=town.borrow.pk, returns_at=MONDAY + 3 * DAY),
        )
        town.agreed(silent, town.rosa)
        match = town.agreed(unclear, town.lee)
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER)
        actions.report_handover(match=match, outcome="missed", said_by=By.ASKER)
        actions.report_handover(match=town.agreed(lent, town.sam), outcome="done", said_by=By.HELPER)
        assert why(town, unclear) == "not clear how it went"
        for ask, until in ((silent, State.DESK), (lent, State.OUT)):
            while fresh(ask).desk_at is None:
                hand.move_to(max(fresh(ask).next_step_at, clock.now()))
                actions.advance_ask(ask_id=ask.pk, network_id=ask.network_id)
            assert fresh(ask).state == until
        assert why(town, silent) == "nobody said how it went"
        assert why(town, lent) == "lent, and not said to be back"

    def test_says_that_its_time_went_by(self, town, hand):
        ask = town.ask()
        hand.move_to(ask.ends_at)
        actions.advance_ask(ask_id=ask.pk, network_id=ask.network_id)
        assert why(town, ask) == "its time went by and nobody came"

    def test_costs_the_same_however_long(self, town, django_assert_num_queries):
        for _number in range(4):
            actions.send_to_desk(ask=town.ask(), said_by=By.ASKER)
        with django_assert_num_queries(2):
            assert len(queue(town)) == 4

    def test_an_empty_one(self, town, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert queue(town) == []


class TestStates:
    def test_are_counted(self, town):
        town.ask()
        actions.send_to_desk(ask=town.ask(), said_by=By.ASKER)
        actions.withdraw_ask(ask=town.ask())
        assert count_by_state(town.network) == {"near": 1, "desk": 1}
        town.ask()
        assert count_by_state(town.network) == {"near": 1, "desk": 1}

    def test_are_read_page_by_page(self, town, hand):
        asks = []
        for _number in range(3):
            hand.advance(HOUR)
            asks.insert(0, town.ask())
        actions.withdraw_ask(ask=town.ask())
        first = asks_by_state(town.network, "near", limit=2)
        second = asks_by_state(town.network, "near", Cursor.decode(first.next), limit=2)
        back = asks_by_state(town.network, "near", Cursor.decode(second.previous), limit=2)
        assert [ask.pk for page in (first, second) for ask in page.rows] == [ask.pk for ask in asks]
        assert ([ask.pk for ask in back.rows], second.next) == ([ask.pk for ask in first.rows], "")


class TestStory:
    def test_is_told_in_words_with_names(self, town, hand):
        ask = town.ask()
        actions.propose(ask=ask, candidates=[Candidate(member_id=town.sam.pk)])
        actions.decline_invitation(match=town.invited(ask, town.lee))
        match = town.agreed(ask, town.rosa)
        actions.record_look(ask=ask, by=By.HELPER, actor=town.rosa.pk, match=match, what=["email"])
        hand.advance(HOUR)
        actions.call_note(ask=ask, dispatcher=town.jo, text="All is well.")
        actions.report_handover(match=match, outcome="done", said_by=By.ASKER)
        assert [row.text for row in timeline(ask)] == [
            "Asked",
            "Sam suggested",
            "Lee was asked",
            "Lee said no",
            "Rosa was asked",
            "Rosa said yes",
            "Enough have said yes",
            "Rosa looked up how to reach them",
            "Jo looked after it",
            "The asker: It's done",
            "It is done",
            "Jo: “All is well.”",
        ]

    def test_says_how_the_search_widened(self, town):
        ask = town.ask()
        for _ring in range(2):
            actions.report_search(ask=ask, found=False)
        assert [row.text for row in timeline(ask)][1:] == [
            "Nobody near by; the whole network is asked",
            "Nobody in the network; passed to the desk",
        ]

    def test_of_people_who_are_gone_it_names_nobody(self, town):
        ask = town.ask()
        actions.call_note(ask=ask, dispatcher=town.jo, text="Called.")
        ask.notes.update(member=None)
        assert timeline(ask)[-1].text == "somebody who has left: “Called.”"

    def test_a_search_that_asked_nobody_is_not_told(self, town):
        ask = town.ask()
        actions.report_search(ask=ask, found=True)
        assert [row.text for row in timeline(ask)] == ["Asked"]

    def test_has_words_for_everything_that_can_happen(self):
        silent = {"searched", "nobody_left"}  # said with what they came to
        with translation.override("en"):
            told = {verb for verb, words in desk._TOLD.items() if words() % {"name": "Jo", "helper": "Rosa"}}
        assert {trigger.value for trigger in Trigger} - silent <= told

    def test_who_is_alive_in_it(self, town):
        ask = town.ask(hands=2)
        agreed, invited = town.agreed(ask, town.rosa), town.invited(ask, town.lee)
        actions.decline_invitation(match=town.invited(ask, town.sam))
        assert [match.pk for match in live_matches(ask)] == [agreed.pk, invited.pk]
