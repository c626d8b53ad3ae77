"""Every verb of intake. Each is one transaction: lock, check, write, event; nothing else writes."""

from commonweal.intake.actions.receiving import LONGEST_TEXT, Media, Received, receive
from commonweal.intake.actions.sheets import AT_ONCE, Progress, take_sheet

__all__ = ["AT_ONCE", "LONGEST_TEXT", "Media", "Progress", "Received", "receive", "take_sheet"]
