"""What each rule costs: how many more asks would be met in the same week if it did not hold.

Each rule is taken away alone and the plan is worked out once more; the difference is its price in people. That is what
one may ask of a rule, not what would come of it: who is asked without rest, or for more than they wanted, soon says no.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from commonweal.algorithms.matching.assigning import EquityRules, assign
from commonweal.algorithms.matching.candidates import find_pairs
from commonweal.algorithms.matching.instance import FULL, NOBODY, SLOTS, Instance
from commonweal.algorithms.matching.rules import EngineRules

# The best candidates of each ask are enough to count who is met, and keep memory within its bound.
KEPT = 32
FARTHEST_M = 50_000


def rule_costs(instance: Instance, rules: EngineRules, *, equity: EquityRules, seed: int) -> dict[str, int]:
    """How many asks each rule leaves unmet, by the code of the rule. One solve for each rule that anybody meets.

    A rule that touches nobody here costs nothing and is not looked into. Where two rules hold the same ask back neither
    of them costs it.
    """
    usual = _met(instance, rules, equity, seed)
    costs = {}
    for code, without in WITHOUT.items():
        relaxed = without(instance)
        same = relaxed is instance
        costs[code] = 0 if same else max(0, _met(relaxed, rules, equity, seed) - usual)
    return costs


def _met(instance: Instance, rules: EngineRules, equity: EquityRules, seed: int) -> int:
    """How many asks get all they need."""
    pairs = find_pairs(instance, rules, most=KEPT, seed=seed, keep_metres=False)
    made = assign(instance, pairs, equity=equity, seed=seed)
    return int((np.bincount(made.ask, minlength=len(instance.asks)) >= instance.asks.hands).sum())


def _asks(instance: Instance, **changes: Any) -> Instance:
    """The instance with other values for all asks; the very same one where nothing changes."""
    n, asks = len(instance.asks), instance.asks
    given = {
        name: np.broadcast_to(np.asarray(value, getattr(asks, name).dtype), n)
        for name, value in changes.items()
    }
    if all(np.array_equal(getattr(asks, name), value) for name, value in given.items()):
        return instance
    return replace(instance, asks=replace(asks, **{name: value.copy() for name, value in given.items()}))


def _helpers(instance: Instance, **changes: Any) -> Instance:
    """The same for all helpers."""
    m, helpers = len(instance.helpers), instance.helpers
    given = {
        name: np.broadcast_to(np.asarray(value, getattr(helpers, name).dtype), m)
        for name, value in changes.items()
    }
    if all(np.array_equal(getattr(helpers, name), value) for name, value in given.items()):
        return instance
    return replace(
        instance, helpers=replace(helpers, **{name: value.copy() for name, value in given.items()})
    )


def _twice_as_far(instance: Instance) -> Instance:
    radius = instance.helpers.radius_m.astype(np.int64)
    return _helpers(instance, radius_m=np.maximum(np.minimum(2 * radius, FARTHEST_M), radius))


def _once_more(instance: Instance) -> Instance:
    """Everybody helps once more in the week than they wanted."""
    capacity = np.minimum(instance.helpers.capacity.astype(np.int64) + 1, SLOTS)
    return _helpers(instance, capacity=np.maximum(capacity, instance.helpers.capacity))


WITHOUT: dict[str, Callable[[Instance], Instance]] = {
    "week_full": _once_more,
    "too_far": _twice_as_far,
    "no_common_time": lambda instance: _helpers(instance, slots=FULL),
    "resting": lambda instance: _helpers(instance, rested_h=NOBODY),
    "outside_ring": lambda instance: _asks(instance, within_m=0),
    "needs_not_met": lambda instance: _asks(instance, needs=0),
    "no_language": lambda instance: _asks(instance, talk=False),
    "too_heavy": lambda instance: _asks(instance, load=0),
    "no_vehicle": lambda instance: _asks(instance, vehicles=0),
    "other_gender": lambda instance: _asks(instance, gender=0),
    "not_vouched": lambda instance: _asks(instance, vouched=0),
    "in_pairs": lambda instance: _asks(
        instance, hands=np.where(instance.asks.at_least > 1, 1, instance.asks.hands), at_least=1
    ),
}
