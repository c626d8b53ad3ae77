"""Rows into arrays: the asks that are searched for and the open offers of one network, as the engine reads them.

`network` puts them together, `asks` and `helpers` read either side, `codes` numbers words, `weeks` knows the parts of
the seven days to come, `past` reads a stretch that is over. Arrays hold numbers only; whose they are is said by lists
of ids beside them. NumPy is loaded here, so no page imports this package when it starts.
"""
