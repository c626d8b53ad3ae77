"""The noticeboard: asks and offers together, newest first or where help helps most; flat in the number of rows, and
free of personal content.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.urls import reverse

from commonweal.base import clock
from commonweal.base.paging import Cursor, Page, edges, rows_after
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import Ask, Offer, OfferCategory
from commonweal.exchange.slots import slots_in_words
from commonweal.exchange.titles import ask_kind, ask_title, offer_kind, offer_title
from commonweal.exchange.whens import when_asked
from commonweal.networks.models import Area, Category, Network
from commonweal.networks.queries import area_with, areas_of, categories_of, category_with

# What a row shows: nothing encrypted is read, and so nothing is decrypted.
OF_ASK = (
    "network_id", "code", "category_id", "area_id", "nature", "summary", "people", "hands", "hands_taken", "quantity",
    "quantity_taken", "unit", "starts_at", "ends_at", "repeat_days", "helps_most", "created_at",
)  # fmt: skip
OF_OFFER = ("network_id", "area_id", "summary", "slots", "quantity", "quantity_left", "unit", "created_at")
MOST_COUNTED = 10_000
SOME_CODE = "222-222"
SAMPLE = 99
# In the order of what helps most, an ask stands as many seconds after this moment as it has points; offers follow,
# newest first. So one kind of cursor turns the pages of either order.
RANKED = datetime(2100, 1, 1, tzinfo=UTC)
LASTS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilters:
    """What of the board is wanted: ``kind`` "asks", "offers" or "all"; a category and an area by their slugs.

    ``order`` is "newest" or "helps", what helps most; empty: as suits how the network finds its helpers.
    """

    kind: str = "all"
    category: str = ""
    area: str = ""
    order: str = ""

    def helps_first(self, network: Network) -> bool:
        """Whether the asks that help most come first."""
        return self.order == "helps" or (not self.order and network.policy.mode == "board")


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One line of the board, ready to be shown. ``url`` is where one says "I can" (or "I need" to an offer).

    ``position`` is where it stands in the order that was wanted.
    """

    id: uuid.UUID
    position: datetime
    created_at: datetime
    code: str
    kind_label: str
    title: str
    where: str
    when: str
    is_offer: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How the network does: asks met in the last seven days, minutes until somebody usually says yes, still open.

    ``open_count`` is counted up to 10,000. ``usual_minutes`` is a median of the latest, None where there is none.
    """

    met_this_week: int
    usual_minutes: int | None
    open_count: int


@dataclass(frozen=True, slots=True)
class _Names:
    """The network's categories and areas, by id, and the address of an ask with SOME_CODE in the code's place.

    What was added a moment ago by another process is not remembered yet, and is looked up.
    """

    network: Network
    categories: Mapping[uuid.UUID, Category]
    areas: Mapping[uuid.UUID, Area]
    pick_url: str

    def where(self, area_id: uuid.UUID | None) -> str:
        if area_id is None:
            return ""
        return (self.areas.get(area_id) or area_with(self.network, area_id)).name

    def category(self, category_id: uuid.UUID) -> Category:
        return self.categories.get(category_id) or category_with(self.network, category_id)


def board(
    network: Network, *, filters: BoardFilters, cursor: Cursor | None = None, limit: int = 25
) -> Page[BoardRow]:
    """One page of the board in at most six queries. A slug that the network does not have shows an empty board."""
    names = _Names(
        network,
        {category.pk: category for category in categories_of(network)},
        {area.pk: area for area in areas_of(network)},
        reverse("exchange:pick", args=[SOME_CODE]),
    )
    category = _by_slug(names.categories, filters.category)
    area = _by_slug(names.areas, filters.area)
    if (filters.category and not category) or (filters.area and not area):
        return Page(rows=[])
    within = {name: value for name, value in (("category", category), ("area", area)) if value}
    rows = _rows(names, filters, within, cursor, limit + 1)
    back = cursor is not None and cursor.back
    rows.sort(key=lambda row: (row.position, row.id), reverse=not back)
    shown, more = rows[:limit], len(rows) > limit
    if back:
        shown.reverse()
    older, newer = edges([(row.position, row.id) for row in shown], cursor=cursor, more=more)
    return Page(rows=shown, next=older, previous=newer)


def _rows(
    names: _Names, filters: BoardFilters, within: dict[str, Any], cursor: Cursor | None, limit: int
) -> list[BoardRow]:
    """Enough asks and enough offers on from the cursor for a page of either; in any order."""
    network, helps = names.network, filters.helps_first(names.network)
    among_asks = cursor is not None and cursor.at >= RANKED
    rows: list[BoardRow] = []
    if filters.kind != "offers":
        asks = Ask.objects.filter(network=network, on_board=True, **within).only(*OF_ASK)
        if not helps:
            rows += [_ask_row(ask, names) for ask in rows_after(asks, cursor, limit)]
        elif cursor is None or among_asks or cursor.back:
            found = rows_after(asks, cursor, limit, moment="helps_most", value=_points)
            rows += [_ask_row(ask, names, RANKED + timedelta(seconds=ask.helps_most)) for ask in found]
    if filters.kind != "asks" and not (helps and among_asks and cursor and cursor.back):
        start = None if helps and among_asks else cursor
        rows += _offer_rows(_offers(network, within, start, limit), names)
    return rows


def _points(cursor: Cursor) -> int:
    """How many points the ask has at which a reader stands; -1 among the offers, which come after every ask."""
    return max((cursor.at - RANKED) // timedelta(seconds=1), -1)


def figures(network: Network) -> Figures:
    """How the network does; counted at most once a minute."""
    key = f"exchange.figures.{network.pk}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = _count(network)
        cache.set(key, found, LASTS)
    return found


def count_searching(network: Network) -> int:
    """How many asks are looking for somebody, counted up to 10,000."""
    return Ask.objects.filter(network=network, on_board=True)[:MOST_COUNTED].count()


def _count(network: Network) -> Figures:
    met = Ask.objects.filter(network=network, state=State.DONE, closed_at__gt=clock.now() - timedelta(days=7))
    agreed = Ask.objects.filter(network=network, agreed_at__isnull=False).order_by("-agreed_at")
    latest = agreed.values_list("created_at", "agreed_at")[:SAMPLE]
    waits = [(at - asked) / timedelta(minutes=1) for asked, at in latest if at]
    return Figures(
        met_this_week=met[:MOST_COUNTED].count(),
        usual_minutes=round(median(waits)) if waits else None,
        open_count=count_searching(network),
    )


def _by_slug(things: Mapping[uuid.UUID, Any], slug: str) -> Any:
    return next((thing for thing in things.values() if thing.slug == slug), None) if slug else None


def _ask_row(ask: Ask, names: _Names, position: datetime | None = None) -> BoardRow:
    ask.category = names.category(ask.category_id)
    return BoardRow(
        id=ask.pk,
        position=position or ask.created_at,
        created_at=ask.created_at,
        code=ask.shown_code,
        kind_label=ask_kind(ask),
        title=ask_title(ask),
        where=names.where(ask.area_id),
        when=when_asked(ask, names.network),
        is_offer=False,
        url=names.pick_url.replace(SOME_CODE, ask.shown_code),
    )


def _offers(network: Network, within: dict[str, Any], cursor: Cursor | None, limit: int) -> list[Offer]:
    if "category" not in within:
        offers = Offer.objects.filter(network=network, on_board=True, **within).only(*OF_OFFER)
        return rows_after(offers, cursor, limit)
    filed: QuerySet[OfferCategory] = OfferCategory.objects.filter(network=network, on_board=True, **within)
    found = rows_after(filed.only("offer_id", "created_at"), cursor, limit, key="offer_id")
    order = {link.offer_id: place for place, link in enumerate(found)}
    offers = Offer.objects.filter(network=network, pk__in=list(order)).only(*OF_OFFER)
    return sorted(offers, key=lambda offer: order[offer.pk])


def _offer_rows(offers: Iterable[Offer], names: _Names) -> list[BoardRow]:
    offers = list(offers)
    filed: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    links = OfferCategory.objects.filter(network=names.network, offer__in=[offer.pk for offer in offers])
    for offer_id, category_id in links.values_list("offer_id", "category_id") if offers else ():
        filed[offer_id].append(category_id)
    return [_offer_row(offer, filed[offer.pk], names) for offer in offers]


def _offer_row(offer: Offer, category_ids: Iterable[uuid.UUID], names: _Names) -> BoardRow:
    categories = sorted(map(names.category, category_ids), key=lambda category: category.position)
    area = names.areas.get(offer.area_id) if offer.area_id else None
    asked = f"?category={categories[0].slug}" if categories else "?"
    return BoardRow(
        id=offer.pk,
        position=offer.created_at,
        created_at=offer.created_at,
        code="",
        kind_label=offer_kind(offer),
        title=offer_title(offer, [category.name for category in categories]),
        where=area.name if area else "",
        when=slots_in_words(offer.slots),
        is_offer=True,
        url=reverse("exchange:need") + asked + (f"&area={area.slug}" if area else ""),
    )
