"""Who could be in a ring, and what each could do for whom: judged by the very rules of every other search."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from commonweal.exchange.drafts import Candidate
from commonweal.exchange.lifecycle import SEARCHING
from commonweal.exchange.models import Ask, Match, Offer, OfferCategory
from commonweal.matching.models import RingPlace
from commonweal.matching.search import candidate_of, look
from commonweal.members.models import ContactPoint, Member
from commonweal.networks.models import Network

# So many asks are read in one morning, those that wait longest, and so many of those that might be in a ring are looked
# into, which takes about twenty milliseconds each.
MOST_READ, MOST_LOOKS = 20_000, 1000
# A ring is offered to the same person at most so often, whatever they said.
BETWEEN_RINGS = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What one member could do for another: the ask, and how they would meet it."""

    ask: Ask
    candidate: Candidate


Gifts = Mapping[tuple[uuid.UUID, uuid.UUID], Gift]
# A member with something they need, and who offers which kind of thing.
Asked = tuple[uuid.UUID, Ask]
Offering = Mapping[uuid.UUID, set[uuid.UUID]]


def possible_gifts(network: Network, *, at: datetime, answer_by: datetime) -> Gifts:
    """By giver and taker, the best thing that the one could do for the other after ``answer_by``.

    Both are members who need something that one person can do, offer something, and may be asked at ``at``. Every hard
    rule of matching holds for every pair. At most nine queries for each ask that is looked into, and seven besides:
    whom no ring could hold, by what everybody needs and offers alone, is left out before.
    """
    asks = _asks_of_members(network, answer_by)
    ready = _ready(network, {taker for taker, _ask in asks}, at)
    asks, givers = _in_a_circle(
        [(taker, ask) for taker, ask in asks if taker in ready], _offering(network, ready)
    )
    found: dict[tuple[uuid.UUID, uuid.UUID], Gift] = {}
    for taker, ask in asks[:MOST_LOOKS]:
        for fit in look(ask, at=answer_by, among=givers[ask.category_id] - {taker}).fits:
            candidate = candidate_of(fit)
            pair = (candidate.member_id, taker)
            if is_whole(ask, candidate) and (
                pair not in found or candidate.score > found[pair].candidate.score
            ):
                found[pair] = Gift(ask=ask, candidate=candidate)
    return found


def _in_a_circle(asks: list[Asked], offering: Offering) -> tuple[list[Asked], Offering]:
    """The asks of those who could give and get by what they need and offer alone, and who of them offers what.

    Who could give nobody anything, or get nothing from anybody, is in no circle; nor is, without them, whoever depended
    on them.
    """
    while True:
        wanted: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        for taker, ask in asks:
            wanted[ask.category_id].add(taker)
        could_get = {taker for taker, ask in asks if offering.get(ask.category_id, set()) - {taker}}
        could_give = {
            giver
            for kind, givers in offering.items()
            for giver in givers
            if wanted.get(kind, set()) - {giver}
        }
        both = could_get & could_give
        kept = [(taker, ask) for taker, ask in asks if taker in both and offering.get(ask.category_id)]
        left = {kind: givers & both for kind, givers in offering.items() if givers & both}
        if len(kept) == len(asks) and left == offering:
            return kept, left
        asks, offering = kept, left


def _asks_of_members(network: Network, answer_by: datetime) -> list[Asked]:
    """The searched-for asks of members that one yes would meet, and that wait in no ring; who waits longest first."""
    asks = Ask.objects.filter(
        network=network, on_board=True, state__in=SEARCHING, hands=1, hands_taken=0, ends_at__gt=answer_by
    ).filter(Q(by__isnull=False) | ~Q(contact_index=""))
    waiting = RingPlace.objects.filter(network=network, is_waiting=True).values("ask")
    rows = list(
        asks.exclude(pk__in=waiting)
        .select_related("network", "category", "area", "by")
        .order_by("-ahead", "created_at", "id")[:MOST_READ]
    )
    reached = _members_by_contact(network, {ask.contact_index for ask in rows if not ask.by_id})
    members = ((ask.by_id or reached.get(ask.contact_index), ask) for ask in rows)
    return [(member, ask) for member, ask in members if member is not None]


def _offering(network: Network, members: Collection[uuid.UUID]) -> Offering:
    """Which of these members offer which kinds of things."""
    filed = OfferCategory.objects.filter(network=network, is_open=True, offer__member__in=list(members))
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for category, member in filed.values_list("category_id", "offer__member_id"):
        found[category].add(member)
    return dict(found)


def _members_by_contact(network: Network, indexes: set[str]) -> dict[str, uuid.UUID]:
    """Whose confirmed contact it is that somebody without an account left on an ask."""
    points = ContactPoint.objects.filter(network=network, value_index__in=indexes, confirmed_at__isnull=False)
    return dict(points.values_list("value_index", "member_id"))


def _ready(network: Network, members: Iterable[uuid.UUID], at: datetime) -> set[uuid.UUID]:
    """Those of the members who offer something, and whom a ring may be offered to now."""
    rested = at - network.policy.span("rest_hours")
    offering = Offer.objects.filter(network=network, state=Offer.State.OPEN).values("member")
    able = Member.objects.filter(
        Q(last_asked_at=None) | Q(last_asked_at__lte=rested),
        network=network,
        pk__in=list(members),
        state=Member.State.ACTIVE,
    ).filter(pk__in=offering)
    places = RingPlace.objects.filter(network=network)
    lately = places.filter(
        Q(ring__created_at__gt=at - BETWEEN_RINGS)
        | Q(answer=RingPlace.Answer.NO, answered_at__gt=at - network.policy.span("rest_kind_days"))
    )
    asked = Match.objects.filter(network=network, state=Match.State.INVITED)
    return set(able.values_list("pk", flat=True)) - {
        *lately.values_list("member_id", flat=True),
        *asked.values_list("member_id", flat=True),
    }


def is_whole(ask: Ask, candidate: Candidate) -> bool:
    """Whether this one person is enough."""
    return not ask.quantity or candidate.quantity >= ask.places_left
