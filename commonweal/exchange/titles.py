"""What an ask or offer is called where everyone may read it: made from what was chosen, never from anybody's words.

Only ``summary``, a line that its writer was told everyone sees, goes out as it stands.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from commonweal.base.lists import in_a_row
from commonweal.exchange.models import Ask, Offer
from commonweal.networks.models import Category

EVERY_DAY = 0b1111111


def ask_title(ask: Ask) -> str:
    """ "Groceries for 4 people", "A thing to keep: 40 packs", or the line that the asker wrote for all."""
    if ask.summary:
        return ask.summary
    name: str = ask.category.name
    if ask.quantity:
        return _("%(what)s: %(count)s %(unit)s") % {"what": name, "count": ask.quantity, "unit": ask.unit}
    if ask.people > 1:
        words = ngettext("%(what)s for %(count)s person", "%(what)s for %(count)s people", ask.people)
        return words % {"what": name, "count": ask.people}
    return name


def ask_kind(ask: Ask) -> str:
    """The small line above the title: "Work party, 5 of 8 hands", "Wanted every week", "To borrow"."""
    if ask.hands > 1:
        return ngettext(
            "Work party, %(taken)s of %(count)s hand", "Work party, %(taken)s of %(count)s hands", ask.hands
        ) % {"taken": ask.hands_taken, "count": ask.hands}
    if ask.quantity and ask.quantity_taken:
        return _("Wanted, %(taken)s of %(count)s promised") % {
            "taken": ask.quantity_taken,
            "count": ask.quantity,
        }
    if ask.repeat_days:
        return _("Wanted every day") if ask.repeat_days == EVERY_DAY else _("Wanted every week")
    if ask.nature == Category.Nature.LOAN:
        return _("To borrow")
    return pgettext("above the title of an ask", "Wanted")


def offer_title(offer: Offer, categories: list[str]) -> str:
    """The line its owner wrote for all, else the names of its categories; and how many are left, if that is counted."""
    what = offer.summary or in_a_row(categories)
    if offer.quantity:
        return _("%(what)s: %(count)s %(unit)s") % {
            "what": what,
            "count": offer.quantity_left,
            "unit": offer.unit,
        }
    return what


def offer_kind(offer: Offer) -> str:
    """The small line above the title of an offer."""
    return _("To give") if offer.quantity else _("On offer")
