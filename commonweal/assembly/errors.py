"""What can be refused about mandates and about what takes two founders."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import NotAllowed, NotFound, Refused


class NoMandate(NotAllowed):
    """This takes a mandate that the member does not hold now."""

    words = _("This takes a mandate from the network, and you don't hold it at the moment.")


class MandateHeld(Refused):
    """The member holds this role already in a part of that time."""

    status = 409
    words = _("They hold this role already, for as long or longer.")


class MandateOver(Refused):
    """The mandate has ended, by itself or because it was given back."""

    status = 409
    words = _("This mandate has ended already.")


class MandateUnexplained(Refused):
    """A mandate without a reason, or with an essay."""

    words = _("A mandate has a reason, of at most 300 letters.")


class MandateTooLong(Refused):
    """A mandate ends in the future, and within two years."""

    words = _("A mandate ends at a time to come, within two years.")


class MandateNotYours(NotAllowed):
    """Only its holder gives a mandate back."""

    words = _("You don't hold this role.")


class NotStanding(Refused):
    """The member has not said that they would take the role, or has taken it back."""

    status = 409
    words = _("They have not said that they would take this role. Ask them to say so on the page of roles.")


class MandateNotFound(NotFound):
    """No such mandate in this network, or it is over."""


class DecisionNotFound(NotFound):
    """No such decision in this network."""


class DeedNotFound(NotFound):
    """Nothing of this kind was asked for in this network."""


class AlreadyAsked(Refused):
    """The same waits to be agreed to, or to be done."""

    status = 409
    words = _("This was asked for already, and is not over yet.")


class DeedOver(Refused):
    """It was decided, called off, or its time is over."""

    status = 409
    words = _("This is over: it was decided, called off, or nobody agreed in time.")


class TakesTwo(NotAllowed):
    """Who asked for it can't be the second one too."""

    words = _("You asked for this yourself. It takes a second founder to agree.")


class AskerNoFounder(Refused):
    """Who asked is a founder no longer, so that a second one alone would decide."""

    status = 409
    words = _("Whoever asked for this is not a founder any more. Ask anew.")


class DeedNeeded(NotAllowed):
    """It takes two founders, and no deed of theirs with this code stands."""

    words = _(
        "This takes two founders. One asks for it on the page “What takes two”, another agrees there;"
        " then say its code here, with --deed. A code is good once, and for some days."
    )


class RoleNotFound(NotFound):
    """There is no such role."""
