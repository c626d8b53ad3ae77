"""Who can be reached through the network from a contact, and what was handed on between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from commonweal.base import clock, crypto
from commonweal.base.eventlog import By
from commonweal.exchange import reveal
from commonweal.exchange.models import Ask, Match, PassedOn
from commonweal.exchange.notices import Reader, asker, asker_name, member
from commonweal.members.contacts import PHONE, Contact
from commonweal.members.models import ContactPoint, Member
from commonweal.networks.models import Network

S = Match.State
STATES = (S.ACCEPTED, S.LENT, S.SILENT, *reveal.HELPED_NOW)
# The longest that a window may stay open after something is done (networks.policy).
LONGEST_AFTER = timedelta(hours=336)
# Somebody who was written to through the network may answer the same way, whatever the two chose.
ANSWERABLE = timedelta(hours=24)
MOST, SHOWN = 12, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Somebody who can be reached through the network: ``by`` is the part of whoever writes or calls."""

    match: Match
    by: By

    @property
    def name(self) -> str:
        """Who is at the other end."""
        return asker_name(self.match.ask) if self.by == By.HELPER else self.match.member.name

    @property
    def other(self) -> Reader:
        """How the other end is reached."""
        return asker(self.match.ask) if self.by == By.HELPER else member(self.match.member)

    @property
    def number(self) -> str:
        """The number on which the other end can be called; empty where there is none."""
        reader = self.other
        ways = (reader.contact, *reader.others) if reader.contact else ()
        return next((way.value for way in ways if way.kind == PHONE), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that was handed on. ``is_mine``: by whoever reads it; ``is_call``: no words, a call put through."""

    id: str
    at: datetime
    words: str
    is_mine: bool
    is_call: bool
    is_reported: bool


def relays_from(network: Network, contact: Contact) -> list[Relay]:
    """Whom somebody at this contact reaches through the network at this moment, the newest first; two queries and one
    for each match that is not relayed anyway."""
    index = crypto.blind_index(contact.value, "contact")
    points = ContactPoint.objects.filter(network=network, value_index=index)
    members = set(points.exclude(member__state=Member.State.LEFT).values_list("member_id", flat=True))
    asked_here = Q(ask__contact_index=index) | Q(ask__contact_index="", ask__by__in=members)
    lately = Q(ended_at=None) | Q(ended_at__gte=clock.now() - LONGEST_AFTER)
    found = Match.objects.filter(
        lately, asked_here | Q(member__in=members), network=network, state__in=STATES
    ).select_related("ask", "ask__by", "ask__category", "ask__network", "member", "network")
    relays = (
        Relay(match=match, by=By.HELPER if match.member_id in members else By.ASKER)
        for match in found.order_by("-created_at", "-id")[:MOST]
    )
    return [one for one in relays if reveal.is_open(one.match) and _goes_through_us(one)]


def passed_on_in(match: Match, *, reader: By) -> Sequence[Said]:
    """What was handed on between the two, the oldest first."""
    rows = PassedOn.objects.filter(network_id=match.network_id, match=match).order_by("-at", "-id")[:SHOWN]
    return [
        Said(
            id=str(row.pk),
            at=row.at,
            words=row.words,
            is_mine=row.by == reader.value,
            is_call=row.via == PassedOn.Via.CALL,
            is_reported=row.reported_at is not None,
        )
        for row in reversed(rows)
    ]


def _goes_through_us(relay: Relay) -> bool:
    match = relay.match
    if reveal.is_relayed(match):
        return True
    theirs = PassedOn.objects.filter(network_id=match.network_id, match=match).exclude(by=relay.by.value)
    return theirs.filter(at__gt=clock.now() - ANSWERABLE).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """Words that the other side has shown to the desk."""

    at: datetime
    who: str
    words: str


def reported_words(ask: Ask) -> list[Reported]:
    """What was shown to the desk of the words handed on about this ask, the oldest first."""
    rows = PassedOn.objects.filter(network_id=ask.network_id, match__ask=ask, reported_at__isnull=False)
    return [
        Reported(
            at=row.at,
            who=row.match.member.name if row.by == By.HELPER.value else asker_name(ask),
            words=row.words,
        )
        for row in rows.select_related("match", "match__member")
    ]
