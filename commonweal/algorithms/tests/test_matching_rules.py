"""The engine's numbers: the same as those for one pair, and never nonsense."""

from dataclasses import fields

import pytest

from commonweal.algorithms.matching import Rules
from commonweal.algorithms.matching.rules import EngineRules


def test_what_both_have_is_the_same():
    shared = {entry.name for entry in fields(Rules)} & {entry.name for entry in fields(EngineRules)}
    assert {"per_100_m", "language", "interpreter", "tired", "week", "preferred", "known"} <= shared
    assert all(getattr(Rules(), name) == getattr(EngineRules(), name) for name in shared)


@pytest.mark.parametrize("name", [entry.name for entry in fields(EngineRules) if entry.type is int])
@pytest.mark.parametrize("value", [-1, 1_000_001, 0.5, float("nan")])
def test_what_is_no_count_of_points_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        EngineRules(**{name: value})


def test_resting_takes_some_time():
    with pytest.raises(ValueError, match="rested_after_h"):
        EngineRules(rested_after_h=0)
