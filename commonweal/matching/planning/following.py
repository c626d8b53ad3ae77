"""Keeping a plan up with what happens: each arrival, withdrawal or refusal is one small change of it, not a new plan.

What has happened is read from the event log, the asks and people it was about are read once more, and the engine, which
has the plan in hand, mends it. Every change is kept, so a process that dies is no loss: the next one takes the plan and
its changes from the database and goes on.
"""

import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, Self

from django.db import IntegrityError, transaction
from django.db.models import Q

from commonweal.algorithms.matching.instance import Array
from commonweal.base.models import Event
from commonweal.exchange.actions import rank_asks
from commonweal.exchange.models import Match, Offer
from commonweal.matching.errors import NoEngine
from commonweal.matching.models import Plan, PlanChange
from commonweal.matching.planning.due import CHANGES
from commonweal.matching.planning.making import opening
from commonweal.matching.planning.numbering import ids_of_new, numbers_of
from commonweal.matching.reading.changes import Moment, Numbers, read_changes
from commonweal.matching.solving.messages import packed, unpacked
from commonweal.networks.models import Network

Key = uuid.UUID
# What was written down by a transaction that took so long is still seen.
OVERLAP = timedelta(seconds=20)
# A path each takes milliseconds; so much at once is not what mending is for, and a new plan is made.
MOST_AT_ONCE = 2000


class Engine(Protocol):
    """Whatever answers requests: a process, as a rule."""

    def ask(self, request: bytes) -> bytes:
        """Its answer. Raises NoEngine."""

    def close(self) -> None:
        """It is not needed any more."""


@dataclass(frozen=True, slots=True)
class News:
    """What has happened: which asks and which members it was about, and the events that say so."""

    asks: frozenset[Key]
    members: frozenset[Key]
    events: frozenset[Key]


class Follower:
    """One plan in the hands of one engine. Whatever goes wrong, it is over, and the next begins from what is kept."""

    def __init__(self, plan: Plan, engine: Engine, numbers: Numbers, number: int, until: datetime) -> None:
        self.plan, self._engine, self._numbers, self._number = plan, engine, numbers, number
        self._seen: frozenset[Key] = frozenset()
        self._until = until

    @classmethod
    def of(cls, plan: Plan, engine: Engine) -> Self:
        """Take a plan with all of its changes in hand. Raises NoEngine."""
        changes = list(PlanChange.objects.filter(network_id=plan.network_id, plan=plan).order_by("number"))
        engine.ask(opening(plan))
        for change in changes:
            engine.ask(bytes(change.inputs))
        until = changes[-1].made_at if changes else plan.made_at
        return cls(plan, engine, numbers_of(plan, changes), len(changes), until)

    def close(self) -> None:
        """Let the engine go."""
        self._engine.close()

    def follow(self, *, at: datetime) -> PlanChange | None:
        """Answer what has happened up to a moment; None where that is nothing, or more than mending is for.

        Raises NoEngine where the engine is gone or another process follows the same plan; then this follower is over.
        """
        news = self._news(at)
        if len(news.asks) + len(news.members) > MOST_AT_ONCE:
            return None
        if not news.asks and not news.members:
            self._until, self._seen = at, news.events
            return None
        change = self._changed(news, at)
        self._write(change, at)
        self._until, self._seen = at, news.events
        return change

    def _write(self, change: PlanChange | None, at: datetime) -> None:
        """Keep a change, if there is one, and how far the plan has been followed."""
        plan = Plan.objects.filter(network_id=self.plan.network_id, pk=self.plan.pk)
        try:
            with transaction.atomic():
                if change:
                    change.save(force_insert=True)
                plan.update(followed_at=at)
        except IntegrityError as fault:
            raise NoEngine from fault
        if change:
            self._number = change.number
            self._rank(unpacked(bytes(change.outcome)))

    def _changed(self, news: News, at: datetime) -> PlanChange | None:
        """What has happened read and answered, and not yet written; None where all is as it was."""
        began = time.monotonic()
        moment = Moment(network=self.plan.network, made_at=self.plan.made_at, at=at)
        changed = read_changes(moment, asks=news.asks, members=news.members, numbers=self._numbers)
        inputs = packed({"kind.json": "mend", **changed})
        outcome = self._engine.ask(inputs)
        found = unpacked(outcome)
        if found["idle"]:
            return None
        return PlanChange(
            network=self.plan.network,
            plan=self.plan,
            number=self._number + 1,
            inputs=inputs,
            outcome=outcome,
            ids=ids_of_new(self._numbers),
            value=int(found["value"]),
            met=int(found["met"]),
            moved=len(found["changed"]),
            seconds=time.monotonic() - began,
            made_at=at,
        )

    def _rank(self, found: Mapping[str, Array]) -> None:
        """Put the board in order where that has changed."""
        asks = {number: key for key, number in self._numbers.asks.items()}
        ranked = zip(found["ranked"].tolist(), found["ranks"].tolist(), strict=True)
        rank_asks(network=self.plan.network, ranks={asks[number]: rank for number, rank in ranked})

    def _news(self, at: datetime) -> News:
        """The events since the last look, and a little before, but none twice."""
        return news_since(self.plan.network, self._until - OVERLAP, at=at, but=self._seen)


def news_since(network: Network, since: datetime, *, at: datetime, but: Iterable[Key] = ()) -> News:
    """What has happened to asks and members between two moments, without these events. At most four queries."""
    seen = set(but)
    events = Event.objects.filter(network=network, verb__in=CHANGES, at__gt=since, at__lte=at)
    rows = list(events.values_list("id", "thing", "thing_id", "actor"))
    new = [row for row in rows if row[0] not in seen]
    about = {
        name: {thing_id for _id, thing, thing_id, _actor in new if thing == name}
        for name in ("ask", "offer", "member")
    }
    members = {*about["member"]}
    if about["offer"]:
        offers = Offer.objects.filter(network=network, pk__in=about["offer"])
        members.update(offers.values_list("member_id", flat=True))
    if about["ask"]:
        # Whoever is asked, or has agreed, or does not any more.
        recent = Q(ended_at=None) | Q(ended_at__gt=since)
        matches = Match.objects.filter(recent, network=network, ask__in=about["ask"])
        members.update(matches.values_list("member_id", flat=True))
    return News(frozenset(about["ask"]), frozenset(members), frozenset(row[0] for row in rows))
