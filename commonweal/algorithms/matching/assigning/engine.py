"""The assignment of a whole network: who helps whom, and when, so that all together are served best."""

from dataclasses import dataclass, replace

import numpy as np

from commonweal.algorithms.matching.assigning.bidding import auction, clear_out
from commonweal.algorithms.matching.assigning.certificate import ceiling
from commonweal.algorithms.matching.assigning.exact import find_exact, fineness, told_apart
from commonweal.algorithms.matching.assigning.fairness import Groups, groups_of
from commonweal.algorithms.matching.assigning.hands import make_whole, reconsider
from commonweal.algorithms.matching.assigning.market import (
    Market,
    People,
    copy_of,
    hands_held,
    holes,
    open_market,
    people_of,
    prices_of,
    value_held,
)
from commonweal.algorithms.matching.assigning.model import Assignment, EquityRules, Pairs, Prices
from commonweal.algorithms.matching.assigning.seats import NONE
from commonweal.algorithms.matching.assigning.together import with_rides
from commonweal.algorithms.matching.grid import near_order
from commonweal.algorithms.matching.instance import Array, Instance

SHIFT, FINE_SHIFT = 10, 16
FIRST, LAST = 4, 9
FALL, FINE_FALL = 4, 16
PATIENCE, MUCH_PATIENCE = 64, 1024
EXACT_UNITS = 20_000
MOST_READ = 400_000_000
ROUNDS, FEW_ROUNDS = 16, 6
TRIES = 3
LEAST_SHARE = 8
FEW = 2000

NO_REWARDS = EquityRules(areas=0, languages=0, access=0)


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """A market at work. Its weights are in 1/2^``told`` points, and count 2^``shift``-fold in bids and prices."""

    instance: Instance
    pairs: Pairs
    people: People
    groups: Groups
    market: Market
    shift: int
    step: int
    price: Array
    seed: int
    moves: int = 0
    told: int = 0
    bids: int = 0
    paths: int = 0

    @property
    def scale(self) -> int:
        """How many units of bids and prices make a point."""
        return 1 << (self.shift + self.told)


def assign(
    instance: Instance,
    pairs: Pairs,
    *,
    equity: EquityRules | None = None,
    seed: int = 0,
    together: bool = False,
) -> Assignment:
    """Choose among ``pairs`` so that weights and the groups' rewards sum up to as much as possible.

    Nobody gets more than their week has room for, nor two asks in one part of a week; every part chosen suits both. An
    ask gets from ``at_least`` to ``hands`` different people, or nobody. Helpers of one person share that person's week.

    With at most 20,000 hands wanted, one hand an ask and no rewards the result is exact; beyond that, and always, it
    comes with its own ceiling (``bound``), which counts all pairs and is worked out from the prices alone. ``seed``
    decides between what is worth the same; the same input and seed give the same result. With ``together``, asks that
    got nobody ride along with a visit next door (`together` says what ``bound`` then means).

    Time: about thirty bids an ask, each of which looks at a few pairs, and the whole row now and then. Memory: the
    pairs, and 150 bytes an ask. Sources: D. Bertsekas, *The auction algorithm*, 1988; the modules say more.
    """
    session = begun(instance, pairs, equity or NO_REWARDS, seed)
    order = bidding_order(session)
    prices, bound = by_auction(session, order)
    if len(order) <= EXACT_UNITS and not session.groups.count and bound > value_held(session.market, 0):
        again = by_paths(session, order)
        if again is not None:
            session = again
            prices, bound = proof(session)
    fill_hands(session)
    made = written(session, prices, bound)
    return with_rides(instance, pairs, made) if together else made


def fill_hands(session: Session) -> None:
    """Leave no ask with fewer hands than it needs, at as little loss as can be found."""
    at_least, by = session.instance.asks.at_least, (session.shift, session.step)

    def worth(market: Market) -> int:
        return value_held(market, session.told) + session.groups.reward(hands_held(market))

    session.bids += make_whole(session.market, at_least, *by)
    if len(session.market.units) <= EXACT_UNITS:
        found = reconsider(session.market, session.pairs.indptr, at_least, by, worth)
        session.market, session.bids = found[0], session.bids + found[1]


def begun(instance: Instance, pairs: Pairs, rules: EquityRules, seed: int) -> Session:
    """Return an empty market for the instance."""
    people = people_of(instance)
    market = open_market(instance, pairs, people)
    groups = groups_of(instance, rules, np.diff(pairs.indptr))
    shift = FINE_SHIFT if len(market.units) <= EXACT_UNITS else SHIFT
    return Session(
        instance=instance,
        pairs=pairs,
        people=people,
        groups=groups,
        market=market,
        shift=shift,
        step=max(1, (middling(pairs) << shift) >> LAST),
        price=groups.points * (1 << shift) // 2,
        seed=seed,
    )


def middling(pairs: Pairs) -> int:
    """Return the best weight of a middling ask; 0 where there is no pair."""
    best = np.sort(pairs.weight[pairs.indptr[:-1][np.diff(pairs.indptr) > 0]])
    return int(best[len(best) // 2]) if len(best) else 0


def bidding_order(session: Session) -> Array:
    """Return the units in the order in which they bid first: along a curve from place to place, so that what is used
    together is near in memory, and by chance where places are equal."""
    asks = session.instance.asks
    by_chance = np.random.default_rng(session.seed).permutation(len(session.market.units))
    ask = session.market.units["ask"][by_chance]
    return np.asarray(by_chance[near_order(asks.lat[ask], asks.lon[ask])])


def by_auction(session: Session, order: Array) -> tuple[Prices, int]:
    """Hold auctions of falling steps, each from the prices of the one before, lowered a little; return the proof.

    Lowered by four steps of the one before hardly anybody is left with room at a price. Where somebody is (or, if it
    need not be exact, more than one in 2,000), the last auction is held again from lower prices.
    """
    fall = 0
    exact = len(order) <= EXACT_UNITS and not session.groups.count
    for step in steps_of(session, exact):
        hold(session, order, fall, step)
        fall = (FINE_FALL if step < session.step else FALL) * step
    if session.groups.count:
        return best_of_rounds(session, order, fall, step)
    spared = 0 if exact else len(session.people.room) // FEW
    for _ in range(TRIES):
        if holes(session.market) <= spared:
            break
        fall *= FALL
        hold(session, order, fall, step)
    return proof(session)


def best_of_rounds(session: Session, order: Array, fall: int, step: int) -> tuple[Prices, int]:
    """Move the groups' prices from auction to auction; leave the market as it was worth most, with the best proof.

    Asks that are all alike come in together or stay out together at any price. So in every other auction each is given
    by chance up to what the next of its groups would add less.
    """
    by_chance = np.random.default_rng(session.seed)
    share = np.maximum(session.groups.size, LEAST_SHARE)
    spread = session.groups.for_asks(session.groups.points * session.scale // share)
    best, kept, proofs = -1, session.market, []
    rounds = ROUNDS if len(order) <= EXACT_UNITS else FEW_ROUNDS
    for number in range(rounds):
        scatter = by_chance.integers(0, spread + 1) if number % 2 else 0
        hold(session, order, fall + int(spread.max()), step, scatter)
        worth = value_held(session.market, 0) + session.groups.reward(hands_held(session.market))
        if worth > best:
            best, kept = worth, copy_of(session.market)
        if len(order) <= EXACT_UNITS or number == rounds - 1:
            proofs.append(proof(session))
    session.market = kept
    return min(proofs, key=lambda proven: proven[1])


def hold(session: Session, order: Array, fall: int, step: int, scatter: Array | int = 0) -> None:
    """Hold one auction, from the prices that are less ``fall``, with the groups' prices of now and what ``scatter``
    adds to each ask (int64, n)."""
    market = session.market
    fall += move_prices(session) if session.bids else 0
    clear_out(market, fall)
    market.rows["extra"] = session.groups.for_asks(session.price) + scatter
    patience = MUCH_PATIENCE if step < session.step else PATIENCE
    session.bids += auction(market, order, session.shift, step, patience)


def move_prices(session: Session) -> int:
    """Move each group's price towards what one more of it would add, by half, a third, a quarter and so on, so that it
    comes to rest; return how far the farthest went."""
    if not session.groups.count:
        return 0
    worth = session.groups.next_worth(hands_held(session.market), session.scale)
    session.moves += 1
    change = (worth - session.price) // (session.moves + 1)
    session.price = session.price + change
    return int(np.abs(change).max())


def proof(session: Session) -> tuple[Prices, int]:
    """Return the prices at which the market stands and the ceiling that they prove, in points."""
    prices = replace(
        prices_of(session.market, session.shift + session.told), ask=session.groups.for_asks(session.price)
    )
    asks = ceiling(session.instance, session.pairs, session.people, prices)
    return prices, (asks + session.groups.ceiling(session.price, session.scale)) // session.scale


def by_paths(session: Session, order: Array) -> Session | None:
    """Begin once more and find the exact end by paths; None where that would take too long."""
    told = fineness(int(session.pairs.weight.max()), len(order))
    pairs = told_apart(session.pairs, len(order), told, session.seed)
    market = open_market(session.instance, pairs, session.people)
    paths, done = find_exact(market, order, MOST_READ)
    if not done:
        return None
    step = max(1, (middling(session.pairs) << told) >> LAST)
    return replace(session, market=market, shift=0, told=told, step=step, paths=paths)


def steps_of(session: Session, to_the_end: bool) -> list[int]:
    """Return the steps of the auctions: from a sixteenth of a middling weight to a 512th, then, where it is to be
    exact, on to the smallest that is."""
    first = session.step << (LAST - FIRST)
    steps = [max(1, first >> 2 * i) for i in range(3)] + [session.step]
    while to_the_end and steps[-1] > 1:
        steps.append(max(1, steps[-1] >> 3))
    return steps


def written(session: Session, prices: Prices, bound: int) -> Assignment:
    """Return what the market came to, in the order of asks and helpers."""
    market = session.market
    units = market.units[market.units["seat"] != NONE]
    units = units[np.lexsort((market.helper[market.seats[units["seat"]]["pair"]], units["ask"]))]
    seats = market.seats[units["seat"]]
    return Assignment(
        ask=units["ask"].astype(np.int32),
        helper=market.helper[seats["pair"]].astype(np.int32),
        slot=seats["slot"].astype(np.int8),
        weight=(market.weight[seats["pair"]] >> session.told).astype(np.int32),
        value=value_held(market, session.told),
        reward=session.groups.reward(hands_held(market)),
        bound=bound,
        prices=prices,
        bids=session.bids,
        paths=session.paths,
    )
