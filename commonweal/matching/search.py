"""One look for people: everyone in reach judged for one ask, and put in order by the plan for all."""

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime

from commonweal.algorithms.matching import Fit, Ranking, rank
from commonweal.algorithms.matching.model import because
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.models import Ask
from commonweal.exchange.queries.visits import visits_next_door
from commonweal.matching.need import need_of, rules_of
from commonweal.matching.pacing.limits import within_limits
from commonweal.matching.people import Visits, asker_of, people_for
from commonweal.matching.planning.ordering import by_plan


def look(
    ask: Ask,
    *,
    at: datetime,
    ring_m: int | None = None,
    ready: bool = True,
    only: uuid.UUID | None = None,
    among: Collection[uuid.UUID] | None = None,
    waived: bool = False,
) -> Ranking:
    """Judge everyone in reach for an ask, within ``ring_m`` metres of it (None: the whole network).

    ``ready`` leaves out at once whom the search could not invite now; without it everybody is judged, so that it can
    be said why not. ``only`` looks at one member, ``among`` at these; with ``waived``
    nobody has to be vouched for. Whom the plan
    for the network has for this ask comes first, then who is worth least elsewhere (`planning`). Nobody is above their
    limit of invitations (`pacing`). Who is going next door anyway comes first of all. At most ten queries, twelve
    for a series, and one more where the members allow asks next door to be met in one visit.
    """
    need = need_of(ask, at=at, asker=str(asker_of(ask) or ""), within_m=ring_m)
    if waived:
        need = replace(need, vouched=0)
    visits = visits_next_door(ask, at=at)
    among = {only} if only else among
    helpers = people_for(ask, need, at=at, ready=ready, among=among, visits=visits)
    ranking = within_limits(ask, rank(need, helpers, rules_of(ask.network.policy)), at=at)
    ranking = _on_the_way(ranking, visits) if visits else ranking
    return ranking if among is not None else by_plan(ask, ranking, at=at, first=frozenset(map(str, visits)))


def _on_the_way(ranking: Ranking, visits: Visits) -> Ranking:
    """The same, with the reason said of those who are going next door anyway."""
    fits = [
        replace(fit, reasons=(because("trip", ask=visit.code), *fit.reasons))
        if (visit := visits.get(uuid.UUID(fit.helper.id)))
        else fit
        for fit in ranking.fits
    ]
    return replace(ranking, fits=tuple(fits))


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
