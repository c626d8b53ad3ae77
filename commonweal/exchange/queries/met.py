"""Who has met whom: those of whom one may tell a care-giver."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from commonweal.assembly.care.queries import role_holders
from commonweal.base import clock
from commonweal.exchange.models import COMMITTED, Ask, Buddy, Match
from commonweal.members.contacts import Contact
from commonweal.members.models import Member
from commonweal.members.queries import member_for_contact

S = Match.State
# What was agreed once, however it went on.
MET = (*COMMITTED, S.DONE, S.PARTLY, S.MISSED, S.SILENT, S.DROPPED)
LATELY = timedelta(days=180)
MOST = 60


def asker_of(ask: Ask) -> Member | None:
    """The member who asked, also where they asked without signing in; None for somebody who is none."""
    member: Member | None = ask.by
    if member is not None:
        return member
    if not ask.contact:
        return None
    return member_for_contact(ask.network, Contact(kind=ask.contact_kind, value=ask.contact))


def may_vouch(match: Match, *, giver: Member | None, taker: Member | None, reader: Member | None) -> bool:
    """Whether the reader is the one of the two, both members, who may say that they know the other by now."""
    done = match.state in (S.DONE, S.PARTLY)
    return done and reader is not None and giver == reader and taker not in (None, reader)


def helper_may_vouch(match: Match, reader: Member | None) -> bool:
    """Whether the reader is the helper, and may say that they know who asked."""
    mine = reader is not None and reader.pk == match.member_id and match.state in (S.DONE, S.PARTLY)
    return mine and may_vouch(match, giver=reader, taker=asker_of(match.ask), reader=reader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A helper whom an asker met or is to meet; ``buddy`` is who goes along, ``is_on`` whether it is still to come.

    ``may_vouch``: the reader of the page is the member who asked, and may say that they know the helper.
    """

    key: uuid.UUID
    name: str
    buddy: str
    is_on: bool
    may_vouch: bool = False


def helpers_met(ask: Ask, reader: Member | None = None) -> list[Met]:
    """Every helper who agreed once, however it went on, the oldest first; in two queries, and three for a member."""
    rows = Match.objects.filter(network_id=ask.network_id, ask=ask, state__in=MET).select_related("member")
    matches = list(rows.order_by("created_at", "id"))
    buddies = {
        buddy.match_id: buddy.name
        for buddy in Buddy.objects.filter(
            network_id=ask.network_id, match__in=[match.pk for match in matches]
        )
    }
    asker = asker_of(ask) if reader and matches else None
    return [
        Met(
            key=match.pk,
            name=match.member.name,
            buddy=buddies.get(match.pk, ""),
            is_on=match.state in COMMITTED,
            may_vouch=may_vouch(match, giver=asker, taker=match.member, reader=reader),
        )
        for match in matches
    ]


def people_met(member: Member) -> list[Member]:
    """Whom a member was matched with lately, and who holds a role in the network; by name, never themselves."""
    mine = Q(member=member) | Q(ask__by=member)
    matches = Match.objects.filter(
        mine, network_id=member.network_id, state__in=MET, created_at__gte=clock.now() - LATELY
    )
    found: dict[object, Member] = {one.pk: one for one in role_holders(member)}
    for match in matches.select_related("member", "ask", "ask__by", "ask__network").order_by("-created_at")[
        :MOST
    ]:
        other = asker_of(match.ask) if match.member_id == member.pk else match.member
        if other is not None:
            found[other.pk] = other
    here = (one for one in found.values() if one.pk != member.pk and one.state != Member.State.LEFT)
    return sorted(here, key=lambda one: (one.name.casefold(), one.pk))
