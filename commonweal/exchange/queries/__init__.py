"""Everything that is read of the exchange. Nothing here writes."""

from commonweal.exchange.queries.board import (
    BoardFilters,
    BoardRow,
    Figures,
    board,
    count_searching,
    figures,
)
from commonweal.exchange.queries.desk import (
    DeskRow,
    StoryRow,
    asks_by_state,
    asks_from,
    count_by_state,
    count_needing_a_person,
    desk_queue,
    live_matches,
    timeline,
)
from commonweal.exchange.queries.invitation import Invitation, invitation
from commonweal.exchange.queries.looks import LookRow, looks_at_ask, looks_at_member
from commonweal.exchange.queries.mine import asks_of, commitments_of, offers_of
from commonweal.exchange.queries.relays import Relay, passed_on_in, relays_from, reported_words
from commonweal.exchange.queries.status import AskStatus, Commitment, StatusStep, ask_status

__all__ = [
    "AskStatus",
    "BoardFilters",
    "BoardRow",
    "Commitment",
    "DeskRow",
    "Figures",
    "Invitation",
    "LookRow",
    "Relay",
    "StatusStep",
    "StoryRow",
    "ask_status",
    "asks_by_state",
    "asks_from",
    "asks_of",
    "board",
    "commitments_of",
    "count_by_state",
    "count_needing_a_person",
    "count_searching",
    "desk_queue",
    "figures",
    "invitation",
    "live_matches",
    "looks_at_ask",
    "looks_at_member",
    "offers_of",
    "passed_on_in",
    "relays_from",
    "reported_words",
    "timeline",
]
