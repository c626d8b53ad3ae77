"""Everybody at once: the assignment of all asks to all helpers that is worth most, with a proof of how good it is.

`assign` does it; docs/explanation/assignment.md tells how. Imports numba: only for tasks and child processes.
"""

from commonweal.algorithms.matching.assigning.engine import assign
from commonweal.algorithms.matching.assigning.model import Assignment, EquityRules, Prices

__all__ = ["Assignment", "EquityRules", "Prices", "assign"]
