"""Why not, in words: the hard rules of matching as short phrases about the people whom they hold back."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commonweal.exchange.reasons import distance_in_words, language_in_words, reasons_in_words
from commonweal.matching.planning.known import Elsewhere

__all__ = [
    "distance_in_words",
    "language_in_words",
    "needed_elsewhere_in_words",
    "reasons_in_words",
    "why_not_in_words",
]

# A block and one's own ask are nobody else's business: they are said alike, and nothing can be read from it.
UNSAID: str | Promise = _("can't be asked for this one")
WHY_NOT: dict[str, str | Promise] = {
    "paused": _("taking a break"),
    "other_category": _("offers something else"),
    "being_asked": _("has been asked and may still answer"),
    "coming": _("has said yes"),
    "said_no": _("said no to this one"),
    "silent": _("was asked and did not answer"),
    "dropped": _("had to drop out of this one"),
    "missed": _("it didn't happen with them"),
    "helped": _("has done their part already"),
    "rests_category": _("wants to be left alone with this kind of thing for a while"),
    "unreachable": _("left no way to be reached"),
    "too_far": _("farther away than they go"),
    "outside_ring": _("not near; asked when the search widens"),
    "no_common_time": _("not free at that time"),
    "week_full": _("has agreed to enough this week"),
    "resting": _("was asked a short while ago and rests"),
    "asked_enough": _("has been asked often enough this week"),
    "needs_not_met": _("can't meet what matters here"),
    "no_language": _("no language in common"),
    "too_heavy": _("too heavy for them"),
    "no_vehicle": _("has no car"),
    "nothing_left": _("has none left"),
    "other_gender": _("not whom the asker would rather have"),
    "not_vouched": _("not yet vouched for as this kind of thing wants"),
    "new_full": _("new here, and has agreed to enough for now"),
}


def why_not_in_words(code: str) -> str:
    """What holds somebody back, by the code of the rule, in the reader's language."""
    return str(WHY_NOT.get(code, UNSAID))


# What makes somebody the only one for another ask, by what that ask takes (`planning.known`).
ONLY_ONE: dict[str, str | Promise] = {
    "": _("the only one who can come to another ask"),
    "vehicle": _("the only one with a car for another ask"),
    "load": _("the only one who can carry what another ask takes"),
    "needs": _("the only one who can meet what matters for another ask"),
    "language": _("the only one who speaks the language for another ask"),
    "wish": _("the only one whom another asker would rather have"),
}
FEW = 5


def needed_elsewhere_in_words(elsewhere: Elsewhere) -> str:
    """Why the plan has somebody do something else, without a word of whose ask it is."""
    if elsewhere.choices <= 1:
        return str(ONLY_ONE[elsewhere.scarce])
    if elsewhere.choices <= FEW:
        return gettext("one of only %(n)d who can come to another ask") % {"n": elsewhere.choices}
    return gettext("better placed for another ask")
