"""The helpers near one ask whom no rule forbids it, as machine code. The slow twin is in the tests."""

import math
from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.grid import EAST, PLACED, RINGED, TALK, TURN, Index
from commonweal.algorithms.matching.instance import Array

# A few millimetres more than asked for: the chord decides, to the last digit.
SLACK = 1e-9
HALF = math.pi / 2
NO_DISTANCE = -1.0


# One who was found: the entry (-1: the ask's favourite), the square of the chord (-1: no distance), the weight, and
# what they are worth at present.
FOUND = np.dtype([("entry", np.int64), ("square", np.float64), ("weight", np.int64), ("value", np.int64)])


@compiled
def most_of(index: Index) -> int:
    """How many a search can find at most, the favourite and one to spare with them."""
    most = 0
    for category in range(len(index.categories) - 1):
        first, last = index.categories[category], index.categories[category + 1]
        if first < last:
            start, stop = index.groups[first].first, index.groups[last - 1].last
            most = max(most, index.strips[stop] - index.strips[start])
    return most + 2


@compiled
def candidates_of(want: Any, blocked: Array, index: Index, found: Array) -> int:
    """Put the entries of all who can meet an ask into ``found``, but for its favourite; return how many."""
    entries, strips = index.entries, index.strips
    count = 0
    for place in range(index.categories[want.category], index.categories[want.category + 1]):
        group = index.groups[place]
        if group.height != 0 and want.flags & PLACED:
            count = take_circle(want, group, strips, index.east, entries, found, count)
        elif group.height != 0 or not want.flags & RINGED:
            for entry in range(strips[group.first], strips[group.last]):
                found[count].entry = entry
                found[count].square = NO_DISTANCE
                count += (entries[entry].slots & want.slots) != 0
    return allowed(want, blocked, entries, found, count)


@compiled
def take_circle(
    want: Any, group: Any, strips: Array, east: Array, entries: Array, found: Array, count: int
) -> int:
    """Add those of a group who are within their own reach and the ask's."""
    angle, height, south = min(group.angle, want.angle) + SLACK, group.height, group.south
    least = max(math.floor((want.lat - angle + HALF) / height) - south, 0)
    most = min(math.floor((want.lat + angle + HALF) / height) - south, group.last - group.first - 1)
    for row in range(least, most + 1):
        bottom = (row + south) * height - HALF
        half = half_width(want.lat, angle, bottom, bottom + height)
        if half < 0:
            continue
        first, last = strips[group.first + row], strips[group.first + row + 1]
        if half >= math.pi:
            count = take_stretch(want, entries, first, last, found, count)
            continue
        left = math.floor((want.lon - half + math.pi) / (2 * math.pi) * TURN) - 1
        right = math.ceil((want.lon + half + math.pi) / (2 * math.pi) * TURN) + 1
        start = first_at(east, first, last, left)
        stop = first_at(east, start, last, right + 1)
        if left <= 0:
            # Never before `stop`: half a turn and a little more may come round to where it began.
            count = take_stretch(want, entries, first_at(east, stop, last, left + EAST), last, found, count)
        if right >= EAST:
            again = first_at(east, first, start, right - EAST + 1)
            count = take_stretch(want, entries, first, again, found, count)
        count = take_stretch(want, entries, start, stop, found, count)
    return count


@compiled
def half_width(lat: float, angle: float, bottom: float, top: float) -> float:
    """Return how far a circle reaches to either side within a strip, in radians of longitude; below 0: not at all.

    The circle is widest where sin(latitude) = sin(lat) / cos(angle), and gets narrower from there (spherical law of
    haversines). π where it holds a pole.
    """
    if abs(lat) + angle >= HALF - 1e-6:
        return math.pi
    widest = math.asin(math.sin(lat) / math.cos(angle))
    edge = bottom if bottom > widest else min(top, widest)
    rise = math.sin((edge - lat) / 2)
    reach = math.sin(angle / 2)
    square = (reach * reach - rise * rise) / (math.cos(lat) * math.cos(edge))
    if square < 0:
        return -1.0
    return 2 * math.asin(min(math.sqrt(square), 1.0)) + SLACK


@compiled
def first_at(east: Array, first: int, last: int, wanted: int) -> int:
    """The first entry between ``first`` and ``last`` that is not west of ``wanted``; ``last`` if there is none."""
    while first < last:
        middle = (first + last) >> 1
        if east[middle] < wanted:
            first = middle + 1
        else:
            last = middle
    return first


@compiled
def take_stretch(want: Any, entries: Array, first: int, last: int, found: Array, count: int) -> int:
    """Add those of a stretch who are within reach and have a part of the week in common."""
    x, y, z, ring, slots = want.x, want.y, want.z, want.ring, want.slots
    for place in range(first, last):
        entry = entries[place]
        east, north, up = x - entry.x, y - entry.y, z - entry.z
        square = east * east + north * north + up * up
        found[count].entry = place
        found[count].square = square
        near = (square <= entry.reach) & (square <= ring)
        count += near & ((entry.slots & slots) != 0)
    return count


@compiled
def allowed(want: Any, blocked: Array, entries: Array, found: Array, count: int) -> int:
    """Keep those whom no other rule forbids; return how many."""
    talk = (want.flags & TALK != 0) & (want.languages != 0)
    kept = 0
    for k in range(count):
        entry = entries[found[k].entry]
        small, tongues = entry.small, entry.languages
        able = ((want.skills & ~entry.skills) == 0) & ((want.needs & ~entry.able) == 0)
        able &= (not talk) | (tongues == 0) | ((tongues & want.languages) != 0)
        able &= (want.vehicles == 0) | ((want.vehicles & small) != 0)
        able &= (want.gender == 0) | ((want.gender & (small >> 8) & 255) != 0)
        able &= (want.load <= ((small >> 16) & 255)) & (want.vouched <= (small >> 24))
        able &= ((want.person < 0) | (want.person != entry.person)) & (want.preferred != entry.helper)
        if want.blocked < want.blocked_end and able:
            able = not listed(blocked, want.blocked, want.blocked_end, entry.helper)
        found[kept].entry, found[kept].square = found[k].entry, found[k].square
        kept += able
    return kept


@compiled
def listed(helpers: Array, first: int, last: int, helper: int) -> bool:
    """Whether a helper is in a stretch of ascending helpers."""
    place = first_at(helpers, first, last, helper)
    return place < last and helpers[place] == helper
