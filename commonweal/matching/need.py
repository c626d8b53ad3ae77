"""An ask as matching reads it: its window in parts of the week, how far the search reaches, what it takes."""

import math
from dataclasses import fields
from datetime import UTC, datetime, timedelta

from commonweal.algorithms.matching import Need, Part, Rules, week_parts
from commonweal.exchange.actions.moving import pressing
from commonweal.exchange.lifecycle import State, span
from commonweal.exchange.models import Ask, Offer
from commonweal.networks.models import Category
from commonweal.networks.policy import Policy

Nature = Category.Nature
TALK = frozenset({Nature.COMPANY, Nature.LISTENING})
RIDES_NEED = frozenset({Offer.Vehicle.CAR.value, Offer.Vehicle.VAN.value})
# What has to be carried, by the slug of a category of the start; one that the members made asks for nothing.
LOADS = {"groceries": Offer.Load.BAGS, "moving": Offer.Load.BOXES}
SHORTEST = timedelta(minutes=30)
QUARTER = 15


def need_of(ask: Ask, *, at: datetime, asker: str = "", within_m: int | None = None) -> Need:
    """The ask for `algorithms.matching`. ``asker`` is the member's key where the asker is known to be one."""
    starts, ends = window_of(ask, at)
    minutes = int(min(SHORTEST, ends - starts).total_seconds()) // 60
    return Need(
        category=str(ask.category_id),
        parts=parts_of(ask, at),
        minutes=max(minutes, 1),
        cell=(ask.cell_y, ask.cell_x) if ask.cell_y is not None and ask.cell_x is not None else None,
        in_person=ask.nature != Nature.LISTENING,
        within_m=within_m,
        languages=tuple(ask.languages),
        talk=ask.nature in TALK,
        needs=frozenset(ask.needs),
        load=int(LOADS.get(ask.category.slug, Offer.Load.NOTHING)),
        vehicles=RIDES_NEED if ask.nature == Nature.RIDE else frozenset(),
        quantity=ask.quantity - ask.quantity_taken,
        urgency=ask.urgency,
        asker=asker,
        preferred=str(ask.preferred_id or ""),
        repeats=bool(ask.repeat_days),
        wish=ask.wish,
        vouched=ask.category.vouched,
    )


def parts_of(ask: Ask, at: datetime) -> tuple[Part, ...]:
    """The parts of the week in which it may still happen."""
    starts, ends = window_of(ask, at)
    return week_parts(starts, ends, ask.network.zone)


def window_of(ask: Ask, at: datetime) -> tuple[datetime, datetime]:
    """When it may still happen: where there is time for it, after an answer to an invitation, on a quarter of an hour.

    An ask whose time is over is read as it stands: there is nothing left to search for.
    """
    answered = at + span(ask.network.policy, "answer_minutes", pressing=pressing(ask))
    earliest = _next_quarter(answered) if _next_quarter(answered) + SHORTEST <= ask.ends_at else at
    starts = max(ask.starts_at, earliest)
    return (starts, ask.ends_at) if starts < ask.ends_at else (ask.starts_at, ask.ends_at)


def ring_of(ask: Ask) -> int | None:
    """How far the search reaches at present, in metres; None for the whole network."""
    return ask.network.policy.near_m if ask.state == State.NEAR else None


def rules_of(policy: Policy) -> Rules:
    """The weights and limits in force: a setting of the policy that has the name of a weight is that weight."""
    named = (entry.name for entry in fields(Rules))
    return Rules(**{name: getattr(policy, name) for name in named if hasattr(policy, name)})


def _next_quarter(moment: datetime) -> datetime:
    minutes = math.ceil(moment.timestamp() / 60 / QUARTER) * QUARTER
    return datetime.fromtimestamp(minutes * 60, UTC)
