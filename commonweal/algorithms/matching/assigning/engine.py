"""The assignment of a whole network: who helps whom, and when, so that all together are served best."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from commonweal.algorithms.matching.assigning.bidding import ANYWHERE, auction, lift, lower
from commonweal.algorithms.matching.assigning.certificate import ceiling
from commonweal.algorithms.matching.assigning.exact import find_exact, fineness, told_apart
from commonweal.algorithms.matching.assigning.fairness import Groups, groups_of
from commonweal.algorithms.matching.assigning.hands import make_whole, reconsider
from commonweal.algorithms.matching.assigning.leftover import draw_in
from commonweal.algorithms.matching.assigning.market import (
    Market,
    Near,
    People,
    copy_of,
    hands_held,
    holes,
    open_market,
    people_of,
    prices_of,
    side_by_side,
    value_held,
)
from commonweal.algorithms.matching.assigning.model import Assignment, EquityRules, Pairs, Prices
from commonweal.algorithms.matching.assigning.seats import NONE
from commonweal.algorithms.matching.assigning.threads import at_once, in_parts
from commonweal.algorithms.matching.assigning.together import with_rides
from commonweal.algorithms.matching.assigning.zones import ZONES, Zones, zones_of
from commonweal.algorithms.matching.grid import near_order
from commonweal.algorithms.matching.instance import Array, Instance

SHIFT, FINE_SHIFT = 10, 16
LAST = 9
STEPS, FEW_STEPS = (32, 8, 2, 1), (24, 5, 1)
FALL, FINE_FALL, LITTLE_FALL = 4, 16, 2
PATIENCE, MUCH_PATIENCE = 64, 1024
EXACT_UNITS = 20_000
MOST_READ = 400_000_000
ROUNDS, FEW_ROUNDS = 16, 6
TRIES = 3
LEAST_SHARE = 8
FEW = 400

NO_REWARDS = EquityRules(areas=0, languages=0, access=0)


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """A market at work. Its weights are in 1/2^``told`` points, and count 2^``shift``-fold in bids and prices.

    ``instance`` and ``pairs`` are the caller's; the market, its people, groups and zones are told by place (`Near`).
    """

    instance: Instance
    pairs: Pairs
    near: Near
    people: People
    groups: Groups
    market: Market
    shift: int
    step: int
    price: Array
    seed: int
    threads: int
    cut: bool = False
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
    threads: int = 2,
    zones: int | None = None,
) -> Assignment:
    """Choose among ``pairs`` so that weights and the groups' rewards sum up to as much as possible.

    Nobody gets more than their week has room for, nor two asks in one part of a week; every part chosen suits both. An
    ask gets from ``at_least`` to ``hands`` different people, or nobody. Helpers of one person share that person's week.

    With at most 20,000 hands wanted, one hand an ask and no rewards the result is exact; beyond that, and always, it
    comes with its own ceiling (``bound``), which counts all pairs and is worked out from the prices alone. ``seed``
    decides between what is worth the same; the same input and seed give the same result. With ``together``, asks that
    got nobody ride along with a visit next door (`together` says what ``bound`` then means).

    Above 20,000 hands the map is cut into two ``zones``, which bid at the same time; the number of ``threads`` changes
    nothing but the time.

    Time: a dozen bids an ask where it need not be exact, most of which look at a few pairs. Memory: the pairs, and
    500 bytes an ask. Sources: D. Bertsekas, *The auction algorithm*, 1988; the modules say more.
    """
    session = begun(instance, pairs, equity or NO_REWARDS, seed, max(threads, 1))
    order = bidding_order(session)
    count = (ZONES if len(order) > EXACT_UNITS else 1) if zones is None else zones
    session.cut = count > 1
    parts = zones_of(session.market, session.near.instance.helpers, order, count, session.threads)
    prices, bound = by_auction(session, order, parts)
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
    at_least, by = session.near.instance.asks.at_least, (session.shift, session.step)

    def worth(market: Market) -> int:
        return value_held(market, session.told) + session.groups.reward(hands_held(market))

    session.bids += make_whole(session.market, at_least, *by)
    if len(session.market.units) <= EXACT_UNITS:
        found = reconsider(session.market, session.near.last, at_least, by, worth)
        session.market, session.bids = found[0], session.bids + found[1]


def begun(instance: Instance, pairs: Pairs, rules: EquityRules, seed: int, threads: int) -> Session:
    """Return an empty market for the instance."""
    near = side_by_side(instance, pairs, threads)
    people = people_of(near.instance)
    market = open_market(near, people)
    groups = groups_of(near.instance, rules, near.last - near.first)
    shift = FINE_SHIFT if len(market.units) <= EXACT_UNITS else SHIFT
    return Session(
        instance=instance,
        pairs=pairs,
        near=near,
        people=people,
        groups=groups,
        market=market,
        shift=shift,
        step=max(1, (middling(pairs) << shift) >> LAST),
        price=groups.points * (1 << shift) // 2,
        seed=seed,
        threads=threads,
    )


def middling(pairs: Pairs) -> int:
    """Return the best weight of a middling ask; 0 where there is no pair."""
    best = np.sort(pairs.weight[pairs.indptr[:-1][np.diff(pairs.indptr) > 0]])
    return int(best[len(best) // 2]) if len(best) else 0


def bidding_order(session: Session) -> Array:
    """Return the units in the order in which they bid first: along a curve from place to place, so that what is used
    together is near in memory, and by chance where places are equal."""
    asks = session.near.instance.asks
    by_chance = np.random.default_rng(session.seed).permutation(len(session.market.units))
    ask = session.market.units["ask"][by_chance]
    return np.asarray(by_chance[near_order(asks.lat[ask], asks.lon[ask])])


def by_auction(session: Session, order: Array, zones: Zones) -> tuple[Prices, int]:
    """Hold auctions of falling steps, each from the prices of the one before, lowered a little; return the proof.

    Lowered by four steps of the one before hardly anybody is left with room at a price; lowered by two, few enough for
    them to draw others in. Where somebody is (or, if it need not be exact, more than one in 400), the last auction is
    held again from lower prices.
    """
    fall = 0
    exact = len(order) <= EXACT_UNITS and not session.groups.count and not session.cut
    for step in steps_of(session, exact):
        hold(session, zones, fall, step)
        fall = (FINE_FALL if step < session.step else LITTLE_FALL if session.cut else FALL) * step
    if session.groups.count:
        return best_of_rounds(session, zones, fall, step)
    spared = 0 if exact else len(session.people.room) // FEW
    for _ in range(TRIES):
        if holes(session.market) <= spared:
            break
        fall *= FALL
        hold(session, zones, fall, step)
    return proof(session)


def best_of_rounds(session: Session, zones: Zones, fall: int, step: int) -> tuple[Prices, int]:
    """Move the groups' prices from auction to auction; leave the market as it was worth most, with the best proof.

    Asks that are all alike come in together or stay out together at any price. So in every other auction each is given
    by chance up to what the next of its groups would add less.
    """
    by_chance = np.random.default_rng(session.seed)
    share = np.maximum(session.groups.size, LEAST_SHARE)
    spread = session.groups.for_asks(session.groups.points * session.scale // share)
    best, kept, proofs = -1, session.market, []
    small = len(session.market.units) <= EXACT_UNITS
    rounds = ROUNDS if small else FEW_ROUNDS
    for number in range(rounds):
        scatter = by_chance.integers(0, spread + 1) if number % 2 else 0
        hold(session, zones, fall + int(spread.max()), step, scatter)
        worth = value_held(session.market, 0) + session.groups.reward(hands_held(session.market))
        if worth > best:
            best, kept = worth, copy_of(session.market)
        if small or number == rounds - 1:
            proofs.append(proof(session))
    session.market = kept
    return min(proofs, key=lambda proven: proven[1])


def hold(session: Session, zones: Zones, fall: int, step: int, scatter: Array | int = 0) -> None:
    """Hold one auction, from the prices that are less ``fall``, with the groups' prices of now and what ``scatter``
    adds to each ask (int64, by place). Then whoever has room at a price draws others in."""
    market, threads = session.market, session.threads
    fall += move_prices(session) if session.bids else 0
    extra = session.groups.for_asks(session.price) + scatter
    in_parts(threads, len(market.people), lambda first, last: lower(market, fall, first, last))
    in_parts(threads, len(market.rows), lambda first, last: lift(market, fall, extra, first, last))
    by = (session.shift, step, MUCH_PATIENCE if step < session.step else PATIENCE)
    bid_everywhere(session, zones, by)
    if session.cut:
        drawn = draw_in(market, step)
        session.bids += drawn
        if drawn and step <= session.step:  # else the next auction begins with it
            bid_everywhere(session, zones, by)


def bid_everywhere(session: Session, zones: Zones, by: tuple[int, int, int]) -> None:
    """Let all units bid, those of each zone at once. ``by`` is (shift, step, patience)."""
    market = session.market
    inside = [partial(auction, market, units, by, zone) for zone, units in enumerate(zones.inside)]
    session.bids += sum(at_once(session.threads, inside)) + auction(market, zones.between, by, ANYWHERE)


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
    extra = session.groups.for_asks(session.price)
    prices = prices_of(session.market, session.near, extra, session.shift + session.told)
    people = people_of(session.instance)
    asks = ceiling(session.instance, session.pairs, people, prices, session.threads)
    return prices, (asks + session.groups.ceiling(session.price, session.scale)) // session.scale


def by_paths(session: Session, order: Array) -> Session | None:
    """Begin once more and find the exact end by paths; None where that would take too long."""
    told = fineness(int(session.pairs.weight.max()), len(order))
    near = told_apart(session.near, len(order), told, session.seed)
    market = open_market(near, session.people)
    paths, done = find_exact(market, order, MOST_READ)
    if not done:
        return None
    step = max(1, (middling(session.pairs) << told) >> LAST)
    return replace(session, market=market, shift=0, told=told, step=step, paths=paths)


def steps_of(session: Session, to_the_end: bool) -> list[int]:
    """Return the steps of the auctions: from a sixteenth of a middling weight to a 512th, then, where it is to be
    exact, on to the smallest that is. Fewer where the map is cut into zones."""
    steps = [session.step * times for times in (FEW_STEPS if session.cut else STEPS)]
    while to_the_end and steps[-1] > 1:
        steps.append(max(1, steps[-1] >> 3))
    return steps


def written(session: Session, prices: Prices, bound: int) -> Assignment:
    """Return what the market came to, in the order of asks and helpers."""
    market, near = session.market, session.near
    units = market.units[market.units["seat"] != NONE]
    seats = market.seats[units["seat"]]
    ask, helper = near.asks[units["ask"]], near.helpers[market.helper[seats["pair"]]]
    order = np.lexsort((helper, ask))
    return Assignment(
        ask=ask[order].astype(np.int32),
        helper=helper[order].astype(np.int32),
        slot=seats["slot"][order].astype(np.int8),
        weight=(market.weight[seats["pair"][order]] >> session.told).astype(np.int32),
        value=value_held(market, session.told),
        reward=session.groups.reward(hands_held(market)),
        bound=bound,
        prices=prices,
        bids=session.bids,
        paths=session.paths,
    )
