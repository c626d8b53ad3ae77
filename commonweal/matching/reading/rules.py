"""The weights in force, as the engine takes them: a setting of the policy counts where it has the name of a weight."""

from dataclasses import fields
from typing import Any, TypeVar

from commonweal.algorithms.matching.assigning import EquityRules
from commonweal.algorithms.matching.rules import EngineRules
from commonweal.networks.policy import Policy

R = TypeVar("R")


def engine_rules(policy: Policy) -> EngineRules:
    """The weights of pairs."""
    return _named(EngineRules, policy)


def equity_rules(policy: Policy) -> EquityRules:
    """What evenness between areas, languages and access needs is worth."""
    return _named(EquityRules, policy)


def _named(rules: type[R], policy: Policy) -> R:
    said: dict[str, Any] = {
        entry.name: getattr(policy, entry.name)
        for entry in fields(rules)  # type: ignore[arg-type]
        if hasattr(policy, entry.name)
    }
    return rules(**said)
