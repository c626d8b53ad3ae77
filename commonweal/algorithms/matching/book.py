"""The arrays that a plan lives in: who could do what, who is to do what, and what each hour is worth at present."""

from typing import Any, NamedTuple

import numpy as np

from commonweal.algorithms.matching.instance import SLOTS, Array

NONE = -1
# Labels: what is not reached, and where a search began.
FAR = 1 << 60
START = 1 << 59

# Columns of `pairs`, `rows`, `seats`, `helpers`, `persons` and of both arrays of labels; `hooks` has the weight and the
# ask in the same ones as `pairs`.
HELPER, WEIGHT, ASK, HOOK = 0, 1, 2, 3
LINK = 0
FIRST, COUNT, SEAT, HANDS = 0, 1, 2, 3
OF, PAIR, SLOT, PRICE, STATE = 0, 1, 2, 3, 4
PERSON, HEAD, OTHER, HUNG, ROOM = 0, 1, 2, 3, 4
CAP, USED, WORTH, OFFER = 0, 1, 2, 3
DIST, FROM, VIA, WHEN = 0, 1, 2, 3

# States of a seat: not there, open to be filled and moved, filled and never left empty, promised.
GONE, OPEN, KEPT, FROZEN = 0, 1, 2, 3


class Book(NamedTuple):
    """Everything as arrays of whole numbers, so that machine code can go along it. Room for more is at the end of each.

    A *seat* is one hand of an ask. A *place* is a person in one part of the week; it holds one seat at most.

    ===============  ================  ==============================================================================
    ``pairs``        int32 (q, 4)      by ask: helper, weight (0: struck out), ask, where it hangs among the hooks
    ``hooks``        int32 (r, 3)      the same by helper: where it is among the pairs, weight, ask
    ``rows``         int64 (n, 4)      of an ask: its first pair, how many, its first seat, how many
    ``masks``        uint64 (n)        parts of the week in which the ask may still happen, as bits
    ``seats``        int64 (k, 5)      its ask, pair (NONE: empty), part of the week, price of the place it has, state
    ``helpers``      int64 (m, 5)      its person, first hook, next helper of the same person, how many hooks, room for
    ``hours``        uint64 (m)        parts of the week in which the helper is free, as bits; 0: left
    ``persons``      int64 (p, 4)      tasks left this week, tasks suggested, price of one more, first helper
    ``taken``        uint64 (p, 2)     parts of the week with a suggestion, and those that are closed, as bits
    ``holder``       int32 (p, 42)     the seat that has the place; NONE
    ``seat_labels``  int64 (k, 4)      of a search: distance, from where, by which pair, in which part of the week
    ``labels``       int64 (p, 4)      the same of persons
    ===============  ================  ==============================================================================

    What holds between two events (weights and prices in points, ``switch`` is what moving a suggestion costs):

    - A person who is not full has the price 0; a place without a seat has its person's price; one with a seat has at
      least that.
    - A seat's gain is its weight (and ``switch``) less the price of its place, an empty seat's gain is 0. No pair of
      a seat with any place offers it more than its gain.

    So, by the duality of flows, no plan is worth more (see `bound`).
    """

    pairs: Array
    hooks: Array
    rows: Array
    masks: Array
    seats: Array
    helpers: Array
    hours: Array
    persons: Array
    taken: Array
    holder: Array
    seat_labels: Array
    labels: Array


SHAPES: dict[str, tuple[tuple[int, ...], Any, int]] = {
    "pairs": ((4,), np.int32, 0), "hooks": ((3,), np.int32, 0), "rows": ((4,), np.int64, 0),
    "masks": ((), np.uint64, 0), "seats": ((5,), np.int64, 0),
    "helpers": ((5,), np.int64, NONE), "hours": ((), np.uint64, 0), "persons": ((4,), np.int64, 0),
    "taken": ((2,), np.uint64, 0), "holder": ((SLOTS,), np.int32, NONE),
    "seat_labels": ((4,), np.int64, FAR), "labels": ((4,), np.int64, FAR),
}  # fmt: skip


def empty(**rooms: int) -> Book:
    """A book of nothing with room for ``pairs=…, hooks=…, rows=…, seats=…, helpers=…, persons=…``."""
    sides = {
        "masks": "rows",
        "seat_labels": "seats",
        "hours": "helpers",
        "taken": "persons",
        "holder": "persons",
    }
    sides["labels"] = "persons"
    made = {}
    for name, (shape, kind, fill) in SHAPES.items():
        made[name] = np.full((max(rooms[sides.get(name, name)], 1), *shape), fill, kind)
    return Book(**made)


def roomier(book: Book, **least: int) -> Book:
    """The same book with at least so much room, and a quarter more than it had wherever it has to grow."""
    names: dict[str, tuple[str, ...]] = {
        "pairs": ("pairs",),
        "hooks": ("hooks",),
        "rows": ("rows", "masks"),
        "seats": ("seats", "seat_labels"),
        "helpers": ("helpers", "hours"),
        "persons": ("persons", "taken", "holder", "labels"),
    }
    grown = {}
    for side, wanted in least.items():
        for name in names[side]:
            old = getattr(book, name)
            if len(old) < wanted:
                shape, kind, fill = SHAPES[name]
                more = np.full((max(wanted, len(old) + len(old) // 4 + 16), *shape), fill, kind)
                more[: len(old)] = old
                grown[name] = more
    return book._replace(**grown) if grown else book
