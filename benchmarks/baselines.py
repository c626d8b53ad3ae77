"""What people do today, and what OR-tools finds, with the same candidates as the engine."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.candidates import Pairs
from commonweal.algorithms.matching.instance import NOBODY, SLOTS, Array, Instance

UNKNOWN_M = 3000


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """What every way of choosing keeps to: hands an ask still wants, how often and when each person still can."""

    wanted: Array
    person: Array
    room: Array

    @classmethod
    def of(cls, instance: Instance) -> "Crowd":
        """A person with several offers has the least of what these say."""
        helpers = instance.helpers
        own = -1 - np.arange(len(helpers), dtype=np.int64)
        found, person = np.unique(
            np.where(helpers.person == NOBODY, own, helpers.person), return_inverse=True
        )
        room = np.full(len(found), np.iinfo(np.int16).max, np.int64)
        np.minimum.at(room, person, helpers.capacity)
        return cls(instance.asks.hands.astype(np.int64), person, room)

    def state(self, instance: Instance) -> tuple[Array, ...]:
        """What `take` reads and writes: hands wanted, room, parts of the week taken, and who each helper is."""
        busy = np.zeros(len(self.room), np.uint64)
        return (
            self.wanted.copy(),
            self.room.copy(),
            busy,
            self.person,
            instance.asks.slots,
            instance.helpers.slots,
        )


def nearest_first(instance: Instance, pairs: Pairs, seed: int) -> Array:
    """Asks come in any order, and the nearest who is free at a time that suits is sent. The pairs that are taken."""
    arrival = np.random.default_rng(seed).permutation(len(instance.asks))
    metres = np.where(pairs.metres < 0, UNKNOWN_M, pairs.metres).astype(np.int32)
    taken = np.zeros(len(pairs), np.bool_)
    _nearest(arrival, pairs.indptr, pairs.helper, metres, Crowd.of(instance).state(instance), taken)
    return np.flatnonzero(taken)


def members_browse(instance: Instance, pairs: Pairs, seed: int) -> Array:
    """Members look at the board in any order, as often as they help a week, and pick the nearest ask they can meet."""
    helpers = instance.helpers
    visits = np.repeat(np.arange(len(helpers), dtype=np.int32), helpers.capacity)
    np.random.default_rng(seed).shuffle(visits)
    metres = np.where(pairs.metres < 0, UNKNOWN_M, pairs.metres)
    order = np.argsort(pairs.helper.astype(np.int64) << 32 | metres)
    starts = np.searchsorted(pairs.helper[order], np.arange(len(helpers) + 1))
    taken = np.zeros(len(pairs), np.bool_)
    _browse(visits, starts, order, pairs.ask, Crowd.of(instance).state(instance), taken)
    return np.flatnonzero(taken)


def greedy(instance: Instance, pairs: Pairs) -> Array:
    """The pair of the highest weight first, until none is left."""
    order = np.argsort(-pairs.weight, kind="stable")
    taken = np.zeros(len(pairs), np.bool_)
    _in_order(order, pairs.ask, pairs.helper, Crowd.of(instance).state(instance), taken)
    return np.flatnonzero(taken)


@compiled
def take(ask: int, helper: int, state: Any, does: bool) -> bool:
    """Whether an ask and a helper can still come together, in the first part of the week that suits; do so."""
    wanted, room, busy, person, ask_slots, helper_slots = state
    who = person[helper]
    free = ask_slots[ask] & helper_slots[helper] & ~busy[who]
    if wanted[ask] == 0 or room[who] == 0 or free == 0:
        return False
    if does:
        wanted[ask] -= 1
        room[who] -= 1
        busy[who] |= free & (~free + np.uint64(1))
    return True


@compiled
def _nearest(arrival: Array, indptr: Array, helper: Array, metres: Array, state: Any, taken: Array) -> None:
    for ask in arrival:
        while True:
            best = -1
            for pair in range(indptr[ask], indptr[ask + 1]):
                nearer = best < 0 or metres[pair] < metres[best]
                if nearer and not taken[pair] and take(ask, helper[pair], state, False):
                    best = pair
            if best < 0:
                break
            taken[best] = take(ask, helper[best], state, True)


@compiled
def _browse(visits: Array, starts: Array, order: Array, ask: Array, state: Any, taken: Array) -> None:
    # What could not be taken once can't be later: nobody starts their list again.
    following = starts.copy()
    for helper in visits:
        while following[helper] < starts[helper + 1]:
            pair = order[following[helper]]
            following[helper] += 1
            if take(ask[pair], helper, state, True):
                taken[pair] = True
                break


@compiled
def _in_order(order: Array, ask: Array, helper: Array, state: Any, taken: Array) -> None:
    for pair in order:
        taken[pair] = take(ask[pair], helper[pair], state, True)


def min_cost_flow(instance: Instance, pairs: Pairs) -> Array:
    """The best there is, by OR-tools SimpleMinCostFlow: asks, (person, part of the week), persons, and one sink.

    The pairs that are taken. Asks that want several helpers get some of them, even fewer than are of any use.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    crowd = Crowd.of(instance)
    n, persons = len(instance.asks), len(crowd.room)
    pair, part = _parts(instance, pairs)
    who = crowd.person[pairs.helper[pair]]
    hours, hour = np.unique(who * SLOTS + part, return_inverse=True)
    sink = n + len(hours) + persons
    flow = SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        pairs.ask[pair].astype(np.int64),
        n + hour,
        np.ones(len(pair), np.int64),
        -pairs.weight[pair].astype(np.int64),
    )
    of_hour = n + len(hours) + hours // SLOTS
    ones = np.ones(len(hours), np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(n + np.arange(len(hours)), of_hour, ones, 0 * ones)
    tail, end = n + len(hours) + np.arange(persons), np.full(persons, sink)
    flow.add_arcs_with_capacity_and_unit_cost(tail, end, crowd.room, 0 * crowd.room)
    flow.add_arcs_with_capacity_and_unit_cost(np.arange(n), np.full(n, sink), crowd.wanted, 0 * crowd.wanted)
    flow.set_nodes_supplies(np.arange(n), crowd.wanted)
    flow.set_nodes_supplies(np.array([sink]), -crowd.wanted.sum(keepdims=True))
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("OR-tools found no flow")
    return np.sort(pair[flow.flows(arcs) > 0])


def _parts(instance: Instance, pairs: Pairs) -> tuple[Array, Array]:
    """Each pair with each part of the week that both have."""
    common = instance.asks.slots[pairs.ask] & instance.helpers.slots[pairs.helper]
    found = [np.flatnonzero(common >> np.uint64(part) & np.uint64(1)) for part in range(SLOTS)]
    return np.concatenate(found), np.repeat(np.arange(SLOTS), [len(each) for each in found])
