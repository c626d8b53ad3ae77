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
from commonweal.exchange.queries.invitation import Invitation, Reach, invitation
from commonweal.exchange.queries.mine import asks_of, commitments_of, offers_of
from commonweal.exchange.queries.status import AskStatus, Commitment, Look, StatusStep, ask_status, who_looked

__all__ = [
    "AskStatus",
    "BoardFilters",
    "BoardRow",
    "Commitment",
    "DeskRow",
    "Figures",
    "Invitation",
    "Look",
    "Reach",
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
    "offers_of",
    "timeline",
    "who_looked",
]
