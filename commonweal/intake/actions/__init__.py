"""Every verb of intake. Each is one transaction: lock, check, write, event; nothing else writes."""

from commonweal.intake.actions.attaching import attach
from commonweal.intake.actions.cleaning import clean
from commonweal.intake.actions.correcting import erase_corrections, record_correction
from commonweal.intake.actions.deskoffers import offer_from_draft
from commonweal.intake.actions.deskwork import (
    answer_draft,
    ask_from_draft,
    dismiss_draft,
    follow_up_draft,
    hold_draft,
    link_draft,
    record_look,
    release_draft,
    reopen_draft,
)
from commonweal.intake.actions.drafts import make_draft
from commonweal.intake.actions.receiving import LARGEST_MEDIA, LONGEST_TEXT, Media, Received, receive
from commonweal.intake.actions.sheets import AT_ONCE, Progress, take_sheet

__all__ = [
    "AT_ONCE",
    "LARGEST_MEDIA",
    "LONGEST_TEXT",
    "Media",
    "Progress",
    "Received",
    "answer_draft",
    "ask_from_draft",
    "attach",
    "clean",
    "dismiss_draft",
    "erase_corrections",
    "follow_up_draft",
    "hold_draft",
    "link_draft",
    "make_draft",
    "offer_from_draft",
    "receive",
    "record_correction",
    "record_look",
    "release_draft",
    "reopen_draft",
    "take_sheet",
]
