"""Who of those who can is invited now: the likeliest and most useful first, as few as make a yes sure enough."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from commonweal.algorithms.matching import Fit, Ranking, Refusal
from commonweal.algorithms.pacing import PRIOR, Candidate, Chances, Choice, Circumstances, Pace, cover
from commonweal.exchange.models import Ask, Match
from commonweal.matching.models import AcceptanceModel
from commonweal.matching.pacing.limits import NEVER, asked_lately, invitations_left
from commonweal.matching.planning.known import KnownPlan, newest_plan

# Points for an ask that is met, to which the points of a pair are added: what a yes is worth.
MET = 1000
# So many are weighed, the best fits first; nobody needs to be asked beyond them at one time.
WEIGHED = 100
# What is older says little about somebody now.
REMEMBERED = timedelta(days=365)
S = Match.State
NO = (S.DECLINED, S.LAPSED)
YES = Q(answered_at__isnull=False) & ~Q(state=S.DECLINED)
LEARNT_FROM = Q(origin=Match.Origin.PROGRAM, invited_at__isnull=False)


@dataclass(frozen=True, slots=True)
class History:
    """How often somebody said yes to the program's invitations, of how many they answered; and to this kind of
    thing."""

    yes: int = 0
    answered: int = 0
    of_kind: int = 0


NONE = History()


def choose(ask: Ask, fits: Sequence[Fit], *, most: int, waiting: int, at: datetime) -> Choice:
    """Whom of ``fits`` to invite now, at most ``most``, while ``waiting`` others may still answer. At most four
    queries.

    The preferred helper of a series comes first. The keys of the choice are those of the members.
    """
    policy, weighed = ask.network.policy, fits[:WEIGHED]
    if not weighed:
        return Choice()
    members = [uuid.UUID(fit.helper.id) for fit in weighed]
    chances, plan = chances_of(ask.network_id), newest_plan(ask.network, at=at)
    history, lately = histories(ask, members, at=at), asked_lately(ask, members, at=at)
    candidates = []
    for fit, member in zip(weighed, members, strict=True):
        asked = lately.get(member, NEVER)
        about = circumstances(ask, fit, history.get(member, NONE), asked.this_week, at)
        candidates.append(
            Candidate(
                key=fit.helper.id,
                chance=chances.chance(about),
                value=max(1, MET + fit.score),
                price=max(0, _worth_elsewhere(plan, ask, member)),
                left=invitations_left(policy, fit.helper, asked),
                first=about.preferred,
            )
        )
    pace = Pace(hands=1 if ask.quantity else ask.places_left, waiting=(chances.rate,) * waiting)
    return cover(candidates, target=policy.sure_enough / 100, most=most, rules=pace)


def rested_at(ask: Ask, ranking: Ranking, at: datetime) -> datetime | None:
    """When the first of those may be asked who could come but for their rest; None where there is nobody."""
    resting = [refusal for refusal in ranking.refusals if refusal.codes == ("resting",)]
    choice = cover([_resting(ask, refusal) for refusal in resting], target=1.0, most=1)
    return None if choice.wait_h is None else at + timedelta(hours=choice.wait_h)


def chances_of(network_id: uuid.UUID) -> Chances:
    """What the network has learnt; the prior before the first night."""
    model = AcceptanceModel.objects.filter(network_id=network_id).first()
    return model.chances if model else PRIOR


def histories(ask: Ask, members: Collection[uuid.UUID], *, at: datetime) -> dict[uuid.UUID, History]:
    """What each of these members answered to the program; who never did is left out. One query."""
    told = Match.objects.filter(
        LEARNT_FROM, YES | Q(state__in=NO),
        network_id=ask.network_id, member__in=members, invited_at__gt=at - REMEMBERED,
    )  # fmt: skip
    counted: Any = told.values("member_id").annotate(
        yes=Count("pk", filter=YES),
        answered=Count("pk"),
        of_kind=Count("pk", filter=YES & Q(ask__category=ask.category_id)),
    )
    return {row["member_id"]: History(row["yes"], row["answered"], row["of_kind"]) for row in counted}


def circumstances(ask: Ask, fit: Fit, history: History, asked: int, at: datetime) -> Circumstances:
    """What is known of this invitation at this moment."""
    here, helper = at.astimezone(ask.network.zone), fit.helper
    return Circumstances(
        metres=fit.distance_m,
        knows_kind=history.of_kind > 0,
        hour=here.hour,
        weekday=here.weekday(),
        pings_week=asked,
        hours_since=helper.last_asked_h,
        knows_asker=helper.helped_asker,
        preferred=helper.id == str(ask.preferred_id),
        said_yes=history.yes,
        answered=history.answered,
    )


def _worth_elsewhere(plan: KnownPlan | None, ask: Ask, member: uuid.UUID) -> int:
    """What the member's hour is worth to other asks; nothing where the plan has them for this very one."""
    if plan is None or member in plan.for_ask(ask.pk):
        return 0
    return plan.worth.get(member, 0)


def _resting(ask: Ask, refusal: Refusal) -> Candidate:
    left = ask.network.policy.rest_hours - (refusal.helper.last_asked_h or 0)
    return Candidate(key=refusal.helper.id, chance=1.0, free_in_h=max(left, 0))
