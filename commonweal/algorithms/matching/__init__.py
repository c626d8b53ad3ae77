"""Who can help whom: one ask judged against many helpers, with every reason said.

`judge` weighs one pair, `rank` all of them, `first_meeting` finds the first time that suits both and
`week_parts` cuts a window of time into the parts of a week. docs/explanation/matching.md tells it in prose, with
a worked example.
"""

from commonweal.algorithms.matching.judging import first_meeting_time, judge
from commonweal.algorithms.matching.model import (
    FULL_WEEK,
    Before,
    Fit,
    Helper,
    Need,
    Ranking,
    Reason,
    Refusal,
    Rules,
    Term,
)
from commonweal.algorithms.matching.ranking import rank
from commonweal.algorithms.matching.times import PARTS_IN_WEEK, Part, first_meeting, week_parts

__all__ = [
    "FULL_WEEK",
    "PARTS_IN_WEEK",
    "Before",
    "Fit",
    "Helper",
    "Need",
    "Part",
    "Ranking",
    "Reason",
    "Refusal",
    "Rules",
    "Term",
    "first_meeting",
    "first_meeting_time",
    "judge",
    "rank",
    "week_parts",
]
