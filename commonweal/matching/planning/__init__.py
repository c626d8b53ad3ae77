"""The plan for a whole network: when one is due, how it is made and kept, what the search and the desk read of it.

`due` says which networks wait for one, `making` makes it, `known` reads the newest, `helping` puts the board in order,
`background` has it all happen beside the worker. A plan is advice: every invitation is judged by itself.
"""
