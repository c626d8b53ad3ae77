"""How far a member's reach goes, by who vouches for whom, so that a crowd of false accounts gains next to nothing.

`graph` has what goes in, `spreading` lets trust flow from known members along vouches, `certifying` counts how many a
cut lets through at most, and `reach` gives each member a level and the reasons for it.
docs/explanation/trust.md tells it in prose, with a worked example.
"""
