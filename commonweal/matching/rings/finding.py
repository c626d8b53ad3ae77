"""Choosing rings among what is possible: the same rows and the same seed give the same rings."""

import uuid
from collections.abc import Sequence

from commonweal.matching.rings.pool import Gift, Gifts

# A gift is worth so many points, and its score moves that by no more than the half: who helps whom decides between
# rings of the same size, and never that fewer people get help.
GIFT, MOST_MOVED = 1000, 500
# What a ring of two, three and four is worth a gift, in percent: the chance that all say yes, at .8 each.
WORTH = (64, 51, 41)

ChosenRing = Sequence[tuple[uuid.UUID, Gift]]


def choose_rings(gifts: Gifts, *, longest: int, seed: int) -> list[ChosenRing]:
    """The rings to offer: each a row of (giver, gift), where every gift is for the giver in the next place.

    Nobody is in two of them. Exact for a neighbourhood; commonweal.algorithms.rings says how near it comes for a city.
    """
    people = sorted({person for pair in gifts for person in pair})
    if len(people) < 2:
        return []
    # Machine code, and a second to load: only the worker needs it, and only where there is something to choose.
    from commonweal.algorithms.rings import model, solving

    number = {person: place for place, person in enumerate(people)}
    pairs = sorted(gifts)
    graph = model.Gifts.of(
        len(people),
        [number[giver] for giver, _taker in pairs],
        [number[taker] for _giver, taker in pairs],
        [_weight(gifts[pair]) for pair in pairs],
    )
    found = solving.find_rings(graph, longest=longest, worth=WORTH, seed=seed)
    return [_ring([people[place] for place in row if place >= 0], gifts) for row in found.members.tolist()]


def _ring(people: Sequence[uuid.UUID], gifts: Gifts) -> ChosenRing:
    following = [*people[1:], people[0]]
    return [(giver, gifts[giver, taker]) for giver, taker in zip(people, following, strict=True)]


def _weight(gift: Gift) -> int:
    return GIFT + max(-MOST_MOVED, min(MOST_MOVED, gift.candidate.score))
