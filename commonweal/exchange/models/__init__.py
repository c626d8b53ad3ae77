"""Asks, offers, matches (invitations, commitments), handovers, notes of a call, looks, and words handed on."""

from commonweal.exchange.models.asks import ON_BOARD, STATE_LABELS, Ask, CallNote
from commonweal.exchange.models.contact import Look, PassedOn
from commonweal.exchange.models.going import Buddy, CheckIn
from commonweal.exchange.models.matches import COMMITTED, GONE, HELPED, LIVE, Handover, Match
from commonweal.exchange.models.offers import Offer, OfferCategory

__all__ = [
    "COMMITTED",
    "GONE",
    "HELPED",
    "LIVE",
    "ON_BOARD",
    "STATE_LABELS",
    "Ask",
    "Buddy",
    "CallNote",
    "CheckIn",
    "Handover",
    "Look",
    "Match",
    "Offer",
    "OfferCategory",
    "PassedOn",
]
