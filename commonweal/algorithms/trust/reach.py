"""How far a member's reach goes: a level for everybody, and why.

Two questions are asked, and each has an answer that one more vouch for a member never makes worse for them. Enough
vouchers who themselves have enough, back to the seeds: it stops whoever knows one person, and any ring that vouches
only for itself (bootstrap percolation: J. Chalupa, P. Leath, G. Reich, 1979). Enough trust (`spreading`): all the
false share what entered over vouches of honest members, so a crowd that got past the first question doesn't get past
the second.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike

from commonweal.algorithms.trust.graph import (
    Array,
    BadVouches,
    Vouches,
    chosen_members,
    numbers_within,
)
from commonweal.algorithms.trust.spreading import spread

# So little trust more or less is rounding, not a reason.
ROUNDING = 1e-9


class Level(IntEnum):
    """How far somebody's reach goes; a higher number includes all that a lower one does."""

    NEW = 0
    KNOWN = 1
    VOUCHED = 2
    TRUSTED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The reasons for one member's level.

    ``by`` are the members who vouch for them and are themselves vouched for, ascending: VOUCHED wants ``wanted`` of
    them, KNOWN one. TRUSTED wants ``trust`` of ``least_trust`` as well. Seeds are TRUSTED without.
    """

    level: Level
    is_seed: bool
    by: tuple[int, ...]
    wanted: int
    trust: float
    least_trust: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """Each member's reach.

    ``level`` int8 (n) as in `Level`; ``rooted`` bool (n): a seed, or vouched for by enough rooted members;
    ``vouchers`` int64 (n): how many rooted members vouch for each; ``trust`` float64 (n), the mean of `spreading`.
    """

    vouches: Vouches
    seeds: Array
    level: Array
    rooted: Array
    vouchers: Array
    trust: Array
    wanted: int
    least_trust: float

    def why(self, member: int) -> Why:
        """The reasons for the level of ``member``. Raises BadVouches where they aren't there. O(e)."""
        numbers_within("member", [member], len(self.vouches))
        givers = self.vouches.giver[self.vouches.taker == member]
        return Why(
            level=Level(int(self.level[member])),
            is_seed=bool((self.seeds == member).any()),
            by=tuple(givers[self.rooted[givers]].tolist()),
            wanted=self.wanted,
            trust=float(self.trust[member]),
            least_trust=self.least_trust,
        )


def find_reach(
    vouches: Vouches,
    seeds: ArrayLike,
    *,
    vouchers: int = 2,
    least_trust: float = 0.0,
    steps: int | None = None,
) -> Reach:
    """Return the level of every member.

    ``vouchers`` (1 or more) is how many of those who vouch for somebody must have as many themselves, back to the
    seeds. ``least_trust`` (0–1) is the least mean trust of `Level.TRUSTED`, as `least_trust_for` finds it. ``steps`` as
    in `spread`. Of a group without seeds at most ``entered(...).mean() / least_trust`` members become TRUSTED. Raises
    BadVouches for parameters outside their ranges, and as `spread` does. O(steps · e + e log e).
    """
    if vouchers < 1 or not 0 <= least_trust <= 1:
        raise BadVouches(f"{vouchers} vouchers with a trust of {least_trust} can't be asked for")
    chosen = chosen_members("seeds", seeds, len(vouches))
    rooted, counts = _rooted(vouches, chosen, vouchers)
    trust = spread(vouches, chosen, steps=steps).mean
    level = np.full(len(vouches), Level.NEW, np.int8)
    level[counts > 0] = Level.KNOWN
    level[rooted] = Level.VOUCHED
    level[rooted & (trust >= least_trust * (1 - ROUNDING))] = Level.TRUSTED
    level[chosen] = Level.TRUSTED
    return Reach(
        vouches=vouches,
        seeds=chosen,
        level=level,
        rooted=rooted,
        vouchers=counts,
        trust=trust,
        wanted=vouchers,
        least_trust=least_trust,
    )


def least_trust_for(trust: Array, known: ArrayLike, *, part: float = 0.9) -> float:
    """The most trust that ``part`` (0–1) of ``known`` members have at least.

    ``known`` are members of long standing, named by people: a threshold taken from everybody could be lowered by a
    crowd. It is meant to be kept until people set it anew, so that no vouch of today moves it. Raises BadVouches for
    nobody, somebody who isn't there, and other parts. O(k log k).
    """
    if not 0 < part <= 1:
        raise BadVouches(f"{part} is no part of the known members")
    amounts = np.sort(trust[chosen_members("known", known, len(trust))])[::-1]
    return float(amounts[int(np.ceil(part * len(amounts))) - 1])


def _rooted(vouches: Vouches, seeds: Array, wanted: int) -> tuple[Array, Array]:
    """Who is rooted, and by how many rooted members each is vouched for; every vouch is looked at once."""
    rooted = np.zeros(len(vouches), bool)
    counts = np.zeros(len(vouches), np.int64)
    newly = seeds
    while len(newly):
        rooted[newly] = True
        takers, times = np.unique(vouches.taken_from(newly), return_counts=True)
        counts[takers] += times
        newly = takers[(counts[takers] >= wanted) & ~rooted[takers]]
    return rooted, counts
