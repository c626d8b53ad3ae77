"""What goes into a judgement and what comes out of it. Every type is frozen and says its units."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from commonweal.algorithms.matching.times import PARTS_IN_WEEK, Minutes, Part
from commonweal.algorithms.places import Cell

FULL_WEEK = (1 << PARTS_IN_WEEK) - 1


class Before(StrEnum):
    """What passed between a helper and this very ask."""

    NOTHING = ""
    ASKED = "being_asked"
    COMING = "coming"
    SAID_NO = "said_no"
    SILENT = "silent"
    DROPPED = "dropped"
    MISSED = "missed"
    HELPED = "helped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One ask, as far as matching reads it.

    ``parts`` is when it may happen, cut by `week_parts`, and ``minutes`` the shortest stretch of it that is of any
    use. ``cell`` is None where the place is unknown; ``in_person`` is False where distance is nothing (a call).
    ``within_m`` is how far the search reaches at present, None for the whole network. ``talk`` says that it is
    about talking, so that without a common language it cannot be met. ``needs`` are access needs, ``load`` what has
    to be carried (0–3), ``vehicles`` the ones that will do (empty: any or none). ``quantity`` is how many of a counted
    thing are still wanted (0: not counted). ``urgency`` is 0–2. ``asker`` and ``preferred`` are members' keys,
    empty where there is none; ``repeats`` says that it is one of a series. ``wish`` is whom they would rather have
    come ("woman", "man"; empty: anybody). ``vouched`` is the vouch level it takes, 0 none.
    """

    category: str
    parts: tuple[Part, ...]
    minutes: int = 30
    cell: Cell | None = None
    in_person: bool = True
    within_m: int | None = None
    languages: tuple[str, ...] = ()
    talk: bool = False
    needs: frozenset[str] = frozenset()
    load: int = 0
    vehicles: frozenset[str] = frozenset()
    quantity: int = 0
    urgency: int = 1
    asker: str = ""
    preferred: str = ""
    repeats: bool = False
    wish: str = ""
    vouched: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.urgency <= 2:
            raise ValueError(f"an urgency is 0, 1 or 2: {self.urgency}")
        if self.quantity < 0 or self.minutes < 1:
            raise ValueError("a quantity is 0 or more, minutes are 1 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """One offer of one member, as far as matching reads it.

    ``id`` is the member's key and ``offer`` the offer's (empty: a member who offers nothing of the kind at present).
    ``slots`` has a bit for each part of the week in which they can; ``busy`` is when they have agreed to something
    else. ``last_asked_h`` is hours since they were last invited to anything, None for never. ``quantity_left``
    is how many of a counted thing they have, None where they did not count. ``unreachable`` says that they left no
    way to be asked. ``goes_as`` is their own word for themselves, empty where they said none. ``vouched`` is their
    vouch level; ``new_full`` that they are new, and have agreed to as much as somebody new does at a time.
    """

    id: str
    offer: str = ""
    categories: frozenset[str]
    cell: Cell | None = None
    radius_m: int = 2000
    slots: int = FULL_WEEK
    busy: tuple[Minutes, ...] = ()
    languages: tuple[str, ...] = ()
    per_week: int = 2
    agreed_this_week: int = 0
    last_asked_h: int | None = None
    vehicle: str = "foot"
    carries: int = 1
    able: frozenset[str] = frozenset()
    quantity_left: int | None = None
    before: Before = Before.NOTHING
    rests_category: bool = False
    blocked: bool = False
    unreachable: bool = False
    helped_asker: bool = False
    paused: bool = False
    goes_as: str = ""
    vouched: int = 0
    new_full: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.slots <= FULL_WEEK:
            raise ValueError("slots is a mask of 42 bits")
        if min(self.radius_m, self.per_week, self.agreed_this_week, self.quantity_left or 0) < 0:
            raise ValueError("a radius, a quantity and the counts of a week are 0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How much each thing counts, in points. A group may change every number; none may be negative.

    ``rest_hours`` is no weight: within it nobody is invited a second time. docs/explanation/matching.md says why
    each default is what it is.
    """

    rest_hours: int = 20
    per_100_m: int = 4
    unknown_m: int = 3000
    language: int = 60
    interpreter: int = 150
    tired: int = 120
    rested_after_h: int = 336
    week: int = 160
    preferred: int = 10_000
    known: int = 40
    new_tie: int = 20
    comfort: int = 30
    covers: int = 120
    wait_calm: int = 5
    wait_soon: int = 15
    wait_today: int = 60

    def __post_init__(self) -> None:
        for entry in fields(self):
            if getattr(self, entry.name) < 0:
                raise ValueError(f"{entry.name} may not be negative")
        if self.rested_after_h < 1:
            raise ValueError("rested_after_h is 1 or more")


@dataclass(frozen=True, slots=True)
class Term:
    """One named part of a score."""

    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody fits or doesn't: a code and its facts, without personal content, to be put into words later."""

    code: str
    facts: tuple[tuple[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The reason as it is stored: ``{"code": "distance", "m": 600}``."""
        return {"code": self.code, **dict(self.facts)}


def because(code: str, **facts: Any) -> Reason:
    """A reason with its facts in a fixed order."""
    return Reason(code, tuple(sorted(facts.items())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A helper who can: when they would meet (minutes since 1970), how many they'd give, the terms and the reasons.

    ``distance_m`` lies between the middles of two coarse cells and is rounded to 100 m; None where a place is
    unknown or distance is nothing.
    """

    helper: Helper
    distance_m: int | None
    meets: Minutes
    quantity: int
    terms: tuple[Term, ...]
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> int:
        """The sum of the terms, in points; only the order of scores for one ask means anything."""
        return sum(term.points for term in self.terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A helper who can't, with every hard rule that fails, in the order in which they are checked."""

    helper: Helper
    distance_m: int | None
    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rules that fail."""
        return tuple(reason.code for reason in self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Everyone who can, best first, and everyone who can't. Each member appears once."""

    fits: tuple[Fit, ...]
    refusals: tuple[Refusal, ...]
