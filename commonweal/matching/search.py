"""One look for people: everyone in reach judged for one ask, and put in order by the plan for all."""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime

from commonweal.algorithms.matching import Fit, Ranking, rank
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.models import Ask
from commonweal.matching.need import need_of, rules_of
from commonweal.matching.pacing.limits import within_limits
from commonweal.matching.people import asker_of, people_for
from commonweal.matching.planning.ordering import by_plan


def look(
    ask: Ask,
    *,
    at: datetime,
    ring_m: int | None = None,
    ready: bool = True,
    only: uuid.UUID | None = None,
    among: Collection[uuid.UUID] | None = None,
) -> Ranking:
    """Judge everyone in reach for an ask, within ``ring_m`` metres of it (None: the whole network).

    ``ready`` leaves out at once whom the search could not invite now; without it everybody is judged, so that it can
    be said why not. ``only`` looks at one member, ``among`` at these. Whom the plan
    for the network has for this ask comes first, then who is worth least elsewhere (`planning`). Nobody is above their
    limit of invitations (`pacing`). At most ten queries, twelve for a series.
    """
    need = need_of(ask, at=at, asker=str(asker_of(ask) or ""), within_m=ring_m)
    helpers = people_for(ask, need, at=at, ready=ready, among={only} if only else among)
    ranking = within_limits(ask, rank(need, helpers, rules_of(ask.network.policy)), at=at)
    return ranking if only or among is not None else by_plan(ask, ranking, at=at)


def candidate_of(fit: Fit) -> Candidate:
    """A fit as the exchange takes it."""
    return Candidate(
        member_id=uuid.UUID(fit.helper.id),
        offer_id=uuid.UUID(fit.helper.offer) if fit.helper.offer else None,
        reasons=tuple(reason.as_json() for reason in fit.reasons),
        score=fit.score,
        meets_at=_moment(fit.meets[0]),
        meets_until=_moment(fit.meets[1]),
        quantity=fit.quantity,
    )


def _moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)
