"""One network as an instance: in a bounded number of queries, however many ask and offer."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from django.db.models import QuerySet

from commonweal.algorithms.matching.instance import MOST_CATEGORIES, NOBODY, Helpers, Instance
from commonweal.exchange.models import Ask
from commonweal.exchange.queries import planning as rows_of
from commonweal.exchange.queries.newcomers import left_for_new
from commonweal.exchange.queries.planning import AskRow, OfferRow
from commonweal.exchange.whens import week_of
from commonweal.matching.reading.asks import Numbering, ask_arrays
from commonweal.matching.reading.codes import Bits
from commonweal.matching.reading.helpers import Agreed, Given, agreed_to, helper_arrays, parts_still_free
from commonweal.matching.reading.weeks import SPAN, Week
from commonweal.members.apart import Apart, apart_in
from commonweal.networks.models import Network
from commonweal.networks.policy import Policy
from commonweal.networks.queries import areas_of

Pair = tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An instance, and what its numbers stand for: ids by index. ``languages`` and ``needs`` are codes by bit."""

    instance: Instance
    asks: Sequence[uuid.UUID]
    offers: Sequence[uuid.UUID]
    members: Sequence[uuid.UUID]
    categories: Sequence[uuid.UUID]
    areas: Sequence[uuid.UUID]
    languages: Sequence[str]
    needs: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """What was read of either side."""

    asks: Sequence[AskRow]
    offers: Sequence[OfferRow]
    filed: Mapping[uuid.UUID, set[uuid.UUID]]
    askers: Mapping[str, uuid.UUID]

    def asker(self, row: AskRow) -> uuid.UUID | None:
        """The member who asks: who published it, or whoever is reached by the contact on it."""
        return row.by or (self.askers.get(row.contact_index) if row.contact_index else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """When and under which policy it is read, and what holds at that moment: who has agreed to what (``agreed``), what
    has ``passed`` between asks and members, what members ``rest`` from, and how many more those who are ``new`` may
    agree to."""

    network: Network
    at: datetime
    policy: Policy
    agreed: Sequence[Agreed] = ()
    passed: Sequence[Pair] = ()
    rests: frozenset[Pair] = frozenset()
    new: Mapping[uuid.UUID, int] = field(default_factory=dict)


def read_network(network: Network, *, at: datetime) -> Reading:
    """The asks that are searched for and may begin within seven days, and all open offers, as they are at a moment.

    At most fifteen queries. An ask that begins later is planned when its week comes; of more than 64 categories the
    least used are left to the search for each ask alone.
    """
    asks = rows_of.searching(network, at=at).filter(starts_at__lt=at + SPAN)
    rows = _read(network, asks)
    monday, last = week_of(at, network.zone)[0], week_of(at + SPAN, network.zone)[1]
    moment = _Moment(
        network=network,
        at=at,
        policy=network.policy,
        agreed=list(rows_of.agreed_between(network, monday, last)),
        passed=list(rows_of.passed_between(network, at=at)),
        rests=frozenset(rows_of.resting_from(network, since=at - network.policy.span("rest_kind_days"))),
        new=left_for_new(network),
    )
    return _put_together(rows, moment, asks)


def read_past(
    network: Network, *, since: datetime, until: datetime, policy: Policy
) -> tuple[Reading, list[AskRow]]:
    """The asks that came in a stretch of time, with the offers that stand today and nothing agreed to: for a replay.

    Who was asked or refused then plays no part; a block does, and so does who had helped whom.
    """
    asks = rows_of.asked_between(network, since, until)
    rows = _read(network, asks)
    rested = replace(rows, offers=[row._replace(asked_at=None) for row in rows.offers])
    reading = _put_together(rested, _Moment(network=network, at=since, policy=policy), asks)
    kept = {row.id: row for row in rows.asks}
    return reading, [kept[key] for key in reading.asks]


def _read(network: Network, asks: QuerySet[Ask]) -> _Rows:
    filed: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for offer, category in rows_of.categories_offered(network):
        filed[offer].add(category)
    return _Rows(
        asks=list(rows_of.ask_rows(asks)),
        offers=[row for row in rows_of.offer_rows(network) if row.reachable and row.id in filed],
        filed=filed,
        askers=rows_of.askers_by_contact(network, asks),
    )


def _put_together(rows: _Rows, moment: _Moment, asks: QuerySet[Ask]) -> Reading:
    network = moment.network
    numbering, areas = _numbering(network, rows)
    wanted = [row for row in rows.asks if row.category in numbering.categories]
    week = Week.of(moment.at, network.zone)
    between = _Between(rows, wanted)
    apart = [*between.passed(moment.passed), *between.blocked(apart_in(network))]
    known = between.known(rows_of.helped_before(network, asks))
    instance = Instance.of(
        replace(
            ask_arrays(wanted, numbering, week=week, at=moment.at, policy=moment.policy),
            person=np.array([numbering.persons.get(rows.asker(row), NOBODY) for row in wanted], np.int32),
            preferred=np.array([between.preferred(row) for row in wanted], np.int32),
        ),
        _helpers(rows, numbering, moment, week),
        blocked=_pairs(apart),
        known=_pairs(list(known)),
    )
    return Reading(
        instance=instance,
        asks=[row.id for row in wanted],
        offers=[row.id for row in rows.offers],
        members=list(numbering.persons),
        categories=list(numbering.categories),
        areas=areas,
        languages=numbering.languages.words,
        needs=numbering.needs.words,
    )


def _helpers(rows: _Rows, numbering: Numbering, moment: _Moment, week: Week) -> Helpers:
    limits = weekly_limits(moment.network, rows.offers, moment.policy)
    given = agreed_to(moment.agreed, week=week, at=moment.at, network=moment.network)
    return helper_arrays(
        rows.offers,
        numbering,
        categories=category_bits(rows.offers, rows.filed, numbering, moment.rests),
        most=limits,
        free=parts_still_free(limits, given, week=week, at=moment.at, network=moment.network),
        room=room_left(limits, given, moment.new),
        at=moment.at,
    )


def _numbering(network: Network, rows: _Rows) -> tuple[Numbering, list[uuid.UUID]]:
    # What is only offered is asked for tomorrow, so it gets a number too.
    used = Counter({category: 0 for filed in rows.filed.values() for category in filed})
    used.update(row.category for row in rows.asks)
    commonest = sorted(used, key=lambda category: (-used[category], category))[:MOST_CATEGORIES]
    areas = sorted(area.pk for area in areas_of(network))
    spoken = [*(row.languages for row in rows.asks), *(row.languages for row in rows.offers)]
    needed = [*(row.needs for row in rows.asks), *(row.able for row in rows.offers)]
    return Numbering(
        categories={category: place for place, category in enumerate(sorted(commonest))},
        areas={area: place for place, area in enumerate(areas)},
        languages=Bits.of(code for codes in spoken for code in codes),
        needs=Bits.of(code for codes in needed for code in codes),
        persons={member: place for place, member in enumerate(sorted({row.member for row in rows.offers}))},
    ), areas


def weekly_limits(network: Network, offers: Sequence[OfferRow], policy: Policy) -> dict[uuid.UUID, int]:
    """How often in a week each member helps at most. Who never said otherwise follows the network's own limit."""
    usual = network.policy.week_cap
    return {row.member: policy.week_cap if row.per_week == usual else row.per_week for row in offers}


def room_left(
    limits: Mapping[uuid.UUID, int], given: Given, new: Mapping[uuid.UUID, int]
) -> dict[uuid.UUID, int]:
    """How many more each member may agree to in the seven days: by their week and, who is ``new``, all at once."""
    return {member: min(most - given.soon[member], new.get(member, most)) for member, most in limits.items()}


def category_bits(
    offers: Sequence[OfferRow],
    filed: Mapping[uuid.UUID, set[uuid.UUID]],
    numbering: Numbering,
    rests: frozenset[Pair],
) -> dict[uuid.UUID, int]:
    """The categories of each offer as bits, without those its member wants to be left alone with."""
    found: dict[uuid.UUID, int] = {}
    for row in offers:
        bits = 0
        for category in filed[row.id]:
            if category in numbering.categories and (row.member, category) not in rests:
                bits |= 1 << numbering.categories[category]
        found[row.id] = bits
    return found


class _Between:
    """What is between some asks and some members, as pairs of indices: an ask, and an offer of its category."""

    def __init__(self, rows: _Rows, asks: Sequence[AskRow]) -> None:
        self._rows, self._asks = rows, asks
        self._by_id = {row.id: place for place, row in enumerate(asks)}
        self._offers: dict[uuid.UUID, list[int]] = defaultdict(list)
        for place, offer in enumerate(rows.offers):
            self._offers[offer.member].append(place)

    def preferred(self, row: AskRow) -> int:
        """The first offer of the preferred helper that is of this kind."""
        return next(iter(self._of_kind(row, row.preferred)), NOBODY) if row.preferred else NOBODY

    def passed(self, pairs: Sequence[Pair]) -> Iterator[tuple[int, int]]:
        """Between whom something has passed already."""
        for ask, member in pairs:
            if ask in self._by_id:
                place = self._by_id[ask]
                yield from ((place, offer) for offer in self._of_kind(self._asks[place], member))

    def blocked(self, apart: Apart) -> Iterator[tuple[int, int]]:
        """Who must not be brought together, whichever of the two wanted it."""
        for place, row in enumerate(self._asks):
            for member in sorted(apart.from_asker(self._rows.asker(row), row.contact_index)):
                yield from ((place, offer) for offer in self._of_kind(row, member))

    def known(self, found: Iterator[tuple[str, object, uuid.UUID]]) -> Iterator[tuple[int, int]]:
        """Who has helped whom before, by the same asker, contact or series."""
        helped: dict[tuple[str, object], set[uuid.UUID]] = defaultdict(set)
        for name, value, member in found:
            helped[name, value].add(member)
        for place, row in enumerate(self._asks):
            members: set[uuid.UUID] = set()
            for key in (("by", row.by), ("contact_index", row.contact_index), ("series", row.series)):
                members |= helped.get(key, set()) if key[1] else set()
            for member in sorted(members):
                yield from ((place, offer) for offer in self._of_kind(row, member))

    def _of_kind(self, row: AskRow, member: uuid.UUID) -> Iterator[int]:
        for place in self._offers.get(member, ()):
            if row.category in self._rows.filed[self._rows.offers[place].id]:
                yield place


def _pairs(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Each pair once, in order."""
    return sorted(set(found))
