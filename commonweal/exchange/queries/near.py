"""Who offers what near by: what matching reads of offers and their members, in four queries however many there are."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from commonweal.algorithms.places import Cell
from commonweal.base import clock
from commonweal.exchange.models import HELPED, LIVE, Ask, Match, OfferCategory
from commonweal.exchange.whens import week_of
from commonweal.members.models import ContactPoint, Member

S = Match.State
Box = tuple[int, int, int, int]
Times = tuple[tuple[datetime, datetime], ...]
MOST = 5000
# What passed between a helper and an ask, by the state of their match; the others say nothing.
PASSED: dict[str, str] = {
    S.INVITED: "being_asked",
    S.ACCEPTED: "coming",
    S.LENT: "coming",
    S.DECLINED: "said_no",
    S.LAPSED: "silent",
    S.SILENT: "silent",
    S.DROPPED: "dropped",
    S.MISSED: "missed",
    S.DONE: "helped",
    S.PARTLY: "helped",
}
COLUMNS = {
    "member_id": "offer__member",
    "offer_id": "offer",
    "cell_y": "cell_y",
    "cell_x": "cell_x",
    "radius_m": "offer__radius_m",
    "slots": "offer__slots",
    "vehicle": "offer__vehicle",
    "carries": "offer__carries",
    "able": "offer__able",
    "quantity": "offer__quantity",
    "quantity_left": "offer__quantity_left",
    "languages": "offer__member__languages",
    "per_week": "offer__member__per_week",
    "last_asked_at": "offer__member__last_asked_at",
    "member_state": "offer__member__state",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperRow:
    """One open offer of one member, as far as a search for an ask reads it.

    ``busy`` are the times they have agreed to, and ``agreed_this_week`` how many of these fall in the week in which
    the ask begins. ``quantity_left`` is None where they did not count. ``before`` is what passed between them and this
    ask (a value of PASSED, or empty); ``rests_category`` that they want to be left alone with this kind of thing.
    """

    member_id: uuid.UUID
    offer_id: uuid.UUID
    cell: Cell | None
    radius_m: int
    slots: int
    languages: tuple[str, ...]
    per_week: int
    agreed_this_week: int
    busy: Times
    last_asked_at: datetime | None
    vehicle: str
    carries: int
    able: frozenset[str]
    quantity_left: int | None
    before: str
    rests_category: bool
    helped_asker: bool
    is_paused: bool
    is_reachable: bool


def open_offers_near(ask: Ask, *, box: Box | None, limit: int = MOST) -> list[HelperRow]:
    """The open offers of the ask's category whose cell lies in ``box`` (y from, y to, x from, x to; None: anywhere).

    Offers without a place are always among them. Newest first, no more than ``limit``.
    """
    found = _offers(ask, box)
    rows = list(
        found.annotate(
            is_reachable=Exists(
                ContactPoint.objects.filter(network=ask.network_id, member=OuterRef("offer__member"))
            )
        )
        .order_by("-created_at", "-offer")
        .values(*COLUMNS.values(), "is_reachable")[:limit]
    )
    if not rows:
        return []
    members = found.values("offer__member")
    begins = max(ask.starts_at, clock.now())
    week = week_of(begins, ask.network.zone)
    agreed = _agreed(ask, members, week)
    before = _before(ask)
    rests, helped = _history(ask, members)
    return [_row(row, agreed, week, before, rests, helped) for row in rows]


def _offers(ask: Ask, box: Box | None) -> QuerySet[OfferCategory]:
    found = OfferCategory.objects.filter(network_id=ask.network_id, category_id=ask.category_id, is_open=True)
    found = found.exclude(offer__member__state=Member.State.LEFT)
    if box is None:
        return found
    inside = Q(cell_y__gte=box[0], cell_y__lte=box[1], cell_x__gte=box[2], cell_x__lte=box[3])
    return found.filter(inside | Q(cell_y__isnull=True))


def _agreed(
    ask: Ask, members: QuerySet[Any, Any], week: tuple[datetime, datetime]
) -> dict[uuid.UUID, list[Any]]:
    """What the members have agreed to from the beginning of that week, or from now, on."""
    since = min(week[0], clock.now())
    agreed = Match.objects.filter(
        network_id=ask.network_id, member__in=members, state__in=HELPED, meets_until__gte=since
    )
    times: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for member_id, state, meets_at, meets_until in agreed.values_list(
        "member", "state", "meets_at", "meets_until"
    ):
        times[member_id].append((state, meets_at, meets_until))
    return times


def _before(ask: Ask) -> dict[uuid.UUID, str]:
    """What passed between each member and this ask: what is alive, else the newest."""
    passed: dict[uuid.UUID, str] = {}
    matches = Match.objects.filter(network_id=ask.network_id, ask=ask).order_by("created_at", "id")
    for member_id, state in sorted(matches.values_list("member", "state"), key=lambda row: row[1] in LIVE):
        passed[member_id] = PASSED.get(state, passed.get(member_id, ""))
    return passed


def _history(ask: Ask, members: QuerySet[Any, Any]) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Who wants rest from this kind of thing, and who has helped this asker before."""
    resting = Q(state=S.DECLINED, rest=Match.Rest.CATEGORY, ask__category=ask.category_id)
    same = (
        Q(ask__by=ask.by_id)
        if ask.by_id
        else Q(ask__contact_index=ask.contact_index)
        if ask.contact_index
        else None
    )
    wanted = resting | (Q(state=S.DONE) & same) if same else resting
    rests: set[uuid.UUID] = set()
    helped: set[uuid.UUID] = set()
    rows = Match.objects.filter(wanted, network_id=ask.network_id, member__in=members).values_list(
        "member", "state"
    )
    for member_id, state in rows:
        (rests if state == S.DECLINED else helped).add(member_id)
    return rests, helped


def _row(
    row: dict[str, Any],
    agreed: dict[uuid.UUID, list[Any]],
    week: tuple[datetime, datetime],
    before: dict[uuid.UUID, str],
    rests: Collection[uuid.UUID],
    helped: Collection[uuid.UUID],
) -> HelperRow:
    known = {name: row[column] for name, column in COLUMNS.items()}
    member_id, now = known["member_id"], clock.now()
    mine = agreed.get(member_id, [])
    cell = (known["cell_y"], known["cell_x"]) if known["cell_y"] is not None else None
    return HelperRow(
        **{
            name: known[name]
            for name in ("offer_id", "radius_m", "slots", "per_week", "last_asked_at", "vehicle", "carries")
        },
        member_id=member_id,
        cell=cell,
        languages=tuple(known["languages"]),
        able=frozenset(known["able"]),
        agreed_this_week=sum(week[0] <= meets_at < week[1] for _state, meets_at, _until in mine),
        busy=tuple(sorted((at, until) for state, at, until in mine if state == S.ACCEPTED and until > now)),
        quantity_left=known["quantity_left"] if known["quantity"] else None,
        before=before.get(member_id, ""),
        rests_category=member_id in rests,
        helped_asker=member_id in helped,
        is_paused=known["member_state"] == Member.State.PAUSED,
        is_reachable=row["is_reachable"],
    )
