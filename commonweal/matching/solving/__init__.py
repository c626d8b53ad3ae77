"""The engine in a process of its own: arrays in, arrays out, no database and no names.

`running` starts the child and waits for it, within its time; `__main__` is the child, which does what `work` says;
`messages` is what goes between the two. Neither the site nor the worker loads the engine itself.
"""

# What the rules cost is worked out by solving once more for each of them: not where that takes minutes.
MOST_FOR_COSTS = 60_000
