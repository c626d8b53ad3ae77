"""Small weeks for the rolling plan, and a full solve of whatever a plan stands at, by another program."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from commonweal.algorithms.matching.book import (
    ASK,
    CAP,
    COUNT,
    FIRST,
    FROZEN,
    HEAD,
    HELPER,
    HUNG,
    KEPT,
    LINK,
    OF,
    OPEN,
    PAIR,
    PERSON,
    STATE,
    WEIGHT,
)
from commonweal.algorithms.matching.instance import Array, Asks, Helpers, Instance
from commonweal.algorithms.matching.rolling import Plan

MONDAY_MORNING, MONDAY_NOON, TUESDAY = 1 << 0, 1 << 1, 1 << 6


@dataclass(frozen=True)
class Rows:
    """Candidate pairs, as the engine finds them."""

    indptr: Array
    helper: Array
    weight: Array


def rows(*asks: dict[int, int]) -> Rows:
    """For each ask, the helpers that could meet it and what each is worth."""
    indptr = np.cumsum([0] + [len(ask) for ask in asks])
    helper = np.array([helper for ask in asks for helper in ask], np.int32)
    weight = np.array([weight for ask in asks for weight in ask.values()], np.int32)
    return Rows(indptr, helper, weight)


def plan_of(asks: list[dict[int, int]], *, helpers: int = 2, **more: Any) -> Plan:
    """A plan. ``slots``, ``hands``, ``at_least`` are the asks'; ``hours``, ``capacity``, ``person`` the helpers'."""
    names = {"slots": "slots", "hands": "hands", "at_least": "at_least"}
    of_asks = {name: more.pop(key) for key, name in names.items() if key in more}
    of_helpers = {"slots": more.pop("hours", (1 << 42) - 1), "capacity": more.pop("capacity", 1)}
    of_helpers["person"] = more.pop("person", np.arange(helpers))
    instance = Instance.of(Asks.of(len(asks), **of_asks), Helpers.of(helpers, **of_helpers))
    return Plan.of(instance, rows(*asks), **more)


def made_up(chance: np.random.Generator, *, hands: bool = False, **how: Any) -> Plan:
    """A plan of up to 20 asks and 8 helpers in four parts of a week; some helpers are the same person."""
    n, m = int(chance.integers(0, 20)), int(chance.integers(1, 9))
    person = chance.integers(0, m, m)
    several = chance.integers(1, 4, n) if hands else np.ones(n, np.int16)
    return plan_of(
        [some_of(chance, m) for _ in range(n)],
        helpers=m,
        slots=chance.integers(1, 16, n),
        hands=several,
        at_least=np.minimum(several, chance.integers(1, 4, n)),
        hours=chance.integers(1, 16, m),
        capacity=chance.integers(0, 4, m)[person],
        person=person,
        **how,
    )


def some_of(chance: np.random.Generator, of: int, most: int = 5) -> dict[int, int]:
    """Some of the numbers below ``of``, each with a weight."""
    count = int(chance.integers(0, min(most, of) + 1))
    return {int(one): int(chance.integers(1, 50)) for one in chance.choice(of, count, replace=False)}


def full_solve(plan: Plan) -> int:
    """The most that can be had with the promises of this plan: a flow of least cost, solved from nothing."""
    book, flow = plan.book, min_cost_flow.SimpleMinCostFlow()
    nodes: dict[Any, int] = {}
    promised, open_seats, end = 0, 0, nodes.setdefault("end", 0)

    def arc(tail: Any, head: Any, room: int, cost: int) -> None:
        flow.add_arc_with_capacity_and_unit_cost(
            nodes.setdefault(tail, len(nodes)), nodes.setdefault(head, len(nodes)), room, cost
        )

    for number, seat in enumerate(book.seats[: plan.seats].tolist()):
        if seat[STATE] == FROZEN:
            promised += int(book.pairs[seat[PAIR], WEIGHT])
        if seat[STATE] not in (OPEN, KEPT):
            continue
        open_seats += 1
        arc(("seat", number), "end", int(seat[STATE] == OPEN), 0)
        flow.set_node_supply(nodes["seat", number], 1)
        first, count = book.rows[seat[OF], [FIRST, COUNT]].tolist()
        for helper, weight in book.pairs[first : first + count, [HELPER, WEIGHT]].tolist():
            if weight > 0:
                for place in places(plan, int(seat[OF]), helper):
                    arc(("seat", number), place, 1, -weight)
    for place in [name for name in nodes if name[0] == "place"]:
        arc(place, ("week", place[1]), 1, 0)
    for name in [name for name in nodes if name[0] == "week"]:
        arc(name, "end", int(book.persons[name[1], CAP]), 0)
    if not open_seats:
        return promised
    flow.set_node_supply(end, -open_seats)
    assert flow.solve() == flow.OPTIMAL
    return promised - flow.optimal_cost()


def places(plan: Plan, ask: int, helper: int) -> list[tuple[str, int, int]]:
    """Where this helper could meet this ask: the parts of the week that suit both and aren't promised."""
    person = int(plan.book.helpers[helper, PERSON])
    both = int(plan.book.masks[ask]) & int(plan.book.hours[helper]) & ~int(plan.book.taken[person, 1])
    return [("place", person, slot) for slot in range(42) if both >> slot & 1]


def promises(plan: Plan) -> set[tuple[int, int, int]]:
    """Ask, helper and part of the week of everything promised."""
    matches = plan.matches()
    every = zip(matches.ask.tolist(), matches.helper.tolist(), matches.slot.tolist(), strict=True)
    return {match for match, frozen in zip(every, matches.frozen, strict=True) if frozen}


def stands(plan: Plan) -> None:
    """Nobody is in two places at once, over their week, outside their hours, or with somebody they refused."""
    matches, book = plan.matches(), plan.book
    person = book.helpers[matches.helper, PERSON]
    assert len(set(zip(person.tolist(), matches.slot.tolist(), strict=True))) == len(person)
    suggested = np.bincount(person[~matches.frozen], minlength=len(book.persons))
    assert (suggested <= book.persons[:, CAP]).all()
    assert (matches.weight > 0)[~matches.frozen].all()
    free = (
        book.hours[matches.helper]
        & book.masks[matches.ask]
        & (np.uint64(1) << matches.slot.astype(np.uint64))
    )
    assert (free > 0)[~matches.frozen].all()
    assert by_helper(plan) == by_ask(plan)


def by_ask(plan: Plan) -> set[tuple[int, int, int]]:
    """Helper, ask and weight of every pair that counts, read along the rows of asks."""
    book = plan.book
    return {
        (helper, ask, weight)
        for ask, (first, count) in enumerate(book.rows[: plan.asks, [FIRST, COUNT]].tolist())
        for helper, weight in book.pairs[first : first + count, [HELPER, WEIGHT]].tolist()
        if weight > 0
    }


def by_helper(plan: Plan) -> set[tuple[int, int, int]]:
    """The same, read along the rows of helpers."""
    book = plan.book
    found = set()
    for helper, (head, hung) in enumerate(book.helpers[: plan.helpers, [HEAD, HUNG]].tolist()):
        for link, weight, ask in book.hooks[head : head + hung, [LINK, WEIGHT, ASK]].tolist():
            if weight > 0:
                assert book.pairs[link, [HELPER, WEIGHT, ASK]].tolist() == [helper, weight, ask]
                found.add((helper, ask, weight))
    return found
