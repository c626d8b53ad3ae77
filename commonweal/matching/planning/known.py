"""The newest plan as the search and the desk read it: whom it has for an ask, and what a helper's hour is worth."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from commonweal.matching.models import Plan
from commonweal.networks.models import Network

# An older plan knows too little of today to be of use; the search goes on without it.
FRESH = timedelta(hours=24)
REMEMBERED = 32
BYTES = 16
Key = uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What a plan has a member do: for an ask that so many could meet, and what makes those who could few."""

    ask: Key
    choices: int
    scarce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlan:
    """A plan by ids. ``worth`` is what an hour of each member is worth to other asks, in points."""

    policy_number: int
    made_at: datetime
    suggested: dict[Key, tuple[Key, ...]] = field(default_factory=dict)
    worth: dict[Key, int] = field(default_factory=dict)
    elsewhere: dict[Key, tuple[Elsewhere, ...]] = field(default_factory=dict)

    def for_ask(self, ask: Key) -> Sequence[Key]:
        """The members whom the plan has for an ask."""
        return self.suggested.get(ask, ())

    def needed_elsewhere(self, member: Key, ask: Key) -> Elsewhere | None:
        """The other ask for which the plan has this member, where fewest could come; None where it has none."""
        others = [one for one in self.elsewhere.get(member, ()) if one.ask != ask]
        return min(others, key=lambda one: (one.choices, str(one.ask)), default=None)


_read: dict[Key, KnownPlan] = {}


def newest_plan(network: Network, *, at: datetime) -> KnownPlan | None:
    """The newest plan of a network, None where there is none of the last day. One query, two for one not yet read."""
    found = Plan.objects.filter(network=network, made_at__gt=at - FRESH).order_by("-made_at", "-id")
    key = found.values_list("pk", flat=True).first()
    if key is None:
        return None
    if key not in _read:
        known = _known(Plan.objects.get(network=network, pk=key))
        if len(_read) >= REMEMBERED:
            _read.clear()
        _read[key] = known
    return _read[key]


def _known(plan: Plan) -> KnownPlan:
    # Loads NumPy, which no page needs to start.
    from commonweal.matching.solving.messages import to_instance, unpacked

    found, ids = unpacked(bytes(plan.outcome)), unpacked(bytes(plan.ids))
    asks, members = _keys(ids["asks"]), _keys(ids["members"])
    instance = to_instance(unpacked(bytes(plan.inputs)))
    person = instance.helpers.person.tolist()
    suggested: dict[Key, list[Key]] = defaultdict(list)
    elsewhere: dict[Key, list[Elsewhere]] = defaultdict(list)
    scarce = _scarce(instance.asks)
    for ask, helper in zip(found["ask"].tolist(), found["helper"].tolist(), strict=True):
        member = members[person[helper]]
        suggested[asks[ask]].append(member)
        choices = int(found["choices"][ask])
        elsewhere[member].append(Elsewhere(ask=asks[ask], choices=choices, scarce=scarce[ask]))
    worth = {members[one]: price for one, price in zip(person, found["week"].tolist(), strict=True) if price}
    return KnownPlan(
        policy_number=plan.policy_number,
        made_at=plan.made_at,
        suggested={ask: tuple(those) for ask, those in suggested.items()},
        worth=worth,
        elsewhere={member: tuple(those) for member, those in elsewhere.items()},
    )


def _keys(rows: Any) -> list[Key]:
    joined = rows.tobytes()
    return [Key(bytes=joined[start : start + BYTES]) for start in range(0, len(joined), BYTES)]


def _scarce(asks: Any) -> list[str]:
    """What makes helpers for each ask few, the weightiest first; empty where it is only the time and the way."""
    heavy, wheels = (asks.load >= 2).tolist(), (asks.vehicles != 0).tolist()
    able, talk, wish = (asks.needs != 0).tolist(), asks.talk.tolist(), (asks.gender != 0).tolist()
    named = (("vehicle", wheels), ("load", heavy), ("needs", able), ("language", talk), ("wish", wish))
    return [next((name for name, said in named if said[place]), "") for place in range(len(heavy))]
