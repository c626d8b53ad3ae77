"""Giving one person one thing of the exchange, or refusing as if it did not exist."""

import uuid
from typing import Any

from django.db.models import QuerySet

from commonweal.base.ids import read_code, token_hash
from commonweal.exchange.errors import AskNotFound, InvitationNotFound, OfferNotFound
from commonweal.exchange.lifecycle import State
from commonweal.exchange.models import COMMITTED, Ask, Buddy, CheckIn, Match, Offer
from commonweal.members.apart import blocked_ids
from commonweal.members.models import Member
from commonweal.networks.models import Network

LONGEST_TOKEN = 64
# Of a repeating series that shares one link, the occurrence with an open question to the asker comes first.
_RANK = {State.AFTER: 0, State.OUT: 2, State.PAUSED: 2, State.RESTED: 3, State.DONE: 4, State.WITHDRAWN: 4}


def ask_by_token(network: Network, token: str) -> Ask:
    """The ask that a private link leads to; raises AskNotFound.

    A series shares its link: the occurrence that waits to hear how it went, else the next to come, else the latest.
    """
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise AskNotFound
    found = _asks().filter(network=network, token_hash=token_hash(token)).order_by("-created_at", "-id")[:12]
    occurrences = sorted(found, key=lambda ask: (_RANK.get(State(ask.state), 1), -ask.created_at.timestamp()))
    if not occurrences:
        raise AskNotFound
    return occurrences[0]


def ask_on_board(network: Network, key: uuid.UUID | str) -> Ask:
    """An ask that anyone may pick from the board, by its id or code; raises AskNotFound."""
    return _one_ask(network, key, on_board=True)


def ask_for_desk(network: Network, key: uuid.UUID | str) -> Ask:
    """Any ask of the network, for somebody who was let in to its desk; raises AskNotFound."""
    return _one_ask(network, key)


def match_by_token(network: Network, token: str) -> Match:
    """The invitation or commitment that a helper's link leads to; raises InvitationNotFound."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise InvitationNotFound
    match = _matches().filter(network=network, token_hash=token_hash(token)).first()
    if match is None:
        raise InvitationNotFound
    return match


def match_of_ask(ask: Ask, key: uuid.UUID | str) -> Match:
    """A match of this ask; raises InvitationNotFound."""
    match = _matches().filter(network_id=ask.network_id, ask=ask, pk=_id(key)).first()
    if match is None:
        raise InvitationNotFound
    return match


def buddy_by_token(network: Network, token: str, member: Member) -> Buddy:
    """Who was asked to go along, by the link they were given; raises InvitationNotFound.

    Also for who mustn't be brought together with one of the two, or is one of them; and once somebody else goes.
    """
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise InvitationNotFound
    buddies = Buddy.objects.select_related(
        "match", "match__network", "match__member", "match__ask", "match__ask__area", "match__ask__category"
    )
    found = buddies.filter(network=network, token_hash=token_hash(token), match__state__in=COMMITTED).first()
    if found is None or found.member_id not in (None, member.pk):
        raise InvitationNotFound
    two = {found.match.member_id, found.match.ask.by_id}
    if member.pk in two or blocked_ids(network, member.pk) & two:
        raise InvitationNotFound
    return found


def check_in_for_desk(network: Network, key: uuid.UUID) -> CheckIn:
    """A helper who is missed, for somebody who was let in to the desk; raises InvitationNotFound."""
    found = (
        CheckIn.objects.filter(network=network, pk=key, alarmed_at__isnull=False)
        .select_related("match")
        .first()
    )
    if found is None:
        raise InvitationNotFound
    return found


def own_offer(member: Member, key: uuid.UUID | str) -> Offer:
    """An offer of this member that still exists for them; raises OfferNotFound."""
    offers = Offer.objects.select_related("area", "network").filter(
        network_id=member.network_id, member=member
    )
    offer = offers.filter(pk=_id(key)).first()
    if offer is None:
        raise OfferNotFound
    return offer


def _asks() -> QuerySet[Ask]:
    return Ask.objects.select_related("category", "area", "network", "by")


def _matches() -> QuerySet[Match]:
    return Match.objects.select_related(
        "ask", "ask__category", "ask__area", "ask__by", "member", "network", "offer"
    )


def _one_ask(network: Network, key: uuid.UUID | str, **further: Any) -> Ask:
    code = None if isinstance(key, uuid.UUID) or len(key) > LONGEST_TOKEN else read_code(key)
    named: dict[str, Any] = {"code": code} if code else {"pk": _id(key)}
    ask = _asks().filter(network=network, **named, **further).first()
    if ask is None:
        raise AskNotFound
    return ask


def _id(key: uuid.UUID | str) -> uuid.UUID:
    """The id, or one that nothing has when ``key`` is none."""
    if isinstance(key, uuid.UUID):
        return key
    try:
        return uuid.UUID(key)
    except ValueError:
        return uuid.UUID(int=0)
