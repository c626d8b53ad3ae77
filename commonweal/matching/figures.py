"""What a stretch of the past comes to when it is played again: the figures that a change of the rules is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigures:
    """One group of askers. ``kind`` is "area", "language" or "need"; ``key`` an area's id, or the code."""

    kind: str
    key: str
    asks: int
    served: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Sums over the stretch. Nothing is suppressed here: a page leaves small groups out.

    ``urgent`` asks were for the same day. ``metres`` is the mean of those served in person, None where there are none;
    ``interpreted`` are tasks in which somebody has to interpret. ``most_per_week`` is the most anybody helps in a week,
    ``over_three`` counts the weeks of people in which it is more than three. ``helpers`` helped at all, of
    ``offered``; ``evenness`` is the Gini index of tasks a helper: 0 where all do the same.
    """

    asks: int
    served: int
    urgent: int
    urgent_served: int
    metres: int | None
    farthest_m: int | None
    interpreted: int
    most_per_week: int
    over_three: int
    helpers: int
    offered: int
    evenness: float
    groups: Sequence[GroupFigures]
