"""Exchange rings: two to four members, each of whom does what the next one needs, if all of them say yes.

`pool` says who could be in one, `finding` chooses (by `commonweal.algorithms.rings`), `timing` sets one meeting after
the other, `actions` offers a ring, takes the answers and lets it hold or come to nothing as a whole, `notices` writes
to people. A ring is an extra: the search for every ask goes on as if there were none. docs/explanation/rings.md tells
it in prose.
"""
