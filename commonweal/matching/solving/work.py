"""What the engine's process does: a plan for a network, its mending, or a stretch of the past played again."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from commonweal.algorithms.matching.assigning import Assignment, EquityRules, assign
from commonweal.algorithms.matching.assigning.model import Prices
from commonweal.algorithms.matching.assigning.together import with_rides
from commonweal.algorithms.matching.candidates import Pairs, find_pairs
from commonweal.algorithms.matching.instance import SLOTS, Array, Instance
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.algorithms.measures import gini
from commonweal.matching.solving import MOST_FOR_COSTS
from commonweal.matching.solving.costs import rule_costs
from commonweal.matching.solving.mending import Held
from commonweal.matching.solving.messages import json_of, packed, to_instance, unpacked
from commonweal.matching.solving.rules import engine_rules, equity_rules

# Beyond so many asks only the best candidates of each are kept, so that memory stays within its bound.
MANY = 200_000
KEPT_OF_MANY = 48
URGENT = 2
INTERPRETED = 0
NO_METRES = -1


class Engine:
    """Answers one request after the other. It holds at most one plan, the one that was opened last."""

    def __init__(self) -> None:
        self._held: Held | None = None

    def answer(self, request: bytes) -> bytes:
        """Do what a request asks for, and say what came of it. Raises ValueError, KeyError or OSError for nonsense."""
        given = unpacked(request)
        return packed(self._kinds()[json_of(given, "kind")](given))

    def _kinds(self) -> dict[str, Callable[[Mapping[str, Array]], dict[str, Any]]]:
        return {"plan": plan, "replay": replay, "open": self._open, "mend": self._mend}

    def _open(self, given: Mapping[str, Array]) -> dict[str, Any]:
        """Take a plan in hand, from its request (``inputs``) and its answer (``outcome``), as bytes."""
        inputs, outcome = unpacked(given["inputs"].tobytes()), unpacked(given["outcome"].tobytes())
        instance, rules, _equity = _read(inputs)
        pairs = _pairs_of(instance, rules, int(inputs["seed"]))
        switch = int(json_of(inputs, "policy").get("switch", 0))
        self._held = Held.of(instance, rules, pairs, outcome, switch)
        return {}

    def _mend(self, given: Mapping[str, Array]) -> dict[str, Any]:
        """Mend the plan in hand after what ``given`` says has happened. Raises ValueError where there is none."""
        if self._held is None:
            raise ValueError("no plan has been opened")
        return self._held.mended(given)


def answer(request: bytes) -> bytes:
    """The answer to one request that stands by itself. Raises ValueError, KeyError or OSError for nonsense."""
    return Engine().answer(request)


def plan(given: Mapping[str, Array]) -> dict[str, Any]:
    """The best assignment of the instance, as ``ask``, ``helper``, ``slot``, with what proves and explains it.

    ``choices`` int32 (n): how many could come to each ask. ``week`` int64 (m): what an hour of each helper is worth
    to the others, in points. ``value`` and ``bound`` are points. ``costs.json`` says how many asks each rule
    leaves unmet. ``rides`` bool: which of the tasks is on the way of another one. What begins with ``price`` lets
    the plan be mended afterwards (`mending`).
    """
    instance, rules, equity = _read(given)
    seed = int(given["seed"])
    pairs = _pairs_of(instance, rules, seed)
    alone = assign(instance, pairs, equity=equity, seed=seed)
    made = with_rides(instance, pairs, alone) if _rides(given) else alone
    costs = _costs(instance, rules, equity, seed)
    return {
        "ask": made.ask,
        "helper": made.helper,
        "slot": made.slot,
        "choices": np.diff(pairs.indptr).astype(np.int32),
        "week": made.prices.points(),
        "value": np.int64(made.value + made.reward),
        "bound": np.int64(made.bound),
        "costs.json": costs,
        "rides": ~np.isin(_key(made), _key(alone)),
        **{f"price.{entry.name}": getattr(made.prices, entry.name) for entry in fields(Prices)},
    }


def replay(given: Mapping[str, Array]) -> dict[str, Any]:
    """Weeks played one after the other: ``slots`` uint64 (w, n) says when each ask may happen in each week.

    Whoever is planned for comes, once for each ask; who is met is out of the following weeks, and each week everybody
    has their whole week again. Answers with the sums and with groups, as ``figures.json``.
    """
    instance, rules, equity = _read(given)
    left = np.ones(len(instance.asks), np.bool_)
    first = (given["slots"] != 0).argmax(axis=0) if len(given["slots"]) else left
    tasks = [np.zeros((0, 4), np.int64)]
    for number, slots in enumerate(given["slots"]):
        here = np.flatnonzero(left & (slots != 0))
        week = _part(instance, here, slots, waited=7 * (number - first[here]))
        pairs = _pairs_of(week, rules, int(given["seed"]))
        made = assign(week, pairs, equity=equity, seed=int(given["seed"]), together=_rides(given))
        visit = number * SLOTS + made.slot.astype(np.int64)
        tasks.append(np.column_stack([here[made.ask], made.helper, visit, _metres_of(pairs, made)]))
        left[here[made.ask]] = False
    done = np.concatenate(tasks).astype(np.int64)
    return {"figures.json": _figures(instance, done, left)}


def _read(given: Mapping[str, Array]) -> tuple[Instance, EngineRules, EquityRules]:
    return (
        to_instance(given),
        engine_rules(json_of(given, "policy")),
        equity_rules(json_of(given, "policy")),
    )


def _pairs_of(instance: Instance, rules: EngineRules, seed: int) -> Pairs:
    return find_pairs(instance, rules, most=KEPT_OF_MANY if len(instance.asks) > MANY else None, seed=seed)


def _rides(given: Mapping[str, Array]) -> bool:
    """Whether asks next door to each other may be met in one visit."""
    return bool(json_of(given, "policy").get("together") == "on")


def _key(made: Assignment) -> Array:
    """One number for each task: its ask and its helper."""
    return made.ask.astype(np.int64) << 32 | made.helper


def _costs(instance: Instance, rules: EngineRules, equity: EquityRules, seed: int) -> dict[str, int]:
    """How many asks each rule leaves unmet, by its code; nothing where that would take minutes."""
    if len(instance.asks) > MOST_FOR_COSTS:
        return {}
    return rule_costs(instance, rules, equity=equity, seed=seed)


def _part(instance: Instance, here: Array, slots: Array, *, waited: Array) -> Instance:
    """The asks at these indices, with their time in one week and the days they have ``waited``; what is between them
    and the helpers comes along."""
    place = np.full(len(instance.asks), -1, np.int32)
    place[here] = np.arange(len(here), dtype=np.int32)

    def moved(pairs: Array) -> Array:
        kept = pairs[place[pairs[:, 0]] >= 0]
        return np.column_stack([place[kept[:, 0]], kept[:, 1]])

    asks = replace(instance.asks.take(here), slots=slots[here], waiting_d=waited.astype(np.int16))
    return Instance.of(asks, instance.helpers, blocked=moved(instance.blocked), known=moved(instance.known))


def _metres_of(pairs: Pairs, made: Assignment) -> Array:
    """The metres of each task; -1 where there is no distance."""
    of = pairs.ask.astype(np.int64) * (int(pairs.helper.max(initial=0)) + 1) + pairs.helper
    order = np.argsort(of)
    wanted = made.ask.astype(np.int64) * (int(pairs.helper.max(initial=0)) + 1) + made.helper
    return pairs.metres[order[np.searchsorted(of[order], wanted)]] if len(made.ask) else made.ask


def _figures(instance: Instance, done: Array, left: Array) -> dict[str, Any]:
    """Sums over all weeks; ``done`` has a row (ask, helper, part of which week, metres) for each task. Asks that are
    met in one visit are one time out of the week."""
    asks, helpers = instance.asks, instance.helpers
    people = int(helpers.person.max(initial=-1)) + 1
    person, met = helpers.person[done[:, 1]], ~left
    metres = done[done[:, 3] > NO_METRES, 3]
    visits = np.unique(np.column_stack([person, done[:, 2]]), axis=0)
    weeks = np.unique(np.column_stack([visits[:, 0], visits[:, 1] // SLOTS]), axis=0, return_counts=True)[1]
    spoken = (asks.languages[done[:, 0]] != 0) & (helpers.languages[done[:, 1]] != 0)
    shared = asks.languages[done[:, 0]] & helpers.languages[done[:, 1]]
    return {
        "asks": len(asks),
        "served": int(met.sum()),
        "urgent": int((asks.urgency == URGENT).sum()),
        "urgent_served": int((met & (asks.urgency == URGENT)).sum()),
        "metres": round(float(metres.mean())) if len(metres) else None,
        "farthest_m": int(metres.max()) if len(metres) else None,
        "interpreted": int((spoken & (shared == INTERPRETED)).sum()),
        "most_per_week": int(weeks.max(initial=0)),
        "over_three": int((weeks > 3).sum()),
        "helpers": len(np.unique(person)),
        "offered": people,
        "evenness": gini(np.bincount(person, minlength=people)) if people else 0.0,
        "groups": _groups(asks, met),
    }


def _groups(asks: Any, met: Array) -> list[list[Any]]:
    """(kind, number, asks, served) of each area, language and access need that anybody asks with."""
    found: list[list[Any]] = []
    for number in np.unique(asks.area[asks.area >= 0]).tolist():
        here = asks.area == number
        found.append(["area", number, int(here.sum()), int((here & met).sum())])
    for kind, bits in (("language", asks.languages), ("need", asks.needs)):
        for number in range(64):
            here = bits >> np.uint64(number) & np.uint64(1) == 1
            if here.any():
                found.append([kind, number, int(here.sum()), int((here & met).sum())])
    return found
