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

    New is for whom no vouched-for member vouches, and who has had fewer handovers than the policy names. ``but`` is the
    match that is being agreed to, which does not count.
    """
    policy = network.policy
    if not policy.new_at_once:
        return set()
    new = Member.objects.filter(network=network, pk__in=members, vouched__lt=Category.Vouched.KNOWN)
    agreed = Q(matches__state=S.ACCEPTED) & ~Q(matches__id=but.pk if but else None)
    counted = new.annotate(
        done=Count("matches", filter=Q(matches__state__in=(S.DONE, S.PARTLY))),
        now=Count("matches", filter=agreed),
    )
    full = counted.filter(done__lt=policy.new_handovers, now__gte=policy.new_at_once)
    return set(full.values_list("pk", flat=True))
