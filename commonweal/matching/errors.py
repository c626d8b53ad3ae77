"""What can be refused about matching."""

from collections.abc import Sequence

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import Refused
from commonweal.matching.words import why_not_in_words


class CantBeAsked(Refused):
    """The member can't be asked for this ask; ``codes`` say why, empty if they offer nothing like it."""

    status = 409

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(codes)
        said = why_not_in_words(codes[0] if codes else "other_category")
        super().__init__(format_lazy(_("They can't be asked just now: {why}."), why=said))


class NoEngine(Refused):
    """The matching engine can't run on this machine, or took too long; everything else goes on without it."""

    status = 503
    words = _("This can't be worked out at the moment. Please try again later.")


class WhyIsMissing(Refused):
    """Somebody else than the one suggested is to be asked, and it is not said why."""

    words = _("Please say in a few words why somebody else is asked.")
