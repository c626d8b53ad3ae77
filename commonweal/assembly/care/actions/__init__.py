"""Every write of care: what is told, the path, measures, appeals, and what time does by itself."""

from commonweal.assembly.care.actions.appeals import answer_appeal, appeal
from commonweal.assembly.care.actions.background import (
    end_measures,
    erase_old,
    forget_reporter,
    nag_late,
)
from commonweal.assembly.care.actions.measures import (
    agree_to_removal,
    hold_back,
    hold_from_homes,
    keep_apart,
    keep_their_block,
    lift,
    propose_removal,
    refuse_removal,
    suspend,
)
from commonweal.assembly.care.actions.path import (
    answer_owner,
    close_report,
    note,
    open_report,
    propose_hand_over,
    take_step,
)
from commonweal.assembly.care.actions.telling import (
    Draft,
    Told,
    add_words,
    change_wish,
    choose_reader,
    tell,
    withdraw_report,
)

__all__ = [
    "Draft",
    "Told",
    "add_words",
    "agree_to_removal",
    "answer_appeal",
    "answer_owner",
    "appeal",
    "change_wish",
    "choose_reader",
    "close_report",
    "end_measures",
    "erase_old",
    "forget_reporter",
    "hold_back",
    "hold_from_homes",
    "keep_apart",
    "keep_their_block",
    "lift",
    "nag_late",
    "note",
    "open_report",
    "propose_hand_over",
    "propose_removal",
    "refuse_removal",
    "suspend",
    "take_step",
    "tell",
    "withdraw_report",
]
