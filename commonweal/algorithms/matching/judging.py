"""One ask, one helper: what forbids it, and if nothing does, how well it fits and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from commonweal.algorithms.matching.model import (
    FULL_WEEK,
    Before,
    Fit,
    Helper,
    Need,
    Reason,
    Refusal,
    Rules,
    Term,
    because,
)
from commonweal.algorithms.matching.times import PARTS_IN_DAY, Minutes, first_meeting
from commonweal.algorithms.places import distance_m

DEFAULT = Rules()
DAY = 24 * 60
BY_VEHICLE = {"foot": 0, "bicycle": 1, "cargo": 2, "car": 3, "van": 4}
HEAVY = 2
# Who was not asked for so many hours is said to be rested.
RESTED_H = 7 * 24
NEVER: Minutes = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What has to be worked out once about an ask and a helper before they are judged.

    ``metres`` is None where there is no distance; ``meets`` is NEVER where no time suits both; ``language`` is empty
    where they have none in common.
    """

    need: Need
    helper: Helper
    rules: Rules
    metres: float | None
    meets: Minutes
    language: str

    @property
    def hundreds(self) -> int | None:
        """The distance in hundreds of metres, rounded to the nearest."""
        return None if self.metres is None else int(self.metres / 100 + 0.5)

    @property
    def speech(self) -> bool | None:
        """Whether they have a language in common; None where either side said nothing."""
        return bool(self.language) if self.need.languages and self.helper.languages else None


def judge(need: Need, helper: Helper, rules: Rules = DEFAULT) -> Fit | Refusal:
    """Say whether ``helper`` can meet ``need``: a Fit with its score and reasons, or a Refusal with every failed rule.

    Pure and deterministic. The hard rules are exactly `HARD_RULES`; the score is exactly the sum of `TERMS`.
    A nearer helper never scores lower than a farther one who is the same in all else. An unknown place on either
    side is no refusal: it counts as ``rules.unknown_m`` metres. O(parts of the window).
    """
    pair = _pair(need, helper, rules)
    distance = None if pair.hundreds is None else pair.hundreds * 100
    failed = tuple(reason for rule in HARD_RULES if (reason := rule(pair)) is not None)
    if failed:
        return Refusal(helper=helper, distance_m=distance, reasons=failed)
    return Fit(
        helper=helper,
        distance_m=distance,
        meets=pair.meets,
        quantity=_gives(pair),
        terms=tuple(Term(name, points) for name, term in TERMS if (points := term(pair))),
        reasons=tuple(_reasons(pair)),
    )


def first_meeting_time(need: Need, helper: Helper) -> Minutes | None:
    """When the two would first meet, as (from, until) in minutes since 1970; None where no time suits both."""
    return first_meeting(need.parts, slots=helper.slots, busy=helper.busy, minutes=need.minutes)


def _pair(need: Need, helper: Helper, rules: Rules) -> Pair:
    placed = need.in_person and need.cell is not None and helper.cell is not None
    return Pair(
        need=need,
        helper=helper,
        rules=rules,
        metres=distance_m(need.cell, helper.cell) if placed and need.cell and helper.cell else None,
        meets=first_meeting_time(need, helper) or NEVER,
        language=next((language for language in need.languages if language in helper.languages), ""),
    )


# ---- What forbids it. Each rule returns the reason why not, or None.


def _own_ask(pair: Pair) -> Reason | None:
    return because("own_ask") if pair.need.asker and pair.need.asker == pair.helper.id else None


def _blocked(pair: Pair) -> Reason | None:
    return because("blocked") if pair.helper.blocked else None


def _paused(pair: Pair) -> Reason | None:
    return because("paused") if pair.helper.paused else None


def _other_category(pair: Pair) -> Reason | None:
    return None if pair.need.category in pair.helper.categories else because("other_category")


def _before(pair: Pair) -> Reason | None:
    return because(pair.helper.before.value) if pair.helper.before is not Before.NOTHING else None


def _rests_category(pair: Pair) -> Reason | None:
    return because("rests_category") if pair.helper.rests_category else None


def _unreachable(pair: Pair) -> Reason | None:
    return because("unreachable") if pair.helper.unreachable else None


def _too_far(pair: Pair) -> Reason | None:
    if pair.metres is None or pair.hundreds is None or pair.metres <= pair.helper.radius_m:
        return None
    return because("too_far", m=pair.hundreds * 100, radius=pair.helper.radius_m)


def _outside_ring(pair: Pair) -> Reason | None:
    """Not asked yet: the search has not reached them. Somebody whose area is unknown is not known to be near.

    The preferred helper of a series is where the search begins.
    """
    ring, placed = pair.need.within_m, pair.need.in_person and pair.need.cell is not None
    if ring is None or not placed or pair.need.preferred == pair.helper.id:
        return None
    if pair.metres is not None and pair.metres <= ring:
        return None
    return because("outside_ring")


def _no_common_time(pair: Pair) -> Reason | None:
    return because("no_common_time") if pair.meets is NEVER else None


def _week_full(pair: Pair) -> Reason | None:
    helper = pair.helper
    if helper.agreed_this_week < helper.per_week:
        return None
    return because("week_full", agreed=helper.agreed_this_week, per_week=helper.per_week)


def _resting(pair: Pair) -> Reason | None:
    """Asked a short while ago. The preferred helper of a series has asked to be asked."""
    hours = pair.helper.last_asked_h
    if hours is None or hours >= pair.rules.rest_hours or pair.need.preferred == pair.helper.id:
        return None
    return because("resting", hours=pair.rules.rest_hours - max(hours, 0))


def _needs(pair: Pair) -> Reason | None:
    missing = pair.need.needs - pair.helper.able
    return because("needs_not_met", needs=tuple(sorted(missing))) if missing else None


def _no_language(pair: Pair) -> Reason | None:
    return because("no_language") if pair.need.talk and pair.speech is False else None


def _too_heavy(pair: Pair) -> Reason | None:
    return because("too_heavy", load=pair.need.load) if pair.need.load > pair.helper.carries else None


def _no_vehicle(pair: Pair) -> Reason | None:
    wanted = pair.need.vehicles
    return because("no_vehicle") if wanted and pair.helper.vehicle not in wanted else None


def _nothing_left(pair: Pair) -> Reason | None:
    return because("nothing_left") if pair.need.quantity and pair.helper.quantity_left == 0 else None


def _other_gender(pair: Pair) -> Reason | None:
    """Somebody asked for a woman or a man to come, and the helper did not say that they are one."""
    wish = pair.need.wish
    return because("other_gender") if wish and pair.helper.goes_as != wish else None


def _not_vouched(pair: Pair) -> Reason | None:
    wanted, has = pair.need.vouched, pair.helper.vouched
    return because("not_vouched", wanted=wanted, has=has) if has < wanted else None


def _new_full(pair: Pair) -> Reason | None:
    return because("new_full") if pair.helper.new_full else None


HARD_RULES: tuple[Callable[[Pair], Reason | None], ...] = (
    _own_ask,
    _blocked,
    _paused,
    _other_category,
    _before,
    _rests_category,
    _unreachable,
    _too_far,
    _outside_ring,
    _no_common_time,
    _week_full,
    _resting,
    _needs,
    _no_language,
    _too_heavy,
    _no_vehicle,
    _nothing_left,
    _other_gender,
    _not_vouched,
    _new_full,
)


# ---- How well it fits. Each term is a whole number of points.


def _distance(pair: Pair) -> int:
    if not pair.need.in_person:
        return 0
    hundreds = pair.rules.unknown_m // 100 if pair.hundreds is None else pair.hundreds
    return -pair.rules.per_100_m * hundreds


def _language(pair: Pair) -> int:
    if pair.speech is None:
        return 0
    return pair.rules.language if pair.speech else -pair.rules.interpreter


def _rest(pair: Pair) -> int:
    """Tiredness from having been asked wears off evenly until ``rested_after_h``."""
    hours, full = pair.helper.last_asked_h, pair.rules.rested_after_h
    if hours is None:
        return 0
    return -(pair.rules.tired * max(full - max(hours, 0), 0) // full)


def _week(pair: Pair) -> int:
    """The share of their week that is given away already: three of ten weighs less than one of two."""
    return -(pair.rules.week * pair.helper.agreed_this_week // max(pair.helper.per_week, 1))


def _preferred(pair: Pair) -> int:
    return pair.rules.preferred if pair.need.preferred == pair.helper.id else 0


def _tie(pair: Pair) -> int:
    """A known face where it goes on or is about talking; else a new one, so that people get to know one another."""
    if pair.need.repeats or pair.need.talk:
        return pair.rules.known if pair.helper.helped_asker else 0
    return 0 if pair.helper.helped_asker else pair.rules.new_tie


def _comfort(pair: Pair) -> int:
    """For heavy things: who carries more than they must, and who has wheels for it."""
    if pair.need.load < HEAVY:
        return 0
    spare = pair.helper.carries > pair.need.load
    wheels = BY_VEHICLE.get(pair.helper.vehicle, 0) >= BY_VEHICLE["cargo"]
    return pair.rules.comfort * (spare + wheels)


def _covers(pair: Pair) -> int:
    """How much of a counted thing one giver covers: one handover is less trouble than three."""
    if not pair.need.quantity or pair.helper.quantity_left is None:
        return 0
    return pair.rules.covers * _gives(pair) // pair.need.quantity


def _wait(pair: Pair) -> int:
    """Each day until they could meet, by how much it hurries."""
    rules = pair.rules
    a_day = (rules.wait_calm, rules.wait_soon, rules.wait_today)[pair.need.urgency]
    return -a_day * ((pair.meets[0] - pair.need.parts[0].starts) // DAY)


TERMS: tuple[tuple[str, Callable[[Pair], int]], ...] = (
    ("distance", _distance),
    ("language", _language),
    ("rest", _rest),
    ("week", _week),
    ("preferred", _preferred),
    ("tie", _tie),
    ("comfort", _comfort),
    ("covers", _covers),
    ("wait", _wait),
)


def _gives(pair: Pair) -> int:
    """How many of a counted thing the helper would give; all of it where they did not count theirs."""
    left = pair.helper.quantity_left
    return pair.need.quantity if left is None else min(left, pair.need.quantity)


# ---- Why, in the order in which people want to know it.


def _reasons(pair: Pair) -> Iterator[Reason]:
    need, helper = pair.need, pair.helper
    if need.preferred == helper.id:
        yield because("preferred")
    elif helper.helped_asker:
        yield because("known")
    if need.in_person:
        yield because("area_unknown") if pair.hundreds is None else because("distance", m=pair.hundreds * 100)
    if pair.speech is not None:
        yield because("language", language=pair.language) if pair.language else because("interpreter")
    yield (
        because("varies")
        if helper.slots == FULL_WEEK
        else because("free", weekday=_weekday(need, pair.meets))
    )
    yield because("week", agreed=helper.agreed_this_week, per_week=helper.per_week)
    if helper.last_asked_h is not None and helper.last_asked_h >= RESTED_H:
        yield because("rested")
    if need.needs:
        yield because("able", needs=tuple(sorted(need.needs)))
    if need.vehicles or (need.load >= HEAVY and BY_VEHICLE.get(helper.vehicle, 0) >= BY_VEHICLE["cargo"]):
        yield because("vehicle", vehicle=helper.vehicle)
    if need.load >= HEAVY:
        yield because("carries", load=helper.carries)
    if need.quantity and helper.quantity_left is not None:
        yield because("gives", quantity=_gives(pair), of=need.quantity)


def _weekday(need: Need, meets: Minutes) -> int:
    """The local weekday of a meeting: that of the part in which it starts."""
    return next(part.bit for part in need.parts if part.starts <= meets[0] < part.ends) // PARTS_IN_DAY
