"""Time that is left over at a price: whoever has it lowers the price until somebody gains by coming, or it is nought.

After an auction a person may have room that nobody wants at what it costs, because prices were lowered by less than
they had risen too far. Such a person looks at those who noted them: who would pay most, less what each has left where
they are? The best of them comes, at a price that leaves the second best indifferent, less a step; the place where they
were is left over in turn. Each ask that moves gains a step at least, so that it ends. (The reverse auction:
D. Bertsekas, D. Castañon, H. Tsaknakis, SIAM J. Optimization 1993.) Whoever noted nobody is not looked at, so that a
price may end too low: all bid once more afterwards.
"""

from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled_bare
from commonweal.algorithms.matching.assigning.bidding import KNOWN
from commonweal.algorithms.matching.assigning.market import Market
from commonweal.algorithms.matching.assigning.seats import NONE, refresh, take_seat, vacate

# Of all that noted somebody, so many times as many may be read in one go.
MOST_READ = 8


def draw_in(market: Market, step: int) -> int:
    """Let those with room at a price draw others in; return how often somebody did."""
    people = market.people
    waiting = np.flatnonzero(
        (people["filled"] < people["last_seat"] - people["seat"]) & (people["floor"] > 0)
    )
    if not len(waiting):
        return 0
    starts = np.zeros(len(market.doors) + 1, np.int64)
    count_noted(market, starts)
    np.cumsum(starts, out=starts)
    noted = np.empty(int(starts[-1]), np.int32)
    write_noted(market, starts[:-1].copy(), noted)
    left = np.zeros(len(market.units), np.int64)
    note_left(market, left)
    line = np.full(len(people) + 1, NONE, np.int64)
    line[: len(waiting)] = waiting
    queued = np.zeros(len(people), np.bool_)
    queued[waiting] = True
    came = int(invite(market, (starts, noted, left), (line, queued), (len(waiting), step)))
    market.units["knows"] = 0  # some prices fell
    return came


@compiled_bare
def count_noted(market: Any, starts: Any) -> Any:
    """Count for each helper the units that noted them, one place further on."""
    units, known = market[4], market[6]
    for unit in range(len(units)):
        for place in range(units[unit].knows):
            starts[known[unit, place].helper + 1] += 1


@compiled_bare
def write_noted(market: Any, at: Any, noted: Any) -> Any:
    """Write the notes of each helper, by number, into the helper's stretch, which begins at ``at``."""
    units, known = market[4], market[6]
    for unit in range(len(units)):
        for place in range(units[unit].knows):
            helper = known[unit, place].helper
            noted[at[helper]] = unit * KNOWN + place
            at[helper] += 1


@compiled_bare
def note_left(market: Any, left: Any) -> Any:
    """What each unit has left at what it bid; nothing where it has no seat."""
    rows, _, _, seats, units, _, _, _, _ = market
    for unit in range(len(units)):
        one = units[unit]
        if one.seat != NONE:
            left[unit] = max(0, seats[one.seat].top + rows[one.ask].extra + one.boost - seats[one.seat].bid)


@compiled_bare
def best_to_ask(market: Any, person: Any, lists: Any) -> Any:
    """Return who would pay most for a free part of the person's week (as a place in ``noted``), through which helper,
    how much, how much the second best, and how many were read."""
    rows, doors, _, _, units, helpers, known, _, _ = market
    starts, noted, left = lists
    whom, through, first, second, read = NONE, NONE, np.int64(0), np.int64(0), 0
    for row in range(person.row, person.last_row):
        helper = helpers[row]
        free = doors[helper].free
        for place in range(starts[helper], starts[helper + 1]):
            unit = noted[place] // KNOWN
            one = units[unit]
            ask = rows[one.ask]
            offer = known[unit, noted[place] % KNOWN].top + ask.extra + one.boost - left[unit]
            if offer <= second or ask.hands > 1 or not ask.wanted & free:
                continue
            if person.seat <= one.seat and one.seat < person.last_seat:
                continue
            if offer > first:
                second, first, whom, through = first, offer, place, helper
            else:
                second = offer
        read += starts[helper + 1] - starts[helper]
    return whom, through, first, second, read


@compiled_bare
def invite(market: Any, lists: Any, waiting: Any, by: Any) -> Any:
    """Let everybody in line draw in others until none has room at a price; return how often somebody came.

    ``lists`` are (starts, noted, left), ``waiting`` (line, queued), ``by`` (how many are in line, step).
    """
    rows, doors, people, seats, units, helpers, known, _, _ = market
    (_, noted, left), (line, queued), (size, step) = lists, waiting, by
    came = read = 0
    while size and read <= MOST_READ * len(noted):
        size -= 1
        p = line[size]
        queued[p] = False
        person = people[p]
        while person.seat + person.filled < person.last_seat and person.floor > 0:
            place, helper, first, second, more = best_to_ask(market, person, lists)
            read += more
            price = max(np.int64(0), second - step)
            if place == NONE or first <= step:
                person.floor = 0
                refresh(doors, seats, person, helpers)
                break
            unit = np.int64(noted[place] // KNOWN)
            top, k = known[unit, noted[place] % KNOWN].top, known[unit, noted[place] % KNOWN].place
            if units[unit].seat != NONE:
                q = seats[units[unit].seat].person
                other = people[q]
                other.floor = doors[helpers[other.row]].week
                vacate(seats, units, other, units[unit].seat)
                refresh(doors, seats, other, helpers)
                if other.floor > 0 and not queued[q]:
                    line[size] = q
                    size += 1
                    queued[q] = True
            ask = rows[units[unit].ask]
            person.floor = min(person.floor, price)
            offer = (unit, ask.first + k, np.int64(helper), ask.wanted & doors[helper].offered, price, top)
            take_seat(doors, people, seats, units, helpers, offer)
            left[unit] = top + ask.extra + units[unit].boost - price
            came += 1
    return came
