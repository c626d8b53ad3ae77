"""One visit for asks next door to each other: who comes to one of them anyway meets the others on the way.

A second look after the assignment. A visit is one helper in one part of the week; an ask that got nobody rides along
where it could have the same helper in the same part, stands at most 60 m from each ask of that visit, and the visit
meets three at most. It counts as the one time out of the week that it was: no cap is touched. The ceiling of the
assignment holds for visits of one ask each; with rides it grows by what they add, and is then true for this choice of
visits. Rides earn no groups' reward.
"""

from collections import defaultdict
from dataclasses import replace

import numpy as np

from commonweal.algorithms.matching.assigning.model import Assignment, Pairs
from commonweal.algorithms.matching.instance import Array, Instance
from commonweal.algorithms.matching.pairwise import chord_lengths, metres_along, unit_vectors

NEXT_DOOR_M = 60
MOST_TOGETHER = 3


def with_rides(instance: Instance, pairs: Pairs, made: Assignment) -> Assignment:
    """Return the assignment with rides for asks that got nobody, the heaviest pair first, ties by the lower ask.

    Only asks that want one hand and happen in person ride along or are ridden with. O(pairs of unmet asks · tasks of a
    helper).
    """
    asks = instance.asks
    alone = (asks.hands == 1) & asks.in_person & np.isfinite(asks.lat)
    visits = _visits(made, alone)
    unmet = np.flatnonzero((made.served(len(asks)) == 0) & alone)
    rides: list[tuple[int, int, int, int]] = []
    taken = set()
    for weight, ask, helper in _wishes(pairs, unmet):
        if ask in taken:
            continue
        for slot, met in visits.get(helper, {}).items():
            suits = int(asks.slots[ask]) >> slot & 1
            if suits and len(met) < MOST_TOGETHER and next_door(instance, ask, np.array(met)).all():
                met.append(ask)
                taken.add(ask)
                rides.append((ask, helper, slot, weight))
                break
    return _with(made, rides)


def next_door(instance: Instance, ask: int, others: Array) -> Array:
    """Say which of the other asks are at most 60 m from this one: bool of their shape."""
    asks = instance.asks
    here = unit_vectors(asks.lat[[ask]], asks.lon[[ask]])
    return metres_along(chord_lengths(unit_vectors(asks.lat[others], asks.lon[others]) - here)) <= NEXT_DOOR_M


def _visits(made: Assignment, alone: Array) -> dict[int, dict[int, list[int]]]:
    """The asks that each helper meets, by part of the week; only visits that others may join."""
    visits: dict[int, dict[int, list[int]]] = defaultdict(dict)
    for ask, helper, slot in zip(made.ask.tolist(), made.helper.tolist(), made.slot.tolist()):
        if alone[ask]:
            visits[helper][slot] = [ask]
    return visits


def _wishes(pairs: Pairs, unmet: Array) -> list[tuple[int, int, int]]:
    """All pairs of the unmet asks as (weight, ask, helper), the heaviest first, then by ask and helper."""
    found = [
        (weight, int(ask), helper)
        for ask in unmet
        for row in [slice(int(pairs.indptr[ask]), int(pairs.indptr[ask + 1]))]
        for helper, weight in zip(pairs.helper[row].tolist(), pairs.weight[row].tolist())
    ]
    return sorted(found, key=lambda wish: (-wish[0], wish[1], wish[2]))


def _with(made: Assignment, rides: list[tuple[int, int, int, int]]) -> Assignment:
    if not rides:
        return made
    added = np.array(rides, np.int64)
    ask = np.concatenate([made.ask, added[:, 0]])
    helper = np.concatenate([made.helper, added[:, 1]])
    order = np.lexsort((helper, ask))
    more = int(added[:, 3].sum())
    return replace(
        made,
        ask=ask[order].astype(np.int32),
        helper=helper[order].astype(np.int32),
        slot=np.concatenate([made.slot, added[:, 2]])[order].astype(np.int8),
        weight=np.concatenate([made.weight, added[:, 3]])[order].astype(np.int32),
        value=made.value + more,
        bound=made.bound + more,
    )
