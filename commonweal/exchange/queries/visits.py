"""One visit for asks next door to each other: who has agreed to come to one of them can meet the others on the way."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commonweal.base.ids import shown_code
from commonweal.exchange.models import Ask, Match
from commonweal.networks.models import Category

# So many asks make one visit at most, as many as can be seen to while there (`algorithms.matching.assigning.together`).
MOST_TOGETHER = 3
# Times that begin within this are one visit: it is the length of a part of the week.
ONE_PART = timedelta(hours=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """When somebody has agreed to be next door, and the code of the ask they come for."""

    starts: datetime
    ends: datetime
    code: str


def visits_next_door(ask: Ask, *, at: datetime) -> Mapping[uuid.UUID, Visit]:
    """Who has agreed to come to an ask in the same square, at a time that suits this one, by member. One query at most.

    Nobody where the members want one visit for each, for an ask that takes several people or is not met in person, and
    whose visit meets three already.
    """
    if not _can_be_joined(ask):
        return {}
    agreed = Match.objects.filter(
        network_id=ask.network_id, state=Match.State.ACCEPTED, meets_at__gt=at, meets_at__lt=ask.ends_at,
        meets_until__gt=ask.starts_at, ask__cell_y=ask.cell_y, ask__cell_x=ask.cell_x, ask__hands=1,
    ).exclude(ask=ask)  # fmt: skip
    agreed = agreed.exclude(ask__category__nature=Category.Nature.LISTENING).order_by("meets_at", "id")
    theirs: dict[uuid.UUID, list[Visit]] = defaultdict(list)
    rows: Any = agreed.values_list("member_id", "meets_at", "meets_until", "ask__code")
    for member, starts, ends, code in rows:
        theirs[member].append(Visit(starts=starts, ends=ends, code=shown_code(code)))
    visits = ((member, _with_room(agreed_to)) for member, agreed_to in theirs.items())
    return {member: visit for member, visit in visits if visit is not None}


def joins_a_visit(match: Match, *, at: datetime) -> bool:
    """Whether what the two agree on is one visit with something next door that the member has agreed to. One query."""
    visit = visits_next_door(match.ask, at=at).get(match.member_id)
    return visit is not None and match.meets_at is not None and abs(match.meets_at - visit.starts) < ONE_PART


def _can_be_joined(ask: Ask) -> bool:
    return (
        ask.network.policy.together == "on"
        and ask.hands == 1
        and ask.cell_y is not None
        and ask.nature != Category.Nature.LISTENING
    )


def _with_room(visits: list[Visit]) -> Visit | None:
    """The first of somebody's visits that has room for one more."""
    for first in visits:
        if sum(abs(one.starts - first.starts) < ONE_PART for one in visits) < MOST_TOGETHER:
            return first
    return None
