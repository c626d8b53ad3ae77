"""What becomes of the asks, offers and commitments of a member who leaves."""

import contextlib

from commonweal.base.eventlog import By
from commonweal.exchange.actions.asks import withdraw_ask
from commonweal.exchange.actions.matches import decline_invitation, drop_out
from commonweal.exchange.actions.offers import withdraw_offer
from commonweal.exchange.errors import InvitationOver, NotPossibleNow
from commonweal.exchange.lifecycle import OPEN, State
from commonweal.exchange.models import Ask, Match, Offer
from commonweal.members.models import Member

S = Match.State
WAITING = (S.PROPOSED, S.INVITED, S.ACCEPTED)


def let_go(*, member: Member) -> None:
    """Take back what they offered and asked for, and find others for what they agreed to; can be done again safely.

    Every piece is a transaction of its own: whatever was reached before a failure stays. A lent thing stays on record
    until it is back.
    """
    for offer in Offer.objects.filter(network_id=member.network_id, member=member).exclude(
        state=Offer.State.WITHDRAWN
    ):
        withdraw_offer(offer=offer)
    for match in Match.objects.filter(network_id=member.network_id, member=member, state__in=WAITING):
        # What was settled a moment ago needs nothing more.
        with contextlib.suppress(NotPossibleNow, InvitationOver):
            drop_out(match=match) if match.state == S.ACCEPTED else decline_invitation(match=match)
    for ask in Ask.objects.filter(
        network_id=member.network_id, by=member, state__in=sorted(OPEN - {State.OUT})
    ):
        withdraw_ask(ask=ask, said_by=By.PROGRAM, why="other")
