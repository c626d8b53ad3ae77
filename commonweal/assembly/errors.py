"""What can be refused about mandates."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import NotAllowed, Refused


class NoMandate(NotAllowed):
    """This takes a mandate that the member does not hold now."""

    words = _("This takes a mandate from the network, and you don't hold it at the moment.")


class MandateHeld(Refused):
    """The member holds this role already in a part of that time."""

    status = 409
    words = _("They hold this mandate already. End it first, or let the new one begin when it ends.")


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
