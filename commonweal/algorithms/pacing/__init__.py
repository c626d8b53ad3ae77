"""Whom to invite, in which order, how many at once, and when to wait instead.

`Chances` says how likely a yes is, `rested` how likely somebody has recovered from the last invitation, `cover` chooses
as few people as make a yes sure enough, and `quiet_until` keeps the night. Nothing here needs numpy; only `learning`
does, which learns `Chances` from answers and is imported where that is done. docs/explanation/pacing.md tells it in
prose, with a worked example.
"""

from commonweal.algorithms.pacing.chances import PRIOR, Chances, Circumstances
from commonweal.algorithms.pacing.cover import Candidate, Choice, Pace, at_least, cover
from commonweal.algorithms.pacing.fatigue import in_time, rested, tiredness
from commonweal.algorithms.pacing.quiet import awake_after, is_quiet, quiet_until

__all__ = [
    "PRIOR",
    "Candidate",
    "Chances",
    "Choice",
    "Circumstances",
    "Pace",
    "at_least",
    "awake_after",
    "cover",
    "in_time",
    "is_quiet",
    "quiet_until",
    "rested",
    "tiredness",
]
