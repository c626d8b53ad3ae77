"""Members certified by a maximum flow from known ones, with a bound on how many false accounts can be among them.

After R. Levien, *Attack-resistant trust metrics* (Advogato), 2004: the nearer a member is to the seeds, the more flow
they may take in; each keeps one unit for themselves and passes the rest on along their vouches. All that reaches false
accounts passes honest members who vouch for one of them, so what these can pass on is a bound.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from commonweal.algorithms.trust.graph import (
    UNREACHED,
    Array,
    BadVouches,
    Vouches,
    chosen_members,
    distances,
)

MOST_WANTED = 1 << 30
LEAST_NARROWING, MOST_NARROWING = 2, 1 << 10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Certified:
    """Who is certified, bool (n), and how much flow each member may take in, int32 (n); 0 where no vouch leads.

    ``count`` is the same for every numbering of the members; which of several equally good ones are certified isn't.
    """

    members: Array
    capacity: Array

    @property
    def count(self) -> int:
        """How many are certified."""
        return int(self.members.sum())


def capacities(vouches: Vouches, seeds: ArrayLike, *, wanted: int, narrowing: int = 4) -> Array:
    """How much flow each member may take in, int32 (n).

    The seeds share ``wanted`` (1 to 2³⁰), the number of members there are believed to be, rounded up; each step away
    from them divides by ``narrowing`` (2 to 1024), rounded up: 1 at least, and 0 where no vouch leads. Nothing depends
    on how many accounts there are, or a crowd could widen its own way in. Raises BadVouches outside these. O(n + e).
    """
    if not 1 <= wanted <= MOST_WANTED or not LEAST_NARROWING <= narrowing <= MOST_NARROWING:
        raise BadVouches(f"{wanted} members can't be wanted with a narrowing of {narrowing}")
    far = distances(vouches, seeds)
    amount = -(-wanted // len(chosen_members("seeds", seeds, len(vouches))))
    widths = [amount]
    for _ in range(int(far.max())):
        amount = -(-amount // narrowing)
        widths.append(amount)
    return np.where(far == UNREACHED, 0, np.array(widths)[far]).astype(np.int32)


def certify(vouches: Vouches, seeds: ArrayLike, *, wanted: int, narrowing: int = 4) -> Certified:
    """Certify as many members as a flow from ``seeds`` can reach.

    Parameters and errors as in `capacities`. Dinic's method, O(n² e) at worst; docs/reference/benchmarks.md says what
    it takes in practice.
    """
    capacity = capacities(vouches, seeds, wanted=wanted, narrowing=narrowing)
    people = len(vouches)
    source, sink = 2 * people, 2 * people + 1
    kept = np.flatnonzero(capacity)
    chosen = chosen_members("seeds", seeds, people)
    passing = kept[capacity[kept] > 1]
    open_vouch = capacity[vouches.giver] > 1
    giver, taker = vouches.giver[open_vouch], vouches.taker[open_vouch]
    tail = np.concatenate([np.full(len(chosen), source), kept, passing, people + giver])
    head = np.concatenate([chosen, np.full(len(kept), sink), people + passing, taker])
    room = np.concatenate(
        [capacity[chosen], np.ones(len(kept), np.int32), capacity[passing] - 1, capacity[taker]]
    )
    network = csr_array((room.astype(np.int32), (tail, head)), shape=(sink + 1, sink + 1))
    flow = maximum_flow(network, source, sink, method="dinic").flow
    # The row of the sink holds, negated, what came to it from each member.
    row = slice(flow.indptr[sink], flow.indptr[sink + 1])
    members = np.zeros(people, bool)
    members[flow.indices[row][flow.data[row] < 0]] = True
    return Certified(members=members, capacity=capacity)


def most_let_in(vouches: Vouches, capacity: Array, group: ArrayLike) -> int:
    """How many of ``group``, in which no seed is, can be certified at most, whatever they vouch among themselves.

    The smaller of what the members outside who vouch for one of them can pass on (their capacity less one), and what
    those they vouch for can take in; and never more than are in the group. ``capacity`` as `capacities` gives it.
    """
    inside = np.zeros(len(vouches), bool)
    chosen = chosen_members("group", group, len(vouches))
    inside[chosen] = True
    across = ~inside[vouches.giver] & inside[vouches.taker]
    givers, takers = np.unique(vouches.giver[across]), np.unique(vouches.taker[across])
    passed = int(np.maximum(capacity[givers].astype(np.int64) - 1, 0).sum())
    return min(passed, int(capacity[takers].sum()), len(chosen))
