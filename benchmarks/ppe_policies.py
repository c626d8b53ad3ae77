"""Who gets scarce units: the two published policies, and two that weigh what a parcel is worth."""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import coo_array

from benchmarks.relief import Array, BadRelief, Policy, Relief, Round

# Of a round, a giver's row and the rows of those who are equally near: the one who gets it.
Choice = Callable[[Round, int, Array], int]


def first_of_equals(_now: Round, _giver: int, near: Array) -> int:
    """The first of those that are equally near, in the text order of their ids."""
    return int(near[0])


def by_lot(seed: int) -> Choice:
    """Any of those that are equally near."""
    chance = np.random.default_rng(seed)
    return lambda _now, _giver, near: int(chance.choice(near))


def as_taken(relief: Relief, decisions: Path) -> Choice:
    """The one whom another run took: the table of decisions that the authors' program writes.

    `BadRelief` where that run took none, or one who isn't among the nearest.
    """
    kinds, givers, takers = (
        {name: at for at, name in enumerate(names)} for names in (relief.kinds, relief.givers, relief.takers)
    )
    taken: dict[tuple[int, int, int], int] = {}
    with decisions.open(newline="") as rows:
        for number, row in enumerate(csv.DictReader(rows), start=2):
            try:
                second = round(datetime.fromisoformat(row["date"]).timestamp())
                taken[second, kinds[row["ppe"]], givers[row["don_id"]]] = takers[row["rec_id"]]
            except (KeyError, TypeError, ValueError) as error:
                raise BadRelief(f"{decisions.name}, line {number}: {error!r}") from error

    def choose(now: Round, giver: int, near: Array) -> int:
        taker = taken.get((round(now.day * 86400), now.kind, int(now.givers[giver])))
        rows = near[now.takers[near] == taker]
        if not len(rows):
            raise BadRelief(f"{relief.givers[now.givers[giver]]} sent otherwise in {decisions.name}")
        return int(rows[0])

    return choose


def nearest_first(among: Choice = first_of_equals) -> Policy:
    """Each giver in text order sends one parcel to the nearest who still wants something, as much as both have."""

    def send(now: Round) -> Iterator[tuple[int, int, int]]:
        wanted = now.wanted.copy()
        for giver, units in enumerate(now.on_hand.tolist()):
            miles = np.where((wanted > 0) & ~np.isnan(now.miles[giver]), now.miles[giver], np.inf)
            near = np.flatnonzero(miles == miles.min())
            if miles[near[0]] == np.inf:
                continue
            taker = among(now, giver, near)
            sent = min(units, int(wanted[taker]))
            wanted[taker] -= sent
            yield giver, taker, sent

    return send


def first_come(now: Round) -> Iterator[tuple[int, int, int]]:
    """The first giver to the first taker, the second to the second, in text order, as much as both have."""
    for at, (units, wanted) in enumerate(zip(now.on_hand.tolist(), now.wanted.tolist(), strict=False)):
        yield at, at, min(units, wanted)


def worth_a_unit(now: Round, unit_miles: float) -> Array:
    """What a unit is worth to each pair, in asks met: (givers, takers).

    A parcel is worth the share of the ask that it meets, and the share of the gift that it puts to use, less its
    units times its miles over ``unit_miles``: so many are worth it to meet one ask whole.
    """
    shares = 1 / now.wanted[np.newaxis, :] + 1 / now.on_hand[:, np.newaxis]
    return np.asarray(shares - now.miles / unit_miles)


def one_parcel(unit_miles: float) -> Policy:
    """At most one parcel from each giver and to each taker, together worth the most there is (an assignment)."""

    def send(now: Round) -> Iterator[tuple[int, int, int]]:
        units = np.minimum(now.on_hand[:, np.newaxis], now.wanted[np.newaxis, :])
        worth = np.maximum(np.nan_to_num(units * worth_a_unit(now, unit_miles)), 0)
        givers, takers = linear_sum_assignment(worth, maximize=True)
        for giver, taker in zip(givers.tolist(), takers.tolist(), strict=True):
            if worth[giver, taker] > 0:
                yield giver, taker, int(units[giver, taker])

    return send


def many_parcels(unit_miles: float) -> Policy:
    """As many parcels as it takes, together worth the most there is (a transport problem, solved exactly).

    Only a giver's best takers are looked at, until they could take all that everybody has: what went to another
    could as well go to one of these that has room, for there is one.
    """

    def send(now: Round) -> Iterator[tuple[int, int, int]]:
        worth = np.nan_to_num(worth_a_unit(now, unit_miles))
        order = np.argsort(-worth, axis=1, kind="stable")
        room = np.cumsum(now.wanted[order], axis=1) - now.wanted[order]
        near = np.zeros(worth.shape, bool)
        np.put_along_axis(near, order, room < now.on_hand.sum(), axis=1)
        giver, taker = np.nonzero(near & (worth > 0))
        if not len(giver):
            return
        units = _transported(now, giver, taker, worth[giver, taker])
        for at in np.flatnonzero(units):
            yield int(giver[at]), int(taker[at]), int(units[at])

    return send


def _transported(now: Round, giver: Array, taker: Array, worth: Array) -> Array:
    """The units on each pair that are worth the most, within what there is and what is wanted."""
    pairs = np.arange(len(giver))
    limits = np.concatenate([now.on_hand, now.wanted])
    of = np.concatenate([giver, len(now.on_hand) + taker])
    sums = coo_array((np.ones(2 * len(pairs)), (of, np.tile(pairs, 2))), shape=(len(limits), len(pairs)))
    # The dual simplex ends in a corner, and the corners of a transport problem are whole numbers.
    found = linprog(-worth, A_ub=sums.tocsr(), b_ub=limits, method="highs-ds")
    if found.status != 0:
        raise RuntimeError(f"the transport problem was not solved: {found.message}")
    whole = np.rint(found.x)
    if np.abs(whole - found.x).max(initial=0.0) > 1e-6:
        raise RuntimeError("the solver did not end in a corner")
    return np.asarray(whole.astype(np.int64))
