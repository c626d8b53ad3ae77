"""When a person on shift asks somebody else than the program had found best: they may, with a word why."""

import uuid
from datetime import datetime

from commonweal.exchange.models import Ask, Match
from commonweal.matching.planning.known import newest_plan
from commonweal.matching.search import look


def overrules(ask: Ask, member_id: uuid.UUID, *, at: datetime) -> bool:
    """Whether asking this member goes against what the program suggests for the ask.

    It does where others were suggested to the desk, or the plan has somebody else who still could come; where the
    program suggests nobody there is nothing to overrule. At most eleven queries.
    """
    proposed = Match.objects.filter(network_id=ask.network_id, ask=ask, state=Match.State.PROPOSED)
    suggested = set(proposed.values_list("member_id", flat=True))
    if member_id in suggested:
        return False
    plan = newest_plan(ask.network, at=at)
    planned = set(plan.for_ask(ask.pk)) if plan else set()
    if member_id in planned:
        return False
    return bool(suggested) or (bool(planned) and bool(look(ask, at=at, ready=False, among=planned).fits))
