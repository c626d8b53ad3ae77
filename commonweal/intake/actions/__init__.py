"""Every verb of intake. Each is one transaction: lock, check, write, event; nothing else writes."""

from commonweal.intake.actions.attaching import attach
from commonweal.intake.actions.correcting import erase_corrections, record_correction
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
    "attach",
    "erase_corrections",
    "make_draft",
    "receive",
    "record_correction",
    "take_sheet",
]
