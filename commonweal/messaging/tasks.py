"""What messaging does in the background."""

from datetime import timedelta

from commonweal.base.schedule import every
from commonweal.messaging import actions, broadcasting, holding, sending, stopping


@every(timedelta(milliseconds=500), name="messaging.send_due", wanted=sending.messages_are_due)
def send_due() -> None:
    """Send what is due."""
    sending.send_due()


@every(timedelta(hours=1), name="messaging.erase_old")
def erase_old() -> None:
    """Forget the address and the words of messages that have served their purpose."""
    actions.erase_old()
    broadcasting.erase_broadcasts()
    holding.forget_days()
    stopping.forget_words()


@every(timedelta(seconds=2), name="messaging.fill_broadcasts", wanted=broadcasting.broadcasts_are_due)
def fill_broadcasts() -> None:
    """Put news to many members into the outbox."""
    while broadcasting.fill_next() == broadcasting.AT_ONCE:
        pass
