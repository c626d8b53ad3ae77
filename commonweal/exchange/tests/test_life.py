"""The whole life of asks, lived at random: helpers answer, drop out and report, time passes, and the promises hold.

Hypothesis chooses what happens; after every step the promises of the table are checked, and at the end time is let
pass until the asks are closed or at rest, whatever happened before.
"""

import contextlib
import itertools
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.db.models import Count, Q, Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from commonweal.base import clock, ids
from commonweal.base.errors import Refused
from commonweal.base.eventlog import By
from commonweal.exchange import actions
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.invariants import (
    commitments_are_alive,
    counters_agree,
    invitations_are_wanted,
    offers_are_filed,
    open_asks_have_a_next_step,
)
from commonweal.exchange.lifecycle import CLOSED, State
from commonweal.exchange.models import COMMITTED, GONE, HELPED, LIVE, Ask, Match, Offer
from commonweal.exchange.queries import ask_status, invitation
from commonweal.exchange.tests.cast import DAY, HOUR, MONDAY, WEEK, found_town, fresh
from commonweal.exchange.whens import meeting

S = Match.State
NOT_OVER = sorted(frozenset(State) - CLOSED)
# An ask that nobody cares for any more comes to its end within this: a pause three times asked about is the longest.
LONGEST_LIFE = timedelta(days=120)

helpers = st.sampled_from(["rosa", "lee", "sam", "jo"])
sides = st.sampled_from([By.ASKER, By.HELPER, By.DISPATCHER])
kinds = st.sampled_from(
    [
        {},
        {"hands": 2},
        {"hands": 3, "starts_at": MONDAY, "ends_at": MONDAY + WEEK},
        {"category": "things", "quantity": 12, "unit": "packs"},
        {"category": "borrow", "returns_at": MONDAY + 4 * DAY},
        {"category": "borrow", "hands": 2, "returns_at": MONDAY + 4 * DAY},
        {"urgency": 2, "starts_at": MONDAY, "ends_at": MONDAY + 12 * HOUR},
        {"repeat_days": 1 << 2},
    ]
)


@contextlib.contextmanager
def undone():
    """Whatever is written inside is taken back at the end: no life knows of another."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Life(RuleBasedStateMachine):
    """One small network with two asks and four helpers."""

    def __init__(self):
        super().__init__()
        self.path = []
        self.until_the_end = contextlib.ExitStack()
        self.until_the_end.enter_context(undone())
        self.hand = self.until_the_end.enter_context(clock.frozen(MONDAY))
        # Ids in the order in which they are made, within a millisecond too: the same run twice finds the same rows.
        ticks = itertools.count(1_000_000_000_000, 1_000_000)
        self.until_the_end.enter_context(patch.object(ids.time, "time_ns", lambda: next(ticks)))

    def teardown(self):
        try:
            self.let_everything_end()
        finally:
            self.until_the_end.close()

    @initialize(first=kinds, second=kinds, pieces=st.sampled_from([0, 5, 20]))
    def begin(self, first, second, pieces):
        self.town = found_town()
        for name, kind in (("first", first), ("second", second)):
            named = {"category": getattr(self.town, kind["category"]).pk} if "category" in kind else {}
            self.town.ask(summary=name, **{**kind, **named})
        giving = (self.town.things.pk, self.town.borrow.pk, self.town.groceries.pk)
        self.offers = {
            name: self.town.offer(getattr(self.town, name), categories=giving, quantity=pieces)
            for name in ("rosa", "lee")
        }

    def asks(self):
        return Ask.objects.filter(network=self.town.network)

    def matches(self):
        return Match.objects.filter(network=self.town.network).select_related("ask", "member", "network")

    def pick(self, data, rows, label):
        chosen = list(rows.order_by("id"))
        return data.draw(st.sampled_from(chosen), label=label) if chosen else None

    def attempt(self, verb, **given):
        """Do it, or be refused; anything else fails the test."""
        with contextlib.suppress(Refused):
            verb(**given)

    # --- What people do

    @rule(data=st.data(), who=helpers, quantity=st.integers(0, 9), desk=st.booleans())
    def invite(self, data, who, quantity, desk):
        ask = self.pick(data, self.asks().filter(on_board=True), "ask")
        if ask:
            offer = self.offers.get(who)
            candidate = Candidate(
                member_id=getattr(self.town, who).pk,
                offer_id=offer and offer.pk,
                quantity=quantity if ask.quantity else 0,
            )
            actions.invite(ask=ask, candidate=candidate, by=self.town.jo if desk else None)

    @rule(data=st.data(), who=helpers)
    def suggest(self, data, who):
        ask = self.pick(data, self.asks().filter(on_board=True), "ask")
        if ask:
            actions.propose(ask=ask, candidates=[Candidate(member_id=getattr(self.town, who).pk)])

    @rule(data=st.data(), twice=st.booleans())
    def say_yes(self, data, twice):
        match = self.pick(data, self.matches(), "match")
        for _press in range(1 + twice if match else 0):
            self.attempt(actions.accept_invitation, match=match)

    @rule(data=st.data(), rest=st.sampled_from(["this", "category"]))
    def say_no(self, data, rest):
        match = self.pick(data, self.matches(), "match")
        if match:
            self.attempt(actions.decline_invitation, match=match, rest=rest)

    @rule(data=st.data(), who=helpers, quantity=st.integers(0, 9))
    def pick_from_board(self, data, who, quantity):
        ask = self.pick(data, self.asks(), "ask")
        member = getattr(self.town, who)
        self.attempt(
            actions.pick_from_board, ask=ask, member=member, offer=self.offers.get(who), quantity=quantity
        )

    @rule(data=st.data(), side=sides)
    def drop_out(self, data, side):
        match = self.pick(data, self.matches(), "match")
        if match:
            self.attempt(actions.drop_out, match=match, said_by=side)

    @rule(
        data=st.data(),
        side=sides,
        outcome=st.sampled_from(["done", "partly", "missed"]),
        quantity=st.integers(0, 20),
    )
    def say_how_it_went(self, data, side, outcome, quantity):
        match = self.pick(data, self.matches(), "match")
        if match:
            self.attempt(
                actions.report_handover, match=match, outcome=outcome, said_by=side, quantity=quantity
            )

    @rule(data=st.data(), days=st.integers(-1, 9))
    def agree_on_another_time(self, data, days):
        match = self.pick(data, self.matches(), "match")
        if match:
            at = clock.now() + days * DAY
            self.attempt(
                actions.report_handover,
                match=match,
                outcome="rescheduled",
                said_by=By.HELPER,
                new_time=(at, at + HOUR),
            )

    @rule(data=st.data(), side=sides)
    def bring_it_back(self, data, side):
        match = self.pick(data, self.matches(), "match")
        if match:
            self.attempt(actions.return_loan, match=match, said_by=side)

    @rule(
        data=st.data(),
        verb=st.sampled_from(
            [actions.pause_ask, actions.resume_ask, actions.withdraw_ask, actions.keep_ask, actions.wake_ask]
        ),
    )
    def ask_acts(self, data, verb):
        self.attempt(verb, ask=self.pick(data, self.asks(), "ask"), said_by=By.ASKER)

    @rule(data=st.data(), hands=st.integers(1, 4), days=st.integers(0, 5))
    def ask_changes(self, data, hands, days):
        ask = self.pick(data, self.asks(), "ask")
        at = clock.now() + days * DAY + HOUR
        draft = self.town.draft(
            summary=ask.summary, category=ask.category_id, hands=hands, quantity=ask.quantity,
            starts_at=at, ends_at=at + 4 * HOUR,
            repeat_days=ask.repeat_days, returns_at=ask.returns_at,
        )  # fmt: skip
        self.attempt(actions.change_ask, ask=ask, version=ask.version, draft=draft)

    @rule(data=st.data(), is_met=st.booleans(), what=st.sampled_from(["desk", "again", "note", "close"]))
    def dispatcher_acts(self, data, is_met, what):
        ask, jo = self.pick(data, self.asks(), "ask"), self.town.jo
        if what == "desk":
            self.attempt(actions.send_to_desk, ask=ask, said_by=By.DISPATCHER)
        elif what == "again":
            self.attempt(actions.search_again, ask=ask, dispatcher=jo)
        elif what == "note":
            actions.call_note(ask=ask, dispatcher=jo, text="Heard.")
        else:
            self.attempt(actions.close_for_asker, ask=ask, dispatcher=jo, is_met=is_met)

    @rule(data=st.data(), found=st.booleans())
    def a_search_ends(self, data, found):
        actions.report_search(ask=self.pick(data, self.asks(), "ask"), found=found)

    # --- What time does

    @rule(hours=st.sampled_from([0.5, 3, 20, 70]))
    def time_passes(self, hours):
        until = clock.now() + hours * HOUR
        while self.a_step_is_taken(until):
            pass
        self.hand.move_to(until)

    def a_step_is_taken(self, until):
        """Let the clock run to the next step that is due by ``until``, and take it; False where there is none."""
        waiting = self.asks().filter(next_step_at__lte=until)
        due = min(waiting, key=lambda ask: (ask.next_step_at, ask.pk), default=None)
        if due is None:
            return False
        self.hand.move_to(max(clock.now(), due.next_step_at))
        actions.advance_ask(ask_id=due.pk, network_id=due.network_id)
        now = fresh(due)
        if now.next_step_at and now.next_step_at <= clock.now() + timedelta(minutes=2) and now.is_searching:
            # The search that was called for finds nobody new.
            actions.report_search(ask=now, found=now.state != State.BEYOND)
        after = fresh(due)
        self.path.append((due.summary, due.state, due.next_step, due.tries, after.state, after.next_step_at))
        assert after.next_step_at is None or after.next_step_at > clock.now() or after.state != due.state, (
            due.state,
            due.next_step,
            after.state,
            after.next_step,
        )
        return True

    # --- What must be true after each

    @invariant()
    @precondition(lambda self: hasattr(self, "town"))
    def the_doctor_finds_nothing(self):
        for check in (
            open_asks_have_a_next_step,
            counters_agree,
            offers_are_filed,
            commitments_are_alive,
            invitations_are_wanted,
        ):
            assert list(check()) == [], check.__name__

    @invariant()
    @precondition(lambda self: hasattr(self, "town"))
    def nothing_is_overbooked_or_lost(self):
        for ask in self.asks():
            assert ask.hands_taken <= ask.hands
            assert ask.quantity_taken <= ask.quantity
            assert ask.state != State.AGREED or ask.is_filled
        for offer in Offer.objects.filter(network=self.town.network, quantity__gt=0):
            there = Match.objects.filter(offer=offer, state__in=GONE)
            gone = there.exclude(state=S.DONE, ask__nature="loan").aggregate(n=Sum("quantity"))["n"] or 0
            assert offer.quantity_left + gone == offer.quantity

    @invariant()
    @precondition(lambda self: hasattr(self, "town"))
    def nobody_is_there_twice(self):
        live = self.matches().filter(state__in=LIVE).values("ask", "member").annotate(n=Count("id"))
        assert not live.filter(n__gt=1).exists()
        dates = self.asks().filter(series__isnull=False).values("series", "occurs_at").annotate(n=Count("id"))
        assert not dates.filter(n__gt=1).exists()

    @invariant()
    @precondition(lambda self: hasattr(self, "town"))
    def only_who_agreed_sees_how_to_reach_the_other(self):
        for match in self.matches():
            is_shown = invitation(match).reach is not None
            if match.state in COMMITTED:
                assert is_shown
            elif is_shown:
                self.it_was_agreed_and_is_not_long_over(match)
        for ask in self.asks().select_related("network", "category", "area", "by"):
            status = ask_status(ask)
            agreed = set(self.matches().filter(ask=ask, state__in=COMMITTED).values_list("id", flat=True))
            assert {entry.match.pk for entry in status.commitments} == agreed
            assert status.next_sentence or not ask.is_open

    def it_was_agreed_and_is_not_long_over(self, match):
        assert match.state in GONE
        ended_at = (match.state in HELPED and match.ended_at) or meeting(match)[1]
        assert clock.now() < ended_at + match.network.policy.span("reveal_after_hours")

    def let_everything_end(self):
        """Nobody does anything any more: every ask is closed, at rest, or waits for a lent thing, within its time."""
        if not hasattr(self, "town"):
            return
        self.asks().update(repeat_days=0)
        until, steps = clock.now() + LONGEST_LIFE, 0
        while self.asks().filter(state__in=NOT_OVER).exclude(state=State.OUT).exists():
            assert self.a_step_is_taken(until), "an ask is open and nothing more happens to it"
            steps += 1
            assert steps < 400, f"asks go round and round: {self.path[-20:]}"
        waiting = self.asks().filter(state=State.OUT)
        assert not waiting.filter(
            Q(next_step="") | Q(desk_at__isnull=True, next_step_at__lt=clock.now())
        ).exists()
        self.the_doctor_finds_nothing()
        self.nothing_is_overbooked_or_lost()


@pytest.mark.django_db
def test_the_promises_hold_whatever_happens():
    """No shrinking: it would take minutes, and what is printed can be read as it is."""
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
        ),
    )
