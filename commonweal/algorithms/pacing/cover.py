"""As few people as make a yes sure enough, the likeliest and most worthwhile first; or when to look again.

Source: V. Manshadi and S. Rodilitz, arXiv 2002.08474. Inviting one more person helps by the chance that they say yes
and all the others don't, and tires them whether or not they are needed; so a few are asked, and only as many as are
needed.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# What somebody's best other use is worth, in points, that halves how much they are wanted here.
HALVES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who could be invited. ``key`` is unique among them and breaks ties.

    ``chance`` (0 to 1) is how likely they say yes, ``rested`` (0 to 1) how likely they have recovered from the last
    invitation: 0 for whoever must not be asked now. ``in_time`` (0 to 1) is how likely the answer comes while it is of
    use. ``value`` (points, 0 or more) is what it is worth if they come,
    ``price`` what they could be worth elsewhere meanwhile. ``left`` is how many invitations their limit still
    allows, ``free_in_h`` in how many hours they may be asked where it is not now. ``first`` marks the preferred
    helper, who comes before everybody else.
    """

    key: str
    chance: float
    rested: float = 1.0
    in_time: float = 1.0
    value: float = 1000.0
    price: float = 0.0
    left: int = 1
    free_in_h: float = 0.0
    first: bool = False

    def __post_init__(self) -> None:
        if not all(0 <= one <= 1 for one in (self.chance, self.rested, self.in_time)):
            raise ValueError("a chance lies between 0 and 1")
        if not all(math.isfinite(one) and one >= 0 for one in (self.value, self.price, self.free_in_h)):
            raise ValueError("a value, a price and a time are 0 or more, and finite")

    @property
    def says_yes(self) -> float:
        """How likely they are rested and willing, and say so in time."""
        return self.chance * self.rested * self.in_time

    @property
    def wanted(self) -> float:
        """What inviting them promises, divided softly by what else they could do."""
        return self.says_yes * self.value / (1 + self.price / HALVES)

    @property
    def refused(self) -> str:
        """Why they are not invited now, or nothing: ``asked_enough``, ``resting``, ``too_late`` or ``says_no``."""
        if self.left <= 0:
            return "asked_enough"
        if self.free_in_h > 0 or self.rested <= 0:
            return "resting"
        if self.in_time <= 0:
            return "too_late"
        return "" if self.chance > 0 else "says_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the invitations go. ``hands`` is how many have to say yes, ``waiting`` the chances of those who have been
    asked and may still answer, ``quiet_h`` the hours until anybody may be asked at all (0: now)."""

    hands: int = 1
    waiting: tuple[float, ...] = ()
    quiet_h: float = 0.0

    def __post_init__(self) -> None:
        if self.hands < 1 or not self.quiet_h >= 0 or not all(0 <= one <= 1 for one in self.waiting):
            raise ValueError("hands are 1 or more, hours 0 or more, and a chance lies between 0 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whom to invite now, in order, and why so. ``order`` goes on where ``asked`` ends: everybody who may be asked.

    ``chance`` is how likely at least as many hands as are wanted come of it, those who were asked before included.
    ``expected_pings`` is how many invitations it takes in the mean until it is met, if it goes on like this (0 where
    nobody is asked). ``wait_h`` says in how many hours to look again where nobody can be asked now but somebody can
    then, else None. ``why`` is ``sure_enough``, ``as_many_as_allowed``, ``all_there_are``, ``quiet``, ``all_rest`` or
    ``nobody``. ``left_out`` has the code for everybody who may not be asked now.
    """

    asked: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    chance: float = 0.0
    expected_pings: float = 0.0
    wait_h: float | None = None
    why: str = "nobody"
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def pings(self) -> int:
        """How many are invited."""
        return len(self.asked)


def cover(candidates: Iterable[Candidate], *, target: float, most: int, rules: Pace | None = None) -> Choice:
    """Choose whom to invite now: the most wanted first, until ``rules.hands`` of them say yes with chance ``target``.

    At most ``most`` are invited, and at least one where anybody can be. Nobody is invited who rests or whose limit is
    reached. A higher ``target`` never asks fewer, and those it asks begin with those whom a lower one asks. The order
    of ``candidates`` changes nothing. O(n log n + most² · hands). Raises ValueError where ``target`` is no chance.
    """
    pace = rules or Pace()
    if not 0 <= target <= 1:
        raise ValueError("a target is a chance between 0 and 1")
    everybody = sorted(candidates, key=_most_wanted_first)
    left_out = {one.key: one.refused for one in everybody if one.refused}
    ready = [one for one in everybody if not one.refused]
    before = at_least(pace.hands, pace.waiting)
    if before >= target and pace.waiting:
        return Choice(chance=before, why="sure_enough", left_out=left_out)
    if pace.quiet_h > 0 and everybody:
        return Choice(chance=before, wait_h=pace.quiet_h, why="quiet", left_out=left_out)
    if not ready:
        return _nobody(everybody, before, left_out)
    asked: list[str] = []
    chances = list(pace.waiting)
    for one in ready[: max(most, 0)]:
        if asked and at_least(pace.hands, chances) >= target:
            break
        asked.append(one.key)
        chances.append(one.says_yes)
    chance = at_least(pace.hands, chances)
    return Choice(
        asked=tuple(asked),
        order=tuple(one.key for one in ready),
        chance=chance,
        expected_pings=len(asked) / chance if asked and chance else 0.0,
        why=_why(chance >= target, len(asked) >= most),
        left_out=left_out,
    )


def at_least(hands: int, chances: Iterable[float]) -> float:
    """The chance that at least ``hands`` of these say yes, each for themselves. O(n * hands).

    Exact, by adding one after the other; for one hand it is 1 minus the product of the chances of a no.
    """
    exactly = [1.0] + [0.0] * (hands - 1)
    for chance in chances:
        for count in range(hands - 1, 0, -1):
            exactly[count] = exactly[count] * (1 - chance) + exactly[count - 1] * chance
        exactly[0] *= 1 - chance
    return min(max(1 - sum(exactly), 0.0), 1.0)


def _most_wanted_first(one: Candidate) -> tuple[bool, float, float, str]:
    return not one.first, -one.wanted, -one.says_yes, one.key


def _nobody(everybody: list[Candidate], before: float, left_out: Mapping[str, str]) -> Choice:
    rests = [one.free_in_h for one in everybody if one.free_in_h > 0]
    wait = min(rests, default=None)
    return Choice(chance=before, wait_h=wait, why="nobody" if wait is None else "all_rest", left_out=left_out)


def _why(is_sure: bool, is_full: bool) -> str:
    if is_sure:
        return "sure_enough"
    return "as_many_as_allowed" if is_full else "all_there_are"
