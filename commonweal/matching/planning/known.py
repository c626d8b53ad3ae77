"""The newest plan as the search and the desk read it: whom it has for an ask, and what a helper's hour is worth."""

import uuid
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from commonweal.matching.models import Plan, PlanChange
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


class KnownPlan:
    """A plan by ids. Nothing is looked up before it is asked for: a page asks about a handful of thousands."""

    def __init__(self, plan: Plan) -> None:
        # Loads NumPy, which no page needs to start.
        from commonweal.matching.planning.later import Later
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
        self.later = Later(len(self._asked), len(self._number_of), self._person)

    def after(self, changes: Sequence[PlanChange]) -> Self:
        """The plan as it is after these changes too; this one stays as it was."""
        mended = copy(self)
        mended.later = self.later.after(changes)
        return mended

    @property
    def changes(self) -> int:
        """How many changes it knows of."""
        return self.later.number

    def for_ask(self, ask: Key) -> Sequence[Key]:
        """The members whom the plan has for an ask."""
        place = self._place(ask)
        if place is None:
            return ()
        return tuple(self._member(person) for person, _slot in self._tasks_of(place))

    def trip_of(self, ask: Key, member: Key) -> Sequence[Key]:
        """The other asks that the plan has this member meet in the same visit: they are next door to one another."""
        number, place = self._number(member), self._place(ask)
        if number is None or place is None:
            return ()
        slots = {slot for person, slot in self._tasks_of(place) if person == number}
        others = [other for other in self._places_of(number) if other != place]
        same = [
            other
            for other in others
            if slots & {slot for who, slot in self._tasks_of(other) if who == number}
        ]
        return tuple(self._ask(other) for other in same)

    def worth(self, member: Key) -> int:
        """What an hour of a member is worth to other asks, in points; nought for who isn't in the plan."""
        number = self._number(member)
        if number is None:
            return 0
        later = self.later.worth.get(number)
        if later is not None:
            return later
        first = self._person.searchsorted(number, sorter=self._helper_of)
        if first == len(self._helper_of) or self._person[self._helper_of[first]] != number:
            return 0
        return int(self._found["week"][self._helper_of[first]])

    def needed_elsewhere(self, member: Key, ask: Key) -> Elsewhere | None:
        """The other ask for which the plan has this member, where fewest could come; None where it has none."""
        number = self._number(member)
        if number is None:
            return None
        mine = self._place(ask)
        others = [self._elsewhere(place) for place in self._places_of(number) if place != mine]
        return min(others, key=lambda one: (one.choices, str(one.ask)), default=None)

    # ---- By numbers: what is said later counts, and what was said at first where nothing is.

    def _tasks_of(self, place: int) -> list[tuple[int, int]]:
        """The (person, part of the week) of each task of an ask."""
        if place in self.later.tasks:
            return self.later.tasks[place]
        first, last = self._found["ask"].searchsorted([place, place + 1]).tolist()
        helpers, slots = self._found["helper"][first:last], self._found["slot"][first:last]
        return list(zip(self._person[helpers].tolist(), slots.tolist(), strict=True))

    def _places_of(self, number: int) -> list[int]:
        """The asks that a person is to meet."""
        first, last = self._people.searchsorted([number, number + 1]).tolist()
        at_first = [
            place
            for place in self._found["ask"][self._by_member[first:last]].tolist()
            if place not in self.later.tasks
        ]
        return at_first + self.later.of_person.get(number, [])

    def _place(self, ask: Key) -> int | None:
        return self._place_of_ask.get(ask.bytes, self.later.places.get(ask))

    def _number(self, member: Key) -> int | None:
        at_first = self._number_of.get(member.bytes)
        return self.later.numbers.get(member) if at_first is None else at_first

    def _ask(self, place: int) -> Key:
        known = len(self._place_of_ask)
        return _key(self._asks, place) if place < known else self.later.asks[place - known]

    def _member(self, person: int) -> Key:
        known = len(self._number_of)
        return _key(self._members, person) if person < known else self.later.members[person - known]

    def _elsewhere(self, place: int) -> Elsewhere:
        choices = self.later.choices.get(place)
        return Elsewhere(
            ask=self._ask(place),
            choices=int(self._found["choices"][place]) if choices is None else choices,
            scarce=self.later.what_is_scarce(place, self._asked),
        )


_read: dict[Key, KnownPlan] = {}


def newest_plan(network: Network, *, at: datetime) -> KnownPlan | None:
    """The newest plan of a network with all of its changes, None where there is none of the last day.

    One query; one more for a plan not yet read, and one more where it has changed since it was read.
    """
    found = Plan.objects.filter(network=network, made_at__gt=at - FRESH).order_by("-made_at", "-id")
    changes = PlanChange.objects.filter(network=network, plan=OuterRef("pk")).order_by("-number")
    newest = found.values_list("pk", Coalesce(Subquery(changes.values("number")[:1]), 0)).first()
    if newest is None:
        return None
    key, number = newest
    if key not in _read:
        known = KnownPlan(Plan.objects.get(network=network, pk=key))
        if len(_read) >= REMEMBERED:
            _read.clear()
        _read[key] = known
    known = _read[key]
    if known.changes < number:
        later = PlanChange.objects.filter(network=network, plan=key, number__gt=known.changes)
        known = _read[key] = known.after(list(later.order_by("number")))
    return known


def _places(joined: bytes) -> dict[bytes, int]:
    return {joined[start : start + BYTES]: start // BYTES for start in range(0, len(joined), BYTES)}


def _key(joined: bytes, place: Any) -> Key:
    start = int(place) * BYTES
    return Key(bytes=joined[start : start + BYTES])
