"""What rings listen to: an ask that is met or closed, somebody who takes a break or leaves. The tasks catch up."""

import uuid

from commonweal.base.bus import subscribe
from commonweal.exchange.events import AskAgreed, AskClosed
from commonweal.matching.rings import actions, queries
from commonweal.members.events import MemberHeldFromHomes, MemberLeft, MemberPaused


@subscribe(AskAgreed)
def ask_was_met(event: AskAgreed) -> None:
    """Enough people have said yes to it, whether or not by a ring."""
    _look_at(event.network, ask=event.ask)


@subscribe(AskClosed)
def ask_was_closed(event: AskClosed) -> None:
    """It is not asked for any more."""
    _look_at(event.network, ask=event.ask)


@subscribe(MemberPaused)
def member_paused(event: MemberPaused) -> None:
    """Nothing new is to be asked of them."""
    _look_at(event.network, member=event.member)


@subscribe(MemberHeldFromHomes)
def member_held_from_homes(event: MemberHeldFromHomes) -> None:
    """Nothing is to be asked of them at anybody's home."""
    _look_at(event.network, member=event.member)


@subscribe(MemberLeft)
def member_left(event: MemberLeft) -> None:
    """They are not here any more."""
    _look_at(event.network, member=event.member)


def _look_at(network: uuid.UUID, *, ask: uuid.UUID | None = None, member: uuid.UUID | None = None) -> None:
    for ring in queries.waiting_rings(network, ask=ask, member=member):
        actions.void_if_it_cannot_be(ring=ring)
