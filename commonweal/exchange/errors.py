"""What can be refused about asks, offers and matches."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import NotFound, Refused, Stale


class AskNotFound(NotFound):
    """No ask for this link or code in this network."""


class InvitationNotFound(NotFound):
    """No invitation for this link in this network."""


class OfferNotFound(NotFound):
    """No offer of this member with this id."""


class NotPossibleNow(Refused):
    """The life of an ask has no such step from where it stands."""

    status = 409
    words = _("This can't be done any more, or not yet. The page shows how it stands now.")


class PageWasStale(Stale):
    """The ask changed after the page was opened."""


class AlreadyMet(Refused):
    """Enough people have said yes already."""

    status = 409
    words = _("Somebody was a moment faster: enough people have said yes. Thank you all the same.")


class WeekIsFull(Refused):
    """The member has agreed to as many this week as they wanted."""

    status = 409
    words = _("You have agreed to as many this week as you wanted. Rest a little, or change your limit.")


class InvitationOver(Refused):
    """The invitation was answered, taken back, or ran out."""

    status = 409
    words = _("This invitation is over. Nothing is expected of you.")


class CantBeTogether(InvitationOver):
    """The two can't be brought together. It is nobody's business why, and nothing can be read from it."""

    words = _("This one can't go to you. That has many reasons, and most have nothing to do with you.")


class NotVouchedFor(InvitationOver):
    """The network wants somebody for it who is vouched for."""

    words = _(
        "For this kind of thing the network wants people whom others vouch for."
        " On your page “Who vouches for you” you see how to get there."
    )


class NewHere(InvitationOver):
    """Somebody new has agreed to as much as the network wants of newcomers at a time."""

    words = _(
        "You are new here, and have agreed to enough for now."
        " Once somebody vouches for you, or a few handovers went well, there is no limit."
    )


class OwnAsk(Refused):
    """A member can't meet their own ask."""

    words = _("This is your own ask.")


class HeldByAnother(Refused):
    """Another dispatcher, whose name is ``name``, is working on this ask."""

    status = 409

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(format_lazy(_("{name} is working on this ask right now."), name=name))


class CannotMerge(Refused):
    """Two asks can't be made one; ``words`` say what has to happen first."""

    status = 409


class SameAsk(CannotMerge):
    """An ask can't go on in itself."""

    words = _("This is the same ask, not another one like it.")


class SomebodyAgreed(CannotMerge):
    """Somebody has agreed to the ask that would end; its helper would lose it."""

    words = _(
        "Somebody has agreed to it. Put the other ask into this one, or let one of the helpers step back first."
    )


class ItRepeats(CannotMerge):
    """A repeating ask would end with its next occurrence."""

    words = _("It repeats, and would not any more. Put the other ask into this one.")


class TooMuchToPassOn(Refused):
    """One of two who are matched has written more than anybody needs to settle a meeting."""

    status = 429
    words = _("That was a lot for one day. Tomorrow we pass on more; in a hurry, call our number.")


class BuddyWanted(Refused):
    """The network wants nobody to go alone on their first visits to homes."""

    status = 409
    words = _("Please say first who goes along with you: here the first visits to homes are made in twos.")
