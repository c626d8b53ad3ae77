"""Made-up graphs of givers, and a slow twin of everything that is done to them."""

from itertools import combinations, permutations

import numpy as np
from hypothesis import strategies as st

from commonweal.algorithms.rings.model import NOBODY, Gifts


def gifts_of(people, edges):
    """The graph with these (giver, taker, weight) rows."""
    giver, taker, weight = np.array(sorted(edges), np.int64).reshape(-1, 3).T
    return Gifts.of(people, giver, taker, weight)


def edges_of(gifts):
    """What `gifts_of` was given."""
    return set(zip(gifts.giver.tolist(), gifts.taker.tolist(), gifts.weight.tolist(), strict=True))


@st.composite
def graphs(draw, most_people=8, most_weight=9):
    """A graph of a few people, from none to nearly all the gifts that are possible."""
    people = draw(st.integers(0, most_people))
    pairs = [(i, j) for i in range(people) for j in range(people) if i != j]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=40)) if pairs else []
    return gifts_of(people, {(i, j, draw(st.integers(1, most_weight))) for i, j in chosen})


def random_graph(people, each, seed=1):
    """Everybody can give to about ``each`` others by chance, at a weight of 1."""
    chance = np.random.default_rng(seed)
    pairs = np.unique(chance.integers(0, people, (people * each, 2)), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    return Gifts.of(people, pairs[:, 0], pairs[:, 1])


def naive_circles(gifts, longest, worth=(1, 1, 1)):
    """Every circle with its value, by trying every row of people that begins with its smallest number."""
    weight = {(i, j): w for i, j, w in edges_of(gifts)}
    found = {}
    for length in range(2, longest + 1):
        for people in combinations(range(len(gifts)), length):
            for others in permutations(people[1:]):
                ring = (people[0], *others)
                steps = list(zip(ring, (*others, people[0]), strict=True))
                if all(step in weight for step in steps):
                    found[ring] = worth[length - 2] * sum(weight[step] for step in steps)
    return found


def naive_best(circles):
    """The value of the best choice of circles no two of which share a person, by trying all of them."""
    best = 0
    rows = [(set(ring), value) for ring, value in circles.items()]

    def go_on(index, taken, value):
        nonlocal best
        best = max(best, value)
        for place in range(index, len(rows)):
            people, worth = rows[place]
            if not people & taken:
                go_on(place + 1, taken | people, value + worth)

    go_on(0, set(), 0)
    return best


def rows_of(members):
    """Rings as tuples, without what fills them up."""
    return [tuple(person for person in ring if person != NOBODY) for ring in members.tolist()]


def naive_is_choice(rings):
    """Whether nobody is in two."""
    people = [person for ring in rings for person in ring]
    return len(people) == len(set(people))
