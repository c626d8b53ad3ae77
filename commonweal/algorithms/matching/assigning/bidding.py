"""The auction: every unit without a helper bids for the one who is worth most to it, over and over."""

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.assigning.seats import (
    NONE,
    crowded_price,
    standing_in_the_way,
    take_seat,
)

KNOWN = 6
PATIENCE = 64
STEEPEST = 12


@compiled
def held_by_sibling(market, ask, unit, person):
    """Say whether another hand of the same ask is with this person."""
    doors, seats, units, helper = market[1], market[3], market[4], market[7]
    for other in range(ask.unit, ask.unit + ask.hands):
        if other != unit and units[other].seat != NONE:
            if doors[helper[seats[units[other].seat].pair]].person == person:
                return True
    return False


@compiled
def look_at_all(market, unit, shift):
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
        if top <= others:
            break
        if count == KNOWN and top <= last_worth:
            others = top
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


@compiled
def best_of_known(market, unit, shift):
    """Return the pair worth most of those that are noted, its worth, and that of the second best.

    Another offer of the same person is no second choice where it suits in no other part of the week.
    """
    rows, doors, people, seats, units, _, known, helper, weight = market
    ask = rows[units[unit].ask]
    extra, wanted = ask.extra + units[unit].boost, ask.wanted
    pair, holder, parts = NONE, NONE, 0
    best, second = np.int64(0), np.int64(0)
    for place in range(units[unit].knows):
        k = ask.first + known[unit, place]
        top = (np.int64(weight[k]) << shift) + extra
        if top <= second:
            continue
        door = doors[helper[k]]
        mask = wanted & door.offered
        if wanted & door.free:
            worth = top - door.week
        else:
            worth = top - crowded_price(seats, people[door.person], mask, door.week)
        if worth <= second or (door.person == holder and mask & ~parts == 0 and worth <= best):
            continue
        if worth <= best:
            second = worth
        else:
            if door.person != holder or parts & ~mask:
                second = best
            pair, holder, parts, best = k, door.person, mask, worth
    return pair, best, second


@compiled
def best_pair(market, unit, shift):
    """Return the pair worth most at present prices (NONE where none is worth anything), its worth, and what no other
    is worth more than, at least 0.

    As prices only rise, most bids need only the few pairs that were best when all were last looked at.
    """
    rows, units = market[0], market[4]
    if units[unit].knows and rows[units[unit].ask].hands == 1:
        pair, best, second = best_of_known(market, unit, shift)
        if best > units[unit].others:
            return pair, best, max(second, units[unit].others)
    look_at_all(market, unit, shift)
    pair, best, second = best_of_known(market, unit, shift)
    return pair, best, max(second, units[unit].others)


@compiled
def has_room(market, pair, wanted):
    """Say whether the helper of this pair can take an ask without sending anybody away."""
    doors, people, seats, helper = market[1], market[2], market[3], market[7]
    door = doors[helper[pair]]
    person = people[door.person]
    if person.seat + person.filled == person.last_seat:
        return False
    return standing_in_the_way(seats, person, wanted & door.offered)[1]


@compiled
def auction(market, order, shift, step, most_turns):
    """Let the units of ``order`` bid until each has a helper or wants none at the prices that are; return bids made
    and the units that were left undecided.

    Who bids offers what leaves them as well off as with their second choice, plus ``step``. Who has bid often
    raises by more, twofold for each further 64 bids: among thousands of equal bidders for a few hours the end is
    the same and comes soon. With ``step`` 0 a bid that raises nothing, or comes after ``most_turns`` others, isn't
    made and its unit is left undecided; prices and seats are then exactly right for all others.
    """
    rows, doors, people, seats, units, helpers, known, helper, weight = market
    left = np.empty(len(order), np.int64)
    undecided, bids = 0, 0
    for entry in order:
        unit = np.int64(entry)
        while unit != NONE:
            pair, best, second = best_pair(market, unit, shift)
            if pair == NONE:
                break
            ask = rows[units[unit].ask]
            if step == 0 and (units[unit].turns >= most_turns or best == second):
                if not has_room(market, pair, ask.wanted):
                    left[undecided] = unit
                    undecided += 1
                    break
            top = (np.int64(weight[pair]) << shift) + units[unit].boost + ask.extra
            raised = step << min(units[unit].turns // PATIENCE, STEEPEST)
            units[unit].turns += 1
            bids += 1
            mask = ask.wanted & doors[helper[pair]].offered
            offer = (unit, pair, np.int64(helper[pair]), mask, min(top, top - second + raised))
            unit = np.int64(take_seat(doors, people, seats, units, helpers, offer))
    return bids, left[:undecided].copy()
