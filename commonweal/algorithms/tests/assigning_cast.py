"""Small made-up networks for the assignment, and slow ways to find the best there is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow
from scipy.optimize import Bounds, LinearConstraint, milp

from commonweal.algorithms.matching.assigning import Assignment
from commonweal.algorithms.matching.assigning.fairness import Groups
from commonweal.algorithms.matching.instance import Array, Asks, Helpers, Instance

PARTS = 5


@dataclass(frozen=True)
class Rows:
    """Pairs as `assign` reads them."""

    indptr: Array
    helper: Array
    weight: Array


def rows_of(weights: Array) -> Rows:
    """Rows from a table of weights by ask and helper; 0: no pair."""
    indptr, helper, weight = [0], [], []
    for row in np.atleast_2d(weights):
        here = np.flatnonzero(row)
        order = here[np.lexsort((here, -row[here]))]
        helper += order.tolist()
        weight += row[order].tolist()
        indptr.append(len(helper))
    return Rows(np.array(indptr, np.int64), np.array(helper, np.int32), np.array(weight, np.int32))


def made_up(
    seed: int, *, hands: int = 1, most: int = 20, people: bool = False, asks: int = 12, helpers: int = 8
) -> tuple[Instance, Array]:
    """A network with at most so many asks and helpers, and a table of weights up to ``most``."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.integers(1, asks + 1)), int(chance.integers(1, helpers + 1))
    wanted = chance.integers(1, hands + 1, n)
    instance = Instance.of(
        Asks.of(
            n,
            category=0,
            slots=chance.integers(1, 1 << PARTS, n).astype(np.uint64),
            hands=wanted,
            at_least=np.minimum(wanted, chance.integers(1, hands + 1, n)),
            area=chance.integers(-1, 3, n),
            languages=chance.integers(0, 4, n).astype(np.uint64),
            needs=chance.integers(0, 4, n).astype(np.uint64),
        ),
        Helpers.of(
            m,
            categories=1,
            slots=chance.integers(0, 1 << PARTS, m).astype(np.uint64),
            capacity=chance.integers(0, 4, m),
            person=chance.integers(0, max(1, 2 * m // 3), m) if people else -1,
        ),
    )
    return instance, chance.integers(1, most + 1, (n, m)) * (chance.random((n, m)) < 0.6)


def persons(instance: Instance) -> list[Any]:
    """Who is behind each helper."""
    return [("alone", h) if p < 0 else ("person", p) for h, p in enumerate(instance.helpers.person.tolist())]


def room(instance: Instance) -> dict[Any, int]:
    """How often each person still helps: the least that their helpers say."""
    found: dict[Any, int] = {}
    for person, capacity in zip(persons(instance), instance.helpers.capacity.tolist()):
        found[person] = min(capacity, found.get(person, capacity))
    return found


def assert_lawful(instance: Instance, weights: Array, made: Assignment) -> None:
    """Nobody twice at once, nobody over a cap, only pairs there are, and all or nothing."""
    who, times, together = persons(instance), set(), set()
    tasks: dict[Any, int] = defaultdict(int)
    for ask, helper, slot, weight in zip(
        *(a.tolist() for a in (made.ask, made.helper, made.slot, made.weight))
    ):
        assert weight == weights[ask, helper] > 0
        assert int(instance.asks.slots[ask]) & int(instance.helpers.slots[helper]) & 1 << slot
        times.add((who[helper], slot))
        together.add((ask, who[helper]))
        tasks[who[helper]] += 1
    assert len(times) == len(together) == len(made.ask)
    assert all(count <= room(instance)[person] for person, count in tasks.items())
    got = made.served(len(instance.asks))
    assert ((got == 0) | (got >= instance.asks.at_least)).all()
    assert (got <= instance.asks.hands).all()
    assert made.value == made.weight.sum()
    assert (np.diff(made.ask) >= 0).all()


def options(instance: Instance, weights: Array) -> list[tuple[int, Any, int, int]]:
    """All there is to choose: (ask, person, part of the week, weight)."""
    who = persons(instance)
    return [
        (i, who[j], s, int(weights[i, j]))
        for i, j, s in product(range(weights.shape[0]), range(weights.shape[1]), range(PARTS))
        if weights[i, j] and int(instance.asks.slots[i]) & int(instance.helpers.slots[j]) & 1 << s
    ]


def best_by_flow(instance: Instance, weights: Array) -> int:
    """The most there is where every ask wants one hand: OR-tools' min-cost flow."""
    limits = room(instance)
    numbers: dict[Any, int] = {}
    flow = min_cost_flow.SimpleMinCostFlow()

    def node(*name: Any) -> int:
        return numbers.setdefault(name, len(numbers))

    for ask, person, part, weight in options(instance, weights):
        flow.add_arc_with_capacity_and_unit_cost(node("ask", ask), node("time", person, part), 1, -weight)
    for name in [name for name in numbers if name[0] == "time"]:
        flow.add_arc_with_capacity_and_unit_cost(node(*name), node("week", name[1]), 1, 0)
    for name in list(numbers):
        if name[0] == "week":
            flow.add_arc_with_capacity_and_unit_cost(node(*name), node("end"), limits[name[1]], 0)
        if name[0] == "ask":
            flow.add_arc_with_capacity_and_unit_cost(node("start"), node(*name), 1, 0)
    total = len(instance.asks)
    flow.add_arc_with_capacity_and_unit_cost(node("start"), node("end"), total, 0)
    flow.set_node_supply(node("start"), total)
    flow.set_node_supply(node("end"), -total)
    assert flow.solve() == flow.OPTIMAL
    return -int(flow.optimal_cost())


def best_by_milp(instance: Instance, weights: Array, groups: Groups) -> int:
    """The most there is, with several hands, all or nothing, and groups' rewards: HiGHS on whole numbers."""
    choices, limits = options(instance, weights), room(instance)
    n, steps = len(instance.asks), len(groups.steps)
    first_step, first_met = len(choices), len(choices) + steps
    rules: list[tuple[dict[int, int], float, float]] = []
    lists: dict[Any, list[int]] = defaultdict(list)
    for place, (ask, person, part, _) in enumerate(choices):
        for name in (("ask", ask), ("week", person), ("time", person, part), ("both", ask, person)):
            lists[name].append(place)
    for name, places in lists.items():
        if name[0] == "ask":
            hands, least = int(instance.asks.hands[name[1]]), int(instance.asks.at_least[name[1]])
            rules.append((dict.fromkeys(places, 1) | {first_met + name[1]: -hands}, -np.inf, 0))
            rules.append((dict.fromkeys(places, 1) | {first_met + name[1]: -least}, 0, np.inf))
        else:
            rules.append((dict.fromkeys(places, 1), -np.inf, limits[name[1]] if name[0] == "week" else 1))
    for group in range(groups.count):
        mine = {first_step + int(groups.starts[group]) + k: 1 for k in range(int(groups.size[group]))}
        asks = set(groups.member[:, [group]].nonzero()[0].tolist())
        rules.append((mine | {p: -1 for p, c in enumerate(choices) if c[0] in asks}, -np.inf, 0))
    if not choices:
        return 0
    table = np.zeros((len(rules), first_met + n))
    for row, (factors, _, _) in enumerate(rules):
        table[row, list(factors)] = list(factors.values())
    cost = np.concatenate([[-c[3] for c in choices], -groups.steps, np.zeros(n)])
    limits_of = LinearConstraint(table, [low for _, low, _ in rules], [high for _, _, high in rules])
    found = milp(cost, constraints=limits_of, integrality=np.ones(len(cost)), bounds=Bounds(0, 1))
    return round(-found.fun)


def schedulable(masks: Iterable[int], seats: int) -> bool:
    """Whether asks with these parts of the week all find a part of their own, within so many seats."""
    todo = list(masks)
    if len(todo) > seats:
        return False

    def fits(place: int, taken: int) -> bool:
        if place == len(todo):
            return True
        free = [s for s in range(PARTS) if todo[place] & ~taken & 1 << s]
        return any(fits(place + 1, taken | 1 << s) for s in free)

    return fits(0, 0)
