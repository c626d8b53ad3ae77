"""Putting those who can in the order in which the network as a whole is helped best."""

import uuid
from dataclasses import replace
from datetime import datetime

from commonweal.algorithms.matching import Fit, Ranking
from commonweal.exchange.models import Ask
from commonweal.matching.planning.known import newest_plan


def by_plan(ask: Ask, ranking: Ranking, *, at: datetime, first: frozenset[str] = frozenset()) -> Ranking:
    """Those ``first``, then whom the plan has for the ask, then by score less what their hour is worth to other asks.

    The preferred helper of a series stays before anybody. Without a plan of the last day nothing changes. Who can and
    who can't is not touched, so that a plan that has grown old can't bring anybody together who must not meet.
    """
    plan = newest_plan(ask.network, at=at) if ranking.fits else None
    if plan is None and not first:
        return ranking
    places = {id(fit): place for place, fit in enumerate(ranking.fits)}
    planned = set(map(str, plan.for_ask(ask.pk))) if plan else set()
    preferred = str(ask.preferred_id or "")

    def order(fit: Fit) -> tuple[bool, bool, bool, int, int]:
        key = fit.helper.id
        worth = plan.worth(uuid.UUID(key)) if plan else 0
        return key != preferred, key not in first, key not in planned, worth - fit.score, places[id(fit)]

    return replace(ranking, fits=tuple(sorted(ranking.fits, key=order)))
