"""What can go wrong with a message. A channel says by the kind of the exception whether trying again makes sense."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import Refused


class DeliveryFailed(Exception):
    """A channel could not send. The words are for the operator and must hold no personal data."""


class PermanentFailure(DeliveryFailed):
    """Trying again cannot help: the address does not exist, or the message is refused for good."""


class OptedOut(PermanentFailure):
    """The other side says that this person wants no more messages: it keeps a list of its own."""


class RetryableFailure(DeliveryFailed):
    """It may work later; ``retry_after``, where the other side named it, is the least time to wait.

    ``unsure``: the other side may have taken the message all the same, as when it answered too late or in confusion.
    """

    def __init__(self, words: str, *, retry_after: timedelta | None = None, unsure: bool = False) -> None:
        self.retry_after = retry_after
        self.unsure = unsure
        super().__init__(words)


class ChannelDown(RetryableFailure):
    """The channel itself cannot be reached, so the other messages of this round need not try."""


class UnknownTemplate(TypeError):
    """A message was queued for a template that does not exist, or without what it needs: a programming error."""


class NoLongerDead(Refused):
    """The message is not among the dead letters any more."""

    status = 409
    words = _("Somebody has already seen to this message.")
