"""What the answers to the program's invitations teach, worked out each night. Of a person nothing is kept.

Whom a dispatcher invited teaches nothing about them: they may have been called, and told more. That somebody was asked,
by whomever, makes them tired all the same.
"""

import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from commonweal.algorithms.pacing import Chances, Circumstances
from commonweal.exchange.models import Match
from commonweal.matching.models import AcceptanceModel
from commonweal.matching.pacing.choosing import NO, REMEMBERED, metres_of
from commonweal.matching.pacing.limits import WEEK
from commonweal.networks.models import Network

# The newest of so many invitations are read: enough for any model of this size.
MOST_READ = 20_000
HOUR = timedelta(hours=1)
FIELDS = (
    "member_id", "origin", "state", "invited_at", "answered_at", "ended_at", "reasons",
    "ask__category_id", "ask__by_id", "ask__series",
)  # fmt: skip
Row = dict[str, Any]


@dataclass(slots=True)
class Past:
    """What had passed with one member before a moment; ``open`` are the answers that had not come by then."""

    pings: deque[datetime] = field(default_factory=deque)
    open: list[tuple[datetime, Row]] = field(default_factory=list)
    yes: int = 0
    answered: int = 0
    kinds: set[uuid.UUID] = field(default_factory=set)
    askers: set[uuid.UUID] = field(default_factory=set)

    def until(self, at: datetime) -> None:
        """Take in the answers that had come by ``at``, and forget the invitations of more than a week before."""
        come = [row for when, row in self.open if when <= at]
        self.open = [entry for entry in self.open if entry[0] > at]
        for row in come:
            self.answered += 1
            if _is_yes(row):
                self.yes += 1
                self.kinds.add(row["ask__category_id"])
                self.askers |= _askers(row)
        while self.pings and self.pings[0] <= at - WEEK and len(self.pings) > 1:
            self.pings.popleft()


def learn_chances(*, network: Network, at: datetime) -> AcceptanceModel:
    """Learn anew from the answers of the last year, and keep it. Deterministic; safe to do again."""
    chances = _learnt(network, at)
    model, _made = AcceptanceModel.objects.update_or_create(
        network=network,
        defaults={
            "weights": chances.as_json(), "n": chances.n, "yes": chances.yes, "brier": chances.brier,
            "prior_brier": chances.prior_brier, "error": chances.error, "fitted_at": at,
        },
    )  # fmt: skip
    return model


def answers_of(
    network: Network, *, at: datetime
) -> Iterator[tuple[uuid.UUID, datetime, Circumstances, bool]]:
    """Every answer to an invitation by the program: whose, when they were asked, in what circumstances, and a yes or
    not.

    Silence is a no. An invitation that was taken back before they answered says nothing. The circumstances are those
    of the moment in which they were asked: no answer knows of a later one.
    """
    rows = Match.objects.filter(network=network, invited_at__gt=at - REMEMBERED, invited_at__lte=at)
    newest = list(rows.order_by("-invited_at", "-id").values(*FIELDS)[:MOST_READ])
    past: dict[uuid.UUID, Past] = {}
    for row in reversed(newest):
        mine, asked_at = past.setdefault(row["member_id"], Past()), row["invited_at"]
        mine.until(asked_at)
        if row["origin"] == Match.Origin.PROGRAM and _is_answer(row):
            yield row["member_id"], asked_at, _about(network, row, mine), _is_yes(row)
            mine.open.append((row["answered_at"] or row["ended_at"] or asked_at, row))
        mine.pings.append(asked_at)


def _learnt(network: Network, at: datetime) -> Chances:
    # Loads NumPy, which no page needs to start.
    from commonweal.algorithms.pacing.learning import Answer, learn

    return learn(
        Answer(person=str(member), at=int(asked_at.timestamp()), about=about, yes=yes)
        for member, asked_at, about, yes in answers_of(network, at=at)
    )


def _about(network: Network, row: Row, past: Past) -> Circumstances:
    asked_at, here = row["invited_at"], row["invited_at"].astimezone(network.zone)
    last = past.pings[-1] if past.pings else None
    return Circumstances(
        metres=metres_of(row["reasons"]),
        knows_kind=row["ask__category_id"] in past.kinds,
        hour=here.hour,
        weekday=here.weekday(),
        pings_week=sum(ping > asked_at - WEEK for ping in past.pings),
        hours_since=None if last is None else (asked_at - last) / HOUR,
        knows_asker=bool(_askers(row) & past.askers),
        preferred=any(reason["code"] == "preferred" for reason in row["reasons"]),
        said_yes=past.yes,
        answered=past.answered,
    )


def _is_answer(row: Row) -> bool:
    return row["answered_at"] is not None or row["state"] in NO


def _is_yes(row: Row) -> bool:
    return row["answered_at"] is not None and row["state"] != Match.State.DECLINED


def _askers(row: Row) -> set[uuid.UUID]:
    return {key for key in (row["ask__by_id"], row["ask__series"]) if key}
