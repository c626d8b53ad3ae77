"""Trust that starts with known members and flows a few steps along vouches.

After Q. Cao, M. Sirivianos, X. Yang, T. Pregueiro, *Aiding the detection of fake accounts in large scale social online
services* (SybilRank), NSDI 2012: power iteration that ends early, because in about log2(n) steps trust is even among
honest members and has hardly entered a region that few vouches lead into. There friendships are mutual; here trust
flows from the giver of a vouch to its taker only, so that vouching for honest members brings a false account nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from commonweal.algorithms.trust.graph import Array, BadVouches, Vouches, chosen_members


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trust:
    """What has come to each member, as shares of all that the seeds set out with.

    ``mean`` float64 (n), 0–1: the mean over all steps, which is what `reach` goes by, because one more vouch for a
    member never lowers their own. ``last`` float64 (n), 0–1: after the last step; ``ranked`` is ``last`` by the vouches
    received, SybilRank's order of members. ``steps`` is how many there were.
    """

    mean: Array
    last: Array
    ranked: Array
    steps: int


def steps_for(members: int) -> int:
    """How many steps trust flows among so many members: log2, rounded up, and at least one."""
    return max((members - 1).bit_length(), 1)


def spread(vouches: Vouches, seeds: ArrayLike, *, steps: int | None = None) -> Trust:
    """Let one unit of trust, evenly divided among ``seeds``, flow ``steps`` times; by default `steps_for` all members.

    In each step everybody passes all they have on, in equal parts, to whom they vouch for; what comes to somebody who
    vouches for nobody ends there. Seeds should lie in every area: trust spreads slowly between areas, and members far
    from every seed look like strangers. Raises BadVouches for no seeds, seeds who aren't there, or fewer than one step.

    Whatever a group that the seeds aren't in vouches, its ``last`` and its ``mean`` together never exceed what first
    entered it over vouches from outside (`entered`). O(steps · e).
    """
    chosen, turns = _started(vouches, seeds, steps)
    now, total = chosen.copy(), chosen.copy()
    flow, part = vouches.matrix().T.tocsr(), 1 / np.maximum(vouches.given, 1)
    for _ in range(turns):
        now = flow @ (now * part)
        total += now
    ranked = now / np.maximum(vouches.received, 1)
    return Trust(mean=total / (turns + 1), last=now, ranked=ranked, steps=turns)


def entered(vouches: Vouches, seeds: ArrayLike, group: ArrayLike, *, steps: int | None = None) -> Array:
    """What part of all trust has entered ``group`` after each step, float64 (steps + 1), ascending from the start.

    It depends on the vouches of members outside the group alone. The last entry bounds the group's ``last``, and the
    mean of all bounds its ``mean``. Arrays, errors and complexity as in `spread`.
    """
    now, turns = _started(vouches, seeds, steps)
    inside = np.zeros(len(vouches), bool)
    inside[chosen_members("group", group, len(vouches))] = True
    flow, part = vouches.matrix().T.tocsr(), 1 / np.maximum(vouches.given, 1)
    arrived = np.zeros(turns + 1)
    for turn in range(turns + 1):
        arrived[turn] = now[inside].sum()
        now[inside] = 0
        now = flow @ (now * part)
    return np.cumsum(arrived)


def _started(vouches: Vouches, seeds: ArrayLike, steps: int | None) -> tuple[Array, int]:
    turns = steps_for(len(vouches)) if steps is None else steps
    if turns < 1:
        raise BadVouches(f"trust can't flow {turns} steps")
    chosen = chosen_members("seeds", seeds, len(vouches))
    start = np.zeros(len(vouches))
    start[chosen] = 1 / len(chosen)
    return start, turns
