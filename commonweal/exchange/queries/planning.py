"""All that a plan for a whole network reads: asks, offers and what is between them, row by row, without any words.

Each is one query that streams its rows; none holds a name, a contact, a note or an exact place.
"""

import uuid
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from commonweal.base import clock
from commonweal.exchange.homes import AT_HOME
from commonweal.exchange.lifecycle import SEARCHING
from commonweal.exchange.models import HELPED, Ask, Match, Offer, OfferCategory
from commonweal.members.models import ContactPoint, Member
from commonweal.networks.models import Network

CHUNK = 2000
S = Match.State
# Whose rows are read, where not everybody's are.
Members = Collection[uuid.UUID]
# What has passed between a member and an ask, so that the program does not bring them together again.
PASSED = (
    S.INVITED, S.ACCEPTED, S.LENT, S.DONE, S.PARTLY, S.DECLINED, S.LAPSED, S.DROPPED, S.MISSED, S.SILENT,
)  # fmt: skip


class AskRow(NamedTuple):
    """One ask, as far as a plan reads it."""

    id: uuid.UUID
    state: str
    by: uuid.UUID | None
    category: uuid.UUID
    nature: str
    slug: str
    pairs: bool
    vouched: int
    area: uuid.UUID | None
    cell_y: int | None
    cell_x: int | None
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
    urgency: int
    repeat_days: int
    series: uuid.UUID | None
    preferred: uuid.UUID | None
    languages: list[str]
    needs: list[str]
    wish: str
    hands: int
    hands_taken: int
    quantity: int
    ahead: int
    contact_index: str


class OfferRow(NamedTuple):
    """One open offer and its member, as far as a plan reads them."""

    id: uuid.UUID
    member: uuid.UUID
    cell_y: int | None
    cell_x: int | None
    home_y: int | None
    home_x: int | None
    radius_m: int
    slots: int
    vehicle: str
    carries: int
    able: list[str]
    languages: list[str]
    goes_as: str
    per_week: int
    asked_at: datetime | None
    state: str
    vouched: int
    reachable: bool


ASK_FIELDS = (
    "id", "state", "by_id", "category_id", "nature", "category__slug", "category__pairs", "category__vouched",
    "area_id", "cell_y", "cell_x", "starts_at", "ends_at", "created_at", "urgency", "repeat_days", "series",
    "preferred_id", "languages", "needs", "wish", "hands", "hands_taken", "quantity", "ahead", "contact_index",
)  # fmt: skip
OFFER_FIELDS = (
    "id", "member_id", "cell_y", "cell_x", "member__cell_y", "member__cell_x", "radius_m", "slots", "vehicle",
    "carries", "able", "member__languages", "member__goes_as", "member__per_week", "member__last_asked_at",
    "member__state", "member__vouched", "reachable",
)  # fmt: skip


def searching(network: Network, *, at: datetime) -> QuerySet[Ask]:
    """The asks that somebody is looked for, whose time is not over."""
    return Ask.objects.filter(network=network, on_board=True, state__in=SEARCHING, ends_at__gt=at)


def asked_between(network: Network, since: datetime, until: datetime) -> QuerySet[Ask]:
    """The asks that came in a stretch of time, whatever became of them."""
    return Ask.objects.filter(network=network, created_at__gte=since, created_at__lt=until)


def ask_rows(asks: QuerySet[Ask]) -> Iterator[AskRow]:
    """These asks, in the order of their ids."""
    rows: Any = asks.order_by("id").values_list(*ASK_FIELDS)
    return map(AskRow._make, rows.iterator(chunk_size=CHUNK))


def offer_rows(network: Network, *, only: Members | None = None) -> Iterator[OfferRow]:
    """The open offers of everybody who takes part, or of these members ``only``, in the order of their ids."""
    contacts = ContactPoint.objects.filter(network=OuterRef("network"), member=OuterRef("member"))
    offers = Offer.objects.filter(network=network, state=Offer.State.OPEN).exclude(
        member__state=Member.State.LEFT
    )
    if only is not None:
        offers = offers.filter(member__in=only)
    rows: Any = offers.annotate(reachable=Exists(contacts)).order_by("id").values_list(*OFFER_FIELDS)
    return map(OfferRow._make, rows.iterator(chunk_size=CHUNK))


def categories_offered(
    network: Network, *, only: Members | None = None
) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Each open offer with each of its categories, but for what happens at homes of whom care keeps from those."""
    filed = OfferCategory.objects.filter(network=network, is_open=True).order_by("offer_id", "category_id")
    held = Q(offer__member__homes_held_until__gt=clock.now(), category__nature__in=AT_HOME)
    filed = filed.exclude(held)
    if only is not None:
        filed = filed.filter(offer__member__in=only)
    return filed.values_list("offer_id", "category_id").iterator(chunk_size=CHUNK)


def passed_between(
    network: Network, *, at: datetime, asks: Collection[uuid.UUID] | None = None
) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Each ask that is searched for with each member of whom it is known already whether they come: (ask, member)."""
    matches = Match.objects.filter(
        network=network, state__in=PASSED, ask__on_board=True, ask__state__in=SEARCHING, ask__ends_at__gt=at
    )
    if asks is not None:
        matches = matches.filter(ask__in=asks)
    return matches.order_by("id").values_list("ask_id", "member_id").iterator(chunk_size=CHUNK)


def resting_from(
    network: Network, *, since: datetime, only: Members | None = None
) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Members and the categories they want to be left alone with: (member, category)."""
    declined = Match.objects.filter(
        network=network, state=S.DECLINED, rest=Match.Rest.CATEGORY, ended_at__gt=since
    )
    if only is not None:
        declined = declined.filter(member__in=only)
    return declined.order_by("id").values_list("member_id", "ask__category_id").iterator(chunk_size=CHUNK)


def agreed_between(
    network: Network, since: datetime, until: datetime, *, only: Members | None = None
) -> Iterator[tuple[uuid.UUID, str, datetime, datetime]]:
    """What members have agreed to or done in a stretch of time: (member, state, from, until)."""
    agreed = Match.objects.filter(
        network=network, state__in=HELPED, meets_at__gte=since, meets_at__lt=until, meets_until__isnull=False
    )
    if only is not None:
        agreed = agreed.filter(member__in=only)
    rows: Any = agreed.order_by("id").values_list("member_id", "state", "meets_at", "meets_until")
    return rows.iterator(chunk_size=CHUNK)  # type: ignore[no-any-return]


def askers_by_contact(network: Network, asks: QuerySet[Ask]) -> dict[str, uuid.UUID]:
    """Who is reached by the contact on an ask that names no member: the oldest confirmed first."""
    wanted = asks.filter(by=None).exclude(contact_index="").values("contact_index")
    points = ContactPoint.objects.filter(network=network, value_index__in=wanted)
    rows = sorted(
        points.values_list("value_index", "confirmed_at", "created_at", "member_id"),
        key=lambda row: (row[1] is None, row[1] or row[2], row[2]),
        reverse=True,
    )
    return {index: member for index, _confirmed, _created, member in rows}


def helped_before(network: Network, asks: QuerySet[Ask]) -> Iterator[tuple[str, Any, uuid.UUID]]:
    """Who helped whom before, of the askers of these asks: ("by" | "contact_index" | "series", its value, member)."""
    for field, empty in (
        ("by", Q(by=None)),
        ("contact_index", Q(contact_index="")),
        ("series", Q(series=None)),
    ):
        wanted = asks.exclude(empty).values(field)
        helped = Match.objects.filter(network=network, state__in=HELPED, **{f"ask__{field}__in": wanted})
        rows: Any = helped.order_by("id").values_list(f"ask__{field}", "member_id")
        for value, member in rows.iterator(chunk_size=CHUNK):
            yield field, value, member


def window_of_week(at: datetime) -> tuple[datetime, datetime]:
    """The seven days that a plan made at this moment covers."""
    return at, at + timedelta(days=7)
