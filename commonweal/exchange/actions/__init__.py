"""Every verb of the exchange. Each is one transaction: lock, check, write, event; nothing else writes."""

from commonweal.exchange.actions.advancing import advance_ask, put_off_search, report_search
from commonweal.exchange.actions.asks import (
    PublishedAsk,
    change_ask,
    keep_ask,
    pause_ask,
    publish_ask,
    resume_ask,
    wake_ask,
    withdraw_ask,
)
from commonweal.exchange.actions.desk import (
    call_note,
    close_for_asker,
    explain_choice,
    record_look,
    release_hold,
    search_again,
    send_to_desk,
    take_hold,
)
from commonweal.exchange.actions.erasure import erase_closed
from commonweal.exchange.actions.handovers import extend_loan, report_handover, return_loan
from commonweal.exchange.actions.leaving import let_go, stand_back
from commonweal.exchange.actions.links import send_link
from commonweal.exchange.actions.matches import (
    accept_invitation,
    agree_together,
    decline_invitation,
    drop_out,
    invite,
    pick_from_board,
    propose,
)
from commonweal.exchange.actions.merging import merge_asks, unmerge_asks
from commonweal.exchange.actions.offers import (
    change_offer,
    check_offer,
    confirm_offer,
    pause_offer,
    publish_offer,
    resume_offer,
    withdraw_offer,
)
from commonweal.exchange.actions.ordering import rank_asks
from commonweal.exchange.actions.sheets import SheetAsk, take_in_asks

__all__ = [
    "PublishedAsk",
    "SheetAsk",
    "accept_invitation",
    "advance_ask",
    "agree_together",
    "call_note",
    "change_ask",
    "change_offer",
    "check_offer",
    "close_for_asker",
    "confirm_offer",
    "decline_invitation",
    "drop_out",
    "erase_closed",
    "explain_choice",
    "extend_loan",
    "invite",
    "keep_ask",
    "let_go",
    "merge_asks",
    "pause_ask",
    "pause_offer",
    "pick_from_board",
    "propose",
    "publish_ask",
    "publish_offer",
    "put_off_search",
    "rank_asks",
    "record_look",
    "release_hold",
    "report_handover",
    "report_search",
    "resume_ask",
    "resume_offer",
    "return_loan",
    "search_again",
    "send_link",
    "send_to_desk",
    "stand_back",
    "take_hold",
    "take_in_asks",
    "unmerge_asks",
    "wake_ask",
    "withdraw_ask",
    "withdraw_offer",
]
