"""Small towns of vouches, and slow twins in plain Python."""

from fractions import Fraction

from hypothesis import strategies as st

from commonweal.algorithms.trust.graph import Vouches

HONEST, FALSE = 7, 5
EVERYBODY = HONEST + FALSE
RING = list(range(HONEST, EVERYBODY))

honest_members = st.integers(0, HONEST - 1)
false_members = st.integers(HONEST, EVERYBODY - 1)


def edges_among(givers, takers, **sizes):
    """Sets of vouches from some to some."""
    return st.sets(st.tuples(givers, takers).filter(lambda pair: pair[0] != pair[1]), **sizes)


honest_vouches = edges_among(honest_members, honest_members, max_size=30)
false_vouches = edges_among(false_members, false_members, max_size=20)
attack_vouches = edges_among(honest_members, false_members, max_size=5)
back_vouches = edges_among(false_members, honest_members, max_size=10)
seed_lists = st.lists(honest_members, min_size=1, max_size=3, unique=True)


def vouches_of(edges, members=EVERYBODY):
    return Vouches.of(members, [giver for giver, _ in edges], [taker for _, taker in edges])


def all_among(members):
    return {(giver, taker) for giver in members for taker in members if giver != taker}


def naive_spread(edges, seeds, members, steps):
    """Trust after each step, exactly."""
    now = [Fraction(member in seeds, len(seeds)) for member in range(members)]
    found = [now]
    for _ in range(steps):
        after = [Fraction(0)] * members
        for giver, taker in edges:
            after[taker] += now[giver] / sum(one == giver for one, _ in edges)
        now = after
        found.append(now)
    return found


def naive_rooted(edges, seeds, wanted):
    """Who is rooted, by looking at everybody until nobody is added."""
    rooted = set(seeds)
    while True:
        added = {
            taker
            for _, taker in edges
            if taker not in rooted and sum((giver, taker) in edges for giver in rooted) >= wanted
        }
        if not added:
            return rooted
        rooted |= added


def naive_distances(edges, seeds, members):
    found = [0 if member in seeds else -1 for member in range(members)]
    for distance in range(members):
        for giver, taker in edges:
            if found[giver] == distance and found[taker] == -1:
                found[taker] = distance + 1
    return found


def naive_certified(edges, seeds, capacity):
    """How many can be certified: one augmenting path after the other over the split members (Ford and Fulkerson)."""
    room = {("from", ("in", seed)): capacity[seed] for seed in seeds}
    for member, amount in enumerate(capacity):
        if amount:
            room[("in", member), "to"] = 1
            room[("in", member), ("out", member)] = amount - 1
    for giver, taker in edges:
        if capacity[giver]:
            room[("out", giver), ("in", taker)] = capacity[taker]
    count = 0
    while path := _path(room):
        for tail, head in path:
            room[tail, head] -= 1
            room[head, tail] = room.get((head, tail), 0) + 1
        count += 1
    return count


def _path(room):
    came, edge = {"from": None}, ["from"]
    while edge and "to" not in came:
        tail = edge.pop()
        for (start, head), left in room.items():
            if start == tail and left and head not in came:
                came[head] = tail
                edge.append(head)
    path, head = [], "to"
    while came.get(head):
        path.append((came[head], head))
        head = came[head]
    return path
