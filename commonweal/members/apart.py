"""Who must not be brought together: blocks between members, and between members and who has no account.

Nobody else learns of any of it: these functions say that two are to be kept apart, never who wanted it.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from commonweal.members.models import Block, ContactPoint, Member
from commonweal.members.trusting import ContactBlock
from commonweal.networks.models import Network

NOBODY: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Whom each of the ``members`` must not be brought together with, and who must not come to whoever asks with one of
    the ``contacts``, by its fingerprint."""

    members: Mapping[uuid.UUID, set[uuid.UUID]]
    contacts: Mapping[str, set[uuid.UUID]]

    def from_asker(self, asker: uuid.UUID | None, contact_index: str) -> set[uuid.UUID]:
        """The members who must not come to an asker."""
        known = self.members.get(asker, NOBODY) if asker else NOBODY
        return {*known, *self.contacts.get(contact_index, NOBODY)}


def blocked_ids(network: Network, member: uuid.UUID) -> set[uuid.UUID]:
    """Everybody who must not be brought together with a member, whichever of the two wanted it. One query.

    Also who was blocked, or wanted it, when the member had no account yet and was known by a contact of theirs.
    """
    return ids_apart(network.pk, members=[[member]], contacts=[]) - {member}


def ids_apart(
    network_id: uuid.UUID,
    *,
    members: Sequence[Any],
    contacts: Sequence[Any],
    from_homes: datetime | None = None,
) -> set[uuid.UUID]:
    """Everybody in a block with one of ``members`` or ``contacts`` (lists, or queries of ids and of fingerprints).

    The members themselves may be among them. With a moment ``from_homes`` also whom care keeps from helping at homes
    then. One query.
    """
    points = ContactPoint.objects.filter(network_id=network_id)
    either = [Q(member__in=some) | Q(blocked__in=some) for some in members]
    known = [Q(contact_index__in=points.filter(member__in=some).values("value_index")) for some in members]
    known += [Q(contact_index__in=some) for some in contacts]
    blocks = Block.objects.filter(reduce(or_, either), network_id=network_id)
    by_contact = ContactBlock.objects.filter(reduce(or_, known), network_id=network_id)
    theirs = [Q(member__in=some) for some in members]
    blocked = ContactBlock.objects.filter(reduce(or_, theirs), network_id=network_id)
    owners = points.filter(value_index__in=blocked.values("contact_index")).order_by()
    more: list[QuerySet[Any, Any]] = [
        one.values_list("member_id", "member_id") for one in (by_contact, owners)
    ]
    if from_homes is not None:
        held = Member.objects.filter(network_id=network_id, homes_held_until__gt=from_homes)
        more.append(held.values_list("pk", "pk"))
    pairs = blocks.values_list("member_id", "blocked_id").union(*more, all=True)
    return {member for pair in pairs for member in pair}


def apart_in(network: Network) -> Apart:
    """Everybody of the network who is to be kept apart, for whatever reason. Three queries at most."""
    members: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    contacts: dict[str, set[uuid.UUID]] = defaultdict(set)
    for one, other in Block.objects.filter(network=network).values_list("member_id", "blocked_id"):
        members[one].add(other)
        members[other].add(one)
    for index, member in ContactBlock.objects.filter(network=network).values_list(
        "contact_index", "member_id"
    ):
        contacts[index].add(member)
    if contacts:
        points = ContactPoint.objects.filter(network=network, value_index__in=list(contacts))
        for index, owner in points.values_list("value_index", "member_id"):
            for member in contacts[index] - {owner}:
                members[owner].add(member)
                members[member].add(owner)
    return Apart(members=dict(members), contacts=dict(contacts))
