"""Who of those who can is invited now: the likeliest and most useful first, as few as make a yes sure enough."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from commonweal.algorithms.matching import Fit, Ranking, Refusal
from commonweal.algorithms.pacing import PRIOR, Candidate, Chances, Choice, Circumstances, Pace, cover
from commonweal.exchange.models import Ask, Match
from commonweal.matching.models import AcceptanceModel
from commonweal.matching.pacing.limits import NEVER, Asked, asked_lately, invitations_left
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is read once before anybody is weighed. ``waiting`` are the invitations to this ask that stand."""

    at: datetime
    chances: Chances
    plan: KnownPlan | None
    histories: dict[uuid.UUID, History]
    lately: dict[uuid.UUID, Asked]
    waiting: list[dict[str, Any]]


def choose(ask: Ask, fits: Sequence[Fit], *, most: int, at: datetime) -> Choice:
    """Whom of ``fits`` to invite now, at most ``most``, beside those who may still answer. At most five queries.

    The preferred helper of a series comes first. The keys of the choice are those of the members.
    """
    weighed = fits[:WEIGHED]
    if not weighed:
        return Choice()
    policy = ask.network.policy
    known = _known(ask, [uuid.UUID(fit.helper.id) for fit in weighed], at)
    pace = Pace(hands=1 if ask.quantity else ask.places_left, waiting=tuple(_waiting(ask, known)))
    candidates = [_candidate(ask, fit, known) for fit in weighed]
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


def _known(ask: Ask, members: Sequence[uuid.UUID], at: datetime) -> Known:
    """All of it in five queries, four where nobody may still answer."""
    asking = Match.objects.filter(network_id=ask.network_id, ask=ask, state=S.INVITED)
    rows: Any = asking.values("member_id", "invited_at", "reasons")
    waiting = list(rows)
    everybody = {*members, *(row["member_id"] for row in waiting)}
    return Known(
        at=at,
        chances=chances_of(ask.network_id),
        plan=newest_plan(ask.network, at=at),
        histories=_histories(ask, everybody, at),
        lately=asked_lately(ask, everybody, at=at),
        waiting=waiting,
    )


def _histories(ask: Ask, members: Collection[uuid.UUID], at: datetime) -> dict[uuid.UUID, History]:
    """What each of these members answered to the program; who never did is left out."""
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


def _candidate(ask: Ask, fit: Fit, known: Known) -> Candidate:
    helper, member = fit.helper, uuid.UUID(fit.helper.id)
    history, asked = known.histories.get(member, NONE), known.lately.get(member, NEVER)
    here, preferred = known.at.astimezone(ask.network.zone), member == ask.preferred_id
    about = Circumstances(
        metres=fit.distance_m,
        knows_kind=history.of_kind > 0,
        hour=here.hour,
        weekday=here.weekday(),
        pings_week=asked.this_week,
        hours_since=helper.last_asked_h,
        knows_asker=helper.helped_asker,
        preferred=preferred,
        said_yes=history.yes,
        answered=history.answered,
    )
    return Candidate(
        key=helper.id,
        chance=known.chances.chance(about),
        value=max(1, MET + fit.score),
        price=max(0, _worth_elsewhere(known.plan, ask, member)),
        left=invitations_left(ask.network.policy, helper, asked),
        # Who is going next door anyway does not have to be weighed against anybody.
        first=preferred or any(reason.code == "trip" for reason in fit.reasons),
    )


def _waiting(ask: Ask, known: Known) -> Iterable[float]:
    """How likely each of those says yes who have been asked and may still answer, as it was when they were asked."""
    for row in known.waiting:
        history = known.histories.get(row["member_id"], NONE)
        asked = known.lately.get(row["member_id"], NEVER)
        here = row["invited_at"].astimezone(ask.network.zone)
        about = Circumstances(
            metres=metres_of(row["reasons"]),
            knows_kind=history.of_kind > 0,
            hour=here.hour,
            weekday=here.weekday(),
            pings_week=max(asked.this_week - 1, 0),
            said_yes=history.yes,
            answered=history.answered,
        )
        yield known.chances.chance(about)


def metres_of(reasons: Iterable[dict[str, Any]]) -> int | None:
    """The distance that the reasons of a match name; None where they name none."""
    return next((reason["m"] for reason in reasons if reason["code"] == "distance"), None)


def _worth_elsewhere(plan: KnownPlan | None, ask: Ask, member: uuid.UUID) -> int:
    """What the member's hour is worth to other asks; nothing where the plan has them for this very one."""
    if plan is None or member in plan.for_ask(ask.pk):
        return 0
    return plan.worth(member)


def _resting(ask: Ask, refusal: Refusal) -> Candidate:
    left = ask.network.policy.rest_hours - (refusal.helper.last_asked_h or 0)
    return Candidate(key=refusal.helper.id, chance=1.0, free_in_h=max(left, 0))
