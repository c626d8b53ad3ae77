"""The root of every refusal. A refusal is an answer, not a fault: it carries words for the reader."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Refused(Exception):
    """Something asked for that cannot be; nothing was changed. ``status`` is what an HTTP door answers with."""

    status = 400
    words: Words = _("That did not work. Nothing was changed.")

    def __init__(self, words: Words | None = None) -> None:
        if words is not None:
            self.words = words
        super().__init__(str(type(self).__name__))

    def __str__(self) -> str:
        return str(self.words)


class NotFound(Refused):
    """It does not exist, or not for this reader: the two are answered alike, so that nothing can be guessed."""

    status = 404
    words = _("We can't find that. The link may be old, or mistyped.")


class NotAllowed(Refused):
    """The reader is known and may not do this."""

    status = 403
    words = _("This is for somebody else to do.")


class Stale(Refused):
    """The page was older than the thing it shows."""

    status = 409
    words = _("Somebody changed this in the meantime. Please look again; nothing was changed.")


class TooMany(Refused):
    """A limit against abuse was reached; ``wait`` is the number of seconds after which it is open again."""

    status = 429
    words = _("That was a lot in a short time. Please wait a little and try again.")

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__()
