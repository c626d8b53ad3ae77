"""The assignment of a whole network: who helps whom, and when, so that all together are served best."""

import numpy as np

from commonweal.algorithms.matching.assigning.bidding import auction
from commonweal.algorithms.matching.assigning.certificate import ceiling
from commonweal.algorithms.matching.assigning.hands import make_whole
from commonweal.algorithms.matching.assigning.market import Market, open_market, people_of, prices_of
from commonweal.algorithms.matching.assigning.model import Assignment, EquityRules, Pairs
from commonweal.algorithms.matching.assigning.seats import NONE
from commonweal.algorithms.matching.instance import Array, Instance

SHIFT = 10
FINEST = 8


def assign(
    instance: Instance, pairs: Pairs, *, equity: EquityRules | None = None, seed: int = 0
) -> Assignment:
    """Choose among ``pairs`` so that the weights sum up to as much as possible."""
    people = people_of(instance)
    market = open_market(instance, pairs, people)
    order = bidding_order(instance, market, seed)
    step = step_of(pairs)
    bids = auction(market, order, SHIFT, step, 0)[0]
    prices = prices_of(market, SHIFT)
    bound = ceiling(instance, pairs, people, prices) >> SHIFT
    bids += make_whole(market, instance.asks.at_least, SHIFT, step)
    return written(market, prices, int(bound), int(bids))


def step_of(pairs: Pairs) -> int:
    """Return the step of bids: a 256th of a middling ask's best weight, in 1/1024 points."""
    starts = pairs.indptr[:-1][np.diff(pairs.indptr) > 0]
    if not len(starts):
        return 1
    best = np.sort(pairs.weight[starts])
    return int(best[len(best) // 2]) << (SHIFT - FINEST)


def bidding_order(instance: Instance, market: Market, seed: int) -> Array:
    """Return the units in the order in which they bid first: at random by ``seed``."""
    return np.random.default_rng(seed).permutation(len(market.units))


def written(market: Market, prices, bound: int, bids: int) -> Assignment:
    """Return what the market came to, in the order of the asks."""
    held = market.units[market.units["seat"] != NONE]
    seats = market.seats[held["seat"]]
    weight = market.weight[seats["pair"]]
    return Assignment(
        ask=held["ask"].astype(np.int32),
        helper=market.helper[seats["pair"]].astype(np.int32),
        slot=seats["slot"].astype(np.int8),
        weight=weight.astype(np.int32),
        value=int(weight.sum(dtype=np.int64)),
        reward=0,
        bound=bound,
        prices=prices,
        bids=bids,
        paths=0,
    )
