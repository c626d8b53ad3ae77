"""Given pairs of asks and helpers, judged on arrays: every rule that fails, and every term of a pair's weight.

It is what `judge` says, as far as both know the same things: an instance has no dates, only the parts of a week, so
that there is no term for the days until a meeting, and nothing is counted, so that there is none for how much one
giver covers.
"""

from functools import reduce

import numpy as np

from commonweal.algorithms.matching.instance import NOBODY, Array, Asks, Helpers, Instance
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.algorithms.places import EARTH_RADIUS_M

# Bit i of what `failed` gives is the rule CODES[i]; where `judge` knows a rule, the code is the same.
CODES = (
    "own_ask",
    "blocked",
    "paused",
    "other_category",
    "skills_missing",
    "too_far",
    "outside_ring",
    "no_common_time",
    "week_full",
    "resting",
    "needs_not_met",
    "no_language",
    "too_heavy",
    "no_vehicle",
    "other_gender",
    "not_vouched",
)
HEAVY = 2
CARGO = 2
NO_METRES = -1
MOST_WEIGHT = 2**30
# Two places as far apart as a radius is long are within it: rounding is no reason to refuse anybody.
ROUNDING_M = 1e-6
TINY_CHORD = 0.01


def codes_of(bits: int) -> tuple[str, ...]:
    """The names of the rules whose bits are set."""
    return tuple(code for place, code in enumerate(CODES) if bits >> place & 1)


def failed(
    instance: Instance, rules: EngineRules, asks: Array, helpers: Array, between: Array | None = None
) -> Array:
    """Return for each pair (``asks[k]``, ``helpers[k]``) the rules that fail, as bits of uint32; 0: they can.

    Both are indices, of one shape. ``between`` are the metres of each pair where they are not the crow's: NaN for no
    distance, infinite for no way. O(k log k).
    """
    ask, helper = instance.asks.take(asks), instance.helpers.take(helpers)
    if between is None:
        between = metres_between(ask, helper)
    is_preferred = ask.preferred == helpers
    speech = _speech(ask, helper)
    vehicle = np.uint8(1) << helper.vehicle.astype(np.uint8)
    in_ring = np.isfinite(between) & (between <= ask.within_m + ROUNDING_M)
    fails = {
        "own_ask": (ask.person != NOBODY) & (ask.person == helper.person),
        "blocked": _listed(instance.blocked, instance, asks, helpers),
        "paused": helper.resting,
        "other_category": (helper.categories >> ask.category.astype(np.uint64)) & np.uint64(1) == 0,
        "skills_missing": ask.skills & ~helper.skills != 0,
        "too_far": between > helper.radius_m + ROUNDING_M,
        "outside_ring": (ask.within_m > 0) & is_placed(ask) & ~is_preferred & ~in_ring,
        "no_common_time": ask.slots & helper.slots == 0,
        "week_full": helper.capacity == 0,
        "resting": (helper.rested_h != NOBODY) & (helper.rested_h < rules.rest_hours) & ~is_preferred,
        "needs_not_met": ask.needs & ~helper.able != 0,
        "no_language": ask.talk & (speech == -1) & (not rules.interpreters),
        "too_heavy": ask.load > helper.carries,
        "no_vehicle": (ask.vehicles != 0) & (ask.vehicles & vehicle == 0),
        "other_gender": (ask.gender != 0) & (ask.gender & helper.gender == 0),
        "not_vouched": ask.vouched > helper.vouched,
    }
    bits = np.zeros(len(ask), np.uint32)
    for place, code in enumerate(CODES):
        bits |= fails[code].astype(np.uint32) << np.uint32(place)
    return bits


def terms(
    instance: Instance, rules: EngineRules, asks: Array, helpers: Array, between: Array | None = None
) -> dict[str, Array]:
    """Return the points of each pair by the name of the term, int64; asks and helpers as in `failed`.

    ``between`` are the metres of each pair where they are not the crow's, NaN for no distance.
    """
    ask, helper = instance.asks.take(asks), instance.helpers.take(helpers)
    known = _listed(instance.known, instance, asks, helpers)
    speech = _speech(ask, helper)
    close = ask.repeats | ask.talk
    heavy = (ask.load >= HEAVY).astype(np.int64)
    hundreds = hundreds_of(metres_between(ask, helper) if between is None else between, rules.unknown_m)
    return {
        **ask_terms(ask, rules),
        **helper_terms(helper, rules),
        "distance": np.where(ask.in_person, -rules.per_100_m * hundreds, 0),
        "language": np.choose(speech + 1, [-rules.interpreter, 0, rules.language]),
        "preferred": rules.preferred * (ask.preferred == helpers).astype(np.int64),
        "tie": np.where(close, rules.known * known, rules.new_tie * ~known).astype(np.int64),
        "comfort": rules.comfort
        * heavy
        * (0 + (helper.carries > ask.load) + (helper.vehicle >= CARGO)).astype(np.int64),
    }


def ask_terms(ask: Asks, rules: EngineRules) -> dict[str, Array]:
    """The terms that depend on the ask alone."""
    return {
        "served": np.full(len(ask), rules.served, np.int64),
        "urgent": rules.urgent * ask.urgency.astype(np.int64),
        "waiting": rules.waiting * np.minimum(ask.waiting_d, rules.waiting_most_d).astype(np.int64),
        "ahead": rules.ahead * ask.ahead.astype(np.int64),
    }


def helper_terms(helper: Helpers, rules: EngineRules) -> dict[str, Array]:
    """The terms that depend on the helper alone: how lately they were asked, how full their week is."""
    full = rules.rested_after_h
    still = np.where(helper.rested_h == NOBODY, 0, np.maximum(full - helper.rested_h.astype(np.int64), 0))
    given = np.maximum(helper.per_week - helper.capacity, 0).astype(np.int64)
    return {
        "rest": -(rules.tired * still // full),
        "week": -(rules.week * given // np.maximum(helper.per_week, 1)),
    }


def weights(instance: Instance, rules: EngineRules, asks: Array, helpers: Array) -> tuple[Array, Array]:
    """Return the weight (int32, 1 or more) of each pair and the metres between the two (int32, -1 unknown).

    The weight is the sum of `terms`, at least 1 and at most 2**30. That a pair is allowed isn't looked at.
    """
    between = metres_between(instance.asks.take(asks), instance.helpers.take(helpers))
    return as_weights(terms(instance, rules, asks, helpers, between)), as_metres(between)


def as_weights(points: dict[str, Array]) -> Array:
    """The sum of terms as a weight, int32: 1 at least, however little it is worth."""
    return np.clip(total_of(points), 1, MOST_WEIGHT).astype(np.int32)


def as_metres(between: Array) -> Array:
    """Metres as whole numbers, int32; -1 where there is no distance."""
    known = np.isfinite(between)
    return np.where(known, np.floor(np.where(known, between, 0.0) + 0.5), NO_METRES).astype(np.int32)


def total_of(points: dict[str, Array]) -> Array:
    """The sum of several terms."""
    total: Array = reduce(np.add, points.values())
    return total


def is_placed(ask: Asks) -> Array:
    """Whether distance means something for the ask, and its place is known."""
    return ask.in_person & np.isfinite(ask.lat)


def hundreds_of(between: Array, unknown_m: int) -> Array:
    """Metres in hundreds, rounded to the nearest, int64; where they are NaN, what an unknown place counts as."""
    known = np.isfinite(between)
    return np.where(known, np.floor(np.where(known, between, 0.0) / 100 + 0.5), unknown_m // 100).astype(
        np.int64
    )


def metres_between(ask: Asks, helper: Helpers) -> Array:
    """The great-circle metres of each pair, float64; NaN where there is no distance."""
    chord = unit_vectors(ask.lat, ask.lon) - unit_vectors(helper.lat, helper.lon)
    return np.where(ask.in_person, metres_along(chord_lengths(chord)), np.nan)


def chord_lengths(chords: Array) -> Array:
    """The lengths of chords, given as vectors (n, 3)."""
    return np.asarray(np.sqrt(chords[:, 0] ** 2 + chords[:, 1] ** 2 + chords[:, 2] ** 2))


def metres_along(chords: Array) -> Array:
    """The metres along the earth between the ends of chords of these lengths, on a sphere of radius 1."""
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(chords / 2, 1.0)))


def unit_vectors(lat: Array, lon: Array) -> Array:
    """The points on a sphere of radius 1, float64 (n, 3); NaN where the place is unknown.

    The length of the chord between two of them gives their distance without a loss of digits, at the poles and over
    the date line as everywhere else.
    """
    phi, lam = np.radians(lat), np.radians(lon)
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def _speech(ask: Asks, helper: Helpers) -> Array:
    """1: a language in common, -1: none, 0: either side said nothing."""
    said = (ask.languages != 0) & (helper.languages != 0)
    return np.where(said, np.where(ask.languages & helper.languages != 0, 1, -1), 0)


def _listed(pairs: Array, instance: Instance, asks: Array, helpers: Array) -> Array:
    """Whether each pair is among those listed."""
    count = np.int64(len(instance.helpers))
    keys = pairs[:, 0] * count + pairs[:, 1]
    found: Array = np.isin(np.asarray(asks, np.int64) * count + helpers, keys)
    return found
