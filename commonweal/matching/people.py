"""The people whom an ask could be put to, as matching reads them: in a bounded number of queries, however many offer.

The database leaves out who is out of reach and hands over the nearest; `algorithms.matching` judges those.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from commonweal.algorithms.matching import FULL_WEEK, Before, Helper, Need, week_parts
from commonweal.algorithms.places import X_MAX, X_MIN, cells_within, distance_m
from commonweal.exchange.models import HELPED, LIVE, Ask, Match, Offer, OfferCategory
from commonweal.exchange.queries.apart import apart_from
from commonweal.exchange.queries.newcomers import new_and_full
from commonweal.exchange.queries.visits import ONE_PART, Visit
from commonweal.exchange.whens import week_of
from commonweal.members.models import ContactPoint, Member

# So many offers are judged for one look, the nearest first.
MOST_JUDGED = 500
# A commitment longer than this is "some time that day", and does not keep anybody from anything else.
LONGEST_BUSY = timedelta(hours=6)
SLACK = 1.05
ANYWHERE = 50_000_000
HOUR = timedelta(hours=1)
Minutes = tuple[int, int]

S = Match.State
BEFORE = {
    S.INVITED: Before.ASKED,
    S.ACCEPTED: Before.COMING,
    S.LENT: Before.COMING,
    S.DONE: Before.HELPED,
    S.PARTLY: Before.HELPED,
    S.DECLINED: Before.SAID_NO,
    S.LAPSED: Before.SILENT,
    S.DROPPED: Before.DROPPED,
    S.MISSED: Before.MISSED,
    S.SILENT: Before.SILENT,
}
OFFERED = {
    "member": "offer__member_id",
    "offer": "offer_id",
    "y": "offer__cell_y",
    "x": "offer__cell_x",
    "home_y": "offer__member__cell_y",
    "home_x": "offer__member__cell_x",
    "radius": "offer__radius_m",
    "slots": "offer__slots",
    "vehicle": "offer__vehicle",
    "carries": "offer__carries",
    "able": "offer__able",
    "quantity": "offer__quantity",
    "left": "offer__quantity_left",
    "languages": "offer__member__languages",
    "per_week": "offer__member__per_week",
    "asked_at": "offer__member__last_asked_at",
    "state": "offer__member__state",
    "goes_as": "offer__member__goes_as",
    "vouched": "offer__member__vouched",
}
Row = dict[str, Any]
Visits = Mapping[uuid.UUID, Visit]
NO_VISITS: Visits = {}
SHORTEST_VISIT = timedelta(minutes=30)


def asker_of(ask: Ask) -> uuid.UUID | None:
    """The member who asks: who published it, or whoever is reached by the contact on it; None where nobody is."""
    if ask.by_id or not ask.contact_index:
        return ask.by_id
    points = ContactPoint.objects.filter(network_id=ask.network_id, value_index=ask.contact_index)
    return points.order_by(F("confirmed_at").asc(nulls_last=True)).values_list("member_id", flat=True).first()


def people_for(
    ask: Ask,
    need: Need,
    *,
    at: datetime,
    ready: bool = True,
    among: Collection[uuid.UUID] | None = None,
    visits: Visits = NO_VISITS,
) -> list[Helper]:
    """Who offers this kind of thing within reach, the nearest `MOST_JUDGED`, and the preferred helper of a series.

    ``ready`` leaves out, before the nearest are taken, whom the search could not invite anyhow; without it everybody
    is there, so that it can be said why not. ``among`` looks at these members only. Who has one of the ``visits`` next
    door is judged as on that visit: it is no time more out of their week, and no rest is needed. At most six queries.
    """
    before = _before(ask)
    offers = _offered(ask, need, at, set(before) if ready else None, visits)
    rows = _rows(offers if among is None else offers.filter(offer__member_id__in=among), MOST_JUDGED)
    wanted = ask.preferred_id if among is None or ask.preferred_id in among else None
    if wanted is not None and wanted not in {row["member"] for row in rows}:
        rows += _preferred(ask, wanted, need)
    return list(_helpers(ask, need, at, rows, before, visits))


def _rows(offers: QuerySet[OfferCategory], most: int) -> list[Row]:
    contacts = ContactPoint.objects.filter(network=OuterRef("network"), member=OuterRef("offer__member"))
    found = offers.annotate(reachable=Exists(contacts)).values_list(*OFFERED.values(), "reachable")[:most]
    return [dict(zip((*OFFERED, "reachable"), row, strict=True)) for row in found]


def _before(ask: Ask) -> dict[uuid.UUID, Before]:
    """What passed between each member and this ask: what is alive, else the newest that says anything."""
    passed: dict[uuid.UUID, Before] = {}
    matches = Match.objects.filter(network_id=ask.network_id, ask=ask).order_by("created_at", "id")
    for member, state in sorted(matches.values_list("member_id", "state"), key=lambda row: row[1] in LIVE):
        before = BEFORE.get(S(state))
        if before is not None:
            passed[member] = before
    return passed


def _offered(
    ask: Ask, need: Need, at: datetime, but: Collection[uuid.UUID] | None, visits: Visits = NO_VISITS
) -> QuerySet[OfferCategory]:
    """Open offers of the ask's category in reach, nearest first; without the members of ``but`` and who can't now."""
    offers = OfferCategory.objects.filter(
        network_id=ask.network_id, category_id=ask.category_id, is_open=True
    ).exclude(offer__member__state=Member.State.LEFT)
    if but is not None:
        rested = at - ask.network.policy.span("rest_hours")
        offers = offers.exclude(offer__member__in=but).filter(
            Q(offer__member__last_asked_at=None)
            | Q(offer__member__last_asked_at__lte=rested)
            | Q(offer__member=ask.preferred_id)
            | Q(offer__member__in=list(visits)),
            offer__member__state=Member.State.ACTIVE,
        )
        mask = sum({1 << part.bit for part in need.parts})
        offers = offers.annotate(shared=F("offer__slots").bitand(mask))
        offers = offers.filter(Q(shared__gt=0) | Q(offer__member__in=list(visits)))
    order: list[Any] = [F("offer__member__last_asked_at").asc(nulls_first=True), "offer_id"]
    if need.in_person and need.cell is not None:
        offers = _in_reach(offers, need.cell, need.within_m)
        order = [F("far").asc(nulls_last=True), *order]
    return offers.order_by(*order)


def _in_reach(
    offers: QuerySet[OfferCategory], cell: tuple[int, int], within_m: int | None
) -> QuerySet[OfferCategory]:
    """Offers whose own radius reaches the cell, and those whose place nobody knows; ``far`` is metres, squared.

    A box where there is a ring, and a flat earth for the radius: both a little too generous, never too narrow. Beside
    the date line and the poles, where the earth isn't flat, only the box is used.
    """
    y, x = cell
    high, wide = distance_m((0, 0), (1, 0)), _width(cell)
    north, east = Cast("cell_y", BigIntegerField()) - y, Cast("cell_x", BigIntegerField()) - x
    reach = Cast("offer__radius_m", BigIntegerField())
    offers = offers.annotate(
        far=north * north * int(high * high) + east * east * int(wide * wide),
        reach=reach * reach * int(100 * SLACK * SLACK) / 100 + int(high * high),
    )
    y_min, y_max, x_min, x_max = cells_within(cell, within_m if within_m is not None else 100_000)
    if (x_min, x_max) != (X_MIN, X_MAX):
        offers = offers.filter(Q(cell_y=None) | Q(far__lte=F("reach")))
    if within_m is None:
        return offers
    return offers.filter(
        Q(cell_y=None) | Q(cell_y__gte=y_min, cell_y__lte=y_max, cell_x__gte=x_min, cell_x__lte=x_max)
    )


def _width(cell: tuple[int, int]) -> float:
    """Metres from a cell to the next in its row; at the pole next to nothing."""
    y, x = cell
    return distance_m((y, x), (y, x + 1 if x < X_MAX else x - 1))


def _preferred(ask: Ask, member_id: uuid.UUID, need: Need) -> list[Row]:
    """The preferred helper, with what they offer of this kind; where that is no more, as they came the last time."""
    theirs = OfferCategory.objects.filter(
        network_id=ask.network_id,
        category_id=ask.category_id,
        is_open=True,
        offer__member_id=member_id,
    ).exclude(offer__member__state=Member.State.LEFT)
    contacts = ContactPoint.objects.filter(network=OuterRef("network"), member=OuterRef("pk"))
    members = Member.objects.filter(network_id=ask.network_id, pk=member_id).annotate(
        reachable=Exists(contacts)
    )
    return _rows(theirs.order_by("offer_id"), 1) or [
        {
            "member": member.pk, "offer": None, "y": None, "x": None, "home_y": member.cell_y, "home_x": member.cell_x,
            "radius": ANYWHERE, "slots": FULL_WEEK, "vehicle": min(need.vehicles, default=Offer.Vehicle.FOOT.value),
            "carries": need.load, "able": list(ask.needs), "quantity": 0, "left": 0, "languages": member.languages,
            "per_week": member.per_week, "asked_at": member.last_asked_at, "state": member.state,
            "reachable": member.reachable, "goes_as": member.goes_as,
            "vouched": member.vouched,
        }
        for member in members.exclude(state=Member.State.LEFT)
    ]  # fmt: skip


def _helpers(
    ask: Ask, need: Need, at: datetime, rows: list[Row], before: dict[uuid.UUID, Before], visits: Visits
) -> Iterator[Helper]:
    """Each row with what is known of its member: their weeks, the asker and they, whether they can be reached."""
    members = {row["member"] for row in rows}
    asker = uuid.UUID(need.asker) if need.asker else None
    blocked = apart_from(ask)
    known, rests = _history(ask, asker, members, at)
    weeks = Weeks(ask, need, members, visits)
    full_of_new = new_and_full(ask.network, members)
    for row in rows:
        member = row["member"]
        visit = visits.get(member)
        agreed, full = weeks.agreed(member, row["per_week"])
        yield Helper(
            id=str(member),
            offer=str(row["offer"] or ""),
            categories=frozenset({need.category}),
            cell=_cell(row),
            radius_m=row["radius"],
            slots=row["slots"] if visit is None else _part_of(visit, ask),
            busy=(*weeks.busy(member), *full),
            languages=tuple(row["languages"]),
            per_week=row["per_week"],
            agreed_this_week=agreed,
            last_asked_h=None if visit or row["asked_at"] is None else int((at - row["asked_at"]) / HOUR),
            vehicle=row["vehicle"],
            carries=row["carries"],
            able=frozenset(row["able"]),
            quantity_left=row["left"] if row["quantity"] else None,
            before=before.get(member, Before.NOTHING),
            rests_category=member in rests,
            blocked=member in blocked,
            unreachable=not row["reachable"],
            helped_asker=member in known,
            paused=row["state"] != Member.State.ACTIVE,
            goes_as=row["goes_as"],
            vouched=row["vouched"],
            new_full=member in full_of_new,
        )


def _part_of(visit: Visit, ask: Ask) -> int:
    """The part of the week in which a visit begins, as a bit."""
    parts = week_parts(visit.starts, max(visit.ends, visit.starts + SHORTEST_VISIT), ask.network.zone)
    return 1 << parts[0].bit if parts else 0


def _cell(row: Row) -> tuple[int, int] | None:
    """Where the offer starts from; where it doesn't say, where the member does."""
    for y, x in (("y", "x"), ("home_y", "home_x")):
        if row[y] is not None and row[x] is not None:
            return row[y], row[x]
    return None


def _history(
    ask: Ask, asker: uuid.UUID | None, members: Collection[uuid.UUID], at: datetime
) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Who of the members has helped this asker before, and who wants to be left alone with this kind of thing."""
    same = Q(ask__series=ask.series) if ask.series else Q()
    same |= Q(ask__by=asker) if asker else Q()
    same |= Q(ask__contact_index=ask.contact_index) if ask.contact_index else Q()
    left_alone = Q(
        state=S.DECLINED,
        rest=Match.Rest.CATEGORY,
        ask__category=ask.category_id,
        ended_at__gt=at - ask.network.policy.span("rest_kind_days"),
    )
    either = left_alone | (same & Q(state__in=HELPED)) if same else left_alone
    found = Match.objects.filter(either, network_id=ask.network_id, member__in=members)
    pairs = set(found.exclude(ask=ask).values_list("member_id", "state"))
    resting = {member for member, state in pairs if state == S.DECLINED}
    return {member for member, state in pairs if state != S.DECLINED}, resting


class Weeks:
    """What members have agreed to in the weeks in which an ask may happen, Monday to Monday in the network's zone."""

    def __init__(
        self, ask: Ask, need: Need, members: Collection[uuid.UUID], visits: Visits = NO_VISITS
    ) -> None:
        self._weeks = list(_weeks(ask, need))
        self._agreed: dict[uuid.UUID, Counter[Minutes]] = defaultdict(Counter)
        self._busy: dict[uuid.UUID, list[Minutes]] = defaultdict(list)
        if not self._weeks:
            return
        agreed = Match.objects.filter(
            network_id=ask.network_id,
            member__in=members,
            state__in=HELPED,
            meets_at__gte=_moment(self._weeks[0][0]),
            meets_at__lt=_moment(self._weeks[-1][1]),
            meets_until__isnull=False,
        )
        rows: Iterable[Any] = agreed.values_list("member_id", "state", "meets_at", "meets_until")
        for member, state, starts, ends in rows:
            if member not in visits or abs(starts - visits[member].starts) >= ONE_PART:
                self._note(member, state, starts, ends)

    def _note(self, member: uuid.UUID, state: str, starts: datetime, ends: datetime) -> None:
        first = _minute(starts)
        week = next(week for week in self._weeks if week[0] <= first < week[1])
        self._agreed[member][week] += 1
        if state == S.ACCEPTED and ends - starts <= LONGEST_BUSY:
            self._busy[member].append((first, _minute(ends)))

    def busy(self, member: uuid.UUID) -> tuple[Minutes, ...]:
        """When the member has agreed to be somewhere."""
        return tuple(self._busy[member])

    def agreed(self, member: uuid.UUID, most: int) -> tuple[int, tuple[Minutes, ...]]:
        """How often they have agreed in the first week that has room, and the weeks that are full.

        Where every week is full: how often in the first, and none is marked, so that the reason is the week and not
        the time.
        """
        full = tuple(week for week in self._weeks if self._agreed[member][week] >= most)
        room = [week for week in self._weeks if week not in full]
        if room:
            return self._agreed[member][room[0]], full
        return (self._agreed[member][self._weeks[0]] if self._weeks else 0), ()


def _weeks(ask: Ask, need: Need) -> Iterator[Minutes]:
    if not need.parts:
        return
    moment, last = need.parts[0].starts, need.parts[-1].ends
    while moment < last:
        first, following = week_of(_moment(moment), ask.network.zone)
        yield _minute(first), _minute(following)
        moment = _minute(following)


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def _moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)
