"""Holding an ask, noting a call, putting it to the desk and back, closing it; looks; erasing; leaving."""

import pytest

from commonweal.base.eventlog import By, story_of
from commonweal.exchange import actions
from commonweal.exchange.actions.links import send_link
from commonweal.exchange.errors import HeldByAnother, NotPossibleNow
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Ask, CallNote, Handover, Match, Offer
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, fresh, letters, verbs
from commonweal.members.actions import leave
from commonweal.members.contacts import Contact

S = Match.State


class TestHolding:
    def test_the_second_sees_who_holds_it(self, town):
        ask = town.ask()
        held = actions.take_hold(ask=ask, dispatcher=town.jo)
        assert held.held_until == MONDAY + HOUR / 4
        with pytest.raises(HeldByAnother, match="Jo") as refusal:
            actions.take_hold(ask=ask, dispatcher=town.sam)
        assert refusal.value.name == "Jo"
        assert fresh(ask).held_by == town.jo

    def test_is_prolonged_by_working_on(self, town, hand):
        ask = town.ask()
        actions.take_hold(ask=ask, dispatcher=town.jo)
        hand.advance(HOUR / 6)
        actions.take_hold(ask=ask, dispatcher=town.jo)
        assert verbs(ask).count("held") == 1
        hand.advance(HOUR / 6)
        with pytest.raises(HeldByAnother):
            actions.take_hold(ask=ask, dispatcher=town.sam)

    def test_ends_by_itself(self, town, hand):
        ask = town.ask()
        actions.take_hold(ask=ask, dispatcher=town.jo)
        hand.advance(HOUR / 4)
        assert actions.take_hold(ask=ask, dispatcher=town.sam).held_by == town.sam

    def test_is_taken_over_on_purpose(self, town):
        ask = town.ask()
        actions.take_hold(ask=ask, dispatcher=town.jo)
        assert actions.take_hold(ask=ask, dispatcher=town.sam, over=True).held_by == town.sam

    def test_only_the_holder_lets_go(self, town):
        ask = town.ask()
        actions.take_hold(ask=ask, dispatcher=town.jo)
        assert actions.release_hold(ask=ask, dispatcher=town.sam).held_by == town.jo
        assert actions.release_hold(ask=ask, dispatcher=town.jo).held_by is None

    def test_what_is_over_is_not_held(self, town):
        ask = actions.withdraw_ask(ask=town.ask())
        with pytest.raises(NotPossibleNow):
            actions.take_hold(ask=ask, dispatcher=town.jo)


class TestNoting:
    def test_keeps_the_promise_and_makes_a_new_one(self, town):
        ask = actions.send_to_desk(ask=town.ask(starts_at=MONDAY, ends_at=MONDAY + WEEK), said_by=By.ASKER)
        actions.call_note(ask=ask, dispatcher=town.jo, text="No answer, will try again.")
        assert (fresh(ask).desk_at, fresh(ask).next_step_at) == (MONDAY + DAY, MONDAY + DAY)
        actions.call_note(ask=ask, dispatcher=town.jo, text="At six.", follow_up_at=MONDAY + 8 * HOUR)
        assert (fresh(ask).desk_at, fresh(ask).next_step_at) == (MONDAY + 8 * HOUR, MONDAY + 8 * HOUR)
        assert [note.text for note in CallNote.objects.all()] == ["No answer, will try again.", "At six."]

    def test_pressed_twice_is_one_note(self, town, hand):
        ask = town.ask()
        first = actions.call_note(ask=ask, dispatcher=town.jo, text="No answer.")
        assert actions.call_note(ask=ask, dispatcher=town.jo, text="No answer.") == first
        actions.call_note(ask=ask, dispatcher=town.sam, text="No answer.")
        hand.advance(HOUR)
        actions.call_note(ask=ask, dispatcher=town.jo, text="No answer.")
        assert CallNote.objects.count() == 3

    def test_elsewhere_it_is_looked_at_again_only_if_wanted(self, town):
        ask = town.ask()
        due = fresh(ask).next_step_at
        actions.call_note(ask=ask, dispatcher=town.jo, text="Call.", follow_up_at=MONDAY + HOUR)
        assert (fresh(ask).desk_at, fresh(ask).next_step_at, fresh(ask).state) == (
            MONDAY + HOUR,
            due,
            State.NEAR,
        )
        actions.call_note(ask=ask, dispatcher=town.jo, text="Called.")
        assert fresh(ask).desk_at is None
        assert verbs(ask) == ["published", "called", "called"]


class TestPuttingElsewhere:
    def test_to_the_desk_once(self, town):
        ask = actions.send_to_desk(ask=town.ask(), said_by=By.ASKER)
        actions.send_to_desk(ask=ask, said_by=By.ASKER)
        assert verbs(ask).count("person_wanted") == 1

    def test_back_into_the_search(self, town, hand):
        ask = actions.send_to_desk(ask=town.ask(), said_by=By.ASKER)
        hand.advance(WEEK)
        again = actions.search_again(ask=ask, dispatcher=town.jo)
        assert (again.state, again.desk_at, again.ends_at) == (State.NEAR, None, MONDAY + 2 * WEEK)

    def test_what_is_agreed_is_not_searched_for(self, town):
        ask = town.ask()
        town.agreed(ask, town.rosa)
        with pytest.raises(NotPossibleNow):
            actions.search_again(ask=ask, dispatcher=town.jo)


class TestClosing:
    def test_met_outside_of_the_program(self, town):
        ask = town.ask()
        invited = town.invited(ask, town.rosa)
        assert actions.close_for_asker(ask=ask, dispatcher=town.jo, is_met=True).state == State.DONE
        assert fresh(invited).state == S.TAKEN_BACK
        assert actions.close_for_asker(ask=ask, dispatcher=town.jo, is_met=True).state == State.DONE

    def test_not_wanted_any_more(self, town):
        closed = actions.close_for_asker(ask=town.ask(), dispatcher=town.jo, is_met=False)
        assert (closed.state, closed.closed_why) == (State.WITHDRAWN, "not_needed")
        assert story_of(closed).last().actor == town.jo.pk

    def test_how_a_commitment_went_is_said_of_the_commitment(self, town):
        ask = town.ask(hands=2)
        town.agreed(ask, town.rosa)
        with pytest.raises(NotPossibleNow):
            actions.close_for_asker(ask=ask, dispatcher=town.jo, is_met=True)


class TestLooking:
    def test_is_on_record_once_an_hour_for_each(self, town, hand):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        for by, actor, seen in (
            (By.HELPER, town.rosa.pk, match),
            (By.HELPER, town.rosa.pk, match),
            (By.DISPATCHER, town.jo.pk, None),
            (By.ASKER, None, match),
            (By.ASKER, None, match),
        ):
            actions.record_look(ask=ask, by=by, actor=actor, match=seen, what=["email"])
        assert verbs(ask).count("looked") == 3
        hand.advance(HOUR)
        actions.record_look(ask=ask, by=By.HELPER, actor=town.rosa.pk, match=match, what=["email"])
        assert verbs(ask).count("looked") == 4


class TestErasing:
    def test_what_is_over_is_erased_when_its_asker_wants_so(self, town):
        ask = actions.withdraw_ask(ask=town.ask())
        assert actions.erase_on_wish(ask=ask) == 1
        assert fresh(ask).called == ""

    def test_another_occurrence_that_is_still_lent_waits(self, town):
        ask, other = actions.withdraw_ask(ask=town.ask()), town.ask(called="Amina")
        Ask.objects.filter(pk=other.pk).update(token_hash=ask.token_hash)
        with pytest.raises(NotPossibleNow):
            actions.erase_on_wish(ask=ask)
        assert fresh(other).called == "Amina"

    def test_nothing_of_a_person_is_left(self, town, hand):
        published = actions.publish_ask(
            network=town.network,
            draft=town.draft(summary="For Amina", needs=("stairs",)),
            by=town.lee,
            source_key="form",
        )
        ask = published.ask
        match = town.agreed(ask, town.rosa, reasons=({"code": "distance", "m": 600},))
        actions.call_note(ask=ask, dispatcher=town.jo, text="She is at home.")
        actions.report_handover(match=match, outcome="done", said_by=By.HELPER, note="Nice cat.")
        hand.advance(30 * DAY - HOUR)
        assert actions.erase_closed() == 0
        hand.advance(HOUR)
        assert actions.erase_closed() == 1
        row = Ask.objects.filter(pk=ask.pk).values().get()
        assert not any(
            row[name]
            for name in (
                "words", "summary", "place", "destination", "called", "contact", "contact_kind", "contact_index",
                "token_hash", "token_box", "by_id", "needs", "languages", "source_key", "erase_at",
            )
        )  # fmt: skip
        assert (row["state"], row["area_id"], row["category_id"]) == (
            State.DONE,
            town.abell.pk,
            town.groceries.pk,
        )
        assert not CallNote.objects.exists()
        assert Handover.objects.get().note == ""
        match = fresh(match)
        assert (match.token_hash, match.token_box, match.reasons, match.member) == ("", "", [], town.rosa)
        assert actions.erase_closed() == 0
        assert verbs(ask)[-1] == "erased"

    def test_what_woke_in_the_meantime_is_kept(self, town, hand, monkeypatch):
        ask = actions.withdraw_ask(ask=town.ask())
        hand.advance(30 * DAY)
        from commonweal.exchange.actions import erasure

        Ask.objects.filter(pk=ask.pk).update(erase_at=None)
        erasure._erase(ask.network_id, ask.pk)
        assert fresh(ask).words


class TestLeaving:
    def test_what_they_held_is_free_again(self, town):
        agreed_ask, invited_ask = town.ask(), town.ask()
        agreed, invited = town.agreed(agreed_ask, town.rosa), town.invited(invited_ask, town.rosa)
        offer = town.offer(town.rosa)
        mine = actions.publish_ask(network=town.network, draft=town.draft(), by=town.rosa).ask
        leave(member=town.rosa)
        for _time in range(2):
            actions.let_go(member=town.rosa)
            assert (fresh(agreed).state, fresh(invited).state) == (S.DROPPED, S.DECLINED)
            assert (fresh(agreed_ask).state, fresh(mine).state) == (State.NEAR, State.WITHDRAWN)
            assert fresh(offer).state == Offer.State.WITHDRAWN
        assert letters("dropped_asker").count() == 1

    def test_what_was_settled_a_moment_ago_is_left_alone(self, town, monkeypatch):
        ask = town.ask()
        match = town.agreed(ask, town.rosa)
        Ask.objects.filter(pk=ask.pk).update(state=State.PAUSED)
        actions.let_go(member=town.rosa)
        assert fresh(match).state == S.ACCEPTED


class TestSendingTheLinkAgain:
    def test_only_to_the_contact_that_was_given(self, town, hand):
        ask = town.ask()
        mine = Contact(kind="email", value="amina@example.org")
        other = Contact(kind="email", value="eve@example.org")
        assert send_link(network=town.network, code=ask.code, contact=mine)
        assert not send_link(network=town.network, code=ask.code, contact=other)
        assert not send_link(network=town.network, code="ZZZZZZ", contact=mine)
        assert send_link(network=town.network, code=ask.code, contact=mine)
        message = letters("ask_link").get()
        assert message.to == "amina@example.org"
        assert message.context["link"].endswith(f"/a/{ask.token_box}/")
        hand.advance(HOUR)
        send_link(network=town.network, code=ask.code, contact=mine)
        assert letters("ask_link").count() == 2

    def test_not_once_it_is_erased(self, town):
        ask = town.ask()
        Ask.objects.filter(pk=ask.pk).update(token_box="")
        contact = Contact(kind="email", value="amina@example.org")
        assert not send_link(network=town.network, code=ask.code, contact=contact)
