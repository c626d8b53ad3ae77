"""How likely somebody says yes to an invitation: an honest prior, a person's own answers shrunk to it, and what was
learnt from the network's answers where there are enough of them.

The number is for choosing whom to ask and how many, and for nothing else: it is never shown, kept or told.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from commonweal.algorithms.pacing.fatigue import rested, tiredness

# Before anybody has answered: three yes of ten, which is what groups of the field report of their own appeals.
PRIOR_YES, PRIOR_NO = 3.0, 7.0
# A person's own answers weigh as much as the network's when there are four of them.
SHRUNK_BY = 4.0
LEAST_CHANCE, MOST_CHANCE = 0.02, 0.98
# The ends of the bands of distance, in metres; what is nearer than the second and farther than the first is the base.
CLOSE_M, WALK_M, FAR_M = 500, 1500, 3000
MORNING, EVENING = range(8, 12), range(17, 21)
WEEKEND = 5
WEEK_H = 168.0
MOST_PINGS = 7

FEATURES = (
    "base",
    "history",
    "close",
    "over_walk",
    "far",
    "distance_unknown",
    "knows_kind",
    "knows_asker",
    "preferred",
    "morning",
    "evening",
    "weekend",
    "pings_week",
    "just_asked",
)
# Being asked more often, or a shorter while ago, can only count against a yes. A model that says otherwise has seen
# that the willing are asked more, and must not conclude that asking makes willing.
NEVER_HELPS = frozenset({"pings_week", "just_asked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known of one invitation at the moment in which it would be sent.

    ``metres`` is None where the distance is unknown or means nothing. ``hour`` (0–23) and ``weekday`` (0 is Monday) are
    those of the clock on the wall. ``pings_week`` counts invitations of the last seven days, ``hours_since`` is the
    time since the last (None: there was none). ``said_yes`` of ``answered`` is how often they said yes to the
    program's earlier invitations; silence is an answer.
    """

    metres: int | None = None
    knows_kind: bool = False
    hour: int = 12
    weekday: int = 0
    pings_week: int = 0
    hours_since: float | None = None
    knows_asker: bool = False
    preferred: bool = False
    said_yes: int = 0
    answered: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.hour <= 23 and 0 <= self.weekday <= 6):
            raise ValueError("an hour is 0 to 23, a weekday 0 to 6")
        if not 0 <= self.said_yes <= self.answered or self.pings_week < 0:
            raise ValueError("counts are 0 or more, and nobody says yes more often than they answer")
        if any(value is not None and not value >= 0 for value in (self.metres, self.hours_since)):
            raise ValueError("a distance and a time are 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """What a network has learnt: how many of ``n`` answers were ``yes``, and a model where it was worth it.

    ``weights`` has one number for each of `FEATURES`, or is empty: then the prior speaks. ``slope`` and ``shift`` make
    what the model says true of people it has not seen (Platt). ``brier`` and ``prior_brier`` are the mean squared
    error on such people of the model and of the prior alone, ``error`` the expected calibration error of the model;
    None where none was measured.
    """

    yes: int = 0
    n: int = 0
    weights: tuple[float, ...] = ()
    slope: float = 1.0
    shift: float = 0.0
    brier: float | None = None
    prior_brier: float | None = None
    error: float | None = None

    def __post_init__(self) -> None:
        numbers = (*self.weights, self.slope, self.shift)
        if len(self.weights) not in (0, len(FEATURES)) or not all(map(math.isfinite, numbers)):
            raise ValueError("a model has one finite weight for each feature")
        if not 0 <= self.yes <= self.n or self.slope < 0:
            raise ValueError("nobody says yes more often than they answer, and a slope is 0 or more")

    @property
    def rate(self) -> float:
        """How often people of this network say yes: the prior, and what they answered."""
        return (PRIOR_YES + self.yes) / (PRIOR_YES + PRIOR_NO + self.n)

    @property
    def is_learnt(self) -> bool:
        """Whether there is a model, and not the prior alone."""
        return bool(self.weights)

    def chance(self, about: Circumstances) -> float:
        """How likely they say yes, between 0.02 and 0.98; what they are tired of is in it. O(features).

        Never rises with ``pings_week``, nor where the last invitation was more recent.
        """
        if not self.weights:
            own = own_rate(about, self.rate)
            return _within(own * tiredness(about.pings_week) * rested(about.hours_since, rest_hours=0))
        seen = features(about, self.rate)
        score = sum(weight * value for weight, value in zip(self.weights, seen, strict=True))
        return _within(chance_of(self.slope * score + self.shift))

    def as_json(self) -> dict[str, Any]:
        """What is stored: JSON values, and the names of the features that the weights belong to."""
        return {
            "features": list(FEATURES) if self.weights else [],
            "weights": list(self.weights),
            "slope": self.slope,
            "shift": self.shift,
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any], *, yes: int, n: int) -> Self:
        """What `as_json` wrote; a model of features that are no more, or one that makes no sense, is left out."""
        plain = cls(yes=yes, n=n)
        if list(stored.get("features", ())) != list(FEATURES):
            return plain
        try:
            weights = tuple(float(weight) for weight in stored["weights"])
            return cls(
                yes=yes, n=n, weights=weights, slope=float(stored["slope"]), shift=float(stored["shift"])
            )
        except (KeyError, TypeError, ValueError):
            return plain


def own_rate(about: Circumstances, rate: float) -> float:
    """A person's own rate of yes, shrunk to their network's: who has never been asked is as likely as anybody."""
    return (about.said_yes + SHRUNK_BY * rate) / (about.answered + SHRUNK_BY)


def features(about: Circumstances, rate: float) -> tuple[float, ...]:
    """The numbers that the model reads, in the order of `FEATURES`, each between about -4 and 7."""
    metres, hours = about.metres, about.hours_since
    return (
        1.0,
        log_odds(own_rate(about, rate)),
        float(metres is not None and metres <= CLOSE_M),
        float(metres is not None and WALK_M < metres <= FAR_M),
        float(metres is not None and metres > FAR_M),
        float(metres is None),
        float(about.knows_kind),
        float(about.knows_asker),
        float(about.preferred),
        float(about.hour in MORNING),
        float(about.hour in EVENING),
        float(about.weekday >= WEEKEND),
        float(min(about.pings_week, MOST_PINGS)),
        0.0 if hours is None else math.exp(-hours / WEEK_H),
    )


def log_odds(chance: float) -> float:
    """The logarithm of the odds, of a chance kept away from 0 and 1."""
    kept = min(max(chance, LEAST_CHANCE / 2), 1 - LEAST_CHANCE / 2)
    return math.log(kept / (1 - kept))


def chance_of(odds: float) -> float:
    """The chance whose logarithm of the odds this is; 0 and 1 far out, without overflow."""
    if odds >= 0:
        return 1 / (1 + math.exp(-odds))
    small = math.exp(max(odds, -700.0))
    return small / (1 + small)


def _within(chance: float) -> float:
    return min(max(chance, LEAST_CHANCE), MOST_CHANCE)


PRIOR = Chances()
