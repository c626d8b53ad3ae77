"""What has changed since a plan was made, as arrays: some asks and some people read again, in a few queries.

Everybody keeps the number they have in the plan; who is new gets the next one. What is between an ask and people is
always read with the ask, so the asks of those who keep away from one of the people are read too.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

import numpy as np

from commonweal.algorithms.matching.instance import FULL, NOBODY, Array
from commonweal.exchange.queries import planning as rows_of
from commonweal.exchange.queries.newcomers import left_for_new
from commonweal.exchange.queries.planning import AskRow
from commonweal.exchange.whens import week_of
from commonweal.matching.reading.asks import Numbering, ask_arrays
from commonweal.matching.reading.helpers import agreed_to, helper_arrays, parts_still_free
from commonweal.matching.reading.network import category_bits, room_left, weekly_limits
from commonweal.matching.reading.weeks import SPAN, Week
from commonweal.members.apart import apart_in
from commonweal.networks.models import Network

Key = uuid.UUID
Arrays = dict[str, Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Which numbers asks, offers and members have in a plan. Who is read and has none gets the next one, and stands in
    ``new_asks``, ``new_offers`` (with the number of its member) and ``new_members``."""

    numbering: Numbering
    asks: dict[Key, int]
    offers: dict[Key, int]
    members: dict[Key, int]
    offers_of: dict[Key, list[int]]
    new_asks: list[Key] = field(default_factory=list)
    new_offers: list[tuple[Key, int]] = field(default_factory=list)
    new_members: list[Key] = field(default_factory=list)

    def ask(self, key: Key) -> int:
        """The number of an ask."""
        return _numbered(key, self.asks, self.new_asks)

    def offer(self, key: Key, member: Key) -> int:
        """The number of an offer of this member."""
        if key not in self.offers:
            self.offers[key] = len(self.offers)
            self.offers_of.setdefault(member, []).append(self.offers[key])
            self.new_offers.append((key, self.member(member)))
        return self.offers[key]

    def member(self, key: Key) -> int:
        """The number of a member."""
        return _numbered(key, self.members, self.new_members)


def _numbered(key: Key, numbers: dict[Key, int], new: list[Key]) -> int:
    if key not in numbers:
        numbers[key] = len(numbers)
        new.append(key)
    return numbers[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A plan of this network was made at ``made_at``, and what has changed by ``at`` is read."""

    network: Network
    made_at: datetime
    at: datetime


def read_changes(
    moment: Moment, *, asks: Collection[Key], members: Collection[Key], numbers: Numbers
) -> Arrays:
    """These asks and all that these members offer, as they are at a moment, for `solving.mending`.

    At most fourteen queries, however many they are. ``numbers`` grows by who is new.
    """
    network, at = moment.network, moment.at
    apart = apart_in(network)
    # Whose block it was is not written in the log, so the asks of both sides are read.
    either = {*members, *(other for member in members for other in apart.members.get(member, ()))}
    searched = rows_of.searching(network, at=at).filter(starts_at__lt=at + SPAN)
    touched = {*asks, *searched.filter(by__in=either).values_list("id", flat=True)}
    wanted = searched.filter(pk__in=touched)
    rows = [row for row in rows_of.ask_rows(wanted) if row.category in numbers.numbering.categories]
    people = {*members, *(row.preferred for row in rows if row.preferred)}
    helpers = _helpers(network, people, numbers, at=at)
    known = _known(rows, rows_of.helped_before(network, wanted))
    passed = rows_of.passed_between(network, at=at, asks=[row.id for row in rows])
    asker_of = _askers(rows, rows_of.askers_by_contact(network, wanted))
    blocked = (
        (row.id, member) for row in rows for member in apart.from_asker(asker_of[row.id], row.contact_index)
    )
    places = [numbers.ask(row.id) for row in rows]
    gone = {numbers.asks[key] for key in touched if key in numbers.asks} - set(places)
    return {
        **_asks(rows, asker_of, numbers, helpers, moment),
        **helpers,
        "ask_at": np.array(places, np.int64),
        "ask_gone": np.array(sorted(gone), np.int64),
        "blocked": _between([*passed, *blocked], numbers),
        "known": _between(known, numbers),
        "left": np.array(parts_left(moment), np.uint64),
    }


def parts_left(moment: Moment) -> int:
    """The parts of a plan's week that are not over, as bits."""
    week, now = Week.of(moment.made_at, moment.network.zone), int(moment.at.timestamp()) // 60
    over = 0
    for bit in week.bit[week.ends <= now].tolist():
        over |= 1 << bit
    return FULL & ~over


def _asks(
    rows: Sequence[AskRow],
    asker_of: Mapping[Key, Key | None],
    numbers: Numbers,
    helpers: Arrays,
    moment: Moment,
) -> Arrays:
    week = Week.of(moment.at, moment.network.zone)
    policy = moment.network.policy
    arrays = ask_arrays(rows, numbers.numbering, week=week, at=moment.at, policy=policy)
    offered = dict(zip(helpers["helper_at"].tolist(), helpers["helpers.categories"].tolist(), strict=True))
    persons = [numbers.members.get(asker, NOBODY) if (asker := asker_of[row.id]) else NOBODY for row in rows]
    preferred = [_preferred(row, numbers, offered) for row in rows]
    arrays = replace(arrays, person=np.array(persons, np.int32), preferred=np.array(preferred, np.int32))
    return {f"asks.{entry.name}": getattr(arrays, entry.name) for entry in fields(arrays)}


def _askers(rows: Sequence[AskRow], by_contact: Mapping[str, Key]) -> dict[Key, Key | None]:
    """The member who asks: who published it, or whoever is reached by the contact on it."""
    return {
        row.id: row.by or (by_contact.get(row.contact_index) if row.contact_index else None) for row in rows
    }


def _helpers(network: Network, members: Collection[Key], numbers: Numbers, *, at: datetime) -> Arrays:
    """All open offers of these members, and the numbers of those that are open no more."""
    policy, numbering = network.policy, numbers.numbering
    filed: dict[Key, set[Key]] = defaultdict(set)
    for offer, category in rows_of.categories_offered(network, only=members):
        filed[offer].add(category)
    offers = [row for row in rows_of.offer_rows(network, only=members) if row.reachable and row.id in filed]
    before = {number for member in members for number in numbers.offers_of.get(member, ())}
    places = [numbers.offer(row.id, row.member) for row in offers]
    monday, last = week_of(at, network.zone)[0], week_of(at + SPAN, network.zone)[1]
    week = Week.of(at, network.zone)
    agreed = rows_of.agreed_between(network, monday, last, only=members)
    given = agreed_to(agreed, week=week, at=at, network=network)
    rests = rows_of.resting_from(network, since=at - policy.span("rest_kind_days"), only=members)
    limits = weekly_limits(network, offers, policy)
    arrays = helper_arrays(
        offers,
        replace(numbering, persons=numbers.members),
        categories=category_bits(offers, filed, numbering, frozenset(rests)),
        most=limits,
        free=parts_still_free(limits, given, week=week, at=at, network=network),
        room=room_left(limits, given, left_for_new(network, members)),
        at=at,
    )
    return {
        **{f"helpers.{entry.name}": getattr(arrays, entry.name) for entry in fields(arrays)},
        "helper_at": np.array(places, np.int64),
        "helper_gone": np.array(sorted(before - set(places)), np.int64),
    }


def _known(rows: Sequence[AskRow], found: Iterable[tuple[str, Any, Key]]) -> Iterator[tuple[Key, Key]]:
    """Who has helped the asker of which ask before: (ask, member)."""
    helped: dict[tuple[str, Any], set[Key]] = defaultdict(set)
    for name, value, member in found:
        helped[name, value].add(member)
    for row in rows:
        for key in (("by", row.by), ("contact_index", row.contact_index), ("series", row.series)):
            yield from ((row.id, member) for member in helped.get(key, ()) if key[1])


def _preferred(row: AskRow, numbers: Numbers, offered: Mapping[int, int]) -> int:
    """The first offer of the preferred helper that is of this kind."""
    kind = numbers.numbering.categories[row.category]
    theirs = numbers.offers_of.get(row.preferred, ()) if row.preferred else ()
    return next((offer for offer in theirs if offered.get(offer, 0) >> kind & 1), NOBODY)


def _between(pairs: Iterable[tuple[Key, Key]], numbers: Numbers) -> Array:
    """Asks and members as pairs of numbers: an ask, and each offer of the member."""
    found = {
        (numbers.asks[ask], offer)
        for ask, member in pairs
        if ask in numbers.asks
        for offer in numbers.offers_of.get(member, ())
    }
    return np.array(sorted(found), np.int32).reshape(-1, 2)
