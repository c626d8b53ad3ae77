"""The exact end: whoever the auction left undecided gets in by the cheapest chain of moves, or nobody does.

An auction whose bids raise by nothing beyond the second choice keeps prices exactly right, and stops where two are
level. From there each ask looks for the shortest path of moves at reduced cost (successive shortest paths with
potentials; J. Edmonds, R. Karp, JACM 1972; R. Jonker, A. Volgenant, Computing 1987): somebody gives way to it and takes
another helper, until one finds room or goes without. All numbers are whole, so that the end is exact.

Nodes are seats (0 to E), asks (E to E + n) and people (E + n to E + n + P). ``left`` is what each ask has left at the
prices, ``week`` the price of each person's week; a seat's price is its bid.
"""

import numpy as np

from commonweal.algorithms.compiling import compiled
from commonweal.algorithms.matching.assigning.seats import NONE, first_part

FAR = np.int64(1) << 60


@compiled
def push(heap, at, distance, size, node):
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
def pop(heap, at, distance, size):
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
def holds(market, ask, person):
    """Say whether one of the ask's hands is with this person."""
    _, doors, _, seats, units, _, _, helper, _ = market
    for unit in range(ask.unit, ask.unit + ask.hands):
        if units[unit].seat != NONE and doors[helper[seats[units[unit].seat].pair]].person == person:
            return True
    return False


@compiled
def cheapest(market, left, week, search, root):
    """Return the end of the shortest path from an ask, its length, how many nodes were met and pairs read.

    The end is an ask that goes without (the root itself, where nothing is better) or a person who has room.
    """
    rows, doors, people, seats, units, _, _, helper, weight = market
    distance, came_from, by_pair, met, heap, at = search
    E, n = len(seats), len(rows)
    size, count, read = 0, 1, 0
    end, length = E + root, left[root]
    distance[end], came_from[end], met[0] = 0, NONE, end
    size = push(heap, at, distance, size, end)
    while size:
        node = pop(heap, at, distance, size)
        size -= 1
        d = distance[node]
        if d >= length:
            break
        if node >= E + n:
            p = node - E - n
            person = people[p]
            if person.seat + person.filled < person.last_seat:
                end, length = node, d
                break
            for e in range(person.seat, person.last_seat):
                reached = d + seats[e].bid - week[p]
                if reached < length and reached < distance[e]:
                    if distance[e] == FAR:
                        met[count] = e
                        count += 1
                    distance[e], came_from[e] = reached, node
                    size = push(heap, at, distance, size, e)
            continue
        only, have = np.int64(NONE), np.int64(0)
        if node < E:
            i = units[seats[node].unit].ask
            have = (weight[seats[node].pair] + rows[i].extra) - seats[node].bid
            reached = d + have - left[i]
            if reached < length and reached < distance[E + i]:
                if distance[E + i] == FAR:
                    met[count] = E + i
                    count += 1
                distance[E + i], came_from[E + i] = reached, node
                size = push(heap, at, distance, size, E + i)
            if rows[i].hands == 1:
                continue
            only = doors[helper[seats[node].pair]].person
        else:
            i = node - E
            have = left[i]
            if d + have < length:
                end, length = node, d + have
        ask = rows[i]
        for k in range(ask.first, ask.last):
            base = d + have - (weight[k] + ask.extra)
            if base >= length:
                break
            read += 1
            door = doors[helper[k]]
            mask = ask.wanted & door.offered
            p = door.person
            if mask == 0 or (only != NONE and p != only):
                continue
            if only == NONE and ask.hands > 1 and holds(market, ask, p):
                continue
            if mask & door.free:
                target = E + n + p
                reached = base + week[p]
                if reached < length and reached < distance[target]:
                    if distance[target] == FAR:
                        met[count] = target
                        count += 1
                    distance[target], came_from[target], by_pair[target] = reached, node, k
                    size = push(heap, at, distance, size, target)
            person = people[p]
            for e in range(person.seat, person.seat + person.filled):
                if mask >> seats[e].slot & 1:
                    reached = base + seats[e].bid
                    if reached < length and reached < distance[e]:
                        if distance[e] == FAR:
                            met[count] = e
                            count += 1
                        distance[e], came_from[e], by_pair[e] = reached, node, k
                        size = push(heap, at, distance, size, e)
    for place in range(size):
        at[heap[place]] = NONE
    return end, length, count, read


@compiled
def settle(market, left, week, search, length, count):
    """Bring what asks have left and what hours cost up to date along all that was met; forget the distances."""
    rows, _, _, seats, _, _, _, _, _ = market
    distance, _, _, met, _, _ = search
    E, n = len(seats), len(rows)
    for place in range(count):
        node = met[place]
        rise = length - distance[node]
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
def put(market, unit, pair, seat, slot):
    """Seat a unit; who was in the seat has been moved already."""
    rows, doors, people, seats, units, helpers, _, helper, _ = market
    door = doors[helper[pair]]
    person = people[door.person]
    seats[seat].unit, seats[seat].pair, seats[seat].slot = unit, pair, slot
    seats[seat].mask = rows[units[unit].ask].wanted & door.offered
    units[unit].seat = seat
    taken = 0
    for e in range(person.seat, person.seat + person.filled):
        taken |= 1 << seats[e].slot
    for row in range(person.row, person.last_row):
        doors[helpers[row]].free = doors[helpers[row]].offered & ~taken


@compiled
def move(market, week, search, end, newcomer):
    """Carry out the moves of a path, from its end back to the unit that comes in."""
    rows, doors, people, seats, units, _, _, helper, _ = market
    _, came_from, by_pair, _, _, _ = search
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
def opening(market, left, week):
    """Work out what every ask has left and make each seat's bid what its part of the week costs others.

    ``left`` int64 (n) and ``week`` int64 (P) are written; ``doors.week`` holds the prices of weeks.
    """
    rows, doors, people, seats, units, _, _, helper, weight = market
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
def find_ways(market, left, week, waiting, search, most):
    """Bring in the units of ``waiting`` one after another; return how many paths were looked for, and whether all
    were, with at most about ``most`` pairs read."""
    units, E = market[4], len(market[3])
    paths, read = 0, 0
    for entry in waiting:
        unit = np.int64(entry)
        if read > most:
            return paths, False
        root = units[unit].ask
        if left[root] == 0:
            continue
        paths += 1
        end, length, count, seen = cheapest(market, left, week, search, root)
        read += seen + count
        settle(market, left, week, search, length, count)
        if end != E + root:
            move(market, week, search, end, unit)
    return paths, True
