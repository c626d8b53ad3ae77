"""The weights in force, as the engine takes them: a setting of the policy counts where it has the name of a weight."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from commonweal.algorithms.matching.assigning import EquityRules
from commonweal.algorithms.matching.rules import EngineRules

R = TypeVar("R")


def engine_rules(policy: Mapping[str, Any]) -> EngineRules:
    """The weights of pairs. Raises ValueError for one that can't be."""
    return _named(EngineRules, policy)


def equity_rules(policy: Mapping[str, Any]) -> EquityRules:
    """What evenness between areas, languages and access needs is worth."""
    return _named(EquityRules, policy)


def _named(rules: type[R], policy: Mapping[str, Any]) -> R:
    names = [entry.name for entry in fields(rules)]  # type: ignore[arg-type]
    return rules(**{name: policy[name] for name in names if name in policy})
