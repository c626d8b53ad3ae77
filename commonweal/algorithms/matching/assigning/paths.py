"""The exact end: whoever the auction left undecided gets in by the cheapest chain of moves, or nobody does.

An auction whose bids raise by nothing beyond the second choice keeps prices exactly right, and stops where two are
level. From there each ask looks for the shortest path of moves at reduced cost (successive shortest paths with
potentials; J. Edmonds, R. Karp, JACM 1972; R. Jonker, A. Volgenant, Computing 1987): somebody gives way to it and takes
another helper, until one finds room or goes without. All numbers are whole, so that the end is exact.

Nodes are seats (0 to E), asks (E to E + n) and people (E + n to E + n + P). ``left`` is what each ask has left at the
prices, ``week`` the price of each person's week; a seat's price is its bid.
"""

from typing import Any

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.assigning.seats import NONE, first_part

FAR = np.int64(1) << 60
# What is tallied of one search: the heap's size, nodes met, the length of the shortest path so far, pairs read.
SIZE, MET, LENGTH, READ = range(4)


@compiled
def push(heap: Any, at: Any, distance: Any, size: Any, node: Any) -> Any:
    """Put the node in its place of the heap, new or nearer than before; return the heap's size."""
    place = at[node]
    if place == NONE:
        place = size
        size += 1
    while place and distance[heap[(place - 1) // 2]] > distance[node]:
        heap[place] = heap[(place - 1) // 2]
        at[heap[place]] = place
        place = (place - 1) // 2
    heap[place] = node
    at[node] = place
    return size


@compiled
def pop(heap: Any, at: Any, distance: Any, size: Any) -> Any:
    """Take the nearest node off the heap; return it."""
    top, last = heap[0], heap[size - 1]
    at[top] = NONE
    size -= 1
    if size == 0:
        return top
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and distance[heap[child + 1]] < distance[heap[child]]:
            child += 1
        if distance[heap[child]] >= distance[last]:
            break
        heap[place] = heap[child]
        at[heap[place]] = place
        place = child
    heap[place] = last
    at[last] = place
    return top


@compiled
def holds(market: Any, ask: Any, person: Any) -> Any:
    """Say whether one of the ask's hands is with this person."""
    _, doors, _, seats, units, _, _, helper, _ = market
    for unit in range(ask.unit, ask.unit + ask.hands):
        if units[unit].seat != NONE and doors[helper[seats[units[unit].seat].pair]].person == person:
            return True
    return False


@compiled
def reach(search: Any, node: Any, came_from: Any, pair: Any, distance: Any) -> None:
    """Note that a node can be reached in this way, if it is the shortest so far and may still be of use."""
    distances, sources, pairs, met, heap, at, tally = search
    if distance >= tally[LENGTH] or distance >= distances[node]:
        return
    if distances[node] == FAR:
        met[tally[MET]] = node
        tally[MET] += 1
    distances[node], sources[node], pairs[node] = distance, came_from, pair
    tally[SIZE] = push(heap, at, distances, tally[SIZE], node)


@compiled
def along_row(market: Any, week: Any, search: Any, start: Any, only: Any) -> None:
    """Reach all that an ask can take next. ``start`` is (node, ask, its distance and what it has left, together);
    ``only`` is the one person it may move within, or NONE."""
    rows, doors, people, seats, _, _, _, helper, weight = market
    node, i, have = start
    ask, tally, first_person = rows[i], search[6], len(seats) + len(rows)
    for k in range(ask.first, ask.last):
        base = have - (weight[k] + ask.extra)
        if base >= tally[LENGTH]:
            break
        tally[READ] += 1
        door = doors[helper[k]]
        mask, p = ask.wanted & door.offered, door.person
        if mask == 0 or (only != NONE and p != only):
            continue
        if only == NONE and ask.hands > 1 and holds(market, ask, p):
            continue
        if mask & door.free:
            reach(search, first_person + p, node, k, base + week[p])
        for e in range(people[p].seat, people[p].seat + people[p].filled):
            if mask >> seats[e].slot & 1:
                reach(search, e, node, k, base + seats[e].bid)


@compiled
def from_seat(market: Any, left: Any, week: Any, search: Any, node: Any) -> None:
    """Go on from a seat whose unit has to leave it: within the same person's week, or as one more hand of its ask."""
    rows, doors, _, seats, units, _, _, helper, weight = market
    d, i, pair = search[0][node], units[seats[node].unit].ask, seats[node].pair
    have = weight[pair] + rows[i].extra - seats[node].bid
    reach(search, len(seats) + i, node, NONE, d + have - left[i])
    if rows[i].hands > 1:
        along_row(market, week, search, (node, i, d + have), doors[helper[pair]].person)


@compiled
def cheapest(market: Any, left: Any, week: Any, search: Any, root: Any) -> Any:
    """Find the shortest path from an ask; return its end. Its length, and the nodes met, stand in the tally.

    The end is an ask that goes without (the root itself, where nothing is better) or a person who has room.
    """
    _, _, people, seats, _, _, _, _, _ = market
    distance, _, _, _, heap, at, tally = search
    E, n = len(seats), len(left)
    tally[SIZE], tally[MET], tally[LENGTH] = 0, 0, FAR
    end = E + root
    reach(search, end, NONE, NONE, np.int64(0))
    while tally[SIZE]:
        node = pop(heap, at, distance, tally[SIZE])
        tally[SIZE] -= 1
        d = distance[node]
        if d >= tally[LENGTH]:
            break
        if node < E:
            from_seat(market, left, week, search, node)
        elif node < E + n:
            i = node - E
            if d + left[i] < tally[LENGTH]:
                end, tally[LENGTH] = node, d + left[i]
            along_row(market, week, search, (node, i, d + left[i]), NONE)
        else:
            person = people[node - E - n]
            if person.seat + person.filled < person.last_seat:
                end, tally[LENGTH] = node, d
                break
            for e in range(person.seat, person.last_seat):
                reach(search, e, node, NONE, d + seats[e].bid - week[node - E - n])
    for place in range(tally[SIZE]):
        at[heap[place]] = NONE
    return end


@compiled
def settle(market: Any, left: Any, week: Any, search: Any) -> Any:
    """Bring what asks have left and what hours cost up to date along all that was met; forget the distances."""
    rows, _, _, seats, _, _, _, _, _ = market
    distance, _, _, met, _, _, tally = search
    E, n = len(seats), len(rows)
    for place in range(tally[MET]):
        node = met[place]
        rise = tally[LENGTH] - distance[node]
        distance[node] = FAR
        if rise <= 0:
            continue
        if node < E:
            seats[node].bid += rise
        elif node < E + n:
            left[node - E] -= rise
        else:
            week[node - E - n] += rise


@compiled
def put(market: Any, unit: Any, pair: Any, seat: Any, slot: Any) -> Any:
    """Seat a unit; who was in the seat has been moved already."""
    rows, doors, people, seats, units, helpers, _, helper, weight = market
    door = doors[helper[pair]]
    person = people[door.person]
    seats[seat].unit, seats[seat].pair, seats[seat].slot = unit, pair, slot
    seats[seat].mask = rows[units[unit].ask].wanted & door.offered
    seats[seat].top, seats[seat].person = weight[pair], door.person
    units[unit].seat = seat
    taken = 0
    for e in range(person.seat, person.seat + person.filled):
        taken |= 1 << seats[e].slot
    for row in range(person.row, person.last_row):
        doors[helpers[row]].free = doors[helpers[row]].offered & ~taken


@compiled
def move(market: Any, week: Any, search: Any, end: Any, newcomer: Any) -> Any:
    """Carry out the moves of a path, from its end back to the unit that comes in."""
    rows, doors, people, seats, units, _, _, helper, _ = market
    _, came_from, by_pair, _, _, _, _ = search
    E, n = len(seats), len(rows)
    node = end
    if end < E + n:
        node = came_from[end]
        units[seats[node].unit].seat = NONE
    while True:
        seat, via = node, node
        if node >= E + n:
            person = people[node - E - n]
            seat = person.seat + person.filled
            person.filled += 1
            seats[seat].bid = week[node - E - n]
        elif came_from[node] >= E + n:
            via = came_from[node]
        pair, mover = by_pair[via], came_from[via]
        slot = seats[seat].slot
        if mover >= E:
            ask = mover - E
            mover = came_from[mover]
        else:
            ask = units[seats[mover].unit].ask
        if via >= E:
            slot = first_part(rows[ask].wanted & doors[helper[pair]].free)
        if node >= E + n:
            seats[seat].slot = slot
        unit = newcomer if mover == NONE else seats[mover].unit
        put(market, unit, pair, seat, slot)
        if mover == NONE:
            return
        node = mover


@compiled
def opening(market: Any, left: Any, week: Any) -> Any:
    """Work out what every ask has left and make each seat's bid what its part of the week costs others.

    ``left`` int64 (n) and ``week`` int64 (P) are written; ``doors.week`` holds the prices of weeks.
    """
    rows, doors, people, seats, _, _, _, helper, weight = market
    for h in range(len(doors)):
        week[doors[h].person] = doors[h].week
    for i in range(len(rows)):
        ask = rows[i]
        for k in range(ask.first, ask.last):
            top = weight[k] + ask.extra
            if top <= left[i]:
                break
            door = doors[helper[k]]
            mask = ask.wanted & door.offered
            if mask == 0:
                continue
            person = people[door.person]
            price = FAR
            if mask & door.free:
                price = week[door.person]
            for e in range(person.seat, person.seat + person.filled):
                if mask >> seats[e].slot & 1:
                    price = min(price, seats[e].bid)
            left[i] = max(left[i], top - price)


@compiled
def find_ways(market: Any, left: Any, week: Any, waiting: Any, search: Any, most: Any) -> Any:
    """Bring in the units of ``waiting`` one after another; return how many paths were looked for, and whether all
    were, with at most about ``most`` pairs read."""
    units, E, tally = market[4], len(market[3]), search[6]
    paths = 0
    tally[READ] = 0
    for entry in waiting:
        unit = np.int64(entry)
        root = units[unit].ask
        if tally[READ] > most:
            return paths, False
        if left[root] == 0:
            continue
        paths += 1
        end = cheapest(market, left, week, search, root)
        settle(market, left, week, search)
        if end != E + root:
            move(market, week, search, end, unit)
        tally[READ] += tally[MET]
    return paths, True
