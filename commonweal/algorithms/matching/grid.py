"""Helpers laid out so that those near an ask are next to one another, and asks beside them, both packed for kernels.

Helpers are put down once for each category that they offer. Within a category they are split into groups of a similar
radius, so that one who goes everywhere doesn't make the search wide for all. Within a group the earth is cut into
strips along the parallels, and in a strip they stand from west to east: a circle on the sphere is then a few strips,
and a stretch of each. Nothing of this has an edge: strips close over the date line, and run all the way round where a
circle holds a pole.
"""

from typing import Any, NamedTuple

import numpy as np

from commonweal.algorithms.matching.instance import MOST_CATEGORIES, NOBODY, Array, Helpers, Instance
from commonweal.algorithms.matching.pairwise import (
    MOST_WEIGHT,
    ROUNDING_M,
    ask_terms,
    failed,
    helper_terms,
    is_placed,
    total_of,
    unit_vectors,
    weights,
)
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.algorithms.places import EARTH_RADIUS_M

# Strips of this part of a group's radius: thinner ones follow the circle better, and are more to look up.
STRIPS_IN_RADIUS = 1.5
# Radii of one group differ by at most this factor.
RADII_IN_GROUP = 2.0
LEAST_RADIUS_M = 50.0
STRIPS_PER_HELPER = 4
TURN = 2.0**32
EAST = 1 << 32
ANYWHERE = 5.0  # more than the square of any chord
UNPLACED = 63


def _record(**fields: Any) -> np.dtype[Any]:
    return np.dtype(list(fields.items()), align=True)


F8, U8, I8, I4, I2, I1, U1 = np.float64, np.uint64, np.int64, np.int32, np.int16, np.int8, np.uint8
# One helper in one category: where they are, the square of the chord they go, and the rest as in `Helpers`. ``small``
# packs vehicle, gender, load and vouch level; ``helper`` is the caller's index.
ENTRY = _record(x=F8, y=F8, z=F8, reach=F8, slots=U8, languages=U8, skills=U8, able=U8, small=I8, points=I8,
                person=I4, helper=I4)  # fmt: skip
# Helpers of one category and of similar radius: the largest of these and the height of a strip, both in radians (a
# height of 0: places unknown), the number of the first strip, and where the strips begin and end in ``strips``.
GROUP = _record(angle=F8, height=F8, south=I8, first=I8, last=I8)
# One ask. ``angle`` and ``ring`` are how far the search reaches (radians, square of the chord); ``favourite`` is a
# helper who is allowed, and preferred, NOBODY for none; ``blocked`` and ``known`` say where these are listed.
WANT = _record(lat=F8, lon=F8, x=F8, y=F8, z=F8, angle=F8, ring=F8, slots=U8, languages=U8, skills=U8, needs=U8,
               favourite_slots=U8, ask=I4, points=I4, person=I4, preferred=I4, favourite=I4, favourite_weight=I4,
               favourite_metres=I4, blocked=I4, blocked_end=I4, known=I4, known_end=I4, category=I2, hands=I2,
               vehicles=U1, gender=U1, load=I1, vouched=I1, flags=U1)  # fmt: skip


class Index(NamedTuple):
    """The helpers: ``entries`` from west to east within strips, and ``east``, their longitude in 2**32 steps.

    ``groups`` are records; ``categories`` (65) says where those of a category begin; ``strips`` where each strip's
    entries begin, and at last where the last one's end.
    """

    categories: Array
    groups: Array
    strips: Array
    entries: Array
    east: Array


class Wants(NamedTuple):
    """The asks as records in the order of the search; the helpers blocked from each, and known to each, ascending."""

    asks: Array
    blocked: Array
    known: Array


PLACED, RINGED, TALK, CLOSE, IN_PERSON = 1, 2, 4, 8, 16


def near_order(lat: Array, lon: Array) -> Array:
    """Return int64 indices that put places along a Morton curve, so that near ones are mostly near in the list.

    Degrees; unknown places come last. Equal places keep their order. O(n log n). (G. M. Morton, 1966.)
    """
    known = np.isfinite(lat)
    rows = np.where(known, (np.nan_to_num(lat) + 90) / 360 * (1 << 24), 0).astype(np.uint64)
    columns = np.where(known, (np.nan_to_num(lon) + 180) / 360 * (1 << 24), 0).astype(np.uint64)
    codes = np.where(known, _spread(columns) | _spread(rows) << np.uint64(1), np.uint64(2**63))
    return np.argsort(codes, kind="stable")


def _spread(numbers: Array) -> Array:
    """Put a nought between the bits of numbers below 2**25."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333), (1, 0x5555555555555555),
    ):  # fmt: skip
        numbers = (numbers | numbers << np.uint64(shift)) & np.uint64(mask)
    return numbers


def laid_out(instance: Instance, rules: EngineRules) -> Index:
    """Put the helpers down. Those who rest, are full or take a break are left out. O(e log e) for e entries."""
    helpers = instance.helpers
    asked = (helpers.rested_h != NOBODY) & (helpers.rested_h < rules.rest_hours)
    free = np.flatnonzero(~helpers.resting & (helpers.capacity > 0) & ~asked)
    classes = np.where(np.isnan(helpers.lat[free]), UNPLACED, _radius_classes(helpers.radius_m[free]))
    category, entry = _by_category(helpers.categories[free])
    names, group = np.unique(category * (UNPLACED + 1) + classes[entry], return_inverse=True)
    entry = free[entry]
    lat = np.radians(helpers.lat[entry]) + np.pi / 2
    unplaced = names % (UNPLACED + 1) == UNPLACED
    angle, height, south, count = _groups(lat, helpers.radius_m[entry], group, unplaced)
    base = np.concatenate([[0], np.cumsum(count)])
    with np.errstate(invalid="ignore"):
        east = np.nan_to_num((np.radians(helpers.lon[entry]) + np.pi) / (2 * np.pi) * TURN).astype(np.int64)
        row = np.nan_to_num(np.floor(lat / np.where(unplaced, 1, height)[group])).astype(np.int64)
    strip = np.where(unplaced[group], 0, row - south[group]) + base[group]
    order = np.argsort(strip * 2 * EAST + east, kind="stable")
    return Index(
        np.searchsorted(names // (UNPLACED + 1), np.arange(MOST_CATEGORIES + 1)),
        _filled(GROUP, len(names), angle=angle, height=height, south=south, first=base[:-1], last=base[1:]),
        np.searchsorted(strip[order], np.arange(base[-1] + 1)),
        _entries(helpers, total_of(helper_terms(helpers, rules)))[entry[order]],
        east[order],
    )


def _entries(helpers: Helpers, points: Array) -> Array:
    """The record of each helper."""
    x, y, z = unit_vectors(helpers.lat, helpers.lon).T
    small = (
        np.int64(1) << helpers.vehicle.astype(np.int64)
        | helpers.gender.astype(np.int64) << 8
        | helpers.carries.astype(np.int64) << 16
        | helpers.vouched.astype(np.int64) << 24
    )
    return _filled(
        ENTRY, len(helpers), x=x, y=y, z=z, reach=chord_squares(helpers.radius_m), slots=helpers.slots,
        languages=helpers.languages, skills=helpers.skills, able=helpers.able, small=small, points=points,
        person=helpers.person, helper=np.arange(len(helpers)),
    )  # fmt: skip


def _filled(kind: np.dtype[Any], count: int, **columns: Array) -> Array:
    """Records of these columns."""
    records = np.empty(count, kind)
    for name, column in columns.items():
        records[name] = column
    return records


def chord_squares(metres: Array) -> Array:
    """The square of the chord under an arc of so many metres, on a sphere of radius 1."""
    angle = (metres + ROUNDING_M) / EARTH_RADIUS_M
    return np.where(angle < np.pi, 4 * np.sin(np.minimum(angle, np.pi) / 2) ** 2, ANYWHERE)


def _radius_classes(radius: Array) -> Array:
    """Number radii so that those of one class differ by at most the factor RADII_IN_GROUP; the widest are class 0."""
    descending = np.unique(np.maximum(radius, LEAST_RADIUS_M))[::-1]
    edges = []
    while len(descending):
        edges.append(descending[0] / RADII_IN_GROUP)
        descending = descending[descending < edges[-1]]
    return np.searchsorted(-np.array(edges), -np.maximum(radius, LEAST_RADIUS_M))


def _by_category(categories: Array) -> tuple[Array, Array]:
    """Each category of each helper: the category, and the helper's place."""
    found = [np.flatnonzero(categories >> np.uint64(bit) & np.uint64(1)) for bit in range(MOST_CATEGORIES)]
    return np.repeat(np.arange(MOST_CATEGORIES), [len(each) for each in found]), np.concatenate(found)


def _groups(lat: Array, radius: Array, group: Array, unplaced: Array) -> tuple[Array, Array, Array, Array]:
    """Each group's largest angle, the height of its strips, its first strip and how many it has.

    There are a few strips to a radius, but never many more than helpers: a group spread thinly gets higher ones.
    """
    size = len(unplaced)
    widest, lowest, highest = np.zeros(size), np.full(size, np.inf), np.full(size, -np.inf)
    np.maximum.at(widest, group, radius)
    np.fmin.at(lowest, group, lat)
    np.fmax.at(highest, group, lat)
    lowest, highest = np.where(unplaced, 0, lowest), np.where(unplaced, 0, highest)
    angle = np.minimum(np.maximum(widest, LEAST_RADIUS_M) / EARTH_RADIUS_M, np.pi)
    most = STRIPS_PER_HELPER * np.bincount(group, minlength=size)
    height = np.maximum(angle / STRIPS_IN_RADIUS, (highest - lowest) / np.maximum(most, 1))
    south = np.floor(lowest / height).astype(np.int64)
    count = np.floor(highest / height).astype(np.int64) - south + 1
    return angle, np.where(unplaced, 0.0, height), south, count


def lined_up(instance: Instance, rules: EngineRules) -> Wants:
    """Put the asks in order, by category and then along a curve, and pack them. O(n log n)."""
    everybody = instance.asks
    order = near_order(everybody.lat, everybody.lon)
    order = order[np.argsort(everybody.category[order], kind="stable")]
    asks = everybody.take(order)
    x, y, z = unit_vectors(asks.lat, asks.lon).T
    placed = is_placed(asks)
    ringed = placed & (asks.within_m > 0)
    flags = (
        PLACED * placed + RINGED * ringed + CLOSE * (asks.repeats | asks.talk) + IN_PERSON * asks.in_person
    )
    flags += TALK * (asks.talk & (not rules.interpreters))
    within = np.where(ringed, asks.within_m.astype(np.float64), np.inf)
    blocked_at, blocked = _beside(instance.blocked, order)
    known_at, known = _beside(instance.known, order)
    records = _filled(
        WANT, len(asks), lat=np.radians(asks.lat), lon=np.radians(asks.lon), x=x, y=y, z=z,
        angle=np.minimum(within / EARTH_RADIUS_M, np.pi), ring=chord_squares(within),
        slots=asks.slots, languages=asks.languages, skills=asks.skills, needs=asks.needs, ask=order,
        points=np.minimum(total_of(ask_terms(asks, rules)), MOST_WEIGHT), person=asks.person,
        preferred=asks.preferred, blocked=blocked_at[:-1], blocked_end=blocked_at[1:],
        known=known_at[:-1], known_end=known_at[1:], category=asks.category, hands=asks.hands,
        vehicles=asks.vehicles, gender=asks.gender, load=asks.load, vouched=asks.vouched, flags=flags,
        **_favourites(instance, rules, order),
    )  # fmt: skip
    return Wants(records, blocked, known)


def _favourites(instance: Instance, rules: EngineRules, order: Array) -> dict[str, Array]:
    """The preferred helper of each ask if they can, else NOBODY; the weight, the metres and when they can.

    They are judged here, one by one, because neither the ring nor the rest after an invitation holds for them.
    """
    preferred = instance.asks.preferred[order]
    favourite, weight, metres = (np.full(len(order), NOBODY, np.int32) for _ in range(3))
    slots = np.zeros(len(order), np.uint64)
    some = np.flatnonzero(preferred != NOBODY)
    able = some[failed(instance, rules, order[some], preferred[some]) == 0]
    favourite[able], slots[able] = preferred[able], instance.helpers.slots[preferred[able]]
    weight[able], metres[able] = weights(instance, rules, order[able], preferred[able])
    return {
        "favourite": favourite,
        "favourite_weight": weight,
        "favourite_metres": metres,
        "favourite_slots": slots,
    }


def _beside(pairs: Array, order: Array) -> tuple[Array, Array]:
    """Pairs (ask, helper) as rows of helpers for the asks in this order, each in ascending order."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    row = place[pairs[:, 0]]
    sort = np.lexsort((pairs[:, 1], row))
    return np.searchsorted(row[sort], np.arange(len(order) + 1)), pairs[sort, 1]
