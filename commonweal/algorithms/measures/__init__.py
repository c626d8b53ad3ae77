"""How even something is shared out: the Gini index, how full each group's asks are, and the worst-off group.

`gini` measures one list of amounts; `filled_by_group` and `worst_group` compare areas, languages or any other groups.
"""

from commonweal.algorithms.measures.evenness import Filled, filled_by_group, gini, worst_group

__all__ = ["Filled", "filled_by_group", "gini", "worst_group"]
