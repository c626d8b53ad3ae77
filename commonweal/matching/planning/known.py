"""The newest plan as the search and the desk read it: whom it has for an ask, and what a helper's hour is worth."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commonweal.matching.models import Plan
from commonweal.networks.models import Network

# An older plan knows too little of today to be of use; the search goes on without it.
FRESH = timedelta(hours=24)
REMEMBERED = 32
BYTES = 16
HEAVY = 2
Key = uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What a plan has a member do: for an ask that so many could meet, and what makes those who could few."""

    ask: Key
    choices: int
    scarce: str


class KnownPlan:
    """A plan by ids. Nothing is looked up before it is asked for: a page asks about a handful of thousands."""

    def __init__(self, plan: Plan) -> None:
        # Loads NumPy, which no page needs to start.
        from commonweal.matching.solving.messages import to_instance, unpacked

        self.policy_number, self.made_at = plan.policy_number, plan.made_at
        self._found, ids = unpacked(bytes(plan.outcome)), unpacked(bytes(plan.ids))
        instance = to_instance(unpacked(bytes(plan.inputs)))
        self._asked, self._person = instance.asks, instance.helpers.person
        self._asks, self._members = ids["asks"].tobytes(), ids["members"].tobytes()
        self._place_of_ask, self._number_of = _places(self._asks), _places(self._members)
        people = self._person[self._found["helper"]]
        self._by_member = people.argsort(kind="stable")
        self._people = people[self._by_member]
        self._helper_of = self._person.argsort(kind="stable")

    def for_ask(self, ask: Key) -> Sequence[Key]:
        """The members whom the plan has for an ask."""
        place = self._place_of_ask.get(ask.bytes)
        if place is None:
            return ()
        first, last = self._found["ask"].searchsorted([place, place + 1]).tolist()
        return tuple(
            _key(self._members, self._person[helper]) for helper in self._found["helper"][first:last]
        )

    def worth(self, member: Key) -> int:
        """What an hour of a member is worth to other asks, in points; nought for who isn't in the plan."""
        number = self._number_of.get(member.bytes)
        if number is None:
            return 0
        first = self._person.searchsorted(number, sorter=self._helper_of)
        return int(self._found["week"][self._helper_of[first]])

    def needed_elsewhere(self, member: Key, ask: Key) -> Elsewhere | None:
        """The other ask for which the plan has this member, where fewest could come; None where it has none."""
        number = self._number_of.get(member.bytes)
        if number is None:
            return None
        first, last = self._people.searchsorted([number, number + 1]).tolist()
        places = self._found["ask"][self._by_member[first:last]].tolist()
        others = [self._elsewhere(place) for place in places if _key(self._asks, place) != ask]
        return min(others, key=lambda one: (one.choices, str(one.ask)), default=None)

    def _elsewhere(self, place: int) -> Elsewhere:
        choices = int(self._found["choices"][place])
        return Elsewhere(ask=_key(self._asks, place), choices=choices, scarce=self._scarce(place))

    def _scarce(self, place: int) -> str:
        """What makes helpers for an ask few, the weightiest first; empty where it is only the time and the way."""
        asks = self._asked
        takes = {
            "vehicle": asks.vehicles[place] != 0,
            "load": asks.load[place] >= HEAVY,
            "needs": asks.needs[place] != 0,
            "language": asks.talk[place],
            "wish": asks.gender[place] != 0,
        }
        return next((name for name, does in takes.items() if does), "")


_read: dict[Key, KnownPlan] = {}


def newest_plan(network: Network, *, at: datetime) -> KnownPlan | None:
    """The newest plan of a network, None where there is none of the last day. One query, two for one not yet read."""
    found = Plan.objects.filter(network=network, made_at__gt=at - FRESH).order_by("-made_at", "-id")
    key = found.values_list("pk", flat=True).first()
    if key is None:
        return None
    if key not in _read:
        known = KnownPlan(Plan.objects.get(network=network, pk=key))
        if len(_read) >= REMEMBERED:
            _read.clear()
        _read[key] = known
    return _read[key]


def _places(joined: bytes) -> dict[bytes, int]:
    return {joined[start : start + BYTES]: start // BYTES for start in range(0, len(joined), BYTES)}


def _key(joined: bytes, place: Any) -> Key:
    start = int(place) * BYTES
    return Key(bytes=joined[start : start + BYTES])
