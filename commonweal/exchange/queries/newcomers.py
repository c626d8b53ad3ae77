"""Who is new here, and has agreed to as much as somebody new does at a time (a setting of the policy)."""

import uuid
from collections.abc import Collection

from django.db.models import Count, Q

from commonweal.exchange.models import Match
from commonweal.members.models import Member
from commonweal.networks.models import Category, Network

S = Match.State


def new_and_full(
    network: Network, members: Collection[uuid.UUID], *, but: Match | None = None
) -> set[uuid.UUID]:
    """Those of the members who may agree to nothing more for now. No query where the policy asks for nothing, else one.

    ``but`` is the match that is being agreed to, which does not count.
    """
    return {member for member, left in left_for_new(network, members, but=but).items() if left <= 0}


def left_for_new(
    network: Network, members: Collection[uuid.UUID] | None = None, *, but: Match | None = None
) -> dict[uuid.UUID, int]:
    """How many more of those of the members (None: of all) who are new may agree to for now; nought or less: none.

    New is for whom no vouched-for member vouches, and who has had fewer handovers than the policy names. No query where
    the policy asks for nothing, else one.
    """
    policy = network.policy
    if not policy.new_at_once:
        return {}
    new = Member.objects.filter(network=network, vouched__lt=Category.Vouched.KNOWN)
    if members is not None:
        new = new.filter(pk__in=members)
    agreed = Q(matches__state=S.ACCEPTED) & ~Q(matches__id=but.pk if but else None)
    counted = new.annotate(
        done=Count("matches", filter=Q(matches__state__in=(S.DONE, S.PARTLY))),
        now=Count("matches", filter=agreed),
    )
    rows = counted.filter(done__lt=policy.new_handovers).values_list("pk", "now")
    return {member: policy.new_at_once - now for member, now in rows}
