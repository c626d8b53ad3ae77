"""The auction: every unit without a helper bids for the one who is worth most to it, over and over."""

from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled, compiled_bare, compiled_bare_within
from commonweal.algorithms.matching.assigning.seats import (
    NONE,
    crowded_price,
    refresh,
    standing_in_the_way,
    take_seat,
    vacate,
)

KNOWN = 8
STEEPEST = 12
ANYWHERE = -2


@compiled_bare
def held_by_sibling(market: Any, ask: Any, unit: Any, person: Any) -> Any:
    """Say whether another hand of the same ask is with this person."""
    doors, seats, units, helper = market[1], market[3], market[4], market[7]
    for other in range(ask.unit, ask.unit + ask.hands):
        seat = units[other].seat
        if other != unit and seat != NONE and doors[helper[seats[seat].pair]].person == person:
            return True
    return False


@compiled_bare
def look_at_all(market: Any, unit: Any, shift: Any) -> Any:
    """Note the unit's best pairs, and what no other is worth more than. A pair with a sibling's helper is left out.

    The pairs come highest weight first and no price is below nought, so that the rest of a row need not be read
    as soon as its weight falls to the worth of the last that is noted. What a crowded part of a week costs beyond the
    week isn't counted: so a note stays true, as a ceiling, when somebody leaves that part.
    """
    rows, doors, _, _, units, _, known, helper, weight = market
    ask = rows[units[unit].ask]
    extra, wanted = ask.extra + units[unit].boost, ask.wanted
    count, others, last = 0, np.int64(0), np.int64(0)
    for k in range(ask.first, ask.last):
        heavy = np.int64(weight[k]) << shift
        top = heavy + extra
        if count == KNOWN and top <= last:
            others = max(others, top)
            break
        door = doors[helper[k]]
        most = top - door.week
        if most <= others or not wanted & door.offered:
            continue
        if ask.hands > 1 and held_by_sibling(market, ask, unit, door.person):
            continue
        if count == KNOWN:
            if most <= last:
                others = most
                continue
            others = last
            count -= 1
        place = count
        while place and known[unit, place - 1].most < most:
            known[unit, place] = known[unit, place - 1]
            place -= 1
        note = known[unit, place]
        note.most, note.top, note.helper, note.place = most, heavy, helper[k], k - ask.first
        count += 1
        last = known[unit, count - 1].most
    units[unit].knows = count
    units[unit].others = others
    units[unit].lift = 0


@compiled_bare_within
def best_of_known(ask: Any, doors: Any, people: Any, seats: Any, unit: Any, known: Any) -> Any:
    """Return the note of the pair worth most of those that are noted, its worth, and that of the second best.

    Another offer of the same person is no second choice where it suits in no other part of the week and weighs no more.
    """
    found, holder, parts = NONE, np.int64(NONE), np.int64(0)
    best, second, heaviest = np.int64(0), np.int64(0), np.int64(0)
    extra = ask.extra + unit.boost
    for place in range(unit.knows):
        note = known[unit.index, place]
        if note.most + unit.lift <= second:
            break
        door = doors[note.helper]
        top = note.top + extra
        worth = top - door.week
        if worth <= second:
            continue
        mask = ask.wanted & door.offered
        if not mask & door.free:
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
            found, holder, parts, best, heaviest = place, door.person, mask, worth, top
    return found, best, second


@compiled_bare
def bid_until_settled(market: Any, unit: Any, by: Any, zone: Any) -> Any:
    """Let a unit bid, then whoever it sends away, and so on until all are settled; return the bids made.

    ``by`` is (shift, step, patience). Whoever isn't of the ``zone`` bids later (ANYWHERE: nobody waits).

    Who bids offers what leaves them as well off as with their second choice, plus ``step``. Who has bid more than
    ``patience`` times raises by more, twofold for each as many again: among thousands of equal bidders for a few hours
    the end is the same and comes soon. As prices only rise, most bids need only the few pairs that were best when all
    were last looked at.
    """
    rows, doors, people, seats, units, helpers, known, _, _ = market
    shift, step, patience = by
    bids = 0
    while unit != NONE and (zone == ANYWHERE or units[unit].zone == zone):
        one = units[unit]
        ask = rows[one.ask]
        found, best, second = NONE, np.int64(0), np.int64(0)
        if one.knows and ask.hands == 1:
            found, best, second = best_of_known(ask, doors, people, seats, one, known)
        if found == NONE or best <= one.others:
            look_at_all(market, unit, shift)
            found, best, second = best_of_known(ask, doors, people, seats, one, known)
        if found == NONE:
            break
        second = max(second, one.others)
        bids += 1
        note = known[unit, found]
        raised = step << min(one.turns // patience, STEEPEST)
        one.turns += 1
        top = note.top + one.boost + ask.extra
        mask = ask.wanted & doors[note.helper].offered
        bid = min(top, top - second + raised)
        offer = (unit, ask.first + note.place, np.int64(note.helper), mask, bid, note.top)
        unit = take_seat(doors, people, seats, units, helpers, offer)
    return bids


@compiled_bare
def is_content(market: Any, unit: Any, shift: Any, step: Any) -> Any:
    """Say whether a unit has a seat and would change it for no other, at these prices, to gain more than ``step``."""
    rows, doors, people, seats, units, _, known, helper, _ = market
    one = units[unit]
    ask = rows[one.ask]
    if one.seat == NONE or ask.hands > 1:
        return False
    seat = seats[one.seat]
    week = doors[helper[seat.pair]].week
    price = crowded_price(seats, people[seat.person], seat.mask, week)
    worth = seat.top + ask.extra + one.boost - price + step
    if one.others > worth or not one.knows:
        look_at_all(market, unit, shift)
    _, best, _ = best_of_known(ask, doors, people, seats, one, known)
    return worth >= max(best, one.others)


@compiled_bare
def auction(market: Any, order: Any, by: Any, zone: Any) -> Any:
    """Let the units of ``order`` bid until each has a helper or wants none at the prices that are; return bids made.

    ``by`` is (shift, step, patience). Who is sent away and isn't of the ``zone`` is left without (ANYWHERE: nobody is).
    """
    shift, step, _ = by
    _, doors, people, seats, units, helpers, _, _, _ = market
    bids = 0
    for entry in order:
        unit = np.int64(entry)
        if is_content(market, unit, shift, step):
            continue
        if units[unit].seat != NONE:
            person = people[seats[units[unit].seat].person]
            vacate(seats, units, person, units[unit].seat)
            refresh(doors, seats, person, helpers)
        bids += bid_until_settled(market, unit, by, zone)
    return bids


@compiled_bare
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
            found, best, second = best_of_known(ask, doors, people, seats, one, known)
            if found == NONE:
                break
            pair = ask.first + known[unit, found].place
            second = max(second, one.others)
            mask = ask.wanted & doors[helper[pair]].offered
            firm = best > second and one.turns < most_turns
            if not firm and not has_room(doors, people, seats, helper[pair], mask):
                left[undecided] = unit
                undecided += 1
                break
            one.turns += 1
            top = np.int64(weight[pair])
            offer = (unit, pair, np.int64(helper[pair]), mask, top + ask.extra - second, top)
            unit = take_seat(doors, people, seats, units, helpers, offer)
    return left[:undecided].copy()


@compiled_bare
def lower(market: Any, fall: Any, first: Any, last: Any) -> Any:
    """Lower the prices of people ``first`` to ``last`` by ``fall``, to nought at least. Who has a seat keeps it, at a
    bid that is less by as much."""
    _, doors, people, seats, _, helpers, _, _, _ = market
    for p in range(first, last):
        person = people[p]
        person.floor = max(0, doors[helpers[person.row]].week - fall)
        for e in range(person.seat, person.seat + person.filled):
            seats[e].bid = max(person.floor, seats[e].bid - fall)
        refresh(doors, seats, person, helpers)


@compiled_bare
def lift(market: Any, fall: Any, extra: Any, first: Any, last: Any) -> Any:
    """Give the asks ``first`` to ``last`` what is added to their pairs from now on (``extra``, by ask), and keep what
    their units noted true now that prices fell by ``fall``."""
    rows, _, _, _, units, _, _, _, _ = market
    for i in range(first, last):
        rise = fall + extra[i] - rows[i].extra
        rows[i].extra = extra[i]
        for unit in range(rows[i].unit, rows[i].unit + rows[i].hands):
            units[unit].lift += rise
            units[unit].others = max(0, units[unit].others + rise)
            units[unit].turns = 0
