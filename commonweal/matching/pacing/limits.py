"""Nobody is invited beyond their limit, whoever invites."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from commonweal.algorithms.matching import Fit, Helper, Ranking, Refusal
from commonweal.algorithms.matching.model import because
from commonweal.algorithms.matching.ranking import nearly_first
from commonweal.exchange.models import Ask, Match
from commonweal.networks.policy import Policy

WEEK = timedelta(days=7)
CODE = "asked_enough"
S = Match.State


@dataclass(frozen=True, slots=True)
class Asked:
    """How often somebody was invited in the last seven days, and how many other invitations they may still answer."""

    this_week: int = 0
    waiting: int = 0


NEVER = Asked()


def asked_lately(ask: Ask, members: Collection[uuid.UUID], *, at: datetime) -> dict[uuid.UUID, Asked]:
    """How often each of these members was invited, to whatever it was; who was not is left out. One query."""
    if not members:
        return {}
    week = Q(invited_at__gt=at - WEEK)
    waiting = Q(state=S.INVITED) & ~Q(ask=ask)
    found = Match.objects.filter(week | waiting, network_id=ask.network_id, member__in=members)
    counted = found.values("member_id").annotate(
        asked=Count("pk", filter=week), waits=Count("pk", filter=waiting)
    )
    return {row["member_id"]: Asked(row["asked"], row["waits"]) for row in counted}


def most_a_week(policy: Policy, per_week: int) -> int:
    """How often somebody may be invited in seven days: as often as the members settled, or as they want to help."""
    return max(policy.most_invitations_week, per_week)


def invitations_left(policy: Policy, helper: Helper, asked: Asked) -> int:
    """How many invitations a helper's limits still allow; nought or less for none.

    Two limits hold: how often anybody is invited in seven days; and what they have agreed to this week, together with
    what they might still say yes to, is never more than they want to do.
    """
    return min(
        most_a_week(policy, helper.per_week) - asked.this_week,
        helper.per_week - helper.agreed_this_week - asked.waiting,
    )


def within_limits(ask: Ask, ranking: Ranking, *, at: datetime) -> Ranking:
    """The same, with those who have been asked often enough among the refused. One query."""
    policy = ask.network.policy
    lately = asked_lately(ask, [uuid.UUID(fit.helper.id) for fit in ranking.fits], at=at)
    over = [
        fit
        for fit in ranking.fits
        if invitations_left(policy, fit.helper, lately.get(uuid.UUID(fit.helper.id), NEVER)) <= 0
    ]
    if not over:
        return ranking
    names = {fit.helper.id for fit in over}
    return Ranking(
        fits=tuple(fit for fit in ranking.fits if fit.helper.id not in names),
        refusals=tuple(sorted((*ranking.refusals, *_refused(over)), key=nearly_first)),
    )


def _refused(over: Iterable[Fit]) -> Iterable[Refusal]:
    return (Refusal(helper=fit.helper, distance_m=fit.distance_m, reasons=(because(CODE),)) for fit in over)
