"""What intake does in the background: it works on what came in, and forgets it when its time is over."""

from datetime import timedelta

from commonweal.base.schedule import every
from commonweal.intake.actions.cleaning import attachments_wait, clean_due
from commonweal.intake.actions.conversing import converse_due, messages_wait
from commonweal.intake.actions.forgetting import erase_inbound
from commonweal.intake.actions.overdue import erase_drafts, tell_of_overdue
from commonweal.intake.triage import tasks as triage

__all__ = ["clean", "converse", "erase", "overdue", "triage"]


@every(timedelta(milliseconds=200), name="intake.converse", wanted=messages_wait)
def converse() -> None:
    """Work on what came in."""
    converse_due()


@every(timedelta(seconds=2), name="intake.clean", wanted=attachments_wait)
def clean() -> None:
    """Draw anew the pictures that came, and let go of what we don't open."""
    clean_due()


@every(timedelta(days=1), name="intake.erase_inbound")
def erase() -> None:
    """Forget who wrote what, and conversations that have been silent for long."""
    erase_inbound()
    erase_drafts()


@every(timedelta(minutes=1), name="intake.overdue")
def overdue() -> None:
    """Tell the desk of messages that nobody read in the time promised."""
    tell_of_overdue()
