"""What becomes of the asks, offers and commitments of a member who leaves."""

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.exchange.actions import moving
from commonweal.exchange.actions.asks import withdraw_ask
from commonweal.exchange.actions.matches import drop_out
from commonweal.exchange.actions.offers import withdraw_offer
from commonweal.exchange.errors import NotPossibleNow
from commonweal.exchange.lifecycle import OPEN, State
from commonweal.exchange.models import Ask, Match, Offer
from commonweal.members.models import Member

S = Match.State


def let_go(*, member: Member) -> None:
    """Take back what they offered and asked for, and find others for what they agreed to; can be done again safely.

    Every piece is a transaction of its own: whatever was reached before a failure stays. A lent thing stays on record
    until it is back.
    """
    for offer in Offer.objects.filter(network_id=member.network_id, member=member).exclude(
        state=Offer.State.WITHDRAWN
    ):
        withdraw_offer(offer=offer)
    for match in Match.objects.filter(network_id=member.network_id, member=member, state=S.ACCEPTED):
        try:
            drop_out(match=match, said_by=By.HELPER)
        except NotPossibleNow:  # it was settled a moment ago
            continue
    Match.objects.filter(
        network_id=member.network_id, member=member, state__in=[S.PROPOSED, S.INVITED]
    ).update(state=S.TAKEN_BACK, ended_at=clock.now())
    for ask in Ask.objects.filter(
        network_id=member.network_id, by=member, state__in=sorted(OPEN - {State.OUT})
    ):
        withdraw_ask(ask=moving.locked(ask), said_by=By.PROGRAM, why="other")
