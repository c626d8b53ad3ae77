"""What the assembly listens to, and what it tells the rooms below."""

import uuid

from commonweal.assembly import actions, queries
from commonweal.assembly.care.actions import forget_reporter, keep_their_block
from commonweal.assembly.events import MandateGiven
from commonweal.base.bus import subscribe
from commonweal.members.actions import shorten_sign_ins
from commonweal.members.events import MemberLeft, WantedApart
from commonweal.members.seeds import seeds_are
from commonweal.networks.models import Network


@subscribe(MemberLeft)
def end_mandates(event: MemberLeft) -> None:
    """Who has left holds no role."""
    actions.end_mandates_of(network=event.network, member=event.member)


@subscribe(MemberLeft)
def forget_who_told(event: MemberLeft) -> None:
    """What somebody told in confidence outlives their leaving; who they were doesn't."""
    forget_reporter(network=event.network, member=event.member)


@subscribe(WantedApart)
def leave_it_to_them(event: WantedApart) -> None:
    """What care did for a time somebody now wants for good: it is theirs, and no end of a measure takes it back."""
    keep_their_block(network=event.network, member=event.member, other=event.other)


@subscribe(MandateGiven)
def shorten(event: MandateGiven) -> None:
    """Who holds a role is signed in for less long, in the browsers of now as well."""
    shorten_sign_ins(network=Network.objects.get(pk=event.network))


@seeds_are
def who_holds_a_mandate(network: Network) -> set[uuid.UUID]:
    """All vouching begins with who holds a mandate."""
    return {mandate.member_id for mandate in queries.mandates_in_force(network)}
