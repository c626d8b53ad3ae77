"""What the desk sees of candidates, and which asks a new offer could meet."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from commonweal.algorithms.matching import Fit, Ranking, Refusal
from commonweal.algorithms.places import cells_within, distance_m
from commonweal.base import clock
from commonweal.exchange.lifecycle import SEARCHING
from commonweal.exchange.models import Ask, Match, Offer
from commonweal.exchange.reasons import reasons_in_words
from commonweal.matching.planning.known import KnownPlan, newest_plan
from commonweal.matching.search import look
from commonweal.matching.words import needed_elsewhere_in_words, why_not_in_words
from commonweal.members.models import Member

SHOWN = 5
NAMED = 2
SEARCHED_AGAIN = 20
LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """Somebody who could: their name and why, in the reader's words. ``match_id`` is set where they were suggested.

    ``is_planned``: the plan for the whole network has them for this ask. ``against`` says what else it has them for.
    """

    member_id: uuid.UUID
    name: str
    reasons: list[str]
    score: int
    match_id: uuid.UUID | None
    is_planned: bool = False
    against: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalRow:
    """What holds some people back, in the reader's words: the names of the nearest of them, and how many others.

    ``may_ask`` are those of them who may be asked all the same, with a word why.
    """

    words: str
    names: list[str]
    others: int
    may_ask: list[tuple[uuid.UUID, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoCould:
    """Who could meet an ask, best first, how many more there are, and why the others can't."""

    candidates: list[CandidateRow]
    more: int
    refusals: list[RefusalRow]


def who_could(ask: Ask, limit: int = SHOWN) -> WhoCould:
    """Candidates and refusals for the desk, from the whole network. At most fourteen queries."""
    at = clock.now()
    ranking = look(ask, at=at, ready=False)
    plan = newest_plan(ask.network, at=at)
    shown, held_back = ranking.fits[:limit], _by_rule(ranking)
    named = [fit.helper.id for fit in shown] + [
        one.helper.id for group in held_back.values() for one in group[:NAMED]
    ]
    names = {
        str(member.pk): member.name
        for member in Member.objects.filter(network_id=ask.network_id, pk__in=named)
    }
    suggested = {
        str(member): match
        for match, member in Match.objects.filter(
            network_id=ask.network_id, ask=ask, state=Match.State.PROPOSED
        ).values_list("id", "member_id")
    }
    trips = _trips(ask, shown, plan)
    return WhoCould(
        candidates=[_candidate(ask, fit, names, suggested, plan, trips) for fit in shown],
        more=len(ranking.fits) - len(shown),
        refusals=[
            RefusalRow(
                words=words,
                names=[names[one.helper.id] for one in group[:NAMED]],
                others=max(0, len(group) - NAMED),
                may_ask=[
                    (uuid.UUID(one.helper.id), names[one.helper.id])
                    for one in group[:NAMED]
                    if one.codes == ("not_vouched",)
                ],
            )
            for words, group in held_back.items()
        ],
    )


def candidates_for(ask: Ask, limit: int = SHOWN) -> list[CandidateRow]:
    """Who could meet an ask, best first."""
    return who_could(ask, limit).candidates


def why_not(ask: Ask) -> list[RefusalRow]:
    """Why the others can't, in words; those who nearly could come first."""
    return who_could(ask, 0).refusals


def open_offers_of(network_id: uuid.UUID, member_id: uuid.UUID) -> list[uuid.UUID]:
    """The open offers of a member."""
    offers = Offer.objects.filter(network_id=network_id, member_id=member_id, state=Offer.State.OPEN)
    return list(offers.order_by("id").values_list("id", flat=True))


def asks_for_offer(network_id: uuid.UUID, offer_id: uuid.UUID, *, at: datetime) -> list[uuid.UUID]:
    """The searched-for asks within an offer's reach and of its categories: at most twenty, those that wait longest."""
    offer = Offer.objects.filter(network_id=network_id, pk=offer_id, state=Offer.State.OPEN).first()
    if offer is None:
        return []
    asks = Ask.objects.filter(
        network_id=network_id, on_board=True, state__in=SEARCHING, ends_at__gt=at,
        category__in=offer.categories.filter(network_id=network_id).values("category"),
    )  # fmt: skip
    here = (offer.cell_y, offer.cell_x) if offer.cell_y is not None and offer.cell_x is not None else None
    if here is not None:
        y_min, y_max, x_min, x_max = cells_within(here, offer.radius_m)
        asks = asks.filter(
            Q(cell_y=None) | Q(cell_y__gte=y_min, cell_y__lte=y_max, cell_x__gte=x_min, cell_x__lte=x_max)
        )
    rows = asks.order_by("-ahead", "created_at", "id").values_list("id", "cell_y", "cell_x")[:LOOKED_THROUGH]
    near = [
        key for key, y, x in rows
        if here is None or y is None or x is None or distance_m(here, (y, x)) <= offer.radius_m
    ]  # fmt: skip
    return near[:SEARCHED_AGAIN]


def _candidate(
    ask: Ask,
    fit: Fit,
    names: Mapping[str, str],
    suggested: Mapping[str, uuid.UUID],
    plan: KnownPlan | None,
    trips: Mapping[str, Sequence[str]],
) -> CandidateRow:
    member = uuid.UUID(fit.helper.id)
    is_planned = plan is not None and member in plan.for_ask(ask.pk)
    elsewhere = plan.needed_elsewhere(member, ask.pk) if plan and not is_planned else None
    best = [_("best for the network as a whole")] if is_planned else []
    if codes := trips.get(fit.helper.id):
        best.append(_("on the same trip as %(codes)s") % {"codes": ", ".join(codes)})
    return CandidateRow(
        member_id=member,
        name=names[fit.helper.id],
        reasons=best + reasons_in_words(reason.as_json() for reason in fit.reasons),
        score=fit.score,
        match_id=suggested.get(fit.helper.id),
        is_planned=is_planned,
        against=[needed_elsewhere_in_words(elsewhere)] if elsewhere else [],
    )


def _trips(ask: Ask, fits: Sequence[Fit], plan: KnownPlan | None) -> Mapping[str, Sequence[str]]:
    """The codes of the asks next door that the plan has somebody meet in the same visit, by who that is. One query at
    most, and none where nobody is to."""
    if plan is None:
        return {}
    same = {fit.helper.id: plan.trip_of(ask.pk, uuid.UUID(fit.helper.id)) for fit in fits}
    wanted = {key for keys in same.values() for key in keys}
    if not wanted:
        return {}
    asks = Ask.objects.filter(network_id=ask.network_id, pk__in=wanted, on_board=True)
    codes = {one.pk: one.shown_code for one in asks.only("id", "network", "code")}
    return {member: sorted(codes[key] for key in keys if key in codes) for member, keys in same.items()}


def _by_rule(ranking: Ranking) -> dict[str, list[Refusal]]:
    """The refused by the words of the first rule that fails, in the order of who fails the fewest."""
    groups: dict[str, list[Refusal]] = defaultdict(list)
    for refusal in ranking.refusals:
        groups[why_not_in_words(refusal.codes[0])].append(refusal)
    return dict(groups)
