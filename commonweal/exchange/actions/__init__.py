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
    release_hold,
    search_again,
    send_to_desk,
    take_hold,
)
from commonweal.exchange.actions.erasure import erase_closed, erase_on_wish
from commonweal.exchange.actions.going import (
    Watch,
    bring_buddy,
    come_home,
    forget_ways,
    go_alone,
    join_as_buddy,
    set_out,
    settle_alarm,
    watch_late,
)
from commonweal.exchange.actions.handovers import extend_loan, report_handover, return_loan
from commonweal.exchange.actions.leaving import (
    free_commitments,
    let_go,
    stand_back,
    stand_back_from_homes,
    stand_back_unvouched,
)
from commonweal.exchange.actions.links import send_link
from commonweal.exchange.actions.looking import erase_looks, give_looks_to, record_look, record_look_at_draft
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
from commonweal.exchange.actions.parting import never_again, part
from commonweal.exchange.actions.relaying import (
    choose_reached,
    erase_passed_on,
    pass_on,
    put_through,
    report_words,
)
from commonweal.exchange.actions.sheets import SheetAsk, take_in_asks
from commonweal.exchange.actions.unchecked import UNCHECKED, publish_unchecked

__all__ = [
    "UNCHECKED",
    "PublishedAsk",
    "SheetAsk",
    "Watch",
    "accept_invitation",
    "advance_ask",
    "agree_together",
    "bring_buddy",
    "call_note",
    "change_ask",
    "change_offer",
    "check_offer",
    "choose_reached",
    "close_for_asker",
    "come_home",
    "confirm_offer",
    "decline_invitation",
    "drop_out",
    "erase_closed",
    "erase_looks",
    "erase_on_wish",
    "erase_passed_on",
    "explain_choice",
    "extend_loan",
    "forget_ways",
    "free_commitments",
    "give_looks_to",
    "go_alone",
    "invite",
    "join_as_buddy",
    "keep_ask",
    "let_go",
    "merge_asks",
    "never_again",
    "part",
    "pass_on",
    "pause_ask",
    "pause_offer",
    "pick_from_board",
    "propose",
    "publish_ask",
    "publish_offer",
    "publish_unchecked",
    "put_off_search",
    "put_through",
    "rank_asks",
    "record_look",
    "record_look_at_draft",
    "release_hold",
    "report_handover",
    "report_search",
    "report_words",
    "resume_ask",
    "resume_offer",
    "return_loan",
    "search_again",
    "send_link",
    "send_to_desk",
    "set_out",
    "settle_alarm",
    "stand_back",
    "stand_back_from_homes",
    "stand_back_unvouched",
    "take_hold",
    "take_in_asks",
    "unmerge_asks",
    "wake_ask",
    "watch_late",
    "withdraw_ask",
    "withdraw_offer",
]
