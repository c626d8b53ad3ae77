"""Circles of two to four people in which each gives what the next one needs.

`model` has what goes in and comes out, `solving.find_rings` does the whole; `circles` lists every possible ring,
`pricing` bounds what any choice of them can be worth, `choosing` chooses quickly and `exact` exactly. Nothing is
imported here, because most of it needs machine code that a web process has no use for.
docs/explanation/rings.md tells it in prose, with a worked example.
"""
