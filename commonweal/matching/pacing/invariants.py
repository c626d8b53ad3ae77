"""What must be true of invitations; the doctor asks."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count, F

from commonweal.base import clock
from commonweal.base.invariants import Finding, invariant
from commonweal.exchange.models import Match
from commonweal.matching.pacing.limits import WEEK
from commonweal.networks.models import Network, PolicyVersion
from commonweal.networks.policy import Policy


@invariant("matching.limits", "Nobody was invited beyond their limit in the last seven days")
def nobody_is_asked_too_often() -> Iterable[Finding]:
    """Of the limits that held meanwhile, the highest; a member's own is as it is now."""
    since = clock.now() - WEEK
    for network in Network.objects.order_by("slug"):
        most = max(policy.most_invitations_week for policy in _in_force(network, since))
        invited = Match.objects.filter(network=network, invited_at__gt=since).values("member_id")
        counted = invited.annotate(times=Count("pk"), per_week=F("member__per_week"))
        over = counted.filter(times__gt=most, per_week__lt=F("times")).count()
        if over:
            yield Finding(
                what=f"In {network.slug} {over} members were invited more often than {most} times in seven days.",
                do="Please report this: it is a fault of the program. Their limits hold from the next search on.",
                grave=False,
            )


def _in_force(network: Network, since: datetime) -> Iterator[Policy]:
    """The policy now, and every other that held since then."""
    yield network.policy
    versions = PolicyVersion.objects.filter(network=network).order_by("-number")
    for version in versions.filter(at__gt=since):
        yield Policy.read(version.values)
    before = versions.filter(at__lte=since).first()
    yield Policy.read(before.values if before else {})
