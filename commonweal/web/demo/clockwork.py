"""Time passing in the made-up network: what is due by itself happens, and people answer what they were asked."""

import contextlib
import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commonweal.base import clock
from commonweal.base.errors import Refused
from commonweal.base.eventlog import By
from commonweal.exchange.actions import (
    accept_invitation,
    advance_ask,
    decline_invitation,
    drop_out,
    report_handover,
)
from commonweal.exchange.lifecycle import Step
from commonweal.exchange.models import Ask, Handover, Match
from commonweal.matching.actions import search_for
from commonweal.web.demo.town import Town

Act = Callable[[], object]
S = Match.State
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Clockwork:
    """Lets time pass in a town. People's answers are planned when they are asked, and given at their time."""

    town: Town
    _plans: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _planned: set[tuple[object, str]] = field(default_factory=set)
    _number: "itertools.count[int]" = field(default_factory=itertools.count)

    def run(self, until: datetime) -> None:
        """Everything that happens until then, one thing after the other."""
        while True:
            due = self._next_step()
            step_at = due.next_step_at if due and due.next_step_at else until + MINUTE
            plan_at = self._plans[0][0] if self._plans else until + MINUTE
            if min(step_at, plan_at) > until:
                break
            self.town.hand.move_to(max(clock.now(), min(step_at, plan_at)))
            if due is None or plan_at <= step_at:
                self._keep(heapq.heappop(self._plans)[2])
            else:
                self._step(due)
        self.town.hand.move_to(max(clock.now(), until))

    def look(self) -> None:
        """Plan what those will say who were asked or said yes since the last look."""
        live = Match.objects.filter(network=self.town.network, state__in=[S.INVITED, S.ACCEPTED])
        new = {*live.values_list("pk", "state")} - self._planned
        self._planned |= new
        matches = live.filter(pk__in=[pk for pk, _state in new]).select_related("ask", "member", "network")
        for match in matches.order_by("created_at", "id") if new else ():
            self._plan_answer(match) if match.state == S.INVITED else self._plan_report(match)

    def _next_step(self) -> Ask | None:
        asks = Ask.objects.filter(network=self.town.network, next_step_at__isnull=False)
        return asks.order_by("next_step_at", "id").only("network_id", "next_step", "next_step_at").first()

    def _step(self, ask: Ask) -> None:
        advance_ask(ask_id=ask.pk, network_id=self.town.network.pk)
        if ask.next_step == Step.SEARCH:
            search_for(network_id=self.town.network.pk, ask_id=ask.pk, at=clock.now())
            self.look()

    def _keep(self, act: Act) -> None:
        with contextlib.suppress(Refused):  # somebody was faster, or it has changed meanwhile
            act()
        self.look()

    def _at(self, at: datetime, act: Act) -> None:
        heapq.heappush(self._plans, (at, next(self._number), act))

    def _plan_answer(self, match: Match) -> None:
        """Of ten who were asked, seven say yes, two say no, one says nothing, unless a scene has it otherwise."""
        manners, chance = self.town.manners_of(match.ask), self.town.chance
        if manners:
            asked = Match.objects.filter(network=match.network, ask=match.ask, invited_at__isnull=False)
            place = asked.filter(pk__lte=match.pk).count()
            answer = manners.answers[min(place, len(manners.answers)) - 1]
            minutes = manners.minutes
        else:
            answer = chance.choices(["yes", "no", "never"], [70, 20, 10])[0]
            minutes = chance.randint(8, 100)
        acts: dict[str, Act] = {
            "yes": lambda: accept_invitation(match=match),
            "no": lambda: decline_invitation(match=match),
        }
        if answer in acts:
            self._at(clock.now() + minutes * MINUTE, acts[answer])

    def _plan_report(self, match: Match) -> None:
        """Nine of ten say afterwards that it is done, one that it did not happen; one in fifty drops out before."""
        manners, chance = self.town.manners_of(match.ask), self.town.chance
        ends_at = match.meets_until or match.ask.ends_at
        if manners and not manners.is_said:
            return
        if not manners and chance.random() < 0.02:
            self._at(clock.now() + 20 * MINUTE, lambda: drop_out(match=match, actor=match.member_id))
            return
        done = bool(manners) or chance.random() < 0.9
        outcome = Handover.Outcome.DONE if done else Handover.Outcome.MISSED
        minutes = 30 if manners else chance.randint(5, 110)
        self._at(
            ends_at + minutes * MINUTE,
            lambda: report_handover(match=match, outcome=outcome, said_by=By.HELPER, actor=match.member_id),
        )
