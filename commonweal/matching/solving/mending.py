"""A plan kept in hand: whatever has happened since is answered by a path or two, and not by solving it anew.

Asks, offers and people keep their numbers for as long as the plan lives, and who comes new gets the next one.
`algorithms.matching.rolling` mends; here its numbers are translated, and what changed is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self, TypeVar

import numpy as np

from commonweal.algorithms.matching.assigning import Assignment, Prices
from commonweal.algorithms.matching.candidates import Pairs, find_pairs
from commonweal.algorithms.matching.instance import FULL, NOBODY, Array, Asks, Helpers, Instance
from commonweal.algorithms.matching.rolling import Plan
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.matching.planning.helping import helps_most
from commonweal.matching.solving.messages import asks_of, helpers_of

Side = TypeVar("Side", Asks, Helpers)
GONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Tasks:
    """Who is to do what: arrays of the same length, by ask and then helper."""

    ask: Array
    helper: Array
    slot: Array

    def keys(self) -> Array:
        """One number for each ask, helper and part of the week."""
        return (self.ask.astype(np.int64) << 32 | self.helper) << 6 | self.slot


class Held:
    """A plan that was worked out, as it stands after everything that has happened since."""

    def __init__(self, instance: Instance, rules: EngineRules, plan: Plan, rides: Tasks) -> None:
        self._instance, self._rules, self._plan, self._rides = instance, rules, plan, rides
        self._left = FULL
        # The plan's own numbers of ours, GONE for who is out of it, and the other way round.
        self._ask_in, self._helper_in = np.arange(len(instance.asks)), np.arange(len(instance.helpers))
        self._asks, self._helpers = list(range(len(instance.asks))), list(range(len(instance.helpers)))
        self._reward = np.zeros(len(instance.asks), np.int64)
        self._choices = np.zeros(len(instance.asks), np.int32)

    @classmethod
    def of(
        cls, instance: Instance, rules: EngineRules, pairs: Pairs, outcome: Mapping[str, Array], switch: int
    ) -> Self:
        """Go on from an instance, its pairs and what the engine made of them (`work.plan`)."""
        rides = outcome["rides"]
        prices = Prices(
            **{
                entry.name: outcome[f"price.{entry.name}"]
                for entry in fields(Prices)
                if entry.name != "scale"
            },
            scale=int(outcome["price.scale"]),
        )
        # Of an assignment a plan reads who is to help whom and when, and the prices.
        given = Assignment(
            ask=outcome["ask"][~rides],
            helper=outcome["helper"][~rides],
            slot=outcome["slot"][~rides],
            weight=np.zeros(int((~rides).sum()), np.int32),
            value=0,
            reward=0,
            bound=0,
            prices=prices,
            bids=0,
            paths=0,
        )
        riding = Tasks(*(outcome[name][rides] for name in ("ask", "helper", "slot")))
        held = cls(instance, rules, Plan.of(instance, pairs, switch=switch, given=given), riding)
        held._reward = (2 * prices.ask + prices.scale) // (2 * prices.scale)
        held._choices = np.diff(pairs.indptr).astype(np.int32)
        return held

    def mended(self, given: Mapping[str, Array]) -> dict[str, Any]:
        """What is otherwise after this has happened.

        ``given``: ``asks.*`` and ``helpers.*`` as of an instance, with the numbers ``ask_at`` and ``helper_at``;
        ``ask_gone`` and ``helper_gone`` are out; ``blocked`` and ``known`` are pairs of these asks; ``left`` are the
        parts of the week that are not over. Answers with ``ask``, ``helper`` and ``slot`` of all tasks of the asks in
        ``changed``, with ``choices`` and ``ranks`` (`planning.helping`) of the asks in ``ranked``, with the prices
        ``week`` of the helpers in ``priced``, and with ``value`` and ``met``.
        """
        given = self._otherwise(given)
        before, prices = self._tasks(), self._worth()
        asks, helpers = asks_of(given, len(given["ask_at"])), helpers_of(given, len(given["helper_at"]))
        idle = int(given["left"]) & self._left == self._left and not any(len(given[name]) for name in TOUCHED)
        self._pass(int(given["left"]))
        self._uncount(np.concatenate([given["helper_gone"], given["helper_at"]]))
        self._take_out(given)
        self._write(given, asks, helpers)
        self._join(given["helper_at"], helpers)
        self._arrive(given["ask_at"], asks)
        return {**self._said(before, prices, given["ask_at"]), "idle": np.bool_(idle)}

    # ---- What happens.

    def _otherwise(self, given: Mapping[str, Array]) -> dict[str, Array]:
        """The same without those who are as they were: what was suggested for them has no reason to move."""
        asks, helpers = asks_of(given, len(given["ask_at"])), helpers_of(given, len(given["helper_at"]))
        new_asks = ~_same(self._instance.asks, self._ask_in, given["ask_at"], asks)
        new_helpers = ~_same(self._instance.helpers, self._helper_in, given["helper_at"], helpers)
        for name, had in (("blocked", self._instance.blocked), ("known", self._instance.known)):
            new_asks |= np.isin(
                given["ask_at"], _differing(had[np.isin(had[:, 0], given["ask_at"])], given[name])
            )
        said = dict(given)
        for side, mask in (("ask", new_asks), ("helper", new_helpers)):
            for name in (f"{side}_at", *(name for name in given if name.startswith(f"{side}s."))):
                said[name] = given[name][mask]
        for side, inside in (("ask", self._ask_in), ("helper", self._helper_in)):
            gone = given[f"{side}_gone"]
            said[f"{side}_gone"] = gone[inside[gone] != GONE]
        for name in ("blocked", "known"):
            said[name] = given[name][np.isin(given[name][:, 0], said["ask_at"])]
        return said

    def _pass(self, left: int) -> None:
        if left & self._left != self._left:
            self._left &= left
            self._plan.time_passes(self._left)

    def _uncount(self, helpers: Array) -> None:
        """Those who go, or come back otherwise, are nobody's choice at first."""
        there = helpers[helpers < len(self._helper_in)]
        there = there[self._helper_in[there] != GONE]
        if len(there):
            asks = np.flatnonzero(self._ask_in != GONE)
            np.subtract.at(self._choices, asks[self._pairs(asks, there).ask], 1)

    def _take_out(self, given: Mapping[str, Array]) -> None:
        """Everything that is gone or comes anew leaves first, asks before helpers: nobody is sought for in vain."""
        for ask in np.concatenate([given["ask_gone"], given["ask_at"]]).tolist():
            if ask < len(self._ask_in) and self._ask_in[ask] != GONE:
                self._plan.withdraw(int(self._ask_in[ask]))
                self._ask_in[ask] = GONE
        for helper in np.concatenate([given["helper_gone"], given["helper_at"]]).tolist():
            if helper < len(self._helper_in) and self._helper_in[helper] != GONE:
                self._plan.helper_leaves(int(self._helper_in[helper]))
                self._helper_in[helper] = GONE

    def _write(self, given: Mapping[str, Array], asks: Asks, helpers: Helpers) -> None:
        """Put the new rows into the instance. Whose ask came anew, of that ask everything in between is said anew."""
        instance = self._instance
        between = {
            name: np.concatenate(
                [pairs[~np.isin(pairs[:, 0], given["ask_at"])], given[name].astype(np.int32)]
            )
            for name, pairs in (("blocked", instance.blocked), ("known", instance.known))
        }
        self._instance = Instance.of(
            _put(instance.asks, given["ask_at"], asks), _put(instance.helpers, given["helper_at"], helpers), **between
        )  # fmt: skip
        self._ask_in = _longer(self._ask_in, len(self._instance.asks))
        self._helper_in = _longer(self._helper_in, len(self._instance.helpers))
        self._choices = _longer(self._choices, len(self._instance.asks), 0)
        reward = _longer(self._reward, len(self._instance.asks), 0)
        for ask in given["ask_at"].tolist():
            reward[ask] = self._usual_reward(ask)
        self._reward = reward

    def _usual_reward(self, ask: int) -> int:
        """What the groups of an ask add to it: as much as to others like it when the plan was made."""
        asks, known = self._instance.asks, len(self._reward)
        here = asks.area[:known] == asks.area[ask]
        alike = (
            here & (asks.languages[:known] == asks.languages[ask]) & (asks.needs[:known] == asks.needs[ask])
        )
        chosen = self._reward[alike if alike.any() else here]
        return int(np.median(chosen)) if len(chosen) and asks.area[ask] != NOBODY else 0

    def _join(self, at: Array, helpers: Helpers) -> None:
        """Helpers come, or come back otherwise than they were; the offers of one person share their week."""
        if not len(at):
            return
        asks = np.flatnonzero(self._ask_in != GONE)
        pairs = self._pairs(asks, at)
        weights = pairs.weight + self._reward[asks][pairs.ask]
        first: dict[int, int] = {}
        for place, helper in enumerate(at.tolist()):
            mine = pairs.helper == helper
            person = int(helpers.person[place])
            number, _moves = self._plan.helper_joins(
                asks=self._ask_in[asks[pairs.ask[mine]]],
                weights=weights[mine],
                slots=int(helpers.slots[place]) & self._left,
                capacity=int(helpers.capacity[place]),
                of=first.get(person),
            )
            first.setdefault(person, number)
            self._helper_in[helper] = number
            self._helpers.append(helper)
        np.add.at(self._choices, asks[pairs.ask], 1)

    def _arrive(self, at: Array, asks: Asks) -> None:
        if not len(at):
            return
        pairs = self._pairs(at, np.flatnonzero(self._helper_in != GONE))
        for place, ask in enumerate(at.tolist()):
            row = slice(int(pairs.indptr[place]), int(pairs.indptr[place + 1]))
            number, _moves = self._plan.arrive(
                helpers=self._helper_in[pairs.helper[row]],
                weights=pairs.weight[row] + self._reward[ask],
                slots=int(asks.slots[place]) & self._left,
                hands=int(asks.hands[place]),
                at_least=int(asks.at_least[place]),
            )
            self._ask_in[ask] = number
            self._asks.append(ask)
            self._choices[ask] = row.stop - row.start

    def _pairs(self, asks: Array, helpers: Array) -> Pairs:
        """Who of the helpers could meet which of the asks; helpers by our numbers, asks by their place in ``asks``."""
        instance = self._instance
        only = np.zeros(len(instance.helpers), np.uint64)
        only[helpers] = instance.helpers.categories[helpers]
        place = np.full(len(instance.asks), GONE, np.int32)
        place[asks] = np.arange(len(asks), dtype=np.int32)
        between = {}
        for name, pairs in (("blocked", instance.blocked), ("known", instance.known)):
            kept = pairs[place[pairs[:, 0]] != GONE]
            between[name] = np.column_stack([place[kept[:, 0]], kept[:, 1]])
        part = Instance.of(instance.asks.take(asks), replace(instance.helpers, categories=only), **between)
        return find_pairs(part, self._rules, keep_metres=False)

    # ---- What there is now.

    def _tasks(self) -> Tasks:
        """All suggestions by our numbers, with the rides that still have their visit."""
        found = self._plan.matches()
        own = Tasks(
            np.array(self._asks, np.int64)[found.ask],
            np.array(self._helpers, np.int64)[found.helper],
            found.slot.astype(np.int64),
        )
        visits = own.helper << 6 | own.slot
        stays = (
            np.isin(self._rides.helper.astype(np.int64) << 6 | self._rides.slot, visits)
            & ~np.isin(self._rides.ask, own.ask)
            & (self._ask_in[self._rides.ask] != GONE)
        )
        self._rides = Tasks(*(getattr(self._rides, name)[stays] for name in ("ask", "helper", "slot")))
        columns = [
            np.concatenate([getattr(own, name), getattr(self._rides, name)])
            for name in ("ask", "helper", "slot")
        ]
        order = np.lexsort((columns[2], columns[1], columns[0]))
        return Tasks(*(column[order] for column in columns))

    def _worth(self) -> Array:
        """What an hour of each helper is worth, by our numbers; nought for who is out of it."""
        worth, inside = np.zeros(len(self._helper_in), np.int64), self._helper_in != GONE
        worth[inside] = self._plan.worth()[self._helper_in[inside]]
        return worth

    def _said(self, before: Tasks, prices: Array, at: Array) -> dict[str, Any]:
        now, worth = self._tasks(), self._worth()
        differ = np.setxor1d(before.keys(), now.keys())
        changed = np.unique(np.concatenate([differ >> 38, at]))
        ranked = changed[self._ask_in[changed] != GONE]
        priced = np.flatnonzero(worth != _longer(prices, len(worth), 0))
        shown = np.isin(now.ask, changed)
        alive = np.flatnonzero(self._ask_in != GONE)
        hands = np.bincount(now.ask, minlength=len(self._ask_in))
        found = {"ask": now.ask, "choices": self._choices}
        return {
            "changed": changed,
            "ask": now.ask[shown].astype(np.int32),
            "helper": now.helper[shown].astype(np.int32),
            "slot": now.slot[shown].astype(np.int8),
            "ranked": ranked,
            "choices": self._choices[ranked],
            "ranks": self._ranks(found, alive)[ranked],
            "priced": priced,
            "week": worth[priced],
            "value": np.int64(self._plan.value()),
            "met": np.int64((hands[alive] >= self._instance.asks.hands[alive]).sum()),
        }

    def _ranks(self, found: Mapping[str, Array], alive: Array) -> Array:
        """`helps_most` of the asks that are still there, by our numbers."""
        place = np.full(len(self._ask_in), GONE, np.int64)
        place[alive] = np.arange(len(alive))
        there = replace(self._instance, asks=self._instance.asks.take(alive), blocked=EMPTY, known=EMPTY)
        ranks = np.zeros(len(self._ask_in), np.int64)
        ranks[alive] = helps_most(there, {"ask": place[found["ask"]], "choices": found["choices"][alive]})
        return ranks


TOUCHED = ("ask_at", "ask_gone", "helper_at", "helper_gone")
EMPTY = np.zeros((0, 2), np.int32)


def _same(side: Side, inside: Array, at: Array, rows: Side) -> Array:
    """Which of the rows stand like that at their place in the plan. That another day has been waited is no news."""
    same = at < len(inside)
    same[same] = inside[at[same]] != GONE
    for entry in fields(side):
        if entry.name != "waiting_d":
            # A place that is not known is no number, and not even equal to itself.
            had, has = getattr(side, entry.name)[at[same]], getattr(rows, entry.name)[same]
            same[same] = (had == has) | ((had != had) & (has != has))
    return same


def _differing(had: Array, has: Array) -> Array:
    """The asks of the pairs that are in only one of the two."""
    then, now = (pairs[:, 0].astype(np.int64) << 32 | pairs[:, 1] for pairs in (had, has))
    return np.asarray(np.setxor1d(then, now) >> 32)


def _put(side: Side, at: Array, rows: Side) -> Side:
    """These rows at these places, the new ones at the end; nobody is left out in between."""
    length = max(len(side), int(at.max(initial=-1)) + 1)
    columns = {}
    for entry in fields(side):
        column = _longer(getattr(side, entry.name), length, 0)
        column[at] = getattr(rows, entry.name)
        columns[entry.name] = column
    return replace(side, **columns)


def _longer(array: Array, length: int, filler: int = GONE) -> Array:
    """A copy with room for so many."""
    longer = np.full(length, filler, array.dtype)
    longer[: len(array)] = array
    return longer
