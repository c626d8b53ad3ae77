"""What can be refused about reports, their path and measures."""

from django.utils.translation import gettext_lazy as _

from commonweal.base.errors import NotAllowed, NotFound, Refused


class ReportNotFound(NotFound):
    """No such report, or not for this reader: the two are answered alike."""


class MeasureNotFound(NotFound):
    """No such measure, or not for this reader."""


class NoCare(NotAllowed):
    """Only who holds a role of care comes here."""

    words = _(
        "This is for those whom the network has asked to care, and you aren't one of them at the moment."
    )


class NotYourReader(Refused):
    """Somebody who must not read it: it is about them, they wrote it, or they hold no such role."""

    words = _("Please choose somebody else to read it.")


class ReportClosed(Refused):
    """There is nothing more to do about it."""

    status = 409
    words = _("This is closed already.")


class NotWished(Refused):
    """Whoever told it does not want anything done."""

    status = 409
    words = _(
        "Whoever told you this does not want anything done about it. Ask them first; they can change that."
    )


class NobodyToActOn(Refused):
    """It is about the network itself, or somebody who is no member."""

    status = 409
    words = _("This is not about a member, so there is nobody here for whom that could be done.")


class ToldWithoutAccount(Refused):
    """Who told it is no member, and a report knows no contact of theirs."""

    status = 409
    words = _(
        "Who told it has no account here. On the page of their ask they can say that the two never meet again."
    )


class NotThereYet(Refused):
    """A removal is the last step of the path, not the first."""

    status = 409
    words = _("A removal comes at the end: first listen, make it safe, talk, and try to agree.")


class TakesTwo(NotAllowed):
    """One person can't do it alone."""

    words = _("This takes two people: whoever proposed it can't be the second.")


class MeasureOver(Refused):
    """It has ended, or was answered already."""

    status = 409
    words = _("This has ended or was answered already.")


class MeasureThere(Refused):
    """The same holds already."""

    status = 409
    words = _("This holds already.")


class TooLong(Refused):
    """Longer than the policy allows."""

    words = _("The network's rules don't allow that many days.")
