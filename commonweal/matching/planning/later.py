"""What the changes of a plan said last, put over what it said at first."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy

import numpy as np

from commonweal.algorithms.matching.instance import Array, Asks
from commonweal.matching.models import PlanChange
from commonweal.matching.planning.numbering import keys_in
from commonweal.matching.solving.messages import asks_of, unpacked

HEAVY = 2
Key = uuid.UUID


class Later:
    """What the changes of a plan said last, by the numbers of the plan."""

    def __init__(self, asks: int, members: int, person: Array) -> None:
        self.number = 0
        self.asks: list[Key] = []
        self.members: list[Key] = []
        self.places: dict[Key, int] = {}
        self.numbers: dict[Key, int] = {}
        self.tasks: dict[int, list[tuple[int, int]]] = {}
        self.of_person: dict[int, list[int]] = {}
        self.choices: dict[int, int] = {}
        self.scarce: dict[int, str] = {}
        self.worth: dict[int, int] = {}
        self._known, self._person = (asks, members), person

    def after(self, changes: Sequence[PlanChange]) -> "Later":
        """The same with these changes."""
        later = deepcopy(self)
        for change in changes:
            later.take(change)
        later.of_person = defaultdict(list)
        for place, tasks in later.tasks.items():
            for person in sorted({person for person, _slot in tasks}):
                later.of_person[person].append(place)
        return later

    def what_is_scarce(self, place: int, at_first: Asks) -> str:
        """What makes helpers for an ask few, by what it said last, or in the plan."""
        said = self.scarce.get(place)
        return scarce(at_first, place) if said is None else said

    def take(self, change: PlanChange) -> None:
        """Write down what one change says."""
        found, ids, given = (unpacked(bytes(kept)) for kept in (change.outcome, change.ids, change.inputs))
        for new, keys, places, known in (
            (ids["asks"], self.asks, self.places, self._known[0]),
            (ids["members"], self.members, self.numbers, self._known[1]),
        ):
            for key in keys_in(new):
                places[key] = known + len(keys)
                keys.append(key)
        self._person = np.concatenate([self._person, ids["persons"]])
        self.tasks.update({place: [] for place in found["changed"].tolist()})
        persons = self._person[found["helper"]].tolist()
        for place, person, slot in zip(found["ask"].tolist(), persons, found["slot"].tolist(), strict=True):
            self.tasks[place].append((person, slot))
        self.choices.update(zip(found["ranked"].tolist(), found["choices"].tolist(), strict=True))
        asks = asks_of(given, len(given["ask_at"]))
        self.scarce.update({place: scarce(asks, row) for row, place in enumerate(given["ask_at"].tolist())})
        # Of two offers of one person, the one that is open says what their hour is worth.
        priced = zip(self._person[found["priced"]].tolist(), found["week"].tolist(), strict=True)
        worth: dict[int, int] = {}
        for person, price in priced:
            worth[person] = max(price, worth.get(person, 0))
        self.worth.update(worth)
        self.number = change.number


def scarce(asks: Asks, place: int) -> str:
    """What makes helpers for an ask few, the weightiest first; empty where it is only the time and the way."""
    takes = {
        "vehicle": asks.vehicles[place] != 0,
        "load": asks.load[place] >= HEAVY,
        "needs": asks.needs[place] != 0,
        "language": asks.talk[place],
        "wish": asks.gender[place] != 0,
    }
    return next((name for name, does in takes.items() if does), "")
