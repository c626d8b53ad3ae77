"""Asks, offers, matches (invitations, commitments), handovers, and the notes of a call."""

from commonweal.exchange.models.asks import ON_BOARD, STATE_LABELS, Ask, CallNote
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
    "CallNote",
    "Handover",
    "Match",
    "Offer",
    "OfferCategory",
]
