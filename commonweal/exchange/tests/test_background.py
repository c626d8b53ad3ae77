"""The periodic work, what is done about news, the doctor's checks, the drawing, and drafts that wait."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from commonweal.base import bus, clock, pulse
from commonweal.base.eventlog import By
from commonweal.exchange import actions, drawing, invariants, tasks
from commonweal.exchange.actions import sheets
from commonweal.exchange.drafts import AskDraft, OfferDraft
from commonweal.exchange.lifecycle import (
    CLOSED,
    OPEN,
    SEARCHING,
    TRANSITIONS,
    Moments,
    State,
    Step,
    Trigger,
    due_at,
    span,
    transition,
)
from commonweal.exchange.models import Ask, Match, Offer, OfferCategory
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, fresh, letters
from commonweal.members.actions import leave
from commonweal.members.events import MemberLeft
from commonweal.networks.policy import Policy

S = Match.State


class TestTheTable:
    def test_gives_every_open_state_a_next_step(self):
        for row in TRANSITIONS:
            assert (row.step == Step.NONE) == (row.target in CLOSED), row

    def test_has_one_row_for_each_state_and_trigger(self):
        pairs = [(source, row.trigger) for row in TRANSITIONS for source in row.sources]
        assert len(pairs) == len(set(pairs))

    def test_uses_every_state_and_trigger(self):
        assert {row.trigger for row in TRANSITIONS} == set(Trigger)
        assert {row.target for row in TRANSITIONS} == set(State)

    def test_leads_out_of_every_state(self):
        for state in State:
            assert any(state in row.sources and row.target != state for row in TRANSITIONS)

    def test_lets_every_open_ask_be_withdrawn_but_a_lent_thing(self):
        assert {state for state in State if transition(state, Trigger.WITHDRAWN)} == OPEN - {State.OUT}

    def test_a_person_can_be_wanted_wherever_it_is_searched_for(self):
        assert {state for state in State if transition(state, Trigger.PERSON_WANTED)} == SEARCHING

    def test_counts_from_what_it_says(self):
        policy, at = Policy(), MONDAY
        moments = Moments(now=at, since=at - HOUR, ends=at + DAY, returns=at + WEEK)
        due = {
            trigger: due_at(transition(state, trigger), policy=policy, moments=moments)
            for state, trigger in (
                (State.NEAR, Trigger.NOBODY_LEFT),
                (State.WIDE, Trigger.NOBODY_LEFT),
                (State.NEAR, Trigger.FILLED),
                (State.AGREED, Trigger.LENT),
                (State.DESK, Trigger.LATE),
                (State.NEAR, Trigger.WITHDRAWN),
            )
        }
        assert due == {
            Trigger.NOBODY_LEFT: at + HOUR,
            Trigger.FILLED: at + DAY + 2 * HOUR,
            Trigger.LENT: at + WEEK,
            Trigger.LATE: at + 23 * HOUR,
            Trigger.WITHDRAWN: None,
        }

    def test_is_never_due_in_the_past(self):
        moments = Moments(now=MONDAY, since=MONDAY, ends=MONDAY - WEEK)
        row = transition(State.NEAR, Trigger.FILLED)
        assert due_at(row, policy=Policy(), moments=moments) == MONDAY

    def test_a_pressing_ask_waits_less_and_never_more(self):
        for name in (
            "answer_minutes",
            "near_hours",
            "wide_hours",
            "desk_minutes",
            "beyond_hours",
            "pause_days",
        ):
            assert span(Policy(), name, pressing=True) <= span(Policy(), name, pressing=False)
        assert span(Policy(), "near_hours", pressing=True) == timedelta(hours=1)


class TestAdvancing:
    def test_takes_what_is_due_those_ahead_first(self, town, hand, monkeypatch):
        ordinary, ahead, later = town.ask(), town.ask(), town.ask()
        Ask.objects.filter(pk=ahead.pk).update(ahead=1)
        Ask.objects.filter(pk=later.pk).update(next_step_at=MONDAY + HOUR)
        taken = []
        real = tasks.advance_ask
        monkeypatch.setattr(tasks, "advance_ask", lambda **ids: (taken.append(ids["ask_id"]), real(**ids)))
        assert tasks.advance_due() == 2
        assert taken == [ahead.pk, ordinary.pk]
        assert tasks.advance_due() == 0

    def test_one_that_fails_holds_up_nobody(self, town, monkeypatch, caplog):
        broken, sound = town.ask(), town.ask()
        real = tasks.advance_ask

        def advance(**ids):
            if ids["ask_id"] == broken.pk:
                raise RuntimeError
            real(**ids)

        monkeypatch.setattr(tasks, "advance_ask", advance)
        assert tasks.advance_due() == 1
        assert fresh(sound).next_step_at > MONDAY
        assert fresh(broken).next_step_at == MONDAY
        assert "could not be advanced" in caplog.text

    def test_does_not_go_round_for_ever(self, town, monkeypatch):
        monkeypatch.setattr(tasks, "BATCH", 1)
        monkeypatch.setattr(tasks, "ROUNDS", 2)
        for _number in range(3):
            town.ask()
        assert tasks.advance_due() == 2


class TestOtherWork:
    def test_erases_all_that_is_due(self, town, hand):
        for _number in range(2):
            actions.withdraw_ask(ask=town.ask())
        hand.advance(30 * DAY)
        assert tasks.erase_due() == 2

    def test_asks_about_offers(self, town, hand):
        town.offer(town.rosa)
        assert tasks.check_offers() == 0
        hand.advance(173 * DAY)
        assert tasks.check_offers() == 1
        assert letters("offer_check").count() == 1

    def test_finishes_the_leaving_of_who_left(self, town):
        match, offer = town.agreed(town.ask(), town.rosa), town.offer(town.lee)
        for member in (town.rosa, town.lee):
            leave(member=member)
        assert tasks.let_go_of_those_who_left() == 2
        assert (fresh(match).state, fresh(offer).state) == (S.DROPPED, Offer.State.WITHDRAWN)
        assert tasks.let_go_of_those_who_left() == 0


class TestNews:
    def test_of_somebody_leaving_frees_what_they_held(self, town, django_capture_on_commit_callbacks):
        match = town.agreed(town.ask(), town.rosa)
        with django_capture_on_commit_callbacks(execute=True):
            leave(member=town.rosa)
        assert fresh(match).state == S.DROPPED

    def test_of_somebody_unknown_is_nothing(self, town, bo, django_capture_on_commit_callbacks):
        match = town.agreed(town.ask(), town.rosa)
        with django_capture_on_commit_callbacks(execute=True):
            bus.publish(MemberLeft(network=bo.network_id, member=town.rosa.pk))
        assert fresh(match).state == S.ACCEPTED


class TestInvariants:
    def check_all(self):
        return {
            name: [finding.what for finding in check()]
            for name, check in vars(invariants).items()
            if getattr(check, "__module__", "") == invariants.__name__ and not name.startswith("_")
        }

    @pytest.fixture
    def living(self, monkeypatch):
        monkeypatch.setattr(pulse, "living", lambda: [object()])

    def test_hold_for_whatever_the_cast_did(self, town, living):
        agreed = town.agreed(town.ask(), town.rosa)
        actions.report_handover(match=agreed, outcome="done", said_by=By.HELPER)
        town.invited(town.ask(), town.lee)
        actions.pause_offer(offer=town.offer(town.sam))
        town.offer(town.sam)
        found = self.check_all()
        assert len(found) == 8
        assert {name: what for name, what in found.items() if what} == {}

    def test_a_step_that_is_overdue_is_found_while_a_worker_lives(self, town, hand, living, monkeypatch):
        ask = town.ask()
        hand.advance(timedelta(minutes=16))
        assert ask.code in next(iter(invariants.steps_are_taken())).what
        monkeypatch.setattr(pulse, "living", list)
        assert list(invariants.steps_are_taken()) == []

    def test_a_counter_that_disagrees_is_found(self, town):
        ask, thing = town.ask(), town.ask(category=town.things.pk, quantity=4)
        Ask.objects.filter(pk=ask.pk).update(hands_taken=1)
        Ask.objects.filter(pk=thing.pk).update(quantity_taken=1)
        what = next(iter(invariants.counters_agree())).what
        assert ask.code in what
        assert thing.code in what

    def test_an_offer_that_is_filed_wrongly_is_found(self, town):
        offer = town.offer(town.rosa)
        OfferCategory.objects.filter(offer=offer).update(is_open=False)
        assert next(iter(invariants.offers_are_filed())).what.startswith("1 offers")

    def test_a_commitment_that_outlived_its_ask_is_found(self, town):
        closed, left = town.agreed(town.ask(), town.rosa), town.agreed(town.ask(), town.lee)
        Ask.objects.filter(pk=closed.ask_id).update(
            state=State.DONE, closed_at=MONDAY, next_step="", next_step_at=None
        )
        leave(member=town.lee)
        found = [finding.what for finding in invariants.commitments_are_alive()]
        assert [match.ask.code in what for match, what in zip((closed, left), found, strict=True)] == [
            True,
            True,
        ]

    def test_an_idle_invitation_is_found(self, town):
        match = town.invited(town.ask(), town.rosa)
        Ask.objects.filter(pk=match.ask_id).update(state=State.PAUSED)
        assert match.ask.code in next(iter(invariants.invitations_are_wanted())).what

    def test_what_was_to_be_erased_is_found(self, town, hand):
        late, undated = (actions.withdraw_ask(ask=town.ask()) for _number in range(2))
        Ask.objects.filter(pk=undated.pk).update(erase_at=None)
        hand.advance(33 * DAY)
        found = [finding.what for finding in invariants.closed_asks_are_erased()]
        assert [ask.code in what for ask, what in zip((late, undated), found, strict=True)] == [True, True]

    def test_many_are_named_by_the_first_few(self, town, hand, living):
        for _number in range(7):
            town.ask()
        hand.advance(HOUR)
        assert next(iter(invariants.steps_are_taken())).what.count(",") == 4


class TestDrawing:
    def test_the_page_is_the_table(self):
        page = Path(settings.ROOT) / "docs" / "explanation" / "life-of-an-ask.md"
        assert drawing.page_with_drawing(page.read_text("utf-8")) == page.read_text("utf-8")

    def test_is_drawn_anew(self, tmp_path):
        page = tmp_path / "page.md"
        page.write_text(f"Before\n{drawing.BEGIN}\nold\n{drawing.END}\nAfter\n", "utf-8")
        with pytest.raises(CommandError, match="out of date"):
            call_command("lifecycle", str(page), "--check")
        said = StringIO()
        call_command("lifecycle", str(page), stdout=said)
        call_command("lifecycle", str(page), "--check")
        drawn = page.read_text("utf-8")
        assert drawn.startswith("Before\n")
        assert drawn.endswith("\nAfter\n")
        assert "old" not in drawn
        assert "drawn" in said.getvalue()

    @pytest.mark.parametrize("text", [None, "No marks."])
    def test_a_page_without_a_place_for_it_is_refused(self, tmp_path, text):
        page = tmp_path / "page.md"
        if text:
            page.write_text(text, "utf-8")
        with pytest.raises(CommandError):
            call_command("lifecycle", str(page))


class TestDrafts:
    def test_an_ask_waits_and_comes_back(self, town):
        draft = town.draft(returns_at=MONDAY, languages=("es", "en"), needs=("stairs",), hands=3)
        assert AskDraft.from_json(draft.to_json()) == draft

    def test_an_offer_waits_and_comes_back(self, town):
        draft = town.offer_draft(categories=(town.ride.pk, town.groceries.pk), area=None, cell=None)
        assert OfferDraft.from_json(draft.to_json()) == draft


def test_a_sheet_is_taken_in_quietly(town):
    rows = [
        sheets.SheetAsk(draft=town.draft(area=area), created_at=MONDAY - DAY, source_key=key)
        for key, area in (("row-1", town.abell.pk), ("row-2", None))
    ]
    asks = sheets.take_in_asks(network=town.network, rows=rows)
    assert len({ask.code for ask in asks}) == 2
    assert not letters("ask_received").exists()
    assert tasks.advance_due() == 2
    assert clock.now() < fresh(asks[0]).next_step_at
