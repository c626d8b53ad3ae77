"""What becomes of the asks, offers and commitments of a member who leaves, and of who takes a break."""

import contextlib

from django.db import transaction

from commonweal.base import clock
from commonweal.base.eventlog import By, record
from commonweal.exchange import notices
from commonweal.exchange.actions import moving
from commonweal.exchange.actions.asks import withdraw_ask
from commonweal.exchange.actions.desk import send_to_desk
from commonweal.exchange.actions.matches import decline_invitation, drop_out
from commonweal.exchange.actions.offers import withdraw_offer
from commonweal.exchange.actions.together import is_waived
from commonweal.exchange.errors import InvitationOver, NotPossibleNow
from commonweal.exchange.homes import AT_HOME
from commonweal.exchange.lifecycle import OPEN, SEARCHING, State
from commonweal.exchange.models import Ask, Match, Offer
from commonweal.members.models import Member
from commonweal.networks.models import Category

S = Match.State
WAITING = (S.PROPOSED, S.INVITED, S.ACCEPTED)
ASKED = (S.PROPOSED, S.INVITED)


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


def stand_back(*, member: Member) -> None:
    """Somebody takes a break: what they are being asked is taken back, and others are asked at once.

    What they have agreed to stays theirs. Every piece is a transaction of its own, and can be done again safely.
    """
    for match in Match.objects.filter(network_id=member.network_id, member=member, state__in=ASKED):
        take_back(match)


def stand_back_from_homes(*, member: Member) -> None:
    """Care keeps somebody from helping at homes: what they are being asked there is taken back, as by `stand_back`."""
    asked = Match.objects.filter(network_id=member.network_id, member=member, state__in=ASKED)
    for match in asked.filter(ask__nature__in=AT_HOME):
        take_back(match)


def stand_back_unvouched(*, category: Category) -> None:
    """Who isn't vouched for as a kind of thing wants by now is not asked for it any more, as by `stand_back`.

    Whom a person on shift had asked all the same stays asked.
    """
    asked = Match.objects.filter(network_id=category.network_id, ask__category=category, state__in=ASKED)
    for match in asked.filter(member__vouched__lt=category.vouched):
        if not is_waived(match):
            take_back(match)


def free_commitments(*, member: Member) -> None:
    """Somebody is shut out: others are found for what they agreed to, and a person looks at what they asked for.

    Nobody who agreed to come to them is sent on without that look. What they lent or borrowed stays as it is. Every
    piece is a transaction of its own, and can be done again safely.
    """
    stand_back(member=member)
    accepted = Match.objects.filter(network_id=member.network_id, state=S.ACCEPTED)
    for match in accepted.filter(member=member):
        # What was settled a moment ago needs nothing more.
        with contextlib.suppress(NotPossibleNow):
            drop_out(match=match, said_by=By.PROGRAM)
    open_asks = Ask.objects.filter(network_id=member.network_id, by=member)
    for ask in open_asks.filter(state__in=sorted({*SEARCHING, State.AGREED})):
        _to_a_person(ask)


@transaction.atomic
def _to_a_person(ask: Ask) -> None:
    """Nobody comes until a person on shift has looked; in one step, so that nobody is asked in between."""
    for match in Match.objects.filter(network_id=ask.network_id, ask=ask, state=S.ACCEPTED):
        with contextlib.suppress(NotPossibleNow):
            drop_out(match=match, said_by=By.PROGRAM)
    with contextlib.suppress(NotPossibleNow):
        send_to_desk(ask=ask, said_by=By.PROGRAM)


@transaction.atomic
def take_back(match: Match) -> None:
    """Take back what is suggested or asked of somebody, whom nothing is written: what was not sent yet is not sent."""
    match = moving.locked_match(match)
    if match.state not in ASKED:
        return
    was_asked = match.state == S.INVITED
    match.state, match.ended_at = S.TAKEN_BACK, clock.now()
    match.save(update_fields=["state", "ended_at"])
    notices.taken_back(match, was_told=False)
    record(match.ask, "taken_back", by=By.PROGRAM, helper=str(match.member_id))
    if was_asked and match.ask.state in SEARCHING and not match.ask.is_filled:
        moving.search_now(match.ask)
