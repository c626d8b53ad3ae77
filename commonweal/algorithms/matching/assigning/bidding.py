"""The auction: every unit without a helper bids for the one who is worth most to it, over and over."""

from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled, compiled_within
from commonweal.algorithms.matching.assigning.seats import (
    NONE,
    crowded_price,
    refresh,
    standing_in_the_way,
    take_seat,
)

KNOWN = 6
STEEPEST = 12


@compiled
def held_by_sibling(market: Any, ask: Any, unit: Any, person: Any) -> Any:
    """Say whether another hand of the same ask is with this person."""
    doors, seats, units, helper = market[1], market[3], market[4], market[7]
    for other in range(ask.unit, ask.unit + ask.hands):
        seat = units[other].seat
        if other != unit and seat != NONE and doors[helper[seats[seat].pair]].person == person:
            return True
    return False


@compiled
def look_at_all(market: Any, unit: Any, shift: Any) -> Any:
    """Note the unit's best pairs, and what no other is worth more than. A pair with a sibling's helper is left out.

    The pairs come highest weight first and no price is below nought, so that the rest of a row need not be read
    as soon as its weight falls to the worth of the last that is noted.
    """
    rows, doors, people, seats, units, _, known, helper, weight = market
    ask = rows[units[unit].ask]
    extra, wanted = ask.extra + units[unit].boost, ask.wanted
    worths = np.zeros(KNOWN, np.int64)
    count, others, last_worth = 0, np.int64(0), np.int64(0)
    for k in range(ask.first, ask.last):
        top = (np.int64(weight[k]) << shift) + extra
        if count == KNOWN and top <= last_worth:
            others = max(others, top)
            break
        door = doors[helper[k]]
        if wanted & door.free:
            worth = top - door.week
        elif wanted & door.offered:
            worth = top - crowded_price(seats, people[door.person], wanted & door.offered, door.week)
        else:
            continue
        if worth <= others:
            continue
        if ask.hands > 1 and held_by_sibling(market, ask, unit, door.person):
            continue
        if count == KNOWN:
            if worth <= last_worth:
                others = worth
                continue
            others = last_worth
            count -= 1
        place = count
        while place and worths[place - 1] < worth:
            worths[place] = worths[place - 1]
            known[unit, place] = known[unit, place - 1]
            place -= 1
        worths[place] = worth
        known[unit, place] = k - ask.first
        count += 1
        last_worth = worths[count - 1]
    units[unit].knows = count
    units[unit].others = others


@compiled_within
def best_of_known(
    ask: Any, doors: Any, people: Any, seats: Any, unit: Any, known: Any, helper: Any, weight: Any, shift: Any
) -> Any:
    """Return the pair worth most of those that are noted, its worth, and that of the second best.

    Another offer of the same person is no second choice where it suits in no other part of the week and weighs no more.
    """
    pair, holder, parts = NONE, np.int64(NONE), np.int64(0)
    best, second, heaviest = np.int64(0), np.int64(0), np.int64(0)
    for place in range(unit.knows):
        k = ask.first + known[unit.index, place]
        top = (np.int64(weight[k]) << shift) + ask.extra + unit.boost
        if top <= second:
            continue
        door = doors[helper[k]]
        mask = ask.wanted & door.offered
        if mask & door.free:
            worth = top - door.week
        else:
            worth = top - crowded_price(seats, people[door.person], mask, door.week)
        if worth <= second:
            continue
        same = door.person == holder
        if worth <= best:
            if not same or mask & ~parts or top > heaviest:
                second = worth
        else:
            if not same or parts & ~mask or heaviest > top:
                second = best
            pair, holder, parts, best, heaviest = k, door.person, mask, worth, top
    return pair, best, second


@compiled
def bid_until_settled(market: Any, unit: Any, shift: Any, step: Any, patience: Any) -> Any:
    """Let a unit bid, then whoever it sends away, and so on until all are settled; return the bids made.

    Who bids offers what leaves them as well off as with their second choice, plus ``step``. Who has bid more than
    ``patience`` times raises by more, twofold for each as many again: among thousands of equal bidders for a few hours
    the end is the same and comes soon. As prices only rise, most bids need only the few pairs that were best when all
    were last looked at.
    """
    rows, doors, people, seats, units, helpers, known, helper, weight = market
    bids = 0
    while unit != NONE:
        one = units[unit]
        ask = rows[one.ask]
        pair, best, second = NONE, np.int64(0), np.int64(0)
        if one.knows and ask.hands == 1:
            pair, best, second = best_of_known(ask, doors, people, seats, one, known, helper, weight, shift)
        if pair == NONE or best <= one.others:
            look_at_all(market, unit, shift)
            pair, best, second = best_of_known(ask, doors, people, seats, one, known, helper, weight, shift)
        if pair == NONE:
            break
        second = max(second, one.others)
        bids += 1
        top = (np.int64(weight[pair]) << shift) + one.boost + ask.extra
        raised = step << min(one.turns // patience, STEEPEST)
        one.turns += 1
        mask = ask.wanted & doors[helper[pair]].offered
        offer = (unit, pair, np.int64(helper[pair]), mask, min(top, top - second + raised))
        unit = take_seat(doors, people, seats, units, helpers, offer)
    return bids


@compiled
def auction(market: Any, order: Any, shift: Any, step: Any, patience: Any) -> Any:
    """Let the units of ``order`` bid until each has a helper or wants none at the prices that are; return bids made."""
    bids = 0
    for unit in order:
        bids += bid_until_settled(market, np.int64(unit), shift, step, patience)
    return bids


@compiled
def has_room(doors: Any, people: Any, seats: Any, helper: Any, mask: Any) -> Any:
    """Say whether the helper can come in one of the parts ``mask`` without sending anybody away."""
    person = people[doors[helper].person]
    if person.seat + person.filled == person.last_seat:
        return False
    return standing_in_the_way(seats, person, mask)[1]


@compiled
def firm_bids(market: Any, order: Any, most_turns: Any) -> Any:
    """Let the units of ``order`` bid just what leaves them as well off as with their second choice; return those left
    undecided: who would raise nothing, or has bid ``most_turns`` times.

    Prices and seats are exactly right for all others. Only for asks that want one hand, at shift 0.
    """
    rows, doors, people, seats, units, helpers, known, helper, weight = market
    left = np.empty(len(order), np.int64)
    undecided = 0
    for entry in order:
        unit = np.int64(entry)
        while unit != NONE:
            one = units[unit]
            ask = rows[one.ask]
            look_at_all(market, unit, 0)
            pair, best, second = best_of_known(ask, doors, people, seats, one, known, helper, weight, 0)
            if pair == NONE:
                break
            second = max(second, one.others)
            mask = ask.wanted & doors[helper[pair]].offered
            firm = best > second and one.turns < most_turns
            if not firm and not has_room(doors, people, seats, helper[pair], mask):
                left[undecided] = unit
                undecided += 1
                break
            one.turns += 1
            offer = (unit, pair, np.int64(helper[pair]), mask, weight[pair] + ask.extra - second)
            unit = take_seat(doors, people, seats, units, helpers, offer)
    return left[:undecided].copy()


@compiled
def clear_out(market: Any, fall: Any) -> Any:
    """Empty all seats; what a time of each person cost, less ``fall``, is its floor from now on."""
    _, doors, people, seats, units, helpers, _, _, _ = market
    for p in range(len(people)):
        person = people[p]
        week = person.floor
        if person.seat + person.filled == person.last_seat:
            week = doors[helpers[person.row]].week
        person.floor = max(0, week - fall)
        person.filled = 0
        refresh(doors, seats, person, helpers)
    for u in range(len(units)):
        units[u].seat = NONE
        units[u].knows = 0
        units[u].turns = 0
